"""The last state of each charger, shared by everybody: Zaptec is asked once, however many are looking.

Whoever finds a snapshot too old takes its lease with one conditional UPDATE and asks; the others show what is
there, with its age. A process that dies with the lease in hand loses it after LEASE.
"""

from __future__ import annotations

import json
import secrets
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from dashboard import leases
from dashboard.charger import receipt_outcome, receipts
from dashboard.charger.account import failure_code
from dashboard.charger.freshness import BACK_OFF, FRESHNESS, FRESHNESS_FROM, LEASE, Freshness
from dashboard.charger.looks import CACHED_BY_ZAPTEC, cached_until
from dashboard.charger.tables import account, charger_table, snapshot_table
from dashboard.leases import lease_table
from dashboard.services import Services
from zaptec.charger import Charger, ChargerState
from zaptec.commands import keep_achieved
from zaptec.errors import TryLater, ZaptecError
from zaptec.situation import Situation, SituationName, situation

WAIT_FOR_OTHERS_S = 12.0  # so long a press waits for the answer to another process's question
NO_FLIP_BACK_FOR = timedelta(minutes=5)
LIVELY = {
    SituationName.CHARGING,
    SituationName.NOT_DRAWING,
    SituationName.PAUSING,
    SituationName.RESUMING,
    SituationName.WAITING_CAR,
    SituationName.WAITING_POWER,
}


@dataclass(frozen=True)
class Snapshot(Freshness):
    """What is known of one charger."""

    record: str | None

    @classmethod
    def from_row(cls, row: Row[Any]) -> Snapshot:
        return cls(**{name: getattr(row, name) for name in Freshness.__dataclass_fields__}, record=row.state)

    @cached_property
    def state(self) -> ChargerState | None:
        return None if self.record is None else ChargerState.from_record(json.loads(self.record))


# Put together once: asked at each look and with each answer.
_OF_CHARGER = snapshot_table.c.charger_id == bindparam("charger")
_READ: Select[Any] = select(*FRESHNESS, snapshot_table.c.state).select_from(FRESHNESS_FROM).where(_OF_CHARGER)
_LOCK = select(*FRESHNESS).select_from(FRESHNESS_FROM).where(_OF_CHARGER).with_for_update(of=snapshot_table)
_LOCK_IF_OURS = (
    _READ.add_columns(charger_table.c.record)
    .join(charger_table, charger_table.c.id == snapshot_table.c.charger_id)
    .where(lease_table.c.holder == bindparam("me"))
    .with_for_update(of=snapshot_table)
)
_KEEP = (
    update(snapshot_table)
    .where(_OF_CHARGER)
    .values(
        state=bindparam("new_state"),
        fetched_at=bindparam("now"),
        cached_until=bindparam("repeated_until"),
        is_lively=bindparam("lively"),
        failure=None,
        failures=0,
        ask_again_at=None,
    )
)


def read(connection: Connection, charger_id: str) -> Snapshot | None:
    row = connection.execute(_READ, {"charger": charger_id}).one_or_none()
    return Snapshot.from_row(row) if row else None


def forbidden_ids(connection: Connection) -> set[str]:
    """The chargers whose state Zaptec did not let the account read when it was last asked."""
    return set(
        connection.scalars(select(snapshot_table.c.charger_id).where(snapshot_table.c.failure == "no_access"))
    )


def freshness_of(connection: Connection, charger_id: str) -> Freshness | None:
    """The same without the state; in a transaction that writes nobody else changes it meanwhile."""
    row = connection.execute(_LOCK, {"charger": charger_id}).one_or_none()
    return Freshness(*row) if row else None


def begin_asking(services: Services, freshness: Freshness) -> Future[bool]:
    """Have the state asked in the background, unless there is news by the time its turn comes."""
    return services.background.start(lambda: ask(services, freshness.charger_id, unless_news=freshness))


def fresh(services: Services, charger_id: str) -> Snapshot:
    """A snapshot young enough to check a command against, asked for if need be; or the failed one.

    Waits up to 12 s while another process asks. A failure shows in `failure`, and in an age over 15 s.

    Raises:
        LookupError: there is no such charger.
    """
    waited_s = 0.0
    while True:
        with services.database.reading() as connection:
            snapshot = read(connection, charger_id)
        if snapshot is None:
            raise LookupError(charger_id)
        if not snapshot.is_older_than(CACHED_BY_ZAPTEC, services.now()):
            return snapshot
        has_asked = ask(services, charger_id, patient=False)
        with services.database.reading() as connection:
            snapshot = read(connection, charger_id) or snapshot
        if not has_asked and services.account.turns.is_paused():
            return replace(snapshot, failure="rate_limited")
        if has_asked or not snapshot.is_being_asked(services.now()) or waited_s >= WAIT_FOR_OTHERS_S:
            return snapshot
        services.sleep(0.2)  # somebody else holds the lease: their answer is ours
        waited_s += 0.2


