"""What a clock that was ahead has written about commands, put right once it has been set back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, bindparam, case, func, or_, select, update

from dashboard.charger.looks import LOOK_AGAIN_SELDOM
from dashboard.charger.tables import command
from dashboard.leases import CLOCK_SET_BACK

LONGEST_WORK = timedelta(minutes=2)  # no process says that it is at something for longer
WRITTEN_AHEAD_AT_MOST = 50  # so many of the newest rows may be of a time when the clock was ahead
AHEAD_AT_MOST: dict[Column[Any], timedelta] = {
    **dict.fromkeys((command.c.asked_at, command.c.sent_at, command.c.accepted_at), CLOCK_SET_BACK),
    command.c.ended_at: CLOCK_SET_BACK,
    command.c.look_at: LOOK_AGAIN_SELDOM + CLOCK_SET_BACK,
    command.c.worker_until: LONGEST_WORK,
}


def put_right(connection: Connection, charger_id: str, now: datetime) -> None:
    """Bring back what was written while our clock was ahead and that it has been set right since.

    Nothing has happened later than now, and nothing is planned further ahead than it can have been.
    """
    latest = {_latest(column): now + margin for column, margin in AHEAD_AT_MOST.items()}
    connection.execute(_PUT_RIGHT, {"charger": charger_id, "now": now, **latest})


def _latest(column: Column[Any]) -> str:
    """The name of the moment after which what stands in a column is of a clock that was ahead."""
    return f"latest_{column.name}"


_IS_AHEAD = {column: column > bindparam(_latest(column)) for column in AHEAD_AT_MOST}
_PUT_RIGHT = (
    update(command)
    .where(
        command.c.charger_id == bindparam("charger"),
        command.c.id > select(func.max(command.c.id)).scalar_subquery() - WRITTEN_AHEAD_AT_MOST,
        or_(*_IS_AHEAD.values()),
    )
    .values(
        {
            column.name: case((is_ahead, bindparam("now", type_=column.type)), else_=column)
            for column, is_ahead in _IS_AHEAD.items()
        }
        | {"revision": command.c.revision + 1}
    )
)
