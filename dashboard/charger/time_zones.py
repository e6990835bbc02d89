"""Which time zone pages, timers and plan are in: `TZ` if set, else the charger's site, else the system's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from dashboard.charger.tables import charger_table, installation
from dashboard.database import Database
from dashboard.settings import Settings
from zaptec.charger import Charger


@dataclass(frozen=True)
class TimeZones:
    """Looks zones up for one dashboard: call it with a charger's id, or with nothing for the household's."""

    settings: Settings
    database: Database

    def __call__(self, charger_id: str | None = None) -> tzinfo | None:
        if self.settings.time_zone:
            return ZoneInfo(self.settings.time_zone)
        return next(self._of_sites(charger_id), None) or _system_zone()

    def _of_sites(self, charger_id: str | None) -> Iterator[tzinfo]:
        """The zones of the sites, that of this charger's first."""
        named = select(installation).where(installation.c.time_zone.is_not(None)).order_by(installation.c.id)
        with self.database.reading() as connection:
            sites = connection.execute(named).all()
            record = connection.scalar(select(charger_table.c.record).where(charger_table.c.id == charger_id))
        own = Charger.from_record(json.loads(record)).installation_id if record and len(sites) > 1 else None
        for site in sorted(sites, key=lambda site: site.id != own):
            try:
                yield ZoneInfo(site.time_zone)
            except (ZoneInfoNotFoundError, ValueError):
                continue  # a zone that this machine does not know


def _system_zone() -> tzinfo | None:
    try:
        with open("/etc/localtime", "rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (OSError, ValueError):
        return None
