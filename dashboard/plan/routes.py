"""The addresses of timers: the quick choices on a charger's card, and cancelling what is set."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement

from dashboard import formats
from dashboard.access import Role, allow, is_htmx
from dashboard.charging import chargers, pages, receipts
from dashboard.charging import words as charging
from dashboard.charging.chargers import Listed
from dashboard.charging.press import Press
from dashboard.plan import failures, store, taken, timers, words
from dashboard.plan.forms import minutes_of
from dashboard.plan.rules import Kind, Timer
from dashboard.plan.tables import step
from dashboard.plan.timers import Wish
from dashboard.plan.week import next_time
from dashboard.services import services
from dashboard.texts import _

plan = Blueprint("plan", __name__)
LONG_PAUSE = timedelta(hours=12)  # beyond, a time that has just passed is more likely than such a wish
SHORT_PAUSES = {"pause-1": timedelta(hours=1), "pause-2": timedelta(hours=2)}


@plan.get("/chargers/<charger_id>/timers")
@allow(Role.VIEWER)
def show_timers(charger_id: str) -> ResponseReturnValue:
    """Where somebody comes back to who signed in to set a timer: the charger's page has the buttons."""
    return redirect(url_for("charging.show_charger", charger_id=pages.find_charger(charger_id).id))


@plan.post("/chargers/<charger_id>/timers")
@allow(Role.MEMBER)
def set_timer(charger_id: str) -> ResponseReturnValue:
    """Set, cancel, except, or put an alert away: `do` says which."""
    listed = pages.find_charger(charger_id)
    wish = request.form.get("do", "")
    verb, _dash, number = wish.partition("-")
    if verb in ("cancel", "seen") and number.isdigit() and len(number) < 10:
        return answer(listed, _cancel(listed, int(number)) if verb == "cancel" else _put_away(listed, int(number)))
    if not listed.is_listed:
        return answer(listed, charging.not_listed())
    typed = request.form.get("until", "").strip()[:20]
    if wish == "until" and minutes_of(typed) is None:
        g.typed_until = typed
        return answer(listed, words.not_a_time(typed), is_problem=True)
    return answer(listed, _set(listed, wish, typed))


def _set(listed: Listed, wish: str, typed: str) -> str:
    """Begin what was asked for; a passing message, where the card does not say it all."""
    house, zone = services(), formats.zone()
    now = house.now()
    with house.database.reading() as connection:
        standing = store.standing(connection, listed.id, zone)
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
    made, done = timers.begin(house, listed.id, asked, current_user, zone)
    message = said(listed, made, done)
    is_today = formats.local(made.ends_at).date() == formats.local(now).date()
    if not message and wish == "until" and not is_today and made.ends_at - now > LONG_PAUSE:
        message = words.until_tomorrow(made, now)
    return f"{message} {words.contradicts(other, now)}".strip() if other else message


def said(listed: Listed, made: Timer, done: Press | None) -> str:
    """What to say about what was done at once, where the card does not say it all."""
    if done is None:
        return ""
    if made.kind not in taken.AT_ONCE:
        return failures.tried_again(done)
    if text := failures.refused(made, done):
        _end_trouble(listed, step.c.timer_id == made.id)  # it has been said: no alert need stay
        return text
    return ""


def _cancel(listed: Listed, timer_id: int) -> str:
    house = services()
    ended = timers.cancel(house, listed.id, timer_id, current_user)
    if ended is None:
        return _("That timer has ended already.")
    if ended.kind is Kind.PAUSE:
        return _("Cancelled: it stays as it is until somebody changes it.")
    return _("Cancelled.")


def _put_away(listed: Listed, step_id: int) -> str:
    _end_trouble(listed, step.c.id == step_id)
    return ""


def _end_trouble(listed: Listed, condition: ColumnElement[bool]) -> None:
    with services().database.writing() as connection:
        chargers.touch(connection, listed.id)
        store.end_trouble(connection, listed.id, condition)


def answer(listed: Listed, message: str, *, is_problem: bool = False) -> ResponseReturnValue:
    """As any press is answered: the card for htmx, 303 for a plain form; what was typed wrong stays there."""
    if request.form.get("on") == "plan":
        if message:
            flash(message)
        return redirect(url_for("plan.show_plan", charger=listed.id), code=303)
    focus = pages.focus_pressed_on()
    if is_htmx():
        card = pages.card_of(listed, focus=focus, message=message)
        return render_template("fragments/charger.html", card=card), pages.HEADERS
    if is_problem:
        page = make_response(pages.show_page(listed, focus=focus, message=message))
        page.status_code = 400
        return page
    if message:
        flash(message)
    with services().database.reading() as connection:
        last = receipts.latest(connection, listed.id)
    return pages.redirect_back(listed, focus, last)
