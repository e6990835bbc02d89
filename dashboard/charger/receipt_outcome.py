"""What a new state of a charger says about the commands sent to it, and about what others did.

Runs in the transaction that stores the state, so a state and what follows from it are seen together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import clock_set_back, receipt_news, receipts
from dashboard.charger.receipt import CONFIRMED, NOT_CONFIRMED, Receipt
from dashboard.formats import is_possible
from dashboard.leases import CLOCK_SET_BACK
from zaptec.charger import ChargerState
from zaptec.commands import (
    GIVE_UP_AFTER_S,
    Action,
    ResumeOutcome,
    had_its_chance,
    is_done,
    outside_change,
    resume_outcome,
)

A_CAR_NEEDS = timedelta(seconds=20)  # to wake up after a resume; before that nobody is told to unlock it
# What was not confirmed may come about later: a command, some minutes; and where nothing shows that the charger has
# let it pass, much longer, as Zaptec's news has been 20 minutes late and whole fleets offline for two hours.
COMMAND_LATE_FOR = timedelta(minutes=10)
LATE_FOR = timedelta(hours=12)


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
        before: the state that was known until now.
        asked_at: when Zaptec was asked, which counts where a receipt waits for a certain moment.
    """
    clock_set_back.put_right(connection, charger_id, asked_at)
    last = receipts.last_sent(connection, charger_id, now - LATE_FOR)
    if last is not None:
        _judge(connection, last, before, state, now, asked_at)
    if before is not None:
        _notice_outside(connection, charger_id, before, state, last, now)


def _judge(
    connection: Connection,
    receipt: Receipt,
    before: ChargerState | None,
    state: ChargerState,
    now: datetime,
    asked_at: datetime,
) -> None:
    at = state.final_stop_changed_at
    proof = at.isoformat() if at else None
    is_confirmed = is_done(receipt.as_sent(), state, fetched_at=asked_at)
    if receipt.is_under_way:
        if is_confirmed:
            receipts.end(connection, receipt, now, CONFIRMED, proof=proof)
        elif receipt.is_waiting_for_answer(now):
            return  # it may not even have left: as long as somebody waits for its answer it has not failed
        elif asked_at - receipt.counts_from >= timedelta(seconds=GIVE_UP_AFTER_S[receipt.action]):
            receipts.end(connection, receipt, now, NOT_CONFIRMED)
    elif is_confirmed and _may_come_late(receipt, before, now) and not _was_outside(connection, receipt, at):
        receipts.confirm_late(connection, receipt, now, proof)
    if receipt.action is Action.RESUME:
        _follow_resume(connection, receipt.id, state, now)


def _may_come_late(receipt: Receipt, before: ChargerState | None, now: datetime) -> bool:
    """Whether what was given up may still come about, rather than somebody else's doing."""
    if receipt.outcome != NOT_CONFIRMED:
        return False
    if before is None or now - receipt.counts_from < COMMAND_LATE_FOR:
        return True
    return not had_its_chance(receipt.as_sent(), before)


def _was_outside(connection: Connection, receipt: Receipt, at: datetime | None) -> bool:
    """Whether that change of 718 has been told as somebody else's, before the rest of it was seen."""
    return activity_log.was_outside(connection, receipt.charger_id, at)


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
    if changed is None or (last is not None and last.action is changed and _explains(last, before, now)):
        return
    at = state.final_stop_changed_at
    # An older copy in between makes a change look new once more; the charger's own time tells.
    if at is not None and (
        receipts.is_proof(connection, charger_id, at) or activity_log.was_outside(connection, charger_id, at)
    ):
        return
    is_believed = at is not None and is_possible(at, now) and at <= now + CLOCK_SET_BACK
    happened_at = at if at and is_believed else now
    receipt_news.report_outside(connection, charger_id, changed, happened_at, now)
    activity_log.record(
        connection,
        at=happened_at,
        kind=LineKind.OUTSIDE,
        charger_id=charger_id,
        origin="outside",
        details={"action": changed.value, "changed_at": at.isoformat() if at else None},
    )


def _explains(receipt: Receipt, before: ChargerState, now: datetime) -> bool:
    """Whether a command may be what has just happened; of a confirmed one its proof tells.

    Args:
        receipt: as it was before this reading.
    """
    return receipt.is_under_way or _may_come_late(receipt, before, now)
