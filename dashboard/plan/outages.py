"""Changes that are due while Zaptec or the charger is away: they wait for both to be back, half a day at most.

Zaptec has been away for minutes, its news 20 minutes late, and whole fleets of chargers offline for two hours. A
change that nobody can carry out is no failure: nothing was sent. While one waits, the clock asks for the state
every minute; the first one in which the charger can be reached makes the change due at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from dashboard.charger import account, chargers
from dashboard.charger.looks import CACHED_BY_ZAPTEC
from dashboard.charger.snapshots import Snapshot
from dashboard.plan.queries import Step
from dashboard.plan.step_outcome import look_again, write_line
from dashboard.plan.tables import step_table
from zaptec import errors
from zaptec.charger import ChargerState
from zaptec.reasons import Reason, Refusal

GIVEN_UP_AFTER = timedelta(hours=12)
LOOK_AGAIN_AFTER = timedelta(minutes=10)  # should nobody else hear of the charger
# Why a charger cannot be reached. Our own mistakes, and what the charger says itself, are no outage.
OUTAGES = frozenset(
    {
        Reason.OFFLINE.value,
        Reason.NO_DATA.value,
        Reason.NO_ACCESS.value,
        *get_args(errors.Cause),
        *account.FAILURES.values(),
    }
    - {account.FAILURES[errors.MalformedRequest]}
)
WAITS: ColumnElement[bool] = and_(
    step_table.c.ended_at.is_(None),
    step_table.c.reason.in_(sorted(OUTAGES)),
    step_table.c.receipt_id.is_(None),
    step_table.c.claimed_at.is_(None),  # else somebody is just at it
)
_IS_BACK = and_(WAITS, step_table.c.charger_id == bindparam("charger"), step_table.c.look_at > bindparam("now"))
_FOR_THE_CHARGER = select(step_table.c.id).where(_IS_BACK).limit(1)


@dataclass(frozen=True)
class Waiting:
    """What taking a step has come to: it waits until the charger can be reached; `reason` is a code."""

    reason: str


def outage(snapshot: Snapshot, refusal: Refusal | None, now: datetime) -> str | None:
    """Why the charger cannot be reached now, as a code; None where it can."""
    if snapshot.is_older_than(CACHED_BY_ZAPTEC, now):
        return snapshot.failure if snapshot.failure in OUTAGES else "timed_out"
    return refusal.reason.value if refusal and refusal.reason.value in OUTAGES else None


def wait(connection: Connection, step: Step, now: datetime, reason: str) -> Waiting:
    """Leave a step until the charger can be reached."""
    chargers.touch(connection, step.charger_id)
    if step.reason not in OUTAGES:
        write_line(connection, step, now, "waits", reason)
    at = now + LOOK_AGAIN_AFTER
    look_again(connection, step, at, reason=reason, remedy=None, receipt_id=None, claimed_at=None)
    return Waiting(reason)


def see(connection: Connection, charger_id: str, state: ChargerState, now: datetime) -> bool:
    """Notice that Zaptec and the charger are back: what waits for that is due now. Whether anything is."""
    if state.is_online is False:
        return False
    values = {"charger": charger_id, "now": now}
    if connection.execute(_FOR_THE_CHARGER, values).first() is None:
        return False
    chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
    connection.execute(update(step_table).where(_IS_BACK).values(look_at=now), values)
    return True
