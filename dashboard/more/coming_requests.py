"""Which requests to Zaptec come next, of every room, when and why: for owners, on More."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.charger import chargers
from dashboard.charger.next_requests import next_requests as of_charger
from dashboard.history.next_requests import next_requests as of_history
from dashboard.notices.next_requests import next_requests as of_notices
from dashboard.parts import NextRequest
from dashboard.plan.next_requests import next_requests as of_plan
from dashboard.services import Services


def coming_requests(connection: Connection, services: Services) -> list[NextRequest]:
    """What is due comes first, as of now; what waits for somebody to look comes last."""
    now = services.now()
    chargers_shown = chargers.all_chargers(connection, services.settings.charger_ids)
    names = {charger.id: charger.name for charger in chargers_shown if charger.is_listed}
    planned = [
        request
        for room in (of_charger, of_plan, of_history, of_notices)
        for request in room(connection, names, now)
    ]
    coming = [NextRequest(max(request.at, now) if request.at else None, request.why) for request in planned]
    return sorted(coming, key=lambda request: (request.at is None, request.at or now))
