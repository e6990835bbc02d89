"""How a step goes on later, or ends: each written down once, an end with its line in the log."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.charger.receipt_news import PRESSES, THE_ANSWER_SAID_IT
from dashboard.news import News, NewsKind
from dashboard.plan import confirmation, queries
from dashboard.plan.queries import Step
from dashboard.plan.rules import Cause
from dashboard.plan.tables import step_table, timer_table
from dashboard.services import current_services


class StepOutcome(StrEnum):
    DONE = "done"
    NOTHING = "nothing_to_do"
    FAILED = "failed"
    MISSED = "missed"
    DROPPED = "dropped"


def look_again(connection: Connection, step: Step, at: datetime, **values: object) -> None:
    """Look at a step again then, unless it has ended; `values` are further columns to write."""
    connection.execute(
        update(step_table)
        .where(step_table.c.id == step.id, step_table.c.ended_at.is_(None))
        .values(look_at=at, **values)
    )


def end(
    connection: Connection,
    step: Step,
    now: datetime,
    outcome: StepOutcome,
    *,
    reason: str | None = None,
    remedy: str | None = None,
    is_silent: bool = False,
    is_overruled: bool = False,
) -> bool:
    """End a step, and with its last one its timer; only whoever really ends it writes a line.

    A timer that is taken back has a line of its own.

    Args:
        is_silent: it gets no line.
        is_overruled: nobody wants it any more, so no alert stays, whatever the outcome.
    """
    is_trouble = outcome in (StepOutcome.FAILED, StepOutcome.MISSED) and not is_overruled
    values = {"outcome": outcome.value, "reason": reason, "remedy": remedy, "is_trouble": is_trouble}
    chargers.touch(connection, step.charger_id)  # first: everybody locks the charger's row before others
    ended = connection.execute(
        update(step_table)
        .where(step_table.c.id == step.id, step_table.c.ended_at.is_(None))
        .values(ended_at=now, look_at=None, **values)
    )
    if not ended.rowcount:
        return False
    if step.cause is Cause.END:
        _end_timer(connection, step, now)
    was_taken_back = confirmation.follow(connection, step, now, reason, is_done=outcome is StepOutcome.DONE)
    # What has been done or was not needed speaks louder than what once failed; so does a newer failure.
    queries.end_trouble(connection, step.charger_id, step_table.c.id != step.id)
    # By the line of its timer, or of the plan that was saved.
    is_told = step.cause in (Cause.SET, Cause.SAVED) and outcome is StepOutcome.NOTHING
    if outcome is not StepOutcome.DONE and not is_silent and not is_told and not was_taken_back:
        write_line(connection, step, now, outcome.value, reason)
    _report(connection, step, now, outcome, reason, is_trouble=is_trouble)
    return True


def _report(
    connection: Connection,
    step: Step,
    now: datetime,
    outcome: StepOutcome,
    reason: str | None,
    *,
    is_trouble: bool,
) -> None:
    """Somebody may want to hear of it, unless the page that they have pressed on says it."""
    if is_trouble and not (step.cause is Cause.SET and now - step.due_at < THE_ANSWER_SAID_IT):
        _report_trouble(connection, step, now, outcome, reason)
    elif outcome is StepOutcome.DONE and step.cause is Cause.SET and step.action in PRESSES:
        _report_press(connection, step, now)


def _report_trouble(
    connection: Connection, step: Step, now: datetime, outcome: StepOutcome, reason: str | None
) -> None:
    """It was not done: for who asked for it, or of the plan for its owners."""
    facts = {
        "action": step.action.value,
        "who": step.member_name,
        "asked_at": step.due_at.isoformat(),
        "reason": reason,
        "origin": step.origin,
        "outcome": outcome.value,
        "step": step.id,
    }
    news = News(
        NewsKind.NOT_TAKEN, f"{NewsKind.NOT_TAKEN}:step:{step.id}", now, step.charger_id, step.member_id, facts
    )
    current_services().report(connection, news)


def _report_press(connection: Connection, step: Step, now: datetime) -> None:
    """Somebody has set a timer that pauses at once: that is a press, of which it is known when it ends."""
    timer = queries.find_timer(connection, step.timer_id) if step.timer_id else None
    facts = {
        "action": step.action.value,
        "who": step.member_name,
        "asked_at": step.due_at.isoformat(),
        "until": timer.goes_on_at.isoformat() if timer and timer.goes_on_at else None,
    }
    key = f"{NewsKind.PRESSED}:step:{step.id}"
    current_services().report(connection, News(NewsKind.PRESSED, key, now, step.charger_id, step.member_id, facts))


def _end_timer(connection: Connection, step: Step, now: datetime) -> None:
    """The last step of a timer has ended, and so has the timer."""
    live = (timer_table.c.id == step.timer_id, timer_table.c.ended_at.is_(None))
    connection.execute(update(timer_table).where(*live).values(ended_at=now))


def write_line(connection: Connection, step: Step, now: datetime, what: str, reason: str | None = None) -> None:
    """The line of a step; what was sent has the command's own line besides.

    Args:
        what: an outcome, or `late`, or `waits`.
    """
    activity_log.record(
        connection,
        at=now,
        kind=LineKind.PLAN_STEP,
        member=step.author,
        charger_id=step.charger_id,
        origin=step.origin,
        details={
            "action": step.action.value,
            "outcome": what,
            "reason": reason,
            "due_at": step.due_at.isoformat(),
        },
    )
