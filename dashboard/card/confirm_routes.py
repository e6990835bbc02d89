"""What only owners may do to a charger: each behind a page that says what it means."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from dashboard import reasons
from dashboard.card import page as card_page
from dashboard.card import words
from dashboard.card.blueprint import card
from dashboard.card.pressing import press_and_answer
from dashboard.charger.requested import find_charger
from dashboard.texts import _
from dashboard.web.access import Role, allow
from zaptec.charger import ChargerState
from zaptec.commands import Action
from zaptec.reasons import Refusal, Remedy


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
    looked = card_page.look_at(charger)
    refusal = looked.situation.refusals.get(action)
    return render_template(
        "card/question.html",
        charger=charger,
        action=action,
        label=_(words.ACTION_LABELS[action]),
        means=meaning(action, looked.snapshot.state, charger.as_listed.is_authorisation_required),
        why=f"{reasons.reason(refusal.reason)}. {_remedy(refusal)}" if refusal else "",
        post=f"card.{action.value}",
    )


def _remedy(refusal: Refusal) -> str:
    """This page stays as it is, unlike a card: waiting is not enough."""
    if refusal.remedy is Remedy.WAIT:
        return _("Wait a moment, then open this page again.")
    return reasons.remedy(refusal.remedy)


def meaning(action: Action, state: ChargerState | None, is_required: bool | None) -> list[str]:
    """What the action does, in the sentences a household needs before it presses."""
    if action is Action.RESTART:
        return [
            _("The charger restarts and is offline for one or two minutes."),
            _("A charge that is running is interrupted and should go on afterwards."),
            _("Use it when nothing else helps."),
        ]
    asks_permission = is_required if state is None or state.is_authentication_required is None else None
    if asks_permission is None:
        asks_permission = bool(state and state.is_authentication_required)
    means = [_("This ends the session, takes back its permission and releases the cable.")]
    if asks_permission:
        means.append(_("To charge again, somebody has to allow it with a card or in Zaptec’s app."))
    else:
        means.append(_("This charger asks for no permission, so it may start again by itself."))
        means.append(_("To keep it stopped, use Pause instead."))
    return means
