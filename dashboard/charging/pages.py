"""From a request to a card: find the charger, look, put together, answer a page or its fragment."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.access import Role, is_htmx
from dashboard.charging import chargers, press, receipts, snapshots, words
from dashboard.charging.card import Card, Looked, card_for
from dashboard.charging.chargers import Listed
from dashboard.charging.focus import focus_on
from dashboard.charging.glance import Glance, glance
from dashboard.services import Services, services
from zaptec.commands import Action

HEADERS = {"Vary": "HX-Request", "Cache-Control": "no-store"}
A_FIRST_LOOK_WAITS_S = 1.0


def find_charger(charger_id: str) -> Listed:
    """The charger, or 404: unknown and not to be seen are the same."""
    house = services()
    with house.database.reading() as connection:
        listed = chargers.find(connection, charger_id, house.settings.charger_ids)
    return listed or abort(404)


def first_charger() -> Listed | None:
    """The first charger this person may see: by the owner's order, else by name."""
    house = services()
    with house.database.reading() as connection:
        found = chargers.all_chargers(connection, house.settings.charger_ids)
    return next((one for one in found if one.is_listed), found[0] if found else None)


def keep_up(house: Services, seen: Glance, *, wait_s: float = 0) -> bool:
    """Somebody looks: ask Zaptec if it is time, for the state or after a command. Whether a question was due."""
    if seen.wants_a_look(house.now()):
        house.background.start(lambda: press.watch(house, seen.freshness.charger_id))
        return True
    return snapshots.look(house, seen.freshness, wait_s=wait_s)


def glance_at(charger_id: str) -> Glance:
    with services().database.reading() as connection:
        return glance(connection, charger_id) or abort(404)


def look_at(listed: Listed) -> Looked:
    """Read what is known; a news that is too old to act on is waited for, a moment only."""
    house = services()
    seen = glance_at(listed.id)
    if listed.charger.may_command and listed.is_listed:
        wait_s = A_FIRST_LOOK_WAITS_S if seen.freshness.is_too_old(house.now()) else 0
        if keep_up(house, seen, wait_s=wait_s) and wait_s:
            seen = glance_at(listed.id)
    with house.database.reading() as connection:
        known = snapshots.read(connection, listed.id) or abort(404)
        receipt = receipts.latest(connection, listed.id)
    return Looked(listed, known, receipt, seen, house.now())


def card_of(listed: Listed, *, focus: Action | None = None, message: str = "", is_compact: bool = False) -> Card:
    looked = look_at(listed)
    with services().database.reading() as connection:
        card = card_for(connection, looked, Role(current_user.role), message=message)
        if focus is not None:
            card = focus_on(connection, card, looked, focus, Role(current_user.role))
    return replace(card, is_compact=is_compact)


def show(charger_id: str, *, focus: Action | None = None) -> ResponseReturnValue:
    """One charger: its card to htmx, nothing if it has not changed, a page with that card to anyone else."""
    if is_htmx():
        return refresh(charger_id, focus)
    return show_page(find_charger(charger_id), focus=focus)


def refresh(charger_id: str, focus: Action | None = None) -> ResponseReturnValue:
    house = services()
    only = house.settings.charger_ids
    if only and charger_id.lower() not in only:
        abort(404)
    seen = glance_at(charger_id)
    if seen.version(Role(current_user.role), house.now()) == request.args.get("seen"):
        keep_up(house, seen)
        return "", 204, HEADERS
    card = card_of(find_charger(charger_id), focus=focus, is_compact="compact" in request.args)
    return render_template("fragments/charger.html", card=card), HEADERS


def show_page(listed: Listed, *, focus: Action | None = None, message: str = "") -> ResponseReturnValue:
    card = card_of(listed, focus=focus, message=message)
    return render_template("charging/charger.html", card=card, focus=focus), HEADERS


def already_so(listed: Listed, action: Action) -> str:
    """“Already paused by Anna since 14:03.”"""
    looked = look_at(listed)
    state = looked.known.state
    with services().database.reading() as connection:
        author = receipts.author_of_pause(connection, listed.id, state) if state else None
    return words.already(author, action, looked.found.since, looked.now)
