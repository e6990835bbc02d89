"""The weekly plan of a charger: kept, and turned into one step at each of its changes.

`cursor` is how far the plan has been carried out, `next_at` its next change. Moving both on and writing the
step is one transaction with a conditional UPDATE, so that a change becomes a step exactly once, whoever does
it and whenever somebody dies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.leases import CLOCK_SET_BACK
from dashboard.plan import active_rules, confirmation, queries
from dashboard.plan.queries import Step
from dashboard.plan.rules import Cause, Ruler
from dashboard.plan.tables import step_table, weekly_plan
from dashboard.plan.week import Week
from dashboard.services import Services
from zaptec.commands import Action


@dataclass(frozen=True)
class WeeklyPlan:
    """A charger's weekly plan as it is kept."""

    charger_id: str
    is_on: bool
    week: Week
    next_at: datetime | None
    is_open: bool


def find(connection: Connection, charger_id: str, zone: tzinfo) -> WeeklyPlan | None:
    row = connection.execute(select(weekly_plan).where(weekly_plan.c.charger_id == charger_id)).one_or_none()
    if row is None:
        return None
    return WeeklyPlan(row.charger_id, row.is_on, Week.from_text(row.windows, zone), row.next_at, row.is_open)


def save(
    connection: Connection,
    charger_id: str,
    week: Week,
    is_on: bool,
    now: datetime,
    member: activity_log.Person,
    *,
    is_other: bool = False,
) -> Step | None:
    """Keep a plan that rules at once, as the newest word of a person; what is to be done now, in our hands.

    What an older plan still had to do is dropped.

    Args:
        is_other: its rows with an aim are others, or on and off in their turn.
    """
    chargers.touch(connection, charger_id)
    before = find(connection, charger_id, week.zone)
    is_kept = before is not None and before.is_on == is_on and before.week == week
    if not is_kept:
        _keep(connection, charger_id, week, is_on, now)
    if is_other or not is_kept:
        _record(connection, charger_id, None if is_kept else before, week, is_on, now, member)
    queries.drop_steps(connection, now, step_table.c.charger_id == charger_id, step_table.c.origin == "plan")
    confirmation.leave_given_up(connection, charger_id, step_table.c.origin == "plan")
    return _rule_at_once(connection, charger_id, week.zone, now) if is_on else None


def _rule_at_once(connection: Connection, charger_id: str, zone: tzinfo, now: datetime) -> Step:
    """Write down that what the plan wants, or a timer before it, is to be so now, whatever was pressed before."""
    is_open = active_rules.read(connection, charger_id, zone, now).rule_without_person(now).is_open
    action = Action.PAUSE if is_open is False else Action.RESUME
    return queries.add_step_in_hand(connection, charger_id, action, now, cause=Cause.SAVED, origin=Ruler.PLAN.value)


def _keep(connection: Connection, charger_id: str, week: Week, is_on: bool, now: datetime) -> None:
    """Write the plan down; exceptions belong to the plan they were made for."""
    values = {"is_on": is_on, "windows": week.to_text(), **_position(week, now)}
    table = weekly_plan.c
    changed = connection.execute(
        update(weekly_plan).where(table.charger_id == charger_id).values(revision=table.revision + 1, **values)
    )
    if not changed.rowcount:
        connection.execute(weekly_plan.insert().values(charger_id=charger_id, revision=0, **values))
    for timer in queries.live_timers(connection, charger_id):
        if timer.is_exception:
            queries.end_timer(connection, charger_id, timer, now, "plan_changed")


def _record(
    connection: Connection,
    charger_id: str,
    before: WeeklyPlan | None,
    week: Week,
    is_on: bool,
    now: datetime,
    member: activity_log.Person,
) -> None:
    if before is None or before.week != week:
        kind = LineKind.PLAN_SAVED
    else:
        kind = LineKind.PLAN_ON if is_on else LineKind.PLAN_OFF
    activity_log.record(
        connection, at=now, kind=kind, member=member, charger_id=charger_id, details={"is_on": is_on}
    )


def _position(week: Week, now: datetime) -> dict[str, object]:
    """Where the plan stands at a moment."""
    return {
        "cursor": now,
        "next_at": week.next_change(now),
        "is_open": week.is_open(now),
        "zone": str(week.zone),
    }


_DUE = select(weekly_plan).where(
    weekly_plan.c.is_on, or_(weekly_plan.c.next_at <= bindparam("now"), weekly_plan.c.cursor > bindparam("latest"))
)


def due(connection: Connection, now: datetime) -> list[Row[Any]]:
    """The plans that have a change behind them, or whose clock was set back."""
    return list(connection.execute(_DUE, {"now": now, "latest": now + CLOCK_SET_BACK}))


def that_are_on(connection: Connection) -> list[Row[Any]]:
    """All plans that are on."""
    return list(connection.execute(select(weekly_plan).where(weekly_plan.c.is_on)))


def advance(services: Services, row: Row[Any], zone: tzinfo) -> None:
    """Turn the changes since the cursor into a step: the last one, for it overrules those before."""
    now = services.now()
    week = Week.from_text(row.windows, zone)
    was_set_back = row.cursor > now + CLOCK_SET_BACK
    behind = [] if was_set_back else week.changes(row.cursor, now)
    if not behind and not was_set_back and row.zone == str(zone):
        now = row.cursor  # only our calculation of `next_at` was off: go on from where we are
    with services.database.writing() as connection:
        chargers.touch(connection, row.charger_id)
        table = weekly_plan.c
        moved = connection.execute(
            update(weekly_plan)
            .where(table.charger_id == row.charger_id, table.revision == row.revision, table.cursor == row.cursor)
            .values(revision=table.revision + 1, **_position(week, now))
        )
        if moved.rowcount and behind:
            _write_step(connection, row.charger_id, week, behind)
            _end_exceptions(connection, row.charger_id, behind[-1])


def _write_step(connection: Connection, charger_id: str, week: Week, behind: list[datetime]) -> None:
    at = behind[-1]
    # A step of the plan that has not ended is overruled by this one; it ends with a line of its own, or none.
    action = Action.RESUME if week.is_open(at) else Action.PAUSE
    if len(behind) > 1:
        activity_log.record(
            connection,
            at=at,
            kind=LineKind.PLAN_MISSED,
            charger_id=charger_id,
            origin="plan",
            details={"count": len(behind) - 1, "since": behind[0].isoformat()},
        )
    queries.add_step(connection, charger_id, action, at, cause=Cause.EDGE, origin=Ruler.PLAN.value)


def _end_exceptions(connection: Connection, charger_id: str, at: datetime) -> None:
    """Exceptions end with the change they were to last until."""
    for timer in queries.live_timers(connection, charger_id):
        if timer.is_exception and timer.ends_at <= at + timedelta(seconds=1):
            queries.end_timer(connection, charger_id, timer, at, "over")
