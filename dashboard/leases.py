"""Who of all processes does a thing, and how long it is left alone after a failure.

A lease is taken with one conditional statement: who gets its row back has it. It lapses: a process that dies with
it in hand holds nobody up for longer than the lease's length.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    bindparam,
    or_,
    select,
    update,
)

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


# The statements are put together once: a lease is taken and released for every question to Zaptec.
_NOW, _LATEST, _ENDS_AT = (bindparam(name, type_=UtcTime()) for name in ("now", "latest", "ends_at"))
_LEASE, _ME = bindparam("lease", type_=String()), bindparam("me", type_=String())
_RELEASE = update(lease_table).where(lease_table.c.holder == _ME).values(until=None, holder=None)
_HELD = select(lease_table.c.name).where(lease_table.c.name == _LEASE, lease_table.c.holder == _ME)
_HOLDS = and_(lease_table.c.until.is_not(None), lease_table.c.until > _NOW, lease_table.c.until <= _LATEST)
_TAKEN = select(lease_table.c.name).where(lease_table.c.name == _LEASE, _HOLDS)


_CLAIMS: dict[str, Any] = {}  # by dialect


def _claim(connection: Connection) -> Any:
    """The statement that takes a lease: whoever has it gets a row back."""
    if connection.dialect.name not in _CLAIMS:
        _CLAIMS[connection.dialect.name] = _put_together(connection)
    return _CLAIMS[connection.dialect.name]


def _put_together(connection: Connection) -> Any:
    values = {"until": _ENDS_AT, "holder": _ME}
    is_free = or_(lease_table.c.holder == _ME, ~_HOLDS)
    claim = upsert(connection, lease_table).values(name=_LEASE, **values)
    claim = claim.on_conflict_do_update(index_elements=["name"], set_=values, where=is_free)
    return claim.returning(lease_table.c.name)


def take(connection: Connection, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take a lease, or hold it longer if it is ours; False if somebody else has it."""
    times = {"now": now, "ends_at": now + length, "latest": latest_end(now, length)}
    return connection.execute(_claim(connection), {"lease": name, "me": holder, **times}).first() is not None


def release(connection: Connection, holder: str) -> None:
    """Let go of what somebody holds; does nothing where another process has taken it over."""
    connection.execute(_RELEASE, {"me": holder})


def is_ours(connection: Connection, name: str, holder: str) -> bool:
    """Whether the lease is still in these hands, lapsed or not."""
    return connection.execute(_HELD, {"lease": name, "me": holder}).first() is not None


def is_taken(connection: Connection, name: str, now: datetime, length: timedelta) -> bool:
    """Whether somebody has the lease."""
    values = {"lease": name, "now": now, "latest": latest_end(now, length)}
    return connection.execute(_TAKEN, values).first() is not None


def still_holds(until: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether a lease or a pause holds.

    One that ends further ahead than it can have been planned was written by a clock that has been set back since:
    it is over. A little further is none: whoever wrote it may have looked at the clock a moment after us.
    """
    return until is not None and now < until <= latest_end(now, longest)


def holds(until: ColumnElement[datetime | None], now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """`still_holds` of a column; false, and not NULL, where that is NULL."""
    return and_(until.is_not(None), until > now, until <= latest_end(now, longest))


def latest_end(now: datetime, longest: timedelta) -> datetime:
    """What ends later than that was written by a clock that has been set back since."""
    return now + longest + CLOCK_SET_BACK


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
