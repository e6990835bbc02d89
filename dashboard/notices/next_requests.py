"""What this room will ask Zaptec next: news of the chargers that somebody wants to be told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from dashboard.notices import asking, words
from dashboard.parts import NextRequest
from dashboard.services import current_services


def next_requests(connection: Connection, names: Mapping[str, str], now: datetime) -> Iterator[NextRequest]:
    """The requests of this room, in no order; `names` holds the name of each charger that is shown, by its id."""
    for news in asking.needed(current_services(), connection, now):
        if name := names.get(news.freshness.charger_id):
            yield NextRequest(news.due_at(now), words.needs_news(name))
