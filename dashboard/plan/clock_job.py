"""What the plan's room does at each tick of the clock: changes that are due, and news where they are needed.

When nothing is due a tick is a few small SELECTs, however many chargers there are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from dashboard.charger import snapshots
from dashboard.plan import aim_planning, aims, steps, weekly, weekly_aim_making, weekly_aims
from dashboard.plan.next_requests import needed_news, next_at
from dashboard.plan.queries import Step
from dashboard.services import Services

log = logging.getLogger(__name__)
UNDER_WAY_S = 5.0  # what is due and in hand, here or elsewhere, is looked at again so soon


def tick(services: Services) -> float | None:
    """Write down what the plans want since the last tick, take what is due in hand, ask where news is needed.

    Returns in how many seconds something will be due; None where nothing is planned.
    """
    now = services.now()
    with services.database.reading() as connection:
        plans = weekly.due(connection, now)
        aimed = aims.due(connection, now)
    for plan in plans:
        _advance(services, plan)
    for charger_id in aimed:
        _advance_aim(services, charger_id, aim_planning.advance)
    with services.database.reading() as connection:
        weekly_aimed = weekly_aims.due(connection, now)
    for charger_id in weekly_aimed:
        _advance_aim(services, charger_id, weekly_aim_making.advance)
    with services.database.reading() as connection:
        due = steps.due(connection, now)
        news = needed_news(connection)
        following = next_at(connection, news, now, services.settings.shows)
    for step in due:
        if not services.settings.shows(step.charger_id):
            continue  # nobody could see it, or stop it
        with services.database.writing() as connection:
            is_ours = steps.claim(connection, step, now)
        if is_ours:
            _start(services, step)
    asked_by_steps = {step.charger_id for step in due}
    for freshness in (needed.freshness for needed in news if needed.is_due(now)):
        if services.settings.shows(freshness.charger_id) and freshness.charger_id not in asked_by_steps:
            snapshots.begin_asking(services, freshness)
    if following is None:
        return None
    return UNDER_WAY_S if following <= now else (following - now).total_seconds()


def follow_zones(services: Services) -> None:
    """Work out the next changes anew where a charger’s time zone has become another, by a setting or at Zaptec."""
    with services.database.reading() as connection:
        plans = weekly.that_are_on(connection)
        aimed = weekly_aims.that_are_on(connection)
    for plan in plans:
        if plan.zone != str(services.zone(plan.charger_id)):
            _advance(services, plan)
    for charger_id, zone in aimed:
        if zone != str(services.zone(charger_id)):
            _advance_aim(services, charger_id, weekly_aim_making.advance)


def _advance(services: Services, plan: Row[Any]) -> None:
    if not services.settings.shows(plan.charger_id):
        return
    try:
        weekly.advance(services, plan, services.zone(plan.charger_id))
    except Exception:
        log.exception("a plan could not go on; the others do")


def _advance_aim(services: Services, charger_id: str, advance: Callable[[Services, str], None]) -> None:
    if not services.settings.shows(charger_id):
        return
    try:
        advance(services, charger_id)
    except Exception:
        log.exception("an aim could not go on; the others do")


def _start(services: Services, step: Step) -> None:
    """Do it in the background: it may have to ask Zaptec first. What it plans next the clock has yet to hear of."""
    taken = services.background.start(lambda: steps.take(services, step, services.zone(step.charger_id)))
    taken.add_done_callback(lambda _: services.clock.wake())
