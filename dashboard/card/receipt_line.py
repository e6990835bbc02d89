"""The receipt on a charger's card, as long as it says something of the charger as it is now; and what failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from dashboard.card import receipt_words
from dashboard.card.version import CardView
from dashboard.charger.receipt import CONFIRMED, REFUSED, Receipt
from dashboard.parts import Alert
from dashboard.web.access import Role
from zaptec.commands import Action
from zaptec.situation import SituationName

JUST_NOW = timedelta(minutes=1)
TOLD_FOR = timedelta(minutes=10)  # what brings about no situation of its own
# What a command brought about: its receipt goes when something else is so.
BROUGHT_ABOUT = {
    Action.PAUSE: {SituationName.PAUSED},
    Action.RESUME: {
        SituationName.CHARGING,
        SituationName.NOT_DRAWING,
        SituationName.WAITING_CAR,
        SituationName.WAITING_POWER,
    },
}


@dataclass(frozen=True)
class ReceiptLine:
    """The receipt as sentences; a stage is told only once it has happened."""

    id: int
    stage: str
    says: list[str]
    note: str
    is_under_way: bool


def receipt_line(view: CardView, role: Role) -> ReceiptLine | None:
    """The receipt of the last command, while it explains what the card says."""
    receipt, now = view.receipt, view.now
    if receipt is None or not _is_about_now(receipt, view):
        return None
    if view.is_old and not (receipt.is_under_way or _answers_a_press(receipt, view)):
        return None  # what the sentence says is past, and there is more to say of today
    may_press = role.includes(Role.MEMBER) and view.charger.is_listed
    note = receipt_words.note(receipt, view.situation, now, may_press=may_press)
    return ReceiptLine(
        id=receipt.id,
        stage=receipt.stage,
        says=receipt_words.says(receipt, now),
        note="" if _is_told_above(receipt, view) else note,
        is_under_way=receipt.is_under_way,
    )


def _is_told_above(receipt: Receipt, view: CardView) -> bool:
    """Whether an alert says what helps: of an account that cannot sign in, it stands there all the time."""
    return bool(view.refused_sign_in) and receipt.reason == view.refused_sign_in


def _answers_a_press(receipt: Receipt, view: CardView) -> bool:
    """Whether somebody has just been refused, and reads here why."""
    is_new = receipt.ended_at is not None and view.now - receipt.ended_at < JUST_NOW
    return receipt.outcome == REFUSED and is_new


def failed_press(view: CardView, role: Role) -> Iterator[Alert]:
    """A person's press that came to nothing, until that person has seen it or it is no longer so."""
    receipt, situation = view.receipt, view.situation
    if receipt is None or not receipt.has_failed or not _is_about_now(receipt, view) or not view.charger.is_listed:
        return
    if receipt.origin != "page" or receipt.action.opposite is None or not situation.allows(receipt.action):
        return
    may_press = role.includes(Role.MEMBER) and not view.is_old
    yield Alert(
        receipt_words.did_not_get_through(receipt.action, situation.name),
        is_urgent=True,
        again=receipt.action.value if may_press else "",
        seen=receipt.id,
    )


def _is_about_now(receipt: Receipt, view: CardView) -> bool:
    """Whether a receipt explains what is so: the same car, and what it brought about."""
    if receipt.is_under_way:
        return True
    if receipt.is_over(view.now) or _is_another_car(receipt, view):
        return False
    if receipt.outcome == CONFIRMED:
        return _still_holds(receipt, view)
    refusal = view.situation.refusals.get(receipt.action)
    return refusal is None or not refusal.is_already_so


def _is_another_car(receipt: Receipt, view: CardView) -> bool:
    """Whether the session is another than at the press; deauthorizing begins another for the same car."""
    state, before = view.snapshot.state, receipt.as_sent().baseline.state
    if receipt.action.opposite is None or state is None or not before.session_id:
        return False
    return bool(state.session_id) and state.session_id != before.session_id


def _still_holds(receipt: Receipt, view: CardView) -> bool:
    name = view.situation.besides or view.situation.name
    if receipt.action not in BROUGHT_ABOUT:
        return receipt.ended_at is None or view.now - receipt.ended_at < TOLD_FOR
    at = view.snapshot.state.final_stop_changed_at if view.snapshot.state else None
    is_its_own = receipt.proof is None or at is None or receipt.proof == at.isoformat()
    return is_its_own and name in BROUGHT_ABOUT[receipt.action]
