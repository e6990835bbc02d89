"""The quick choices on a charger's card: pause for a while, exceptions from the plan, cancelling what is set."""

from __future__ import annotations

from datetime import timedelta, tzinfo

from flask_login import current_user
from sqlalchemy import ColumnElement

from dashboard import formats, reasons
from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.press import Press
from dashboard.household import actor
from dashboard.plan import active_rules, failure_words, next_line, queries, timers, words
from dashboard.plan.outages import Waiting
from dashboard.plan.rules import Timer, TimerKind
from dashboard.plan.tables import step_table
from dashboard.plan.timers import Wish
from dashboard.plan.week import next_time
from dashboard.services import current_services
from dashboard.web.forms import Wrong, minutes_of

LONG_PAUSE = timedelta(hours=12)  # beyond, a time that has just passed is more likely than such a wish
SHORT_PAUSES = {"pause-1": timedelta(hours=1), "pause-2": timedelta(hours=2)}


def choose(charger: HouseholdCharger, choice: str, typed: str) -> str:
    """Set, cancel, except, or put an alert away; what to say in passing, where the card does not say it all.

    Args:
        choice: `pause-1`, `pause-2`, `until`, `tonight`, `skip`, `cancel-<timer>`, `seen-<step>`.
        typed: of `until`, the time as typed.

    Raises:
        Wrong: that is no time; nothing was done.
    """
    verb, _dash, number = choice.partition("-")
    if verb in ("cancel", "seen") and number.isdecimal() and len(number) < 10:
        return _cancel(charger, int(number)) if verb == "cancel" else _put_away(charger, int(number))
    if not charger.is_listed:
        return reasons.not_listed()
    if choice == "until" and minutes_of(typed) is None:
        raise Wrong(words.not_a_time(typed), f"until-{charger.id}")
    with formats.in_zone_of(charger.id) as zone:
        return _set(charger, choice, typed, zone)


def _set(charger: HouseholdCharger, choice: str, typed: str, zone: tzinfo) -> str:
    """Begin what was asked for; a passing message, where the card does not say it all."""
    services, now = current_services(), current_services().now()
    with services.database.reading() as connection:
        rules = active_rules.read(connection, charger.id, zone, now)
    wish: Wish | None = None
    if choice in SHORT_PAUSES:
        wish = timers.pause_until(now, now + SHORT_PAUSES[choice])
    elif choice == "until":
        wish = timers.pause_until(now, next_time(minutes_of(typed) or 0, now, zone))
    elif choice == "tonight":
        wish = timers.charge_tonight(now, rules.week, zone)
    elif choice == "skip":
        wish = timers.skip(now, rules.week)
    if wish is None:
        return words.nothing_to_skip() if choice == "skip" else words.plan_has_its_say()
    other = timers.contradiction(rules, wish, now)
    timer, press = timers.begin(services, charger.id, wish, current_user, zone)
    message = said(charger, timer, press)
    if not message and wish.kind is TimerKind.CHARGE:
        message = next_line.charge_is_set(rules, timer, now)
    is_today = formats.local(timer.ends_at).date() == formats.local(now).date()
    if not message and choice == "until" and not is_today and timer.ends_at - now > LONG_PAUSE:
        message = words.until_tomorrow(timer, now)
    return f"{message} {words.contradicts(other, now)}".strip() if other else message


def said(charger: HouseholdCharger, timer: Timer, press: Press | Waiting | None) -> str:
    """What to say about what was done at once, where the card does not say it all."""
    if press is None:
        return ""
    if isinstance(press, Waiting) or timer.kind is not TimerKind.PAUSE:
        return failure_words.not_yet(press)
    if text := failure_words.refused(press):
        _end_trouble(charger, step_table.c.timer_id == timer.id)  # it has been said: no alert need stay
        return text
    return ""


def _cancel(charger: HouseholdCharger, timer_id: int) -> str:
    services = current_services()
    ended = timers.cancel(services, charger.id, timer_id, current_user)
    return words.cancelled(ended.kind) if ended else words.has_ended_already()


def _put_away(charger: HouseholdCharger, step_id: int) -> str:
    _end_trouble(charger, step_table.c.id == step_id)
    return ""


def _end_trouble(charger: HouseholdCharger, condition: ColumnElement[bool]) -> None:
    with current_services().database.writing() as connection:
        actor.confirm(connection)
        chargers.touch(connection, charger.id)
        queries.end_trouble(connection, charger.id, condition)
