"""The last state of each charger, shared by everybody: Zaptec is asked once, however many are looking.

Whoever finds a snapshot too old takes its lease with one conditional UPDATE and asks; the others show what is
there, with its age. A process that dies with the lease in hand loses it after LEASE.
"""

from __future__ import annotations

import json
import logging
import random
import secrets
import time
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from dashboard.charger import receipt_outcome, receipts
from dashboard.charger.account import LONGEST_PAUSE_S, failure_code
from dashboard.charger.tables import account, charger_table, snapshot_table
from dashboard.services import Services
from zaptec.charger import Charger, ChargerState
from zaptec.commands import keep_achieved
from zaptec.errors import TryLater, ZaptecError
from zaptec.situation import SituationName, situation

log = logging.getLogger(__name__)

CACHED_BY_ZAPTEC = timedelta(seconds=15)  # asking again sooner returns the same (custom-components/zaptec#189)
LOOKED_AT_LIVELY = timedelta(seconds=15)
LOOKED_AT = timedelta(seconds=60)
TOO_OLD_LIVELY = timedelta(seconds=90)
TOO_OLD = timedelta(minutes=3)
LEASE = timedelta(seconds=40)  # longer than a question with its repetitions may take
BACK_OFF_S = (5, 10, 20, 40, 60)
LONGEST_PAUSE = 1.2 * timedelta(seconds=LONGEST_PAUSE_S)  # no pause is planned for longer
CLOCK_SET_BACK = timedelta(minutes=1)
SELDOM_S = 600  # where only a person can help: no access, no such charger, sign-in rejected
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
class Freshness:
    """How old the news of one charger is, and how the last question went.

    Attributes:
        fetched_at: when Zaptec last answered, by our clock.
        is_lively: charging or about to: its news ages faster.
        failure: why the last question failed, as a code; None when it did not.
    """

    charger_id: str
    fetched_at: datetime | None
    is_lively: bool
    failure: str | None
    failing_since: datetime | None
    failures: int
    ask_again_at: datetime | None
    lease_until: datetime | None

    def age(self, now: datetime) -> timedelta | None:
        return None if self.fetched_at is None else now - self.fetched_at

    def is_older_than(self, limit: timedelta, now: datetime) -> bool:
        """News from the future is old too: our clock was set back, and nobody knows how old it is."""
        age = self.age(now)
        return age is None or age >= limit or age < -CLOCK_SET_BACK

    def is_too_old(self, now: datetime) -> bool:
        """Whether it is too old to act on: the numbers turn grey and the button is off."""
        return self.is_older_than(TOO_OLD_LIVELY if self.is_lively else TOO_OLD, now)

    def is_due(self, now: datetime) -> bool:
        """Whether somebody who looks at it should have it asked again, now."""
        if self.is_being_asked(now) or self.is_left_alone(now):
            return False
        return self.is_older_than(LOOKED_AT_LIVELY if self.is_lively else LOOKED_AT, now)

    def is_left_alone(self, now: datetime) -> bool:
        """Whether a pause after a failure holds; one planned further ahead than any can be is over."""
        return self.ask_again_at is not None and now < self.ask_again_at <= now + LONGEST_PAUSE

    def is_being_asked(self, now: datetime) -> bool:
        return self.lease_until is not None and now < self.lease_until <= now + LEASE


FRESHNESS = tuple(snapshot_table.c[name] for name in Freshness.__dataclass_fields__)


@dataclass(frozen=True)
class Snapshot(Freshness):
    """What is known of one charger."""

    record: str | None

    @classmethod
    def from_row(cls, row: Row[Any]) -> Snapshot:
        return cls(**{column.name: getattr(row, column.name) for column in FRESHNESS}, record=row.state)

    @cached_property
    def state(self) -> ChargerState | None:
        return None if self.record is None else ChargerState.from_record(json.loads(self.record))


def read(connection: Connection, charger_id: str) -> Snapshot | None:
    row = connection.execute(select(snapshot_table).where(snapshot_table.c.charger_id == charger_id)).one_or_none()
    return Snapshot.from_row(row) if row else None


def forbidden_ids(connection: Connection) -> set[str]:
    """The chargers whose state Zaptec did not let the account read when it was last asked."""
    return set(
        connection.scalars(select(snapshot_table.c.charger_id).where(snapshot_table.c.failure == "no_access"))
    )


def look(services: Services, known: Freshness) -> Future[bool] | None:
    """Somebody looks: have the state asked again if it is due; the question that was begun, if one was."""
    return (
        services.background.start(lambda: ask(services, known.charger_id)) if known.is_due(services.now()) else None
    )


