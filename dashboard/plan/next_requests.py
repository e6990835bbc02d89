"""What timers and the plan will ask Zaptec next: whose news they need though nobody looks, and what is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, not_, or_, select

from dashboard.charger.freshness import FRESHNESS, FRESHNESS_FROM, Freshness
from dashboard.charger.tables import charger_table, snapshot_table
from dashboard.parts import NextRequest
from dashboard.plan import words
from dashboard.plan.outages import WAITS
from dashboard.plan.rules import TimerKind
from dashboard.plan.tables import aim_table, step_table, timer_table, weekly_aim, weekly_plan

EVERY_CHARGING = timedelta(seconds=60)  # and while a change waits for the charger
EVERY_HELD_BACK = timedelta(minutes=2)
EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class NeededNews:
    """The news of a charger for which something is planned, and how fresh it has to be.

    Attributes:
        is_held_back: a car that comes may not charge at once: the plan is closed, an opening is skipped, or a
            single charge is still to begin.
        is_waited_for: a change is due and waits until the charger can be reached.
    """

    freshness: Freshness
    is_held_back: bool
    is_waited_for: bool

    @property
    def every(self) -> timedelta:
        """How old it may get."""
        if self.freshness.is_lively or self.is_waited_for:
            return EVERY_CHARGING
        return EVERY_HELD_BACK if self.is_held_back else EVERY

    def is_due(self, now: datetime) -> bool:
        """Whether Zaptec is to be asked now."""
        return self.freshness.is_to_be_asked(self.every, now)

    def due_at(self, now: datetime) -> datetime:
        """When Zaptec is to be asked next."""
        return self.freshness.to_be_asked_at(self.every, now)


def _needed_news() -> Select[Any]:
    coming = select(step_table.c.charger_id).where(step_table.c.look_at.is_not(None))
    waiting = select(timer_table.c.charger_id).where(
        timer_table.c.ended_at.is_(None), timer_table.c.kind.in_((TimerKind.SKIP, TimerKind.CHARGE))
    )
    aimed = select(aim_table.c.charger_id).where(aim_table.c.ended_at.is_(None))
    aimed_to_wait = aimed.where(not_(aim_table.c.is_open))
    weekly_aimed = select(weekly_aim.c.charger_id).where(weekly_aim.c.is_on)
    charger_id, has_plan = snapshot_table.c.charger_id, func.coalesce(weekly_plan.c.is_on, False)
    awaiting = weekly_aimed.where(weekly_aim.c.is_awaited)
    is_closed = and_(has_plan, not_(weekly_plan.c.is_open))
    is_held_back = or_(is_closed, charger_id.in_(waiting), charger_id.in_(aimed_to_wait), charger_id.in_(awaiting))
    is_needed = or_(has_plan, charger_id.in_(coming), charger_id.in_(aimed), charger_id.in_(weekly_aimed))
    waits = select(step_table.c.charger_id).where(WAITS)
    return (
        select(*FRESHNESS, is_held_back.label("is_held_back"), charger_id.in_(waits).label("is_waited_for"))
        .select_from(
            FRESHNESS_FROM.join(charger_table, charger_table.c.id == charger_id).outerjoin(
                weekly_plan, weekly_plan.c.charger_id == charger_id
            )
        )
        .where(charger_table.c.is_listed, is_needed)
    )


# Put together once: asked at each tick of the clock.
_NEEDED_NEWS = _needed_news()
_CHANGES = (
    select(step_table.c.charger_id, step_table.c.look_at).where(step_table.c.look_at.is_not(None)),
    select(weekly_plan.c.charger_id, weekly_plan.c.next_at).where(
        weekly_plan.c.is_on, weekly_plan.c.next_at.is_not(None)
    ),
    select(aim_table.c.charger_id, aim_table.c.next_at).where(
        aim_table.c.ended_at.is_(None), aim_table.c.next_at.is_not(None)
    ),
    select(weekly_aim.c.charger_id, weekly_aim.c.next_at).where(
        weekly_aim.c.is_on, weekly_aim.c.next_at.is_not(None)
    ),
)


def needed_news(connection: Connection) -> list[NeededNews]:
    """The news of each listed charger that has a plan that is on, or a change to come."""
    rows, count = connection.execute(_NEEDED_NEWS), len(FRESHNESS)
    return [NeededNews(Freshness(*row[:count]), bool(row.is_held_back), bool(row.is_waited_for)) for row in rows]


def next_at(
    connection: Connection, news: list[NeededNews], now: datetime, is_shown: Callable[[str], bool]
) -> datetime | None:
    """When there is something to do next for a plan or a timer; None where nothing is planned."""
    planned = [(needed.freshness.charger_id, needed.due_at(now)) for needed in news]
    planned += _changes(connection)
    return min((at for charger_id, at in planned if is_shown(charger_id)), default=None)


def next_requests(connection: Connection, names: Mapping[str, str], now: datetime) -> Iterator[NextRequest]:
    """The requests of this room, in no order; `names` holds the name of each charger that is shown, by its id."""
    for news in needed_news(connection):
        if name := names.get(news.freshness.charger_id):
            yield NextRequest(news.due_at(now), words.needs_news(name))
    for charger_id, at in _changes(connection):
        if name := names.get(charger_id):
            yield NextRequest(at, words.changes_then(name))


def _changes(connection: Connection) -> Iterator[tuple[str, datetime]]:
    """When something is to be done or looked at, by charger."""
    for question in _CHANGES:
        yield from ((charger_id, at) for charger_id, at in connection.execute(question))
