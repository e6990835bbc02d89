"""The pages of `/pause` and `/resume`: the same card, with that one action in its place and no other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from dashboard import reasons
from dashboard.card import receipt_words, words
from dashboard.card.buttons import Why, ask_for_control, button_for
from dashboard.card.version import CardView
from dashboard.card.view import Card
from dashboard.charger import receipts
from dashboard.web.access import Role
from zaptec.commands import Action, releases_cable
from zaptec.reasons import Refusal
from zaptec.situation import SituationName


def focus_on(connection: Connection, card: Card, view: CardView, action: Action, role: Role) -> Card:
    """The card for somebody who came to pause (or resume): never the opposite command in the button's place."""
    card = replace(card, focus=action)
    if view.is_under_way or not view.charger.is_listed:
        return card
    situation = view.situation
    refusal = situation.refusals.get(action)
    if refusal is None and (not situation.is_unsafe or situation.main_action is action):
        return _with_button(connection, card, view, action, role)
    if refusal is not None and refusal.is_already_so:
        return replace(card, button=None, why=already(connection, view, refusal))
    instead = Why(reasons.reason(refusal.reason), reasons.remedy(refusal.remedy)) if refusal else None
    return replace(card, button=None, why=card.why or instead)


def _with_button(connection: Connection, card: Card, view: CardView, action: Action, role: Role) -> Card:
    if not role.includes(Role.MEMBER):
        return replace(card, button=None, why=ask_for_control(connection))
    others = [button for button in card.others if button.action is not action]
    lead = "" if card.is_old else _lead(action, view)
    return replace(card, button=button_for(action, view), why=None, others=others, lead=lead)


def already(connection: Connection, view: CardView, refusal: Refusal) -> Why:
    """What stands in the button's place where it is so already: since when, and by whom."""
    author = receipt_words.author_of(receipts.author_of_pause(connection, view.charger.id, view.snapshot.state))
    text = receipt_words.already(refusal, author, view.situation.since, view.now)
    return Why(text, receipt_words.already_remedy(refusal))


def _lead(action: Action, view: CardView) -> str:
    """What pressing the button will do."""
    state = view.snapshot.state
    return words.lead(
        action,
        view.charger.name,
        is_charging=view.situation.name is SituationName.CHARGING,
        is_cable_released=state is not None and releases_cable(state),
    )
