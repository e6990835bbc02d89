"""Who of all processes does a thing, and how long it is left alone after a failure.

A lease is taken with one conditional statement: who gets its row back has it. It lapses: a process that dies with
it in hand holds nobody up for longer than the lease's length.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, String, Table, and_, or_, select, update

from dashboard.database import UtcTime, metadata, upsert

CLOCK_SET_BACK = timedelta(minutes=1)  # what lies further ahead of now was written before our clock was set back
LONGEST_RETRY_AFTER_S = 3600.0  # the longest Retry-After that is believed
JITTER = 1.1  # pauses are up to so much longer, at random, so that not everybody comes back at once
# Failures that last until a person does something: asking again soon only annoys Zaptec.
ONLY_A_PERSON_HELPS = frozenset({"sign_in_rejected", "sign_in_ended", "no_access", "unknown_charger"})

# A row for each thing that one process does at a time; all in one page of the file, as they change often.
lease_table = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),  # a charger's id for its state, else what is done
    Column("until", UtcTime),  # NULL when nobody has it
    Column("holder", String(32)),
)


def take(connection: Connection, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take a lease, or hold it longer if it is ours; False if somebody else has it."""
    claim = upsert(connection, lease_table).values(name=name, until=now + length, holder=holder)
    free = or_(lease_table.c.holder == holder, ~holds(lease_table.c.until, now, length))
    claim = claim.on_conflict_do_update(
        index_elements=["name"], set_={"until": now + length, "holder": holder}, where=free
    )
    return connection.execute(claim.returning(lease_table.c.name)).first() is not None


def release(connection: Connection, holder: str) -> None:
    """Let go of what somebody holds; does nothing where another process has taken it over."""
    connection.execute(update(lease_table).where(lease_table.c.holder == holder).values(until=None, holder=None))


def is_ours(connection: Connection, name: str, holder: str) -> bool:
    """Whether the lease is still in these hands, lapsed or not."""
    query = select(lease_table.c.name).where(lease_table.c.name == name, lease_table.c.holder == holder)
    return connection.execute(query).first() is not None


def is_taken(connection: Connection, name: str, now: datetime, length: timedelta) -> bool:
    """Whether somebody has the lease."""
    query = select(lease_table.c.name).where(lease_table.c.name == name, holds(lease_table.c.until, now, length))
    return connection.execute(query).first() is not None


def still_holds(until: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether a lease or a pause holds.

    One that ends further ahead than it can have been planned was written by a clock that has been set back since:
    it is over. A little further is none: whoever wrote it may have looked at the clock a moment after us.
    """
    return until is not None and now < until <= now + longest + CLOCK_SET_BACK


def holds(until: ColumnElement[datetime | None], now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """`still_holds` of a column; false, and not NULL, where that is NULL."""
    return and_(until.is_not(None), until > now, until <= now + longest + CLOCK_SET_BACK)


@dataclass(frozen=True)
class BackOff:
    """How long one kind of question is left alone after a failure.

    Attributes:
        first: after the first failure; it doubles with each further one.
        most: where the doubling ends.
        seldom: where only a person can help.
    """

    first: timedelta
    most: timedelta
    seldom: timedelta

    @property
    def longest(self) -> timedelta:
        """No pause is planned for longer."""
        return JITTER * max(self.most, self.seldom, timedelta(seconds=LONGEST_RETRY_AFTER_S))

    def pause(self, code: str, failures: int = 0, retry_after_s: float | None = None) -> timedelta:
        """How long to wait after a failure of that code, when so many came before it in a row.

        Args:
            retry_after_s: how long Zaptec wants to be left alone, if it said so.
        """
        grown = self.first * 2 ** min(failures, 16)
        wait = self.seldom if code in ONLY_A_PERSON_HELPS else min(grown, self.most)
        wait = max(wait, timedelta(seconds=min(retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)))
        return wait * random.uniform(1.0, JITTER)  # noqa: S311 - jitter, nothing secret
