"""From a request to a card: find the charger, look, put together, answer a page or its fragment."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from dashboard import background, formats
from dashboard.card.action_page import already, focus_on
from dashboard.card.cache import Rendering, Renderings
from dashboard.card.version import CardView, Glance, glance, was_too_old
from dashboard.card.view import Card, FormAnswer, card_for
from dashboard.charger import chargers, receipts, snapshots, watching
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.receipt import Receipt
from dashboard.charger.requested import find_charger
from dashboard.services import Services, current_services
from dashboard.texts import language
from dashboard.web.access import Role
from dashboard.web.htmx import HEADERS, is_htmx
from zaptec.commands import Action
from zaptec.reasons import Refusal


@dataclass(frozen=True)
class Look:
    """For which place a card is rendered.

    Attributes:
        focus: the action whose page it is on.
        has_autofocus: its button takes the focus, as it does on a page that was opened for it.
        reports_seen: as `Card.reports_seen`.
    """

    focus: Action | None = None
    is_compact: bool = False
    has_autofocus: bool = False
    reports_seen: bool = False


def keep_up(services: Services, seen: Glance, charger: HouseholdCharger) -> Future[Any] | None:
    """Somebody looks: ask Zaptec what it is time for; the question for the state, if one was begun."""
    has_access = charger.as_listed.may_command
    every = chargers.LIST_EVERY if has_access else chargers.LIST_EVERY_WITHOUT_ACCESS
    if seen.listing.is_due(services.now(), every):
        services.background.start(lambda: chargers.read_list(services, every=every))
    if not (charger.is_listed and has_access):
        return None
    if seen.progress.wants_a_look(services.now()):
        return services.background.start(lambda: watching.watch(services, charger.id))
    return snapshots.begin_asking(services, seen.freshness) if seen.wants_news(services.now()) else None


def glance_at(charger_id: str) -> Glance:
    """What decides whether the card of a charger has changed.

    Raises:
        NotFound: there is no such charger.
    """
    with current_services().database.reading() as connection:
        return glance(connection, charger_id) or abort(404)


def look_at(charger: HouseholdCharger) -> CardView:
    """Read what is known; news that is too old to act on is waited for, a moment only.

    Raises:
        NotFound: there is no such charger any more.
    """
    return look_at_all([charger])[0]


def look_at_all(looked_at: list[HouseholdCharger]) -> list[CardView]:
    """The same for several chargers, which are asked and waited for together."""
    _catch_up(looked_at)
    return [_read(charger.id) for charger in looked_at]


def _catch_up(looked_at: list[HouseholdCharger]) -> list[Glance]:
    """How the chargers stand that somebody looks at; news too old to act on is waited for, a moment only."""
    services = current_services()
    begun = [
        (seen, keep_up(services, seen, charger))
        for seen, charger in [(glance_at(charger.id), charger) for charger in looked_at]
    ]
    too_old = [work for seen, work in begun if work is not None and seen.freshness.is_too_old(services.now())]
    if too_old:
        wait_for_futures(too_old, timeout=background.A_PAGE_WAITS_S)
    return [
        glance_at(seen.freshness.charger_id) if work is not None and work.done() else seen for seen, work in begun
    ]


def _read(charger_id: str) -> CardView:
    services = current_services()
    seen = glance_at(charger_id)
    with services.database.reading() as connection:
        # Read after the glance: the version it names must not stand for an older charger.
        charger = chargers.find(connection, charger_id) or abort(404)
        snapshot = snapshots.read(connection, charger_id) or abort(404)
        receipt = receipts.latest(connection, charger_id)
    return CardView(charger, snapshot, receipt, services.now(), seen)


def card_of(
    charger: HouseholdCharger,
    *,
    focus: Action | None = None,
    message: str = "",
    answer: FormAnswer | None = None,
    is_compact: bool = False,
) -> Card:
    card = _card(look_at(charger), focus=focus, message=message, is_compact=is_compact)
    return replace(card, answer=answer)


def compact_cards(looked_at: list[HouseholdCharger]) -> list[Card]:
    """The cards of several chargers, those that can be pressed first, else in the household's order."""
    cards = [_card(view, is_compact=True) for view in look_at_all(looked_at)]
    return sorted(cards, key=lambda card: card.place)


