"""What a new state of a charger says about the commands sent to it, and about what others did.

Runs in the transaction that stores the state, so a state and what follows from it are seen together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import receipts
from dashboard.charger.receipt import CONFIRMED, NOT_CONFIRMED, REFUSED, Receipt
from zaptec.charger import ChargerState
from zaptec.commands import (
    GIVE_UP_AFTER_S,
    Action,
    ResumeOutcome,
    is_done,
    outside_change,
    resume_outcome,
)

A_CAR_NEEDS = timedelta(seconds=20)  # to wake up after a resume; before that nobody is told to unlock it
LATE_FOR = timedelta(minutes=10)  # so long a later reading may still confirm what was not confirmed
EXPLAINED_FOR = timedelta(minutes=10)  # a change so soon after a command of ours is ours


def settle(
    connection: Connection,
    charger_id: str,
    before: ChargerState | None,
    state: ChargerState,
    now: datetime,
    *,
    asked_at: datetime,
) -> None:
    """See what a new state says about the commands of this charger; runs in the transaction that stores it.

    Args:
        asked_at: when the question was put, which counts where a receipt waits for a certain moment.
    """
    last = receipts.last_sent(connection, charger_id, now - max(LATE_FOR, EXPLAINED_FOR))
    if last is not None:
        _judge(connection, last, state, now, asked_at)
    if before is not None:
        _notice_outside(connection, charger_id, before, state, last, now)


def _judge(
    connection: Connection, receipt: Receipt, state: ChargerState, now: datetime, asked_at: datetime
) -> None:
    sent_at = receipt.sent_at or receipt.asked_at
    at = state.final_stop_changed_at
    proof = at.isoformat() if at else None
    is_confirmed = is_done(receipt.as_sent(), state, fetched_at=asked_at)
    if receipt.is_under_way:
        if is_confirmed:
            receipts.end(connection, receipt, now, CONFIRMED, proof=proof)
        elif receipt.is_waiting_for_answer(now):
            return  # it may not even have left: as long as somebody waits for its answer it has not failed
        elif asked_at - sent_at >= timedelta(seconds=GIVE_UP_AFTER_S[receipt.action]):
            receipts.end(connection, receipt, now, NOT_CONFIRMED)
    elif receipt.outcome == NOT_CONFIRMED and is_confirmed:
        receipts.confirm_late(connection, receipt, now, proof)
    if receipt.action is Action.RESUME:
        _follow_resume(connection, receipt.id, state, now)


def _follow_resume(connection: Connection, receipt_id: int, state: ChargerState, now: datetime) -> None:
    """A confirmed resume carries a second line for five minutes: power flows, or the car is not asking."""
    flow = resume_outcome(state)
    if flow is not None:
        after = A_CAR_NEEDS if flow is ResumeOutcome.CAR_NOT_ASKING else timedelta()
        receipts.note_flow(connection, receipt_id, flow, now, after=after)


def _notice_outside(
    connection: Connection,
    charger_id: str,
    before: ChargerState,
    state: ChargerState,
    last: Receipt | None,
    now: datetime,
) -> None:
    """A pause or resume that no command of ours explains was made outside this page: it gets its line."""
    changed = outside_change(before, state)
    if changed is None:
        return
    at = state.final_stop_changed_at
    if last is not None and last.action is changed and last.outcome != REFUSED:
        was_lately = now - (last.sent_at or last.asked_at) < EXPLAINED_FOR
    else:
        was_lately = False
    # An older copy in between makes a change look new once more; the charger's own time tells.
    is_known = at is not None and (
        receipts.is_proof(connection, charger_id, at) or activity_log.was_outside(connection, charger_id, at)
    )
    if was_lately or is_known:
        return
    activity_log.record(
        connection,
        at=at or now,
        kind=LineKind.OUTSIDE,
        charger_id=charger_id,
        origin="outside",
        details={"action": changed.value},
    )
