"""The quick choices on a charger's card: pause for a while, exceptions from the plan, cancelling what is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_login import current_user
from sqlalchemy import ColumnElement

from dashboard import formats, reasons
from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.press import Press
from dashboard.plan import confirmation, failure_alerts, queries, timers, words
from dashboard.plan.forms import minutes_of
from dashboard.plan.rules import Kind, Timer
from dashboard.plan.tables import step_table
from dashboard.plan.timers import Wish
from dashboard.plan.week import next_time
from dashboard.services import current_services
from dashboard.texts import _

LONG_PAUSE = timedelta(hours=12)  # beyond, a time that has just passed is more likely than such a wish
SHORT_PAUSES = {"pause-1": timedelta(hours=1), "pause-2": timedelta(hours=2)}


@dataclass(frozen=True)
class Chosen:
    """What a quick choice came to.

    Attributes:
        message: what to say in passing, where the card does not say it all.
        is_problem: what was typed was wrong, and nothing was done.
    """

    message: str = ""
    is_problem: bool = False


def choose(charger: HouseholdCharger, wish: str, typed: str) -> Chosen:
    """Set, cancel, except, or put an alert away.

    Args:
        wish: `pause-1`, `pause-2`, `until`, `charge_now`, `skip`, `cancel-<timer>`, `seen-<step>`.
        typed: of `until`, the time as typed.
    """
    verb, _dash, number = wish.partition("-")
    if verb in ("cancel", "seen") and number.isdigit() and len(number) < 10:
        return Chosen(_cancel(charger, int(number)) if verb == "cancel" else _put_away(charger, int(number)))
    if not charger.is_listed:
        return Chosen(reasons.not_listed())
    if wish == "until" and minutes_of(typed) is None:
        return Chosen(words.not_a_time(typed), is_problem=True)
    return Chosen(_set(charger, wish, typed))


def _set(charger: HouseholdCharger, wish: str, typed: str) -> str:
    """Begin what was asked for; a passing message, where the card does not say it all."""
    services, zone = current_services(), formats.zone()
    now = services.now()
    with services.database.reading() as connection:
        standing = queries.standing(connection, charger.id, zone)
    asked: Wish | None = None
    if wish in SHORT_PAUSES:
        asked = timers.pause_until(now, now + SHORT_PAUSES[wish])
    elif wish == "until":
        asked = timers.pause_until(now, next_time(minutes_of(typed) or 0, now, zone))
    elif wish == "charge_now":
        asked = timers.charge_now(now, standing.week)
    elif wish == "skip":
        asked = timers.skip(now, standing.week)
    if asked is None:
        return _("There is nothing of the plan to make an exception from right now.")
    other = timers.contradiction(standing, asked, now)
    made, done = timers.begin(services, charger.id, asked, current_user, zone)
    message = said(charger, made, done)
    is_today = formats.local(made.ends_at).date() == formats.local(now).date()
    if not message and wish == "until" and not is_today and made.ends_at - now > LONG_PAUSE:
        message = words.until_tomorrow(made, now)
    return f"{message} {words.contradicts(other, now)}".strip() if other else message


def said(charger: HouseholdCharger, made: Timer, done: Press | None) -> str:
    """What to say about what was done at once, where the card does not say it all."""
    if done is None:
        return ""
    if made.kind not in confirmation.AT_ONCE:
        return failure_alerts.tried_again(done)
    if text := failure_alerts.refused(made, done):
        _end_trouble(charger, step_table.c.timer_id == made.id)  # it has been said: no alert need stay
        return text
    return ""


def _cancel(charger: HouseholdCharger, timer_id: int) -> str:
    services = current_services()
    ended = timers.cancel(services, charger.id, timer_id, current_user)
    if ended is None:
        return _("That timer has ended already.")
    if ended.kind is Kind.PAUSE:
        return _("Cancelled: it stays as it is until somebody changes it.")
    return _("Cancelled.")


def _put_away(charger: HouseholdCharger, step_id: int) -> str:
    _end_trouble(charger, step_table.c.id == step_id)
    return ""


def _end_trouble(charger: HouseholdCharger, condition: ColumnElement[bool]) -> None:
    with current_services().database.writing() as connection:
        chargers.touch(connection, charger.id)
        queries.end_trouble(connection, charger.id, condition)
