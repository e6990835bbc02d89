"""How far a cost may be off where the charger tells its energy more seldom than the price changes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.tariff.contracts import cost_of
from dashboard.tariff.kwh_price import KwhPrice


def bound_micro(reading: Sequence[tuple[int, KwhPrice]]) -> int:
    """The bound of one reading's cost, in millionths; a session's is the sum of its readings'.

    Nobody knows when inside a reading its energy flowed: it is shown as if it flowed evenly, and may have flowed
    altogether while it was dearest, or cheapest.

    Args:
        reading: its shares: energy in mWh, and the price by which each is charged.
    """
    energy_mwh = sum(energy for energy, _price in reading)
    shown = sum(cost_of(energy, price) for energy, price in reading)
    whole = [cost_of(energy_mwh, price) for _energy, price in reading]
    return max(max(whole) - shown, shown - min(whole), 0) if whole else 0
