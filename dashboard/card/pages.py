"""From a request to a card: find the charger, look, put together, answer a page or its fragment."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.card import receipt_words
from dashboard.card.card import Card, card_for
from dashboard.card.focus import focus_on
from dashboard.card.glance import CardView, Glance, glance
from dashboard.card.renderings import Renderings
from dashboard.charger import chargers, press, receipts, snapshots
from dashboard.charger.chargers import Listed
from dashboard.charger.receipts import Receipt
from dashboard.charger.requested import find_charger
from dashboard.services import Services, services
from dashboard.texts import language
from dashboard.web.access import Role
from dashboard.web.htmx import HEADERS, is_htmx
from zaptec.commands import Action
from zaptec.reasons import Refusal

A_FIRST_LOOK_WAITS_S = 1.0


def keep_up(house: Services, seen: Glance, listed: Listed) -> Future[Any] | None:
    """Somebody looks: ask Zaptec what it is time for; the question for the state, if one was begun."""
    if seen.listing.is_due(house.now()):
        house.background.start(lambda: chargers.read_list(house))
    if not (listed.is_listed and listed.charger.may_command):
        return None
    if seen.wants_a_look(house.now()):
        return house.background.start(lambda: press.watch(house, listed.id))
    return snapshots.look(house, seen.freshness)


def glance_at(charger_id: str) -> Glance:
    with services().database.reading() as connection:
        return glance(connection, charger_id) or abort(404)


def look_at(listed: Listed) -> CardView:
    """Read what is known; news that is too old to act on is waited for, a moment only."""
    return look_at_all([listed])[0]


def look_at_all(listed: list[Listed]) -> list[CardView]:
    """The same for several chargers, which are asked and waited for together."""
    house = services()
    glances = [glance_at(one.id) for one in listed]
    begun = [keep_up(house, seen, one) for seen, one in zip(glances, listed, strict=True)]
    too_old = [
        question
        for seen, question in zip(glances, begun, strict=True)
        if question is not None and seen.freshness.is_too_old(house.now())
    ]
    wait_for_futures(too_old, timeout=A_FIRST_LOOK_WAITS_S)
    return [_read(one) for one in listed]


def _read(listed: Listed) -> CardView:
    house = services()
    seen = glance_at(listed.id)
    with house.database.reading() as connection:
        # Read again after the glance: the version it names must not stand for an older charger.
        listed = chargers.find(connection, listed.id) or abort(404)
        known = snapshots.read(connection, listed.id) or abort(404)
        receipt = receipts.latest(connection, listed.id)
    return CardView(listed, known, receipt, house.now(), seen)


def card_of(listed: Listed, *, focus: Action | None = None, message: str = "", is_compact: bool = False) -> Card:
    return _card(look_at(listed), focus=focus, message=message, is_compact=is_compact)


def compact_cards(listed: list[Listed]) -> list[Card]:
    return [_card(looked, is_compact=True) for looked in look_at_all(listed)]


def _card(looked: CardView, *, focus: Action | None = None, message: str = "", is_compact: bool = False) -> Card:
    role = Role(current_user.role)
    with services().database.reading() as connection:
        card = card_for(connection, looked, role, message=message)
        if focus is not None:
            card = focus_on(connection, card, looked, focus, role)
    return replace(card, is_compact=is_compact)


def show(charger_id: str, *, focus: Action | None = None) -> ResponseReturnValue:
    """One charger: its card to htmx, nothing if it has not changed, a page with that card to anyone else."""
    if is_htmx():
        return refresh(charger_id, focus)
    return show_page(find_charger(charger_id), focus=focus)


def refresh(charger_id: str, focus: Action | None = None) -> ResponseReturnValue:
    """The card for htmx: nothing if the page has this version, else perhaps what another phone got."""
    house = services()
    only = house.settings.charger_ids
    if only and charger_id.lower() not in only:
        abort(404)
    seen = glance_at(charger_id)
    if seen.wants_anything(house.now()):
        keep_up(house, seen, find_charger(charger_id))
    version = seen.version(Role(current_user.role), house.now())
    if version == request.args.get("seen"):
        return "", 204, HEADERS
    is_compact = "compact" in request.args
    renderings = house.shared(Renderings)
    rendering = renderings.find((charger_id, version, focus, is_compact, language()))
    if rendering is None:
        card = card_of(find_charger(charger_id), focus=focus, is_compact=is_compact)
        kept = (charger_id, card.version, focus, is_compact, language())
        rendering = renderings.keep(kept, lambda: render_template("fragments/charger.html", card=card))
    return rendering.answer(), HEADERS


def show_page(listed: Listed, *, focus: Action | None = None, message: str = "") -> ResponseReturnValue:
    card = card_of(listed, focus=focus, message=message)
    return render_template("card/charger.html", card=card, focus=focus), HEADERS


def focus_pressed_on() -> Action | None:
    """The action whose page a form was on: `/pause` and `/resume` stay those of that action after a press."""
    wish = request.form.get("on", "")
    return Action(wish) if wish in (Action.PAUSE, Action.RESUME) else None


def redirect_back(listed: Listed, focus: Action | None, receipt: Receipt | None) -> ResponseReturnValue:
    """The answer to a plain form: the page it was on, which looks again while something is under way."""
    endpoint = f"card.show_{focus.value}" if focus else "card.show_charger"
    after = receipt.id if receipt and receipt.is_under_way else None
    return redirect(url_for(endpoint, charger_id=listed.id, after=after), code=303)


def already_so(listed: Listed, refusal: Refusal) -> str:
    """“Already paused by Anna since 14:03.”"""
    looked = look_at(listed)
    with services().database.reading() as connection:
        author = receipts.author_of_pause(connection, listed.id, looked.known.state)
    said = receipt_words.already(refusal, receipt_words.author_of(author), looked.found.since, looked.now)
    return f"{said} {receipt_words.already_remedy(refusal)}".strip()
