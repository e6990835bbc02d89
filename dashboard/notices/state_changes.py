"""What a new state of a charger means for those who want to hear: a car came, a charge ended, trouble began.

Runs in the transaction that stores the state.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.charger.stays import has_arrived
from dashboard.charger.view import ChargerView, read_view
from dashboard.history.unbooked_cost import cost_of_charge
from dashboard.news import News, NewsKind
from dashboard.notices import conditions, listening, watches
from dashboard.notices.watches import Condition
from dashboard.services import Services
from zaptec.charger import ChargerState
from zaptec.modes import OperationMode
from zaptec.situation import SituationName

LEAST_KWH = 0.1  # what took less was no charge


def see(
    services: Services,
    connection: Connection,
    charger_id: str,
    before: ChargerState | None,
    after: ChargerState,
    now: datetime,
) -> bool:
    """Report what has happened; called with every new state. Whether there is something to tell at once."""
    if not listening.is_anybody(services, connection):
        return False
    view = read_view(connection, charger_id, now)
    if before is not None:
        if has_arrived(before, after):
            key = f"{NewsKind.PLUGGED_IN}:{charger_id}:{now.isoformat()}"
            services.report(connection, News(NewsKind.PLUGGED_IN, key, now, charger_id))
        _see_end(services, connection, view, before, after)
    conditions.follow(services, connection, view)
    return True


def _see_end(
    services: Services, connection: Connection, view: ChargerView, before: ChargerState, after: ChargerState
) -> None:
    """A charge has ended: the car is full or has stopped, or was unplugged before that."""
    has_left = before.mode.is_plugged_in and after.mode is OperationMode.DISCONNECTED
    is_full = view.situation.name is SituationName.FINISHED and before.mode is not after.mode
    told_by = before if has_left else after
    energy_kwh = told_by.session_energy_kwh or 0.0
    if not (has_left or is_full) or energy_kwh < LEAST_KWH:
        return
    session_id = before.session_id or after.session_id or view.now.isoformat()
    key = f"{NewsKind.FINISHED}:{hashlib.sha256(session_id.encode()).hexdigest()[:32]}"
    facts = {"energy_kwh": energy_kwh, **_cost(services, connection, view, told_by), **_lasted(connection, view)}
    services.report(connection, News(NewsKind.FINISHED, key, view.now, view.charger.id, facts=facts))


def _cost(services: Services, connection: Connection, view: ChargerView, state: ChargerState) -> dict[str, Any]:
    """What it has cost, as far as that is known; the history tells it better, later."""
    zone = services.zone(view.charger.id)
    cost = cost_of_charge(connection, view.charger.id, state, view.now, zone)
    if cost is None:
        return {}
    return {"cost_micro": cost.micro, "currency": cost.currency, "is_cost_about": cost.is_about}


def _lasted(connection: Connection, view: ChargerView) -> dict[str, Any]:
    charging = watches.find(connection, view.charger.id, Condition.CHARGING)
    return {} if charging is None else {"lasted_s": int((view.now - charging.since).total_seconds())}
