"""The pages of `/pause` and `/resume`: the same card, with that one action in its place and no other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from dashboard import reasons
from dashboard.card import receipt_words, words
from dashboard.card.version import CardView
from dashboard.card.view import Button, Card, Why
from dashboard.charger import receipts
from dashboard.household import members
from dashboard.household import words as household_words
from dashboard.texts import _
from dashboard.web.access import Role
from zaptec.commands import Action, releases_cable
from zaptec.situation import SituationName


def focus_on(connection: Connection, card: Card, view: CardView, action: Action, role: Role) -> Card:
    """The card for somebody who came to pause (or resume): never the opposite command in the button's place."""
    situation = card.situation
    is_waiting = situation.name in (SituationName.PAUSING, SituationName.RESUMING) or (
        view.receipt and view.receipt.is_under_way
    )
    if is_waiting or not view.charger.is_listed:
        return replace(card, focus=action)
    refusal = situation.refusals.get(action)
    if refusal is None and not situation.is_unsafe:
        if not role.includes(Role.MEMBER):
            why = Why(reasons.reason("viewer"), household_words.ask_for_control(members.owner_names(connection)))
            return replace(card, button=None, why=why, focus=action)
        button = Button(action, _(words.ACTION_LABELS[action]), is_off=card.is_old)
        said = lead(action, view)
        if card.is_old:
            button, said = replace(button, note=reasons.reason("too_old")), ""
        others = [one for one in card.others if one.action is not action]
        return replace(card, button=button, why=None, others=others, focus=action, lead=said)
    if refusal is not None and refusal.is_already_so:
        author = receipts.author_of_pause(connection, view.charger.id, view.snapshot.state)
        said = receipt_words.already(refusal, receipt_words.author_of(author), situation.since, view.now)
        return replace(card, button=None, why=Why(said, receipt_words.already_remedy(refusal)), focus=action)
    instead = Why(reasons.reason(refusal.reason), reasons.remedy(refusal.remedy)) if refusal else None
    return replace(card, button=None, why=card.why or instead, focus=action)


def lead(action: Action, view: CardView) -> str:
    """What pressing the button will do."""
    name = view.charger.name
    if action is Action.RESUME:
        return _("This lets the car at %s charge again.") % name
    if view.situation.name is SituationName.CHARGING:
        text = _("This stops the charging at %s until somebody resumes it.") % name
    else:
        text = _("This keeps the car at %s from charging until somebody resumes it.") % name
    if view.snapshot.state and releases_cable(view.snapshot.state):
        text += " " + _("The cable is released.")
    return text
