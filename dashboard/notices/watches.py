"""What holds and since when: told once it has held for long enough, and once it is over where that was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from dashboard.database import upsert
from dashboard.notices.tables import watch_table


class Condition(StrEnum):
    """What is watched; the value is what is stored."""

    OFFLINE = "offline"
    NOT_CHARGING = "not_charging"
    UNSAFE = "unsafe"
    CHARGING = "charging"  # in this stay of the car: since when, for how long it took
    SIGN_IN_REFUSED = "sign_in_refused"
    CLOCK_WRONG = "clock_wrong"
    SOURCE_FAILS = "source_fails"


TOLD_AFTER = {
    Condition.OFFLINE: timedelta(minutes=15),
    Condition.NOT_CHARGING: timedelta(minutes=5),
    Condition.SOURCE_FAILS: timedelta(days=1),
}


def _is(subject: str, condition: Condition) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (watch_table.c.subject == subject, watch_table.c.condition == condition.value)


def find(connection: Connection, subject: str, condition: Condition) -> Row[Any, Any] | None:
    """Since when it holds and when that was told; None where it does not hold."""
    query = select(watch_table.c.since, watch_table.c.told_at).where(*_is(subject, condition))
    return connection.execute(query).one_or_none()


def holds(connection: Connection, subject: str, condition: Condition) -> bool:
    return find(connection, subject, condition) is not None


def begin(connection: Connection, subject: str, condition: Condition, now: datetime) -> None:
    """It holds; since now, unless it did before."""
    row = upsert(connection, watch_table).values(subject=subject, condition=condition.value, since=now)
    connection.execute(row.on_conflict_do_nothing(index_elements=["subject", "condition"]))


def end(connection: Connection, subject: str, condition: Condition) -> bool:
    """It does not hold any more; whether somebody was told that it did. Of all processes one hears so."""
    gone = watch_table.delete().where(*_is(subject, condition)).returning(watch_table.c.told_at)
    row = connection.execute(gone).first()
    return row is not None and row.told_at is not None


def claim_telling(connection: Connection, subject: str, condition: Condition, now: datetime) -> datetime | None:
    """Since when it holds, where that is long enough and has not been told yet; of all processes one gets it."""
    since_at_the_latest = now - TOLD_AFTER.get(condition, timedelta())
    is_due = (watch_table.c.told_at.is_(None), watch_table.c.since <= since_at_the_latest)
    told = update(watch_table).where(*_is(subject, condition), *is_due).values(told_at=now)
    return connection.execute(told.returning(watch_table.c.since)).scalar()


def forget(connection: Connection) -> None:
    """Nobody was to be told until now: what was found before says nothing of since when it holds."""
    connection.execute(watch_table.delete())
