"""What a clock that was ahead has written about timers, aims and steps, put right once it has been set back.

A board without a battery, or a wrong date set by hand: for a while everything is written down days or years ahead.
Afterwards nothing may wait for that time. A timer lasts as long as it was meant to, from now on; what is due counts
as due now; what was given up, or found unwanted, before its time has come is open again. Changes of the plan that
have not come yet are none: the plan itself goes on from now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from dashboard.charger import chargers
from dashboard.leases import CLOCK_SET_BACK
from dashboard.plan import aims, queries
from dashboard.plan.queries import Step
from dashboard.plan.rules import Cause, Timer
from dashboard.plan.step_outcome import StepOutcome
from dashboard.plan.tables import stay, step_table, timer_table
from dashboard.services import Services

LONGEST_PAUSE = timedelta(minutes=11)  # no step is left alone for longer once it is due
steps, timers = step_table.c, timer_table.c


def mend(services: Services) -> None:
    """Put right what lies further ahead than it can have been planned; one small SELECT where nothing does."""
    now = services.now()
    latest = now + CLOCK_SET_BACK
    with services.database.reading() as connection:
        wrong = set(_chargers_with_odd_times(connection, now, latest))
    for charger_id in wrong:
        with services.database.writing() as connection:
            chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
            _mend(connection, charger_id, now, latest)


def _chargers_with_odd_times(connection: Connection, now: datetime, latest: datetime) -> Iterator[str]:
    questions = (
        select(timers.charger_id).where(timers.ended_at.is_(None), timers.set_at > latest),
        select(steps.charger_id).where(or_(_was_ended_too_early(now, latest), _waits_too_long(now, latest))),
        select(stay.c.charger_id).where(stay.c.changed_at > latest),
        aims.written_ahead(latest),
    )
    yield from connection.scalars(questions[0].union(*questions[1:]))


def _was_ended_too_early(now: datetime, latest: datetime) -> ColumnElement[bool]:
    """Ended without a command by a clock that was ahead: given up as too late, or not wanted at that time."""
    not_yet = and_(steps.outcome == StepOutcome.NOTHING, steps.due_at > now)
    is_wrong = or_(steps.outcome == StepOutcome.MISSED, not_yet)
    return and_(steps.ended_at > latest, steps.receipt_id.is_(None), is_wrong)


def _waits_too_long(now: datetime, latest: datetime) -> ColumnElement[bool]:
    """Due, and left alone for longer than any step is; or not due, and not looked at when it will be."""
    is_late = and_(steps.due_at <= latest, steps.look_at > now + LONGEST_PAUSE)
    is_early = and_(steps.due_at > latest, steps.look_at != steps.due_at)
    comes_up_at_once = steps.cause.not_in((Cause.START, Cause.END))
    return and_(steps.ended_at.is_(None), or_(is_late, is_early, and_(steps.due_at > latest, comes_up_at_once)))


def _mend(connection: Connection, charger_id: str, now: datetime, latest: datetime) -> None:
    mine = steps.charger_id == charger_id
    queries.drop_steps(connection, now, mine, steps.cause.in_((Cause.EDGE, Cause.AIM)), steps.due_at > latest)
    for ahead in queries.live_timers(connection, charger_id):
        if ahead.set_at > latest:
            _move_timer(connection, charger_id, ahead, now)
    for early in _steps(connection, mine, _was_ended_too_early(now, latest)):
        _open_again(connection, early, now)
    aims.bring_back(connection, charger_id, now, latest)
    for waiting in _steps(connection, mine, _waits_too_long(now, latest)):
        is_planned = waiting.cause in (Cause.START, Cause.END) and waiting.due_at > now
        _put(connection, waiting.id, waiting.due_at if is_planned else min(waiting.due_at, now), now)
    connection.execute(
        update(stay).where(stay.c.charger_id == charger_id, stay.c.changed_at > latest).values(changed_at=now)
    )


def _steps(connection: Connection, *conditions: ColumnElement[bool]) -> list[Step]:
    return [Step.from_row(row) for row in connection.execute(select(step_table).where(*conditions)).all()]


def _move_timer(connection: Connection, charger_id: str, ahead: Timer, now: datetime) -> None:
    """Let it last as long as it was meant to, as if set now; an exception, which is bound to the plan, ends."""
    if ahead.is_exception:
        queries.end_timer(connection, charger_id, ahead, now, "over")
        return
    by = ahead.set_at - now
    moved = {"set_at": now, "starts_at": ahead.starts_at - by, "ends_at": ahead.ends_at - by}
    connection.execute(update(timer_table).where(timers.id == ahead.id).values(**moved))
    # What it has replaced is known by the moment at which that happened.
    replaced = (timers.charger_id == charger_id, timers.ended_at == ahead.set_at)
    connection.execute(update(timer_table).where(*replaced).values(ended_at=now))
    for planned in _steps(connection, steps.timer_id == ahead.id, steps.ended_at.is_(None)):
        _put(connection, planned.id, planned.due_at - by, now)


def _open_again(connection: Connection, early: Step, now: datetime) -> None:
    """Take back the end of a step, and of its timer unless another has its place."""
    if early.timer_id is not None and not _give_timer_back(connection, early):
        return
    again = {"ended_at": None, "outcome": None, "reason": None, "remedy": None, "is_trouble": False}
    connection.execute(update(step_table).where(steps.id == early.id).values(**again))
    _put(connection, early.id, early.due_at, now)


def _give_timer_back(connection: Connection, early: Step) -> bool:
    own = queries.find_timer(connection, early.timer_id) if early.timer_id else None
    if own is None:
        return False
    live = queries.live_timers(connection, early.charger_id)
    if any(other.id != own.id and other.kind.takes_place_of(own.kind) for other in live):
        return False
    connection.execute(update(timer_table).where(timers.id == own.id).values(ended_at=None))
    return True


def _put(connection: Connection, step_id: int, due_at: datetime, now: datetime) -> None:
    """When a step is due, and so looked at."""
    values = {"due_at": due_at, "look_at": max(due_at, now)}
    connection.execute(update(step_table).where(steps.id == step_id).values(**values))
