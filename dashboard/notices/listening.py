"""Whether anybody is to be told of anything: while nobody is, this room writes and asks nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from dashboard.notices.choices import IS_LIVE
from dashboard.notices.tables import way_table
from dashboard.services import Services

BELIEVED_FOR = timedelta(seconds=20)


class _Known:
    """What this process found last."""

    def __init__(self) -> None:
        self.is_anybody = False
        self.looked_at: datetime | None = None


def is_anybody(services: Services, connection: Connection) -> bool:
    """Whether somebody has a way; as it was a moment ago, where another process has just changed that."""
    known, now = services.shared(_Known), services.now()
    if known.looked_at is None or not timedelta() <= now - known.looked_at < BELIEVED_FOR:
        known.is_anybody = connection.execute(select(way_table.c.id).where(IS_LIVE).limit(1)).first() is not None
        known.looked_at = now
    return known.is_anybody


def look_again(services: Services) -> None:
    """Somebody has just added a way here, or removed one."""
    services.shared(_Known).looked_at = None
