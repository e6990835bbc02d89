"""Reading and writing of timers, exceptions and steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, not_, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers, receipts
from dashboard.charger.receipt import Author
from dashboard.leases import CLOCK_SET_BACK
from dashboard.plan.rules import Cause, PersonsPress, Timer, TimerKind
from dashboard.plan.tables import stay, step_table, timer_table
from zaptec.commands import Action

CLAIM = timedelta(minutes=2)  # how long whoever takes a step has it in hand


@dataclass(frozen=True)
class Step:
    """A change that has to happen, or has. See the table for what is not said here."""

    id: int
    charger_id: str
    timer_id: int | None
    cause: Cause
    action: Action
    origin: str
    member_id: int | None
    member_name: str | None
    due_at: datetime
    look_at: datetime | None
    tries: int
    claimed_at: datetime | None
    receipt_id: int | None
    outcome: str | None
    reason: str | None
    remedy: str | None

    @classmethod
    def from_row(cls, row: Row[Any]) -> Step:
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**{**values, "cause": Cause(row.cause), "action": Action(row.action)})

    @property
    def author(self) -> Author | str | None:
        return Author(self.member_id, self.member_name) if self.member_id and self.member_name else self.member_name


def as_timer(row: Row[Any]) -> Timer:
    return Timer(row.id, TimerKind(row.kind), row.set_at, row.starts_at, row.ends_at, row.member_name)


_LIVE = (
    select(timer_table)
    .where(timer_table.c.charger_id == bindparam("charger"), timer_table.c.ended_at.is_(None))
    .order_by(timer_table.c.starts_at, timer_table.c.id)
)


def live_timers(connection: Connection, charger_id: str) -> tuple[Timer, ...]:
    return tuple(as_timer(row) for row in connection.execute(_LIVE, {"charger": charger_id}))


def find_timer(connection: Connection, timer_id: int) -> Timer | None:
    row = connection.execute(select(timer_table).where(timer_table.c.id == timer_id)).one_or_none()
    return as_timer(row) if row else None


def last_pressed(connection: Connection, charger_id: str, now: datetime) -> PersonsPress | None:
    """The last pause or resume that a person made on a page since the car came, and that came about or was so."""
    wish = receipts.last_wish(connection, charger_id)
    if wish is None or wish.counts_from > now + CLOCK_SET_BACK:
        return None  # of a press from ahead of now nobody knows what came before it, and what after
    came_at = connection.scalar(select(stay.c.changed_at).where(stay.c.charger_id == charger_id))
    is_for_this_car = came_at is None or wish.counts_from >= came_at
    return PersonsPress(wish.action, wish.counts_from, wish.member_name) if is_for_this_car else None


def is_of_a_step(connection: Connection, receipt_id: int) -> bool:
    """Whether a step has written down that this command is its own."""
    question = select(step_table.c.id).where(step_table.c.receipt_id == receipt_id)
    return connection.execute(question.limit(1)).first() is not None


def add_step(connection: Connection, charger_id: str, action: Action, due_at: datetime, **values: Any) -> int:
    """Write down a change that has to happen; it is looked at when it is due unless `look_at` says otherwise."""
    fields = {"look_at": due_at, "tries": 0, "is_trouble": False} | values
    return int(
        connection.execute(
            step_table.insert()
            .values(charger_id=charger_id, action=action.value, due_at=due_at, **fields)
            .returning(step_table.c.id)
        ).scalar_one()
    )


def add_step_in_hand(connection: Connection, charger_id: str, action: Action, now: datetime, **values: Any) -> Step:
    """Write down a change that happens now and is in our hands already; if we die, the claim lapses."""
    id = add_step(connection, charger_id, action, now, look_at=now + CLAIM, claimed_at=now, **values)
    return Step.from_row(connection.execute(select(step_table).where(step_table.c.id == id)).one())


def trouble(connection: Connection, charger_id: str) -> list[Step]:
    """The steps whose alert stands on the page, the newest first."""
    question = select(step_table).where(step_table.c.charger_id == charger_id, step_table.c.is_trouble)
    return [Step.from_row(row) for row in connection.execute(question.order_by(step_table.c.id.desc()).limit(3))]


def end_trouble(connection: Connection, charger_id: str, *conditions: Any) -> bool:
    """Take alerts off the page; whether there was one."""
    changed = connection.execute(
        update(step_table)
        .where(step_table.c.charger_id == charger_id, step_table.c.is_trouble, *conditions)
        .values(is_trouble=False)
    )
    return bool(changed.rowcount)


def end_timer(
    connection: Connection,
    charger_id: str,
    timer: Timer,
    now: datetime,
    why: str,
    member: activity_log.Person | str | None = None,
    reason: str | None = None,
) -> bool:
    """End a timer before its time, with its steps and a line in the log; only whoever really ends it does.

    Args:
        why: cancelled, replaced, unplugged, resumed, plan_changed, not_taken, over.
        reason: why it was not taken, as a code.
    """
    chargers.touch(connection, charger_id)
    ended = connection.execute(
        update(timer_table)
        .where(timer_table.c.id == timer.id, timer_table.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    if not ended.rowcount:
        return False
    drop_steps(connection, now, step_table.c.timer_id == timer.id)
    if why != "replaced":  # what replaces it has its own line
        details = {"timer": timer.kind.value, "until": timer.ends_at.isoformat(), "why": why}
        details |= {"reason": reason} if reason else {}
        kind = LineKind.TIMER_CANCELLED if why == "cancelled" else LineKind.TIMER_ENDED
        activity_log.record(
            connection,
            at=now,
            kind=kind,
            member=member,
            charger_id=charger_id,
            origin="page" if member else "clock",
            details=details,
        )
    return True


def drop_steps(connection: Connection, now: datetime, *conditions: Any) -> None:
    """End steps that are no longer wanted, without a word; alerts about them end too."""
    connection.execute(
        update(step_table)
        .where(and_(step_table.c.ended_at.is_(None), *conditions))
        .values(ended_at=now, look_at=None, outcome="dropped")
    )


def forget_old(connection: Connection, now: datetime) -> None:
    """Delete what ended longer ago than the log goes back; not a step whose alert stands, nor its timer."""
    long_ago = now - activity_log.KEPT
    connection.execute(delete(step_table).where(step_table.c.ended_at < long_ago, not_(step_table.c.is_trouble)))
    still_needed = select(step_table.c.timer_id).where(step_table.c.timer_id.is_not(None))
    is_old = (timer_table.c.ended_at < long_ago, timer_table.c.id.not_in(still_needed))
    connection.execute(delete(timer_table).where(*is_old))
