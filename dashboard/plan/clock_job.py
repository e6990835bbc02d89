"""What the plan's room does at each tick of the clock: changes that are due, and news where they are needed.

When nothing is due a tick is two small SELECTs, however many chargers there are.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, not_, or_, select

from dashboard.charger import snapshots
from dashboard.charger.tables import charger_table, snapshot_table
from dashboard.plan import steps, weekly
from dashboard.plan.queries import Step
from dashboard.plan.rules import TimerKind
from dashboard.plan.tables import step_table, timer_table, weekly_plan
from dashboard.services import Services

log = logging.getLogger(__name__)
EVERY_CHARGING = timedelta(seconds=60)
EVERY_CLOSED = timedelta(minutes=2)
EVERY = timedelta(minutes=10)
# A skipped opening, and a charge that is still to begin, hold a car back like a closed window.
HELD_BACK = select(timer_table.c.charger_id).where(
    timer_table.c.ended_at.is_(None), timer_table.c.kind.in_((TimerKind.SKIP, TimerKind.CHARGE))
)


def tick(services: Services) -> None:
    """Write down what the plans want since the last tick, take what is due in hand, ask where news is needed."""
    now = services.now()
    with services.database.reading() as connection:
        plans = weekly.due(connection, now)
    for plan in plans:
        _advance(services, plan)
    with services.database.reading() as connection:
        due = steps.due(connection, now)
        unheard = _unheard(connection, now)
    for step in due:
        if not services.settings.shows(step.charger_id):
            continue  # nobody could see it, or stop it
        with services.database.writing() as connection:
            is_ours = steps.claim(connection, step, now)
        if is_ours:
            _start(services, step)
    for charger_id in unheard:
        if services.settings.shows(charger_id):
            _ask(services, charger_id)


def follow_zones(services: Services) -> None:
    """Work out the next changes anew where a charger’s time zone has become another, by a setting or at Zaptec."""
    with services.database.reading() as connection:
        plans = weekly.that_are_on(connection)
    for plan in plans:
        if plan.zone != str(services.zone(plan.charger_id)):
            _advance(services, plan)


def _advance(services: Services, plan: Row[Any]) -> None:
    if not services.settings.shows(plan.charger_id):
        return
    try:
        weekly.advance(services, plan, services.zone(plan.charger_id))
    except Exception:
        log.exception("a plan could not go on; the others do")


def _start(services: Services, step: Step) -> None:
    """Do it in the background: it may have to ask Zaptec first."""
    services.background.start(lambda: steps.take(services, step, services.zone(step.charger_id)))


def _ask(services: Services, charger_id: str) -> None:
    services.background.start(lambda: snapshots.ask(services, charger_id))


def _unheard(connection: Connection, now: datetime) -> list[str]:
    """The chargers whose news is older than a plan or a timer allows while nobody looks.

    News, a lease or a pause from the future was written by a clock that was set back since.
    """
    news = snapshot_table.c
    is_closed = or_(and_(weekly_plan.c.is_on, not_(weekly_plan.c.is_open)), news.charger_id.in_(HELD_BACK))
    is_old = or_(
        news.fetched_at.is_(None),
        news.fetched_at <= now - EVERY,
        news.fetched_at > now + snapshots.CLOCK_SET_BACK,
        and_(news.is_lively, news.fetched_at <= now - EVERY_CHARGING),
        and_(is_closed, news.fetched_at <= now - EVERY_CLOSED),
    )
    may_ask = and_(
        or_(news.lease_until.is_(None), news.lease_until <= now, news.lease_until > now + snapshots.LEASE),
        or_(
            news.ask_again_at.is_(None),
            news.ask_again_at <= now,
            news.ask_again_at > now + snapshots.LONGEST_PAUSE,
        ),
    )
    coming = select(step_table.c.charger_id).where(step_table.c.look_at.is_not(None))
    question = (
        select(news.charger_id)
        .select_from(
            snapshot_table.join(charger_table, charger_table.c.id == news.charger_id).outerjoin(
                weekly_plan, weekly_plan.c.charger_id == news.charger_id
            )
        )
        .where(
            charger_table.c.is_listed,
            or_(func.coalesce(weekly_plan.c.is_on, False), news.charger_id.in_(coming)),
            is_old,
            may_ask,
        )
    )
    return list(connection.execute(question).scalars())
