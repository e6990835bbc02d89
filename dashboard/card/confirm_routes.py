"""What only owners may do to a charger: each behind a page that says what it means."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from dashboard.card import page as card_page
from dashboard.card import question_words, words
from dashboard.card.blueprint import card
from dashboard.card.pressing import press_and_answer
from dashboard.charger.requested import find_charger
from dashboard.charger.view import ChargerView
from dashboard.web.access import Role, allow
from zaptec.commands import Action


@card.get("/chargers/<charger_id>/deauthorize")
@allow(Role.OWNER)
def show_deauthorize(charger_id: str) -> ResponseReturnValue:
    return ask(charger_id, Action.DEAUTHORIZE)


@card.post("/chargers/<charger_id>/deauthorize")
@allow(Role.OWNER)
def deauthorize(charger_id: str) -> ResponseReturnValue:
    return press_and_answer(find_charger(charger_id), Action.DEAUTHORIZE)


@card.get("/chargers/<charger_id>/restart")
@allow(Role.OWNER)
def show_restart(charger_id: str) -> ResponseReturnValue:
    return ask(charger_id, Action.RESTART)


@card.post("/chargers/<charger_id>/restart")
@allow(Role.OWNER)
def restart(charger_id: str) -> ResponseReturnValue:
    return press_and_answer(find_charger(charger_id), Action.RESTART)


def ask(charger_id: str, action: Action) -> ResponseReturnValue:
    """The question before an action that interrupts somebody, with its button or the reason against it."""
    charger = find_charger(charger_id)
    view = card_page.look_at(charger)
    refusal = view.situation.refusals.get(action)
    return render_template(
        "card/question.html",
        charger=charger,
        action=action,
        heading=words.link_label(action),
        label=words.label(action),
        means=_meaning(action, view),
        why=question_words.not_possible(refusal) if refusal else "",
        post=f"card.{action.value}",
    )


def _meaning(action: Action, view: ChargerView) -> list[str]:
    """What the action does, in the sentences a household needs before it presses."""
    if action is Action.RESTART:
        return question_words.restart_means()
    state = view.snapshot.state
    asks_permission = state.is_authentication_required if state else None
    if asks_permission is None:  # without that reading, what the account's list says
        asks_permission = view.charger.as_listed.is_authorisation_required
    return question_words.deauthorize_means(asks_permission=bool(asks_permission))
