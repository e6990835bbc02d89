"""What the plan has to know of the history: what a kWh will cost, and how a charger has charged lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.history import tariff
from dashboard.history.tables import charge_session
from dashboard.plan.kwh_prices import KwhPrices, UsualCharge
from dashboard.plan.planner import PriceSlot
from dashboard.services import Services

MOST_SESSIONS = 10
SHORTEST_S, LEAST_MWH = 10 * 60, 1_000_000  # from a shorter or smaller charge nobody can tell


def kwh_prices(
    services: Services, connection: Connection, charger_id: str, begin: datetime, end: datetime
) -> KwhPrices:
    """What a kWh costs at a charger between two moments."""
    contracts = tariff.tariff(connection, services.zone(charger_id)).contracts
    slots = [
        PriceSlot(stretch.begin, stretch.end, stretch.price.micro_per_kwh if stretch.price else None)
        for stretch in (contracts.between(begin, end) if begin < end else [])
    ]
    contract = contracts.contract_at(begin)
    goes_by_time = contract is not None and contract.goes_by_the_time
    return KwhPrices(tuple(slots), tariff.currency(connection), goes_by_time)


def usual_charge(connection: Connection, charger_id: str) -> UsualCharge:
    """How this charger has charged in its last sessions while power flowed."""
    sessions = charge_session.c
    is_telling = (
        sessions.charger_id == charger_id,
        sessions.is_counted,
        sessions.is_energy_known,
        sessions.flowing_s >= SHORTEST_S,
        sessions.energy_mwh >= LEAST_MWH,
    )
    query = select(sessions.energy_mwh, sessions.flowing_s).where(*is_telling).order_by(sessions.start_at.desc())
    lately = connection.execute(query.limit(MOST_SESSIONS)).all()
    if not lately:
        return UsualCharge()
    watts = [row.energy_mwh * 36 // (row.flowing_s * 10) for row in lately]
    most_wh = max(row.energy_mwh for row in lately) // 1000
    return UsualCharge(sum(watts) // len(watts), len(watts), most_wh, least_w=min(watts))