def ask(services: Services, charger_id: str, *, patient: bool = True, unless_news: Freshness | None = None) -> bool:
    """Ask Zaptec for the state, if nobody else is at it; returns whether we did.

    Args:
        patient: keep to the back-off after failures; a person's press does not, unless Zaptec asked us to wait.
        unless_news: what was known when this was wanted; what has waited in a queue behind an answer asks no more,
            nor does it ask while a press is watched: its looks do, when Zaptec's cache lets them see something.
    """
    now = services.now()
    me = secrets.token_hex(8)
    if not _claim(services, charger_id, me, now, patient, unless_news):
        return False
    try:
        state = services.account.client.charger_state(charger_id)
    except ZaptecError as error:
        _keep_failure(services, charger_id, me, error)
    except BaseException:
        release(services, me)
        raise
    else:
        _keep(services, charger_id, me, state, asked_at=now)
        services.account.note_skew()
    return True


def _claim(
    services: Services, charger_id: str, me: str, now: datetime, patient: bool, unless_news: Freshness | None
) -> bool:
    """Take the lease and a turn in the queue, all in one transaction; whether we got both."""
    with services.database.writing() as connection:
        freshness = freshness_of(connection, charger_id)
        if freshness is None or not _still_wants(connection, freshness, unless_news, now):
            return False
        if freshness.is_left_alone(now) and (patient or freshness.failure == "rate_limited"):
            return False
        if not leases.take(connection, charger_id, me, now, LEASE):
            return False
        try:
            services.account.turns.reserve(connection, "state")
        except TryLater:
            leases.release(connection, me)
            return False
    return True


def _still_wants(connection: Connection, freshness: Freshness, was: Freshness | None, now: datetime) -> bool:
    """Whether what was wanted then has not come about meanwhile, and will not come about by a planned look."""
    if was is None:
        return True
    is_known = freshness.fetched_at != was.fetched_at
    return not is_known and not receipts.awaits_a_look(connection, freshness.charger_id, now)


def release(services: Services, holder: str) -> None:
    with services.database.writing() as connection:
        leases.release(connection, holder)


def _keep(services: Services, charger_id: str, me: str, state: ChargerState, *, asked_at: datetime) -> None:
    """Store an answer and let the receipts see it, in one transaction.

    Whoever lost the lease meanwhile (it took too long) keeps nothing: a newer answer may be there.
    """
    now = services.now()
    with services.database.writing() as connection:
        row = connection.execute(_LOCK_IF_OURS, {"charger": charger_id, "me": me}).one_or_none()
        if row is None:
            return
        before = Snapshot.from_row(row).state
        if before is not None and receipts.achieved_since(connection, charger_id, now - NO_FLIP_BACK_FOR):
            state = keep_achieved(state, before)
        situation_now = situation(Charger.from_record(json.loads(row.record)), state, now)
        values = {
            "new_state": json.dumps(state.to_record(), separators=(",", ":")),
            "now": now,
            "repeated_until": cached_until(row.cached_until, asked_at, now),
            "lively": _is_lively(situation_now),
        }
        connection.execute(_KEEP, {"charger": charger_id, **values})
        leases.release(connection, me)
        receipt_outcome.settle(connection, charger_id, before, state, now, asked_at=asked_at)
        is_something_due = services.tell_of_state(connection, charger_id, before, state, now)
    if is_something_due:
        services.clock.wake()


def _is_lively(situation: Situation) -> bool:
    """Whether it charges or is about to, also where it is switched off or on its own: then its news ages faster."""
    is_besides = situation.besides is not None and situation.name is not SituationName.OFFLINE
    return (situation.besides if is_besides else situation.name) in LIVELY


def _keep_failure(services: Services, charger_id: str, me: str, error: ZaptecError) -> None:
    now = services.now()
    code = failure_code(error)
    with services.database.writing() as connection:
        freshness = freshness_of(connection, charger_id)
        if freshness is None or not leases.is_ours(connection, charger_id, me):
            return
        retry_after_s = error.retry_after_s if isinstance(error, TryLater) else None
        connection.execute(
            update(snapshot_table)
            .where(snapshot_table.c.charger_id == charger_id)
            .values(
                failure=code,
                failures=freshness.failures + 1,
                ask_again_at=now + BACK_OFF.pause(code, freshness.failures, retry_after_s),
            )
        )
        leases.release(connection, me)
        if code == "unknown_charger":  # it may have left the account: read the list again soon
            connection.execute(update(account).values(list_again_at=now))
