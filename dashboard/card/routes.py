"""The addresses of the charger's page and its two everyday buttons."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import reasons
from dashboard.card import confirm_routes, observation_routes, timer_routes
from dashboard.card import page as card_page
from dashboard.card.blueprint import card
from dashboard.card.pressing import press_and_answer
from dashboard.charger import chargers, receipts
from dashboard.charger.requested import find_charger, first_charger
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on, own_address
from dashboard.web.htmx import HEADERS, is_htmx
from zaptec.commands import Action


@card.get("/")
@allow(Role.VIEWER)
def show_all() -> ResponseReturnValue:
    """Every charger as a card; with one charger, its page."""
    services = current_services()
    with services.database.reading() as connection:
        in_use = chargers.in_use(connection, services.settings.charger_ids)
    if len(in_use) == 1:
        return card_page.show_page(in_use[0])
    if not in_use:
        return show_none()
    return render_template("card/all.html", cards=card_page.compact_cards(in_use)), HEADERS


def show_none() -> ResponseReturnValue:
    """No charger is known yet: Zaptec has not been asked, has none for this account, or did not answer."""
    services = current_services()
    services.background.start(lambda: chargers.read_list(services))
    with services.database.reading() as connection:
        status = chargers.list_status(connection)
        if chargers.in_use(connection):  # there are some, but none that ZAPTEC_CHARGER_ID names
            status = replace(status, failure="not_the_named_ones")
    return render_template("card/none.html", status=status, reason=reasons.reason, remedy=reasons.failure_remedy)


@card.get("/chargers/<charger_id>")
@allow(Role.VIEWER)
def show_charger(charger_id: str) -> ResponseReturnValue:
    return card_page.show(charger_id)


@card.get("/chargers/<charger_id>/pause")
@allow(Role.VIEWER)
def show_pause(charger_id: str) -> ResponseReturnValue:
    return card_page.show(charger_id, focus=Action.PAUSE)


@card.get("/chargers/<charger_id>/resume")
@allow(Role.VIEWER)
def show_resume(charger_id: str) -> ResponseReturnValue:
    return card_page.show(charger_id, focus=Action.RESUME)


@card.get("/pause")
@allow(Role.VIEWER)
def show_first_pause() -> ResponseReturnValue:
    first = first_charger()
    return card_page.show_page(first, focus=Action.PAUSE) if first else show_none()


@card.get("/resume")
@allow(Role.VIEWER)
def show_first_resume() -> ResponseReturnValue:
    first = first_charger()
    return card_page.show_page(first, focus=Action.RESUME) if first else show_none()


@card.post("/chargers/<charger_id>/pause")
@allow(Role.MEMBER)
def pause(charger_id: str) -> ResponseReturnValue:
    return press_and_answer(find_charger(charger_id), Action.PAUSE)


@card.post("/chargers/<charger_id>/resume")
@allow(Role.MEMBER)
def resume(charger_id: str) -> ResponseReturnValue:
    return press_and_answer(find_charger(charger_id), Action.RESUME)


@card.post("/pause")
@allow(Role.MEMBER)
def pause_first() -> ResponseReturnValue:
    return press_and_answer(first_charger() or abort(404), Action.PAUSE)


@card.post("/resume")
@allow(Role.MEMBER)
def resume_first() -> ResponseReturnValue:
    return press_and_answer(first_charger() or abort(404), Action.RESUME)


@card.post("/chargers/<charger_id>/seen")
@allow(Role.VIEWER)
@button_on("card.show_charger")
def see(charger_id: str) -> ResponseReturnValue:
    """A failed press has been before the eyes of somebody; it counts only if that is who pressed."""
    charger = find_charger(charger_id)
    number = request.form.get("receipt", "")
    with current_services().database.writing() as connection:
        member = actor.confirm(connection)
        if number.isdecimal() and len(number) < 10:
            receipts.note_seen(connection, int(number), member.id, current_services().now())
    return ("", 204) if is_htmx() else redirect(url_for("card.show_charger", charger_id=charger.id), code=303)


@card.post("/chargers/<charger_id>/put-away")
@allow(Role.OWNER)
@button_on("card.show_charger")
def put_away(charger_id: str) -> ResponseReturnValue:
    """Leave out of the pages a charger that has left the account, or show it again; its history stays."""
    charger = find_charger(charger_id)
    with current_services().database.writing() as connection:
        actor.confirm(connection)
        chargers.put_away(connection, charger.id, is_wanted=request.form.get("do") != "back")
    back = own_address(request.form.get("next")) or url_for("card.show_charger", charger_id=charger.id)
    return redirect(back, code=303)


TOPICS = (confirm_routes, observation_routes, timer_routes)


def init_app(app: Flask) -> None:
    app.register_blueprint(card)
