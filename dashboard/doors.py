"""What leaves the house: each host that is not Zaptec's is a door, shut until an owner switches it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, Integer, String, Table, Text, false, select

from dashboard.database import UtcTime, metadata, upsert

# A row for each host that was ever switched on.
door_table = Table(
    "door",
    metadata,
    Column("host", String(128), primary_key=True),
    Column("is_open", Boolean, nullable=False, server_default=false()),
    Column("switched_at", UtcTime),
    Column("switched_by", Text),
    Column("answered_at", UtcTime),  # the last answer that was of use
    Column("failure", String(32)),  # why the last one was not, as a code
    Column("failed_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("again_at", UtcTime),  # not before, after a failure
)


@dataclass(frozen=True)
class Door:
    """One host, whether it may be asked, and how that went; the fields are those of `door`."""

    host: str
    is_open: bool = False
    switched_at: datetime | None = None
    switched_by: str | None = None
    answered_at: datetime | None = None
    failure: str | None = None
    failed_at: datetime | None = None
    failures: int = 0
    again_at: datetime | None = None


def find(connection: Connection, host: str) -> Door:
    """A door as it stands; shut where nobody has switched it yet."""
    row = connection.execute(select(door_table).where(door_table.c.host == host)).one_or_none()
    return Door(*row) if row else Door(host)


def open_hosts(connection: Connection) -> set[str]:
    """The hosts that may be asked."""
    return set(connection.execute(select(door_table.c.host).where(door_table.c.is_open)).scalars())


def switch(connection: Connection, host: str, is_open: bool, now: datetime, who: str) -> bool:
    """Open or shut a door; False if it is so already. One that is opened is tried at once."""
    if find(connection, host).is_open is is_open:
        return False
    values = {"is_open": is_open, "switched_at": now, "switched_by": who, "failures": 0, "again_at": None}
    _write(connection, host, values | ({"failure": None, "failed_at": None} if is_open else {}))
    return True


def note_answer(connection: Connection, host: str, now: datetime) -> None:
    """It gave an answer that is of use."""
    values = {"answered_at": now, "failure": None, "failed_at": None, "failures": 0, "again_at": None}
    _write(connection, host, values)


def note_failure(connection: Connection, host: str, failure: str, now: datetime, again_at: datetime | None) -> None:
    """It gave none; `again_at` is when it may be asked again, None where that is no matter of the host."""
    values = {"failure": failure, "failed_at": now, "failures": find(connection, host).failures + 1}
    _write(connection, host, values | {"again_at": again_at})


def _write(connection: Connection, host: str, values: Mapping[str, object]) -> None:
    row = upsert(connection, door_table).values(host=host, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["host"], set_=dict(values)))
