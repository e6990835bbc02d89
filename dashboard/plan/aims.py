"""Reading, setting and ending aims: kept first, then carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, or_, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.plan import queries, weekly_aims
from dashboard.plan.aim import Aim, AimOutcome
from dashboard.plan.aim_rows import AimWish
from dashboard.plan.rules import Cause, PersonsPress
from dashboard.plan.tables import aim_table, stay, step_table
from dashboard.services import Services
from zaptec.commands import Action

aims = aim_table.c
LIVE = aims.ended_at.is_(None)


def find(connection: Connection, charger_id: str) -> Aim | None:
    """The aim that has not ended, as it was set."""
    row = connection.execute(select(aim_table).where(aims.charger_id == charger_id, LIVE)).one_or_none()
    return Aim.from_row(row) if row else None


def heard(aim: Aim, pressed: PersonsPress | None) -> Aim:
    """The aim as it counts after what a person has pressed: Resume means now, Pause suspends it."""
    if pressed is None or pressed.at <= aim.set_at:
        return aim
    is_let_go = pressed.action is Action.RESUME
    return replace(aim, is_let_go=is_let_go, is_suspended=not is_let_go)


def counting(connection: Connection, charger_id: str, now: datetime) -> Aim | None:
    """The aim that has not ended, as it counts now."""
    aim = find(connection, charger_id)
    return heard(aim, queries.last_pressed(connection, charger_id, now)) if aim else None


def last_set(connection: Connection, charger_id: str) -> Aim | None:
    """The aim that was set last, ended or not: the next is likely to be like it."""
    question = select(aim_table).where(aims.charger_id == charger_id).order_by(aims.id.desc()).limit(1)
    row = connection.execute(question).one_or_none()
    return Aim.from_row(row) if row else None


def last_of_this_car(connection: Connection, charger_id: str) -> Aim | None:
    """The aim that was set last, where the car is still the same: what it took is known."""
    last = last_set(connection, charger_id)
    came_at = connection.scalar(select(stay.c.changed_at).where(stay.c.charger_id == charger_id))
    return last if last and last.has_car and (came_at is None or came_at <= last.planned_at) else None


def due(connection: Connection, now: datetime) -> list[str]:
    """The chargers whose aim is to be looked at."""
    return list(connection.scalars(select(aims.charger_id).where(LIVE, aims.next_at <= now)))


def add(connection: Connection, now: datetime, **values: Any) -> Aim:
    """Keep a new aim in place of the one before, with its line in the log."""
    charger_id = values["charger_id"]
    chargers.touch(connection, charger_id)
    if (before := find(connection, charger_id)) is not None:
        end(connection, before, now, AimOutcome.REPLACED)
    row = connection.execute(aim_table.insert().values(**values).returning(*aim_table.c)).one()
    aim = Aim.from_row(row)
    _record(connection, aim, LineKind.AIM_SET, now, aim.author)
    return aim


def change(connection: Connection, aim: Aim, **values: Any) -> bool:
    """Move an aim on, if nobody else has meanwhile."""
    is_same = (aims.id == aim.id, aims.revision == aim.revision, LIVE)
    changed = connection.execute(update(aim_table).where(*is_same).values(revision=aims.revision + 1, **values))
    return bool(changed.rowcount)


def look_at(connection: Connection, charger_id: str, now: datetime) -> bool:
    """Have the clock look at a charger's aim; whether there is one."""
    mine = (aims.charger_id == charger_id, LIVE)
    return bool(connection.execute(update(aim_table).where(*mine).values(next_at=now)).rowcount)


def look_at_all(services: Services, connection: Connection) -> None:
    """The same of all that go by prices, when some have come."""
    connection.execute(update(aim_table).where(LIVE, aims.is_cheapest).values(next_at=services.now()))


def end(
    connection: Connection,
    aim: Aim,
    now: datetime,
    outcome: AimOutcome,
    member: activity_log.Person | None = None,
) -> bool:
    """End an aim, with what it had still to do and a line in the log; only whoever really ends it does."""
    chargers.touch(connection, aim.charger_id)
    ended = connection.execute(
        update(aim_table)
        .where(aims.id == aim.id, LIVE)
        .values(ended_at=now, next_at=None, outcome=outcome.value, revision=aims.revision + 1)
    )
    if not ended.rowcount:
        return False
    drop_steps(connection, aim.charger_id, now)
    _tell_the_week(connection, aim, now, outcome)
    if outcome is AimOutcome.CANCELLED:
        _record(connection, aim, LineKind.AIM_CANCELLED, now, member)
    elif outcome is not AimOutcome.REPLACED:  # what replaces it has its own line
        _record(connection, aim, LineKind.AIM_ENDED, now, None, why=outcome.value)
    return True


def _tell_the_week(connection: Connection, aim: Aim, now: datetime, outcome: AimOutcome) -> None:
    """One that somebody cancels is skipped; after its time the next of the week may be made at once."""
    if aim.is_weekly and outcome is AimOutcome.CANCELLED:
        weekly_aims.skip(connection, aim.charger_id, aim.ready_by, now)
    elif now >= aim.ready_by:
        weekly_aims.look_at(connection, aim.charger_id, now)


def drop_steps(connection: Connection, charger_id: str, now: datetime) -> None:
    """What an aim had still to do is no longer wanted."""
    of_aims = (step_table.c.charger_id == charger_id, step_table.c.origin == "aim")
    queries.drop_steps(connection, now, *of_aims, step_table.c.cause != Cause.REACHED)


def _record(
    connection: Connection,
    aim: Aim,
    kind: LineKind,
    now: datetime,
    member: activity_log.Person | str | None,
    **details: object,
) -> None:
    activity_log.record(
        connection,
        at=now,
        kind=kind,
        member=member,
        charger_id=aim.charger_id,
        origin="plan" if kind is LineKind.AIM_SET and aim.is_weekly else "page" if member else "clock",
        details=wanted(aim, aim.ready_by) | details,
    )


def wanted(wish: Aim | AimWish, ready_by: datetime) -> dict[str, object]:
    """What is wanted, as the log keeps it."""
    return {
        "until": ready_by.isoformat(),
        "energy_wh": wish.energy_wh,
        "duration_s": wish.duration_s,
        "is_cheapest": wish.is_cheapest,
    }


def cancel(
    connection: Connection, charger_id: str, aim_id: int, now: datetime, member: activity_log.Person
) -> bool:
    """Cancel an aim; the charger stays as it is. Whether it had not ended."""
    aim = find(connection, charger_id)
    return aim is not None and aim.id == aim_id and end(connection, aim, now, AimOutcome.CANCELLED, member)


def forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(aim_table).where(aims.ended_at < now - activity_log.KEPT))


def written_ahead(latest: datetime) -> Select[tuple[str]]:
    """The chargers whose aim a clock that was ahead has written."""
    is_ahead = or_(aims.set_at > latest, aims.planned_at > latest, aims.counted_at > latest)
    return select(aims.charger_id).where(LIVE, is_ahead)


def bring_back(connection: Connection, charger_id: str, now: datetime, latest: datetime) -> None:
    """Have it count from now: set not later than now, ready by the same time of the coming day."""
    aim = find(connection, charger_id)
    if aim is None or not connection.execute(written_ahead(latest).where(aims.charger_id == charger_id)).first():
        return
    days = max(timedelta(), aim.ready_by - now) // timedelta(days=1)
    values: dict[str, Any] = {"set_at": min(aim.set_at, now), "ready_by": aim.ready_by - timedelta(days=days)}
    values["opened_at"] = now if aim.is_open else None
    change(connection, aim, planned_at=now, counted_at=now, next_at=now, **values)
