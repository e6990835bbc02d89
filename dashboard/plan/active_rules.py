"""What may rule a charger now, as read from the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from sqlalchemy import Connection, select

from dashboard.plan import aims, queries, weekly_aims
from dashboard.plan.outages import OUTAGES
from dashboard.plan.queries import Step
from dashboard.plan.rules import ActiveRules, Cause, DueChange, Timer, TimerKind
from dashboard.plan.tables import step_table, weekly_plan
from dashboard.plan.week import Week
from zaptec.commands import Action


def read(connection: Connection, charger_id: str, zone: tzinfo, now: datetime) -> ActiveRules:
    """Everything that may rule this charger."""
    row = connection.execute(
        select(weekly_plan.c.windows).where(weekly_plan.c.charger_id == charger_id, weekly_plan.c.is_on)
    ).one_or_none()
    timers = queries.live_timers(connection, charger_id)
    week = Week.from_text(row.windows, zone) if row else None
    aim = aims.find(connection, charger_id)
    weekly = weekly_aims.find(connection, charger_id, zone)
    aim_rows = weekly.rows if weekly and weekly.is_on else None
    if week is None and not timers and aim is None:
        return ActiveRules(aim_rows=aim_rows)
    pressed = queries.last_pressed(connection, charger_id, now)
    steps = _due_steps(connection, charger_id, now)
    return ActiveRules(
        week,
        timers,
        pressed,
        has_arrived=any(step.cause is Cause.ARRIVAL and step.reason is None for step in steps),
        due=tuple(_due_changes(steps, timers)),
        saved_at=_saved_at(connection, charger_id) if week else None,
        aim=aims.heard(aim, pressed) if aim else None,
        aim_rows=aim_rows,
    ).current


def _saved_at(connection: Connection, charger_id: str) -> datetime | None:
    """When somebody last saved the plan, or switched it on; not known where an older version kept it."""
    saved = (step_table.c.charger_id == charger_id, step_table.c.cause == Cause.SAVED)
    return connection.scalar(select(step_table.c.due_at).where(*saved).order_by(step_table.c.id.desc()).limit(1))


def _due_steps(connection: Connection, charger_id: str, now: datetime) -> list[Step]:
    """The steps that are due and have not ended, in the order in which they came up."""
    is_due = (step_table.c.charger_id == charger_id, step_table.c.ended_at.is_(None), step_table.c.due_at <= now)
    question = select(step_table).where(*is_due).order_by(step_table.c.due_at, step_table.c.id)
    return [Step.from_row(row) for row in connection.execute(question)]


def _due_changes(steps: list[Step], timers: tuple[Timer, ...]) -> Iterator[DueChange]:
    """Those that nobody has just pressed for: of these the receipt tells."""
    for step in steps:
        timer = next((timer for timer in timers if timer.id == step.timer_id), None)
        is_press = step.cause is Cause.SET and timer is not None and timer.kind is TimerKind.PAUSE
        if is_press or step.cause is Cause.ARRIVAL:
            continue
        yield DueChange(
            due_at=step.due_at,
            lets_charge=step.action is Action.RESUME,
            cause=step.cause,
            origin=step.origin,
            who=step.member_name,
            timer=timer,
            waits_for_charger=step.reason in OUTAGES,
            try_at=step.look_at if step.reason else None,
        )
