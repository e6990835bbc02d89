"""What this room will ask Zaptec next: finished sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.history import words
from dashboard.history.due import FIELDS, FetchState
from dashboard.parts import NextRequest


def next_requests(connection: Connection, names: Mapping[str, str], now: datetime) -> Iterator[NextRequest]:
    """The requests of this room, in no order; `names` holds the name of each charger that is shown, by its id."""
    for state in (FetchState(*row) for row in connection.execute(select(*FIELDS))):
        if state.charger_id in names:
            name = names[state.charger_id]
            why = words.reads_sessions(name) if state.is_filled else words.reads_earlier_months(name)
            yield NextRequest(state.next_at(now), why)
    yield NextRequest(None, words.reads_sessions_while_looked_at())
