"""The addresses of the charger's page and its two everyday buttons."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.access import Role, allow, is_htmx
from dashboard.charging import chargers, pages, words
from dashboard.charging.chargers import Listed
from dashboard.charging.press import Asker, Press, press
from dashboard.services import services
from dashboard.texts import _
from zaptec.commands import Action

charging = Blueprint("charging", __name__)


@charging.get("/")
@allow(Role.VIEWER)
def show_all() -> ResponseReturnValue:
    """Every charger as a card; with one charger, its page."""
    house = services()
    with house.database.reading() as connection:
        found = chargers.all_chargers(connection, house.settings.charger_ids)
    if len(found) == 1:
        return pages.show_page(found[0])
    if not found:
        return show_none()
    return render_template("charging/all.html", cards=pages.compact_cards(found)), pages.HEADERS


def show_none() -> ResponseReturnValue:
    """No charger is known yet: Zaptec has not been asked, has none for this account, or did not answer."""
    house = services()
    house.background.start(lambda: chargers.read_list(house))
    with house.database.reading() as connection:
        standing = chargers.list_standing(connection)
        if chargers.all_chargers(connection):  # there are some, but none that ZAPTEC_CHARGER_ID names
            standing = replace(standing, failure="not_the_named_ones")
    return render_template(
        "charging/none.html", standing=standing, reason=words.reason, remedy=words.failure_remedy
    )


@charging.get("/chargers/<charger_id>")
@allow(Role.VIEWER)
def show_charger(charger_id: str) -> ResponseReturnValue:
    return pages.show(charger_id)


@charging.get("/chargers/<charger_id>/pause")
@allow(Role.VIEWER)
def show_pause(charger_id: str) -> ResponseReturnValue:
    return pages.show(charger_id, focus=Action.PAUSE)


@charging.get("/chargers/<charger_id>/resume")
@allow(Role.VIEWER)
def show_resume(charger_id: str) -> ResponseReturnValue:
    return pages.show(charger_id, focus=Action.RESUME)


@charging.get("/pause")
@allow(Role.VIEWER)
def show_first_pause() -> ResponseReturnValue:
    first = pages.first_charger()
    return pages.show_page(first, focus=Action.PAUSE) if first else show_none()


@charging.get("/resume")
@allow(Role.VIEWER)
def show_first_resume() -> ResponseReturnValue:
    first = pages.first_charger()
    return pages.show_page(first, focus=Action.RESUME) if first else show_none()


@charging.post("/chargers/<charger_id>/pause")
@allow(Role.MEMBER)
def pause(charger_id: str) -> ResponseReturnValue:
    return press_and_answer(pages.find_charger(charger_id), Action.PAUSE)


@charging.post("/chargers/<charger_id>/resume")
@allow(Role.MEMBER)
def resume(charger_id: str) -> ResponseReturnValue:
    return press_and_answer(pages.find_charger(charger_id), Action.RESUME)


@charging.post("/pause")
@allow(Role.MEMBER)
def pause_first() -> ResponseReturnValue:
    return press_and_answer(pages.first_charger() or abort(404), Action.PAUSE)


@charging.post("/resume")
@allow(Role.MEMBER)
def resume_first() -> ResponseReturnValue:
    return press_and_answer(pages.first_charger() or abort(404), Action.RESUME)


def press_and_answer(listed: Listed, action: Action) -> ResponseReturnValue:
    """Press, then answer as any press is answered: the card for htmx, 303 for a plain form."""
    asker = Asker(current_user.name, current_user.id)
    done = press(services(), listed.id, action, asker)
    message = said(listed, done, action)
    focus = pages.focus_pressed_on()
    if is_htmx():
        card = pages.card_of(listed, focus=focus, message=message, is_compact="compact" in request.form)
        return render_template("fragments/charger.html", card=card), pages.HEADERS
    if message:
        flash(message)
    return pages.redirect_back(listed, focus, done.receipt)


def said(listed: Listed, done: Press, action: Action) -> str:
    """The passing word about a press that sent nothing; a receipt speaks for itself."""
    if done.was_under_way and done.receipt is not None:
        if done.receipt.action is action:
            who = done.receipt.member_name
            if who is None or done.receipt.member_id == current_user.id:
                return _("This has just been asked for.")
            return _("%s has just asked for this.") % who
        return _("Something else is still under way; try again when it has ended.")
    if done.refusal is None:
        return ""
    if not listed.is_listed:
        return words.not_listed()
    if done.refusal.is_already_so:
        return pages.already_so(listed, done.refusal)
    return f"{words.reason(done.refusal.reason)}. {words.remedy(done.refusal.remedy)}"
