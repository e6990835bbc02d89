"""How often Zaptec was asked, by day and kind: counted in memory, written together."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, select

from dashboard.charger.tables import request_count
from dashboard.database import upsert

WRITTEN_EVERY_S = 60.0  # so much counting is lost at most when a process is killed
KEPT_FOR = timedelta(days=31)


@dataclass
class RequestCounts:
    """The requests of this process that are not in the database yet; shared by its threads.

    Days are those of UTC: no household's clock change makes one longer.
    """

    _counts: Counter[tuple[date, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)
    _written_at: float = field(default_factory=time.monotonic)

    def add(self, now: datetime, kind: str) -> None:
        with self._lock:
            self._counts[now.astimezone(UTC).date(), kind] += 1

    @property
    def is_due(self) -> bool:
        """Whether it is time to write them."""
        return bool(self._counts) and time.monotonic() - self._written_at >= WRITTEN_EVERY_S

    def write(self, connection: Connection) -> None:
        """Add them to what is stored; what the transaction cannot keep is lost."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._written_at = time.monotonic()
        for (day, kind), number in counts.items():
            connection.execute(
                upsert(connection, request_count)
                .values(day=day, kind=kind, count=number)
                .on_conflict_do_update(
                    index_elements=["day", "kind"], set_={"count": request_count.c.count + number}
                )
            )

    def of_day(self, connection: Connection, day: date) -> dict[str, int]:
        """The requests of all processes on one day, by kind; those of this one up to now."""
        query = select(request_count.c.kind, request_count.c.count.label("asked")).where(request_count.c.day == day)
        found = Counter({row.kind: row.asked for row in connection.execute(query)})
        with self._lock:
            found.update({kind: number for (at, kind), number in self._counts.items() if at == day})
        return dict(found)


def forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(request_count.delete().where(request_count.c.day < (now - KEPT_FOR).date()))
