"""The pages of `/pause` and `/resume`: the same card, with that one action in its place and no other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from dashboard import reasons
from dashboard.card import receipt_words, words
from dashboard.card.card import Button, Card, Why
from dashboard.card.glance import CardView
from dashboard.charger import receipts
from dashboard.household import members
from dashboard.household import words as household_words
from dashboard.texts import _
from dashboard.web.access import Role
from zaptec.commands import Action, releases_cable
from zaptec.situation import SituationName


def focus_on(connection: Connection, card: Card, looked: CardView, action: Action, role: Role) -> Card:
    """The card for somebody who came to pause (or resume): never the opposite command in the button's place."""
    found = card.situation
    is_waiting = found.name in (SituationName.PAUSING, SituationName.RESUMING) or (
        looked.receipt and looked.receipt.is_under_way
    )
    if is_waiting or not looked.listed.is_listed:
        return replace(card, focus=action)
    refusal = found.refusals.get(action)
    if refusal is None and not found.is_unsafe:
        if not role.includes(Role.MEMBER):
            why = Why(reasons.reason("viewer"), household_words.ask_for_control(members.owner_names(connection)))
            return replace(card, button=None, why=why, focus=action)
        button = Button(action, _(words.ACTION_LABELS[action]), is_off=card.is_old)
        said = lead(action, looked)
        if card.is_old:
            button, said = replace(button, note=reasons.reason("too_old")), ""
        others = [one for one in card.others if one.action is not action]
        return replace(card, button=button, why=None, others=others, focus=action, lead=said)
    if refusal is not None and refusal.is_already_so:
        author = receipts.author_of_pause(connection, looked.listed.id, looked.known.state)
        said = receipt_words.already(refusal, receipt_words.author_of(author), found.since, looked.now)
        return replace(card, button=None, why=Why(said, receipt_words.already_remedy(refusal)), focus=action)
    instead = Why(reasons.reason(refusal.reason), reasons.remedy(refusal.remedy)) if refusal else None
    return replace(card, button=None, why=card.why or instead, focus=action)


def lead(action: Action, looked: CardView) -> str:
    """What pressing the button will do."""
    name = looked.listed.name
    if action is Action.RESUME:
        return _("This lets the car at %s charge again.") % name
    if looked.found.name is SituationName.CHARGING:
        text = _("This stops the charging at %s until somebody resumes it.") % name
    else:
        text = _("This keeps the car at %s from charging until somebody resumes it.") % name
    if looked.known.state and releases_cable(looked.known.state):
        text += " " + _("The cable is released.")
    return text