def fresh(services: Services, charger_id: str, *, wait_s: float = 12) -> Snapshot:
    """A snapshot young enough to check a command against, asked for if need be; or the failed one.

    Waits while another process asks. A failure shows in `failure`, and in an age over 15 s.
    """
    until = time.monotonic() + wait_s
    while True:
        with services.database.reading() as connection:
            known = read(connection, charger_id)
        if known is None:
            raise LookupError(charger_id)
        if not known.is_older_than(CACHED_BY_ZAPTEC, services.now()):
            return known
        has_asked = ask(services, charger_id, patient=False)
        with services.database.reading() as connection:
            known = read(connection, charger_id) or known
        if has_asked or not known.is_being_asked(services.now()) or time.monotonic() > until:
            return known
        time.sleep(0.1)  # somebody else holds the lease: their answer is ours


def ask(services: Services, charger_id: str, *, patient: bool = True) -> bool:
    """Ask Zaptec for the state, if nobody else is at it; returns whether we did.

    Args:
        patient: keep to the back-off after failures; a person's press does not, unless Zaptec asked us to wait.
    """
    now = services.now()
    me = secrets.token_hex(8)
    lease, pause = snapshot_table.c.lease_until, snapshot_table.c.ask_again_at
    free = or_(lease.is_(None), lease <= now, lease > now + LEASE)
    claim = update(snapshot_table).where(snapshot_table.c.charger_id == charger_id, free)
    may_ask = or_(pause.is_(None), pause <= now, pause > now + LONGEST_PAUSE)
    if not patient:
        may_ask = or_(may_ask, snapshot_table.c.failure.is_(None), snapshot_table.c.failure != "rate_limited")
    claim = claim.where(may_ask)
    with services.database.writing() as connection:
        if connection.execute(claim.values(lease_until=now + LEASE, lease_by=me)).rowcount == 0:
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


def release(services: Services, holder: str) -> None:
    with services.database.writing() as connection:
        connection.execute(
            update(snapshot_table)
            .where(snapshot_table.c.lease_by == holder)
            .values(lease_until=None, lease_by=None)
        )


def _keep(services: Services, charger_id: str, me: str, state: ChargerState, *, asked_at: datetime) -> None:
    """Store an answer and let the receipts see it, in one transaction.

    Whoever lost the lease meanwhile (it took too long) keeps nothing: a newer answer may be there.
    """
    now = services.now()
    with services.database.writing() as connection:
        row = connection.execute(
            select(snapshot_table, charger_table.c.record)
            .join(charger_table, charger_table.c.id == snapshot_table.c.charger_id)
            .where(snapshot_table.c.charger_id == charger_id, snapshot_table.c.lease_by == me)
            .with_for_update(of=snapshot_table)
        ).one_or_none()
        if row is None:
            return
        before = Snapshot.from_row(row).state
        if before is not None and receipts.achieved_since(connection, charger_id, now - NO_FLIP_BACK_FOR):
            state = keep_achieved(state, before)
        found = situation(Charger.from_record(json.loads(row.record)), state, now)
        connection.execute(
            update(snapshot_table)
            .where(snapshot_table.c.charger_id == charger_id)
            .values(
                state=json.dumps(state.to_record(), separators=(",", ":")),
                fetched_at=now,
                is_lively=found.name in LIVELY,
                failure=None,
                failing_since=None,
                failures=0,
                ask_again_at=None,
                lease_until=None,
                lease_by=None,
            )
        )
        receipt_outcome.settle(connection, charger_id, before, state, now, asked_at=asked_at)
        for see in services.on_state:
            try:
                with connection.begin_nested():  # a room that stumbles takes back its own writing only
                    see(connection, charger_id, before, state, now)
            except Exception:
                log.exception("a room could not follow the new state of …%s", charger_id[-6:])


def _keep_failure(services: Services, charger_id: str, me: str, error: ZaptecError) -> None:
    now = services.now()
    code = failure_code(error)
    with services.database.writing() as connection:
        mine = (snapshot_table.c.charger_id == charger_id, snapshot_table.c.lease_by == me)
        row = connection.execute(
            select(snapshot_table.c.failures, snapshot_table.c.failing_since).where(*mine).with_for_update()
        ).one_or_none()
        if row is None:
            return
        connection.execute(
            update(snapshot_table)
            .where(*mine)
            .values(
                failure=code,
                failures=row.failures + 1,
                failing_since=row.failing_since or now,
                ask_again_at=now + timedelta(seconds=_pause_s(error, code, row.failures)),
                lease_until=None,
                lease_by=None,
            )
        )
        if code == "unknown_charger":  # it may have left the account: read the list again soon
            connection.execute(update(account).values(list_again_at=now))


def _pause_s(error: ZaptecError, code: str, failures: int) -> float:
    """How long to leave Zaptec alone after a failure, with up to a tenth more at random."""
    if code in ("sign_in_rejected", "no_access", "unknown_charger"):
        pause = float(SELDOM_S)
    else:
        pause = float(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
    if isinstance(error, TryLater) and error.retry_after_s:
        pause = max(pause, min(error.retry_after_s, LONGEST_PAUSE_S))
    return pause * random.uniform(1.0, 1.1)  # noqa: S311 - jitter, nothing secret
