"""Which questions to Zaptec come next, of every room, when and why: for owners, on More."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger import chargers
from dashboard.charger.next_requests import next_requests as of_charger
from dashboard.history.next_requests import next_requests as of_history
from dashboard.plan.next_requests import next_requests as of_plan
from dashboard.services import Services


@dataclass(frozen=True)
class Next:
    """A planned question: when (None: when somebody looks) and why."""

    at: datetime | None
    why: str

    def when(self, now: datetime) -> str:
        """14:03:12 today, else with its day; empty when somebody has to look first."""
        return formats.second_near(self.at, now) if self.at else ""


def next_questions(connection: Connection, services: Services) -> list[Next]:
    """What is due comes first; what waits for somebody to look comes last."""
    now = services.now()
    known = chargers.all_chargers(connection, services.settings.charger_ids)
    names = {one.id: one.name for one in known if one.is_listed}
    found = [
        *(Next(request.at, request.why) for request in of_charger(connection, names, now)),
        *(Next(request.at, request.why) for request in of_plan(connection, names, now)),
        *(Next(request.at, request.why) for request in of_history(connection, names, now)),
    ]
    found = [Next(max(one.at, now) if one.at else None, one.why) for one in found]
    return sorted(found, key=lambda one: (one.at is None, one.at or now))
