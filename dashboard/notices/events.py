"""What has happened, kept once under its key, until it is handed on to whom it concerns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from dashboard.database import upsert
from dashboard.news import News, NewsKind
from dashboard.notices import listening
from dashboard.notices.tables import event_table
from dashboard.services import Services


@dataclass(frozen=True)
class Event:
    """News as it is kept."""

    id: int
    kind: NewsKind
    at: datetime
    charger_id: str | None
    member_id: int | None
    facts: Mapping[str, Any]

    @classmethod
    def from_row(cls, row: Row[Any]) -> Event:
        return cls(row.id, NewsKind(row.kind), row.at, row.charger_id, row.member_id, json.loads(row.facts))


def keep(services: Services, connection: Connection, news: News) -> None:
    """Write down what has happened, unless it is known or nobody is to be told of anything."""
    if not listening.is_anybody(services, connection):
        return
    if news.charger_id is not None and not services.settings.shows(news.charger_id):
        return
    values = {
        "key": news.key[:160],
        "kind": news.kind.value,
        "charger_id": news.charger_id,
        "member_id": news.member_id,
        "at": news.at,
        "facts": json.dumps(dict(news.facts), ensure_ascii=False, separators=(",", ":")),
    }
    connection.execute(
        upsert(connection, event_table).values(values).on_conflict_do_nothing(index_elements=["key"])
    )


def undecided(connection: Connection) -> list[Event]:
    """What has yet to be handed on, in the order in which it happened."""
    query = select(event_table).where(event_table.c.decided_at.is_(None)).order_by(event_table.c.id)
    return [Event.from_row(row) for row in connection.execute(query)]


def claim(connection: Connection, event: Event, now: datetime) -> bool:
    """Take it in hand, in the transaction that hands it on; of all processes one gets it."""
    mine = (event_table.c.id == event.id, event_table.c.decided_at.is_(None))
    return bool(connection.execute(update(event_table).where(*mine).values(decided_at=now)).rowcount)


def find(connection: Connection, event_id: int) -> Event | None:
    row = connection.execute(select(event_table).where(event_table.c.id == event_id)).one_or_none()
    return Event.from_row(row) if row else None
