"""What a charge has cost that is not booked yet: until Zaptec tells when its energy flowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from sqlalchemy import Connection

from dashboard.history import charge_power, tariff_now
from dashboard.history.cost_so_far import cost_so_far
from dashboard.history.session_values import mwh
from zaptec.charger import ChargerState


@dataclass(frozen=True)
class ChargeCost:
    """In millionths of the currency; about, where it is not known well enough when its energy flowed."""

    micro: int
    currency: str
    is_about: bool


def cost_of_charge(
    connection: Connection, charger_id: str, state: ChargerState, now: datetime, zone: tzinfo
) -> ChargeCost | None:
    """None where there is no price, or nobody knows what it was when energy flowed.

    Args:
        state: the last that tells the charge's energy; of a car that has just left, the one before.
    """
    spans = charge_power.spans_so_far(charge_power.read(connection, charger_id), state, now)
    kept = tariff_now.tariff_now(connection, zone, now, charge_power.flowed_from(spans))
    energy_kwh = state.session_energy_kwh
    if energy_kwh is None or kept.currency is None:
        return None
    cost = cost_so_far(kept.contracts, mwh(Decimal(str(energy_kwh))), spans, now)
    return ChargeCost(cost.micro, kept.currency, cost.is_about) if cost else None