def _card(view: CardView, *, focus: Action | None = None, message: str = "", is_compact: bool = False) -> Card:
    """The card for whoever is signed in, its times in the charger's own zone."""
    role = Role(current_user.role)
    with current_services().database.reading() as connection, formats.in_zone_of(view.charger.id):
        card = card_for(connection, view, role, message=message)
        if focus is not None:
            card = focus_on(connection, card, view, focus, role)
    return replace(card, is_compact=is_compact, reports_seen=_reports_seen(view.glance))


def _reports_seen(seen: Glance) -> bool:
    return seen.progress.is_to_be_seen_by(current_user.id)


def show(charger_id: str, *, focus: Action | None = None) -> ResponseReturnValue:
    """One charger: its card to htmx, nothing if it has not changed, a page with that card to anyone else.

    Raises:
        NotFound: unknown, or not to be seen here.
    """
    if is_htmx():
        return refresh(charger_id, focus)
    return show_page(find_charger(charger_id), focus=focus)


def refresh(charger_id: str, focus: Action | None = None) -> ResponseReturnValue:
    """The card for htmx: nothing if the page has this version, else perhaps what another phone got.

    Raises:
        NotFound: unknown, or not to be seen here.
    """
    services = current_services()
    if not services.settings.shows(charger_id):
        abort(404)
    seen = glance_at(charger_id)
    if seen.wants_anything(services.now()):
        keep_up(services, seen, find_charger(charger_id))
    version = seen.version(Role(current_user.role), services.now())
    had = request.args.get("seen", "")
    if version == had:
        return "", 204, HEADERS
    # Opened before the news came, the page had no button that could take the focus.
    brings_button = focus is not None and was_too_old(had) and not was_too_old(version)
    is_compact = "compact" in request.args
    look = Look(focus, is_compact, has_autofocus=brings_button, reports_seen=_reports_seen(seen))
    return _rendering(charger_id, version, look).answer(), HEADERS


def show_page(
    charger: HouseholdCharger, *, focus: Action | None = None, answer: FormAnswer | None = None
) -> ResponseReturnValue:
    """The page of one charger, with its card as it was rendered last if that is of this version."""
    if answer:
        shown = card_of(charger, focus=focus, answer=answer)
        rendering = _render(shown, Look(focus, has_autofocus=focus is not None))
    else:
        seen = _catch_up([charger])[0]
        version = seen.version(Role(current_user.role), current_services().now())
        look = Look(focus, has_autofocus=focus is not None, reports_seen=_reports_seen(seen))
        rendering = _rendering(charger.id, version, look)
    html = Markup(rendering.html.decode())  # noqa: S704 - our own template's
    return render_template("card/charger.html", card=rendering.card, card_html=html, focus=focus), HEADERS


def _rendering(charger_id: str, version: str, look: Look) -> Rendering:
    """The card as it was rendered last for this version, else as it is now."""
    renderings = current_services().shared(Renderings)
    kept = renderings.find((charger_id, version, look, language()))
    if kept is not None:
        return kept
    card = _card(_read(charger_id), focus=look.focus, is_compact=look.is_compact)
    return renderings.keep((charger_id, card.version, look, language()), _render(card, look))


def _render(card: Card, look: Look) -> Rendering:
    return Rendering.of(
        card, render_template("fragments/charger.html", card=card, has_autofocus=look.has_autofocus)
    )


def focus_pressed_on() -> Action | None:
    """The action whose page a form was on: `/pause` and `/resume` stay those of that action after a press."""
    pressed_on = request.form.get("on", "")
    return Action(pressed_on) if pressed_on in (Action.PAUSE, Action.RESUME) else None


def redirect_back(charger: HouseholdCharger, focus: Action | None, receipt: Receipt | None) -> ResponseReturnValue:
    """The answer to a plain form: the page it was on, which looks again while something is under way."""
    endpoint = f"card.show_{focus.value}" if focus else "card.show_charger"
    after = receipt.id if receipt and receipt.is_under_way else None
    return redirect(url_for(endpoint, charger_id=charger.id, after=after), code=303)


def already_so(charger: HouseholdCharger, refusal: Refusal) -> str:
    """“Already paused by Anna since 14:03.”"""
    view = look_at(charger)
    with current_services().database.reading() as connection, formats.in_zone_of(charger.id):
        why = already(connection, view, refusal)
    return f"{why.reason} {why.remedy}".strip()
