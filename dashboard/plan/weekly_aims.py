"""The rows of the week with an aim, as they are kept: when the clock looks at them, and what was skipped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from dashboard.activity import log as activity_log
from dashboard.charger import chargers
from dashboard.leases import CLOCK_SET_BACK
from dashboard.plan.aim_rows import AimRows
from dashboard.plan.tables import weekly_aim

kept = weekly_aim.c


@dataclass(frozen=True)
class WeeklyAims:
    """A charger's rows.

    Attributes:
        skipped: the time that is left out, or was.
        made_for: for which time an aim was made last, for the car that is there.
    """

    charger_id: str
    is_on: bool
    rows: AimRows
    member_id: int | None
    member_name: str | None
    skipped: datetime | None
    made_for: datetime | None
    looked_at: datetime
    revision: int

    @classmethod
    def from_row(cls, row: Row[Any], zone: tzinfo) -> WeeklyAims:
        passed = max((at for at in (row.skipped, row.made_for) if at), default=None)
        rows = AimRows.from_text(row.rows, zone, passed)
        names = ("charger_id", "is_on", "member_id", "member_name", "skipped", "made_for", "looked_at", "revision")
        return cls(rows=rows, **{name: getattr(row, name) for name in names})

    def as_of(self, now: datetime) -> WeeklyAims:
        """Without what a clock that was ahead has noted."""
        if self.looked_at <= now + CLOCK_SET_BACK:
            return self
        return replace(self, skipped=None, made_for=None, rows=replace(self.rows, passed=None))


def find(connection: Connection, charger_id: str, zone: tzinfo) -> WeeklyAims | None:
    row = connection.execute(select(weekly_aim).where(kept.charger_id == charger_id)).one_or_none()
    return WeeklyAims.from_row(row, zone) if row else None


_DUE = select(kept.charger_id).where(
    kept.is_on, or_(kept.next_at <= bindparam("now"), kept.looked_at > bindparam("latest"))
)


def due(connection: Connection, now: datetime) -> list[str]:
    """The chargers whose rows are to be looked at; also where the clock was set back since."""
    return list(connection.scalars(_DUE, {"now": now, "latest": now + CLOCK_SET_BACK}))


def save(
    connection: Connection, charger_id: str, rows: AimRows, is_on: bool, now: datetime, member: activity_log.Person
) -> bool:
    """Keep the rows; they are looked at at once. Whether something is another."""
    before = find(connection, charger_id, rows.zone)
    is_on = is_on and bool(rows.rows)
    is_same = before is not None and (before.is_on, before.rows.to_text()) == (is_on, rows.to_text())
    if is_same or (before is None and not rows.rows):
        return False
    chargers.touch(connection, charger_id)
    by = {"member_id": member.id, "member_name": member.name, "skipped": None, "made_for": None}
    values = {"rows": rows.to_text(), "is_on": is_on, "zone": str(rows.zone)}
    values |= {"looked_at": now, "next_at": now, "is_awaited": False, **by}
    mine = update(weekly_aim).where(kept.charger_id == charger_id)
    if not connection.execute(mine.values(revision=kept.revision + 1, **values)).rowcount:
        connection.execute(weekly_aim.insert().values(charger_id=charger_id, revision=0, **values))
    return True


def move_on(connection: Connection, before: WeeklyAims, **values: Any) -> bool:
    """Write down that they were looked at, if nobody else has meanwhile."""
    is_same = (kept.charger_id == before.charger_id, kept.revision == before.revision, kept.is_on)
    moved = connection.execute(update(weekly_aim).where(*is_same).values(revision=kept.revision + 1, **values))
    return bool(moved.rowcount)


def look_at(connection: Connection, charger_id: str, now: datetime, **values: Any) -> bool:
    """Have the clock look at a charger's rows; whether there are some."""
    mine = (kept.charger_id == charger_id, kept.is_on)
    return bool(connection.execute(update(weekly_aim).where(*mine).values(next_at=now, **values)).rowcount)


def car_changed(connection: Connection, charger_id: str, now: datetime) -> bool:
    """What was made an aim for the car before is wanted for the next one too. Whether there are rows."""
    has_rows = connection.execute(select(kept.charger_id).where(kept.charger_id == charger_id, kept.is_on)).first()
    if has_rows is None:
        return False
    chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
    return look_at(connection, charger_id, now, made_for=None)


def skip(connection: Connection, charger_id: str, ready_by: datetime | None, now: datetime) -> bool:
    """Leave one time out, or with None none; whether there are rows."""
    chargers.touch(connection, charger_id)
    return look_at(connection, charger_id, now, skipped=ready_by, made_for=None)


def that_are_on(connection: Connection) -> list[tuple[str, str]]:
    """The chargers with rows, and the zone in which their times were worked out."""
    return [(row.charger_id, row.zone) for row in connection.execute(select(weekly_aim).where(kept.is_on))]
