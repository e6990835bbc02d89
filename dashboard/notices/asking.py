"""Whose news is needed though nobody looks: somebody wants to be told what happens there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from dashboard.charger import snapshots
from dashboard.charger.freshness import FRESHNESS, FRESHNESS_FROM, Freshness
from dashboard.charger.tables import charger_table, snapshot_table
from dashboard.news import NewsKind
from dashboard.notices import choices
from dashboard.services import Services
from zaptec.modes import OperationMode

EVERY_CHARGING = timedelta(seconds=60)
EVERY_WITH_A_CAR = timedelta(minutes=2)  # and where somebody wants to hear at once that a car has come
EVERY = timedelta(minutes=10)
AT_ONCE = frozenset({NewsKind.PLUGGED_IN, NewsKind.PRESSED})
NEEDS_NO_NEWS = frozenset({NewsKind.NOT_TAKEN, NewsKind.OWNER, NewsKind.MONTH})  # heard of in other ways


@dataclass(frozen=True)
class Needed:
    """One charger whose news is needed, and how old it may get."""

    freshness: Freshness
    every: timedelta

    def is_due(self, now: datetime) -> bool:
        return self.freshness.is_to_be_asked(self.every, now)

    def due_at(self, now: datetime) -> datetime:
        return self.freshness.to_be_asked_at(self.every, now)


def needed(services: Services, connection: Connection, now: datetime) -> Iterator[Needed]:
    """The chargers that are listed and shown, where somebody with a way has chosen what happens there."""
    wanted = {kind for person in choices.people(connection, now) for kind in person.wants} - NEEDS_NO_NEWS
    if not wanted:
        return
    listed = FRESHNESS_FROM.join(charger_table, charger_table.c.id == snapshot_table.c.charger_id)
    query = select(*FRESHNESS).select_from(listed).where(charger_table.c.is_listed)
    for freshness in [Freshness(*row) for row in connection.execute(query)]:
        if services.settings.shows(freshness.charger_id):
            yield Needed(freshness, _every(connection, freshness, wanted))


def _every(connection: Connection, freshness: Freshness, wanted: set[NewsKind]) -> timedelta:
    if freshness.is_lively:
        return EVERY_CHARGING
    if wanted & AT_ONCE or _has_car(connection, freshness.charger_id):
        return EVERY_WITH_A_CAR
    return EVERY


def _has_car(connection: Connection, charger_id: str) -> bool:
    snapshot = snapshots.read(connection, charger_id)
    return bool(snapshot and snapshot.state and snapshot.state.mode is not OperationMode.DISCONNECTED)
