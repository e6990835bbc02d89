"""Whether a timer was taken: what the end of its first step means for it, and for the timer before it.

*Pause for 1 h* is a press with an end: where nothing was paused, nothing is to go on later, so the timer is taken
back, and the one whose place it took counts again. The charger may still do it late; then the timer counts
after all. The other kinds have an aim that stays.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers, receipts
from dashboard.charger.receipt import CONFIRMED
from dashboard.charger.receipt_outcome import LATE_FOR
from dashboard.leases import CLOCK_SET_BACK
from dashboard.plan import queries
from dashboard.plan.queries import Step
from dashboard.plan.rules import Cause, Ruler, Timer, TimerKind
from dashboard.plan.tables import step_table, timer_table
from zaptec.reasons import Reason, Refusal


def is_press(connection: Connection, step: Step) -> bool:
    """Whether somebody wants it at once, and is told, or sees the alert, and presses again."""
    return _pressed_for(connection, step) is not None


def _pressed_for(connection: Connection, step: Step) -> Timer | None:
    """The timer that begins with this press; None if the step is no press."""
    timer = queries.find_timer(connection, step.timer_id) if step.timer_id else None
    return timer if timer and step.cause is Cause.SET and timer.kind is TimerKind.PAUSE else None


def follow(connection: Connection, step: Step, now: datetime, reason: str | None, *, is_done: bool) -> bool:
    """Let a timer follow the end of its first step; whether it was taken back."""
    timer = _pressed_for(connection, step)
    if timer is None:
        return False
    if is_done or _is_so(reason):
        return False
    if not queries.end_timer(connection, step.charger_id, timer, now, "not_taken", reason=reason or "missed"):
        return False
    for before in _replaced_by(connection, step.charger_id, timer):
        if before.ends_at > now or not before.is_exception:  # the end of a pause is due even if it has passed
            _give_back(connection, before)
    return True


def _replaced_by(connection: Connection, charger_id: str, timer: Timer) -> list[Timer]:
    """The timers whose place one took; of those that were not taken yet themselves, the ones before them."""
    question = select(timer_table).where(
        timer_table.c.charger_id == charger_id, timer_table.c.ended_at == timer.set_at, timer_table.c.id < timer.id
    )
    replaced: list[Timer] = []
    for before in map(queries.as_timer, connection.execute(question)):
        if timer.kind.takes_place_of(before.kind):
            was_confirmed = before.kind is not TimerKind.PAUSE or _was_confirmed(connection, before)
            replaced += [before] if was_confirmed else _replaced_by(connection, charger_id, before)
    return replaced


def _was_confirmed(connection: Connection, timer: Timer) -> bool:
    first = select(step_table.c.outcome, step_table.c.reason).where(
        step_table.c.timer_id == timer.id, step_table.c.cause == Cause.SET
    )
    return any(row.outcome == "done" or _is_so(row.reason) for row in connection.execute(first))


def _is_so(reason: str | None) -> bool:
    """Whether nothing had to be done because it is so already, or somebody has decided otherwise since."""
    if reason in set(Ruler):
        return True
    return reason in set(Reason) and Refusal.because(Reason(reason)).is_already_so


def see_late(connection: Connection, charger_id: str, now: datetime) -> None:
    """Notice a press that is confirmed only after it was given up: its timer counts after all."""
    step = _given_up_last(connection, charger_id, now)
    receipt = receipts.get(connection, step.receipt_id) if step and step.receipt_id else None
    if step is None or receipt is None or receipt.outcome != CONFIRMED:
        return
    chargers.touch(connection, charger_id)
    values = {"outcome": "done", "reason": None, "remedy": None, "is_trouble": False}
    connection.execute(update(step_table).where(step_table.c.id == step.id).values(**values))
    timer = _pressed_for(connection, step)
    if timer and _is_wanted_still(connection, charger_id, timer, now):
        _count_after_all(connection, step, timer, now)


_GIVEN_UP_LAST = (
    select(step_table)
    .where(
        step_table.c.charger_id == bindparam("charger"),
        step_table.c.ended_at.between(bindparam("since"), bindparam("until")),
        step_table.c.cause == Cause.SET,
        step_table.c.reason == "not_confirmed",
        step_table.c.receipt_id.is_not(None),
    )
    .order_by(step_table.c.id.desc())
    .limit(1)
)


def _given_up_last(connection: Connection, charger_id: str, now: datetime) -> Step | None:
    """The last press of this charger that was given up, not confirmed, so lately that it may still be."""
    lately = {"since": now - LATE_FOR, "until": now + CLOCK_SET_BACK}
    row = connection.execute(_GIVEN_UP_LAST, {"charger": charger_id, **lately}).one_or_none()
    return Step.from_row(row) if row else None


def leave_given_up(connection: Connection, charger_id: str, *conditions: ColumnElement[bool]) -> None:
    """What was given up stays so, even if it is confirmed late: its car has gone, or its plan has changed."""
    given_up = (
        step_table.c.charger_id == charger_id,
        step_table.c.cause == Cause.SET,
        step_table.c.ended_at.is_not(None),
    )
    connection.execute(update(step_table).where(*given_up, *conditions).values(receipt_id=None))


def _count_after_all(connection: Connection, step: Step, timer: Timer, now: datetime) -> None:
    """It takes the place of the one before for good."""
    for other in queries.live_timers(connection, step.charger_id):
        if other.id != timer.id and timer.kind.takes_place_of(other.kind):
            queries.end_timer(connection, step.charger_id, other, now, "replaced")
    if not _give_back(connection, timer):
        return
    details = {"timer": timer.kind.value, "until": timer.ends_at.isoformat()}
    activity_log.record(
        connection, at=now, kind=LineKind.TIMER_LATE, charger_id=step.charger_id, origin="clock", details=details
    )


def _is_wanted_still(connection: Connection, charger_id: str, timer: Timer, now: datetime) -> bool:
    """Whether nobody has pressed or set anything since that decides otherwise."""
    pressed = queries.last_pressed(connection, charger_id, now)
    since = [other.set_at for other in queries.live_timers(connection, charger_id) if other.kind is TimerKind.PAUSE]
    return timer.ends_at > now and all(at < timer.set_at for at in [*since, *([pressed.at] if pressed else [])])


def _give_back(connection: Connection, timer: Timer) -> bool:
    """Let a timer that has ended run again, with what it has to do later; whether it had."""
    has_ended = (timer_table.c.id == timer.id, timer_table.c.ended_at.is_not(None))
    if not connection.execute(update(timer_table).where(*has_ended).values(ended_at=None)).rowcount:
        return False
    connection.execute(
        update(step_table)
        .where(step_table.c.timer_id == timer.id, step_table.c.outcome == "dropped")
        .values(ended_at=None, outcome=None, look_at=step_table.c.due_at)
    )
    return True
