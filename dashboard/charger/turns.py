"""When a request to Zaptec may leave: all processes queue at one row, and keep to the pauses Zaptec asks for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.charger.request_counts import RequestCounts
from dashboard.charger.tables import account
from dashboard.database import Database
from dashboard.leases import LONGEST_RETRY_AFTER_S, holds, lease_table, still_holds
from zaptec.errors import TryLater

# Zaptec allows 10 requests a second per account and 15 at once (docs.zaptec.com/docs/api-rate-limiting).
SECONDS_PER_REQUEST = 0.125
AT_ONCE = 8
LONGEST_WAIT_FOR_A_TURN = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=LONGEST_RETRY_AFTER_S)
QUEUE = "requests"  # the row of `lease` that says until when all requests so far keep Zaptec busy
RESERVED_FOR_S = 2.0  # a turn that was not used by then has gone by

_QUERY = (
    select(account.c.paused_until, lease_table.c.until)
    .select_from(account.outerjoin(lease_table, lease_table.c.name == QUEUE))
    .with_for_update(of=account)
)
_KEEP = update(lease_table).where(lease_table.c.name == QUEUE).values(until=bindparam("through_at"))


@dataclass(frozen=True)
class Turn:
    """The right to send one request.

    Attributes:
        at, taken_at: when it may leave, and when the turn was taken, by the monotonic clock.
    """

    kind: str
    at: float
    taken_at: float


@dataclass
class Turns:
    """The way out to Zaptec, for one process; its threads share it.

    Attributes:
        counts: how often this process has asked.
    """

    database: Database
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    seconds_per_request: float = SECONDS_PER_REQUEST
    counts: RequestCounts = field(default_factory=RequestCounts)
    _reserved: threading.local = field(default_factory=threading.local)

    def reserve(self, connection: Connection, kind: str) -> None:
        """Take the turn of this thread's next request of a kind, in a transaction that writes anyway.

        Raises:
            TryLater: Zaptec wants to be left alone; nothing was taken.
        """
        self._reserved.turn = self._queue(connection, kind)

    def wait(self, kind: str) -> None:
        """Wait for this request's turn, and count it.

        Raises:
            TryLater: Zaptec wants to be left alone.
        """
        turn = self._take_reserved(kind)
        if turn is None:
            with self.database.writing() as connection:
                turn = self._queue(connection, kind)
                if self.counts.is_due:
                    self.counts.write(connection)
        self.counts.add(self.now(), kind)
        if (wait_s := turn.at - time.monotonic()) > 0:
            self.sleep(wait_s)

    def stop(self) -> None:
        """At the end of the process: write down what has been counted since the last time."""
        with suppress(DBAPIError), self.database.writing() as connection:
            self.counts.write(connection)

    def _take_reserved(self, kind: str) -> Turn | None:
        turn: Turn | None = getattr(self._reserved, "turn", None)
        if turn is None or turn.kind != kind:
            return None
        self._reserved.turn = None
        return turn if time.monotonic() - turn.taken_at < RESERVED_FOR_S else None

    def _queue(self, connection: Connection, kind: str) -> Turn:
        """Join the queue. A leaky bucket: as long as it is no more than a burst ahead of now, nobody waits."""
        row = connection.execute(_QUERY).one()
        if still_holds(row.paused_until, self.now(), LONGEST_PAUSE):
            left_s = (row.paused_until - self.now()).total_seconds()
            raise TryLater(left_s, "rate_limited", was_not_carried_out=True)
        each = timedelta(seconds=self.seconds_per_request)
        now = datetime.now(UTC)  # the real time, also where tests move their own: it is really waited for
        through_at = min(max(row.until or now, now), now + LONGEST_WAIT_FOR_A_TURN) + each
        connection.execute(_KEEP, {"through_at": through_at})
        taken_at = time.monotonic()
        return Turn(kind, taken_at + (through_at - AT_ONCE * each - now).total_seconds(), taken_at)

    def pause(self, retry_after_s: float) -> None:
        """Zaptec wants to be left alone: nothing is asked until then, by any process, whatever it was about."""
        now = self.now()
        until = now + timedelta(seconds=min(retry_after_s, LONGEST_RETRY_AFTER_S))
        is_longer = ~holds(account.c.paused_until, now, LONGEST_PAUSE) | (account.c.paused_until < until)
        with self.database.writing() as connection:
            connection.execute(update(account).where(is_longer).values(paused_until=until))

    def is_paused(self) -> bool:
        """Whether Zaptec wants to be left alone just now."""
        with self.database.reading() as connection:
            until = connection.execute(select(account.c.paused_until)).scalar()
        return still_holds(until, self.now(), LONGEST_PAUSE)
