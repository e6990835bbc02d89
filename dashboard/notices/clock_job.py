"""What this room does at each tick of the clock; without a way of anybody's a tick is one small SELECT."""

from __future__ import annotations

import logging

from dashboard.charger import chargers, snapshots
from dashboard.charger.view import read_view
from dashboard.notices import asking, conditions, deliveries, events, household_watch, listening, telling
from dashboard.services import Services

log = logging.getLogger(__name__)


def tell(services: Services) -> float | None:
    """Hand on what has happened, and hand over what is due; in how many seconds there will be more."""
    with services.database.reading() as connection:
        if not listening.is_anybody(services, connection):
            return None
        happened = events.undecided(connection)
    for event in happened:
        try:
            telling.hand_on(services, event)
        except Exception:
            log.exception("%s could not be handed on; the others are", event.kind.value)
    telling.tell_how_many_more(services)
    telling.pass_on(services)
    return deliveries.begin(services)


def ask(services: Services) -> float | None:
    """Ask for news where somebody wants to be told; in how many seconds the next is due."""
    now = services.now()
    with services.database.reading() as connection:
        if not listening.is_anybody(services, connection):
            return None
        needed = list(asking.needed(services, connection, now))
    for news in needed:
        if news.is_due(now):
            snapshots.begin_asking(services, news.freshness)
    return max(1.0, min(((news.due_at(now) - now).total_seconds() for news in needed), default=60.0))


def watch(services: Services) -> None:
    """Follow what holds and since when: also where no news comes, time passes."""
    now = services.now()
    with services.database.reading() as connection:
        if not listening.is_anybody(services, connection):
            return
        shown = [charger.id for charger in chargers.in_use(connection, services.settings.charger_ids)]
    with services.database.writing() as connection:
        for charger_id in shown:
            conditions.follow(services, connection, read_view(connection, charger_id, now))
        household_watch.look(services, connection)
