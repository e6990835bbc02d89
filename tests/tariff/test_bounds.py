"""How far a cost may be off where readings are coarser than prices."""

from __future__ import annotations

from dashboard.tariff.bounds import bound_micro
from dashboard.tariff.contract import MICRO
from dashboard.tariff.kwh_price import KwhPrice


def price(micro: int) -> KwhPrice:
    return KwhPrice(energy=micro, mark_up=0, grid=0, tax=0, vat=0, support=0)


def test_a_reading_under_one_price_is_certain() -> None:
    assert bound_micro([(3 * MICRO, price(400_000))]) == 0
    assert bound_micro([]) == 0


def test_the_bound_is_the_farther_of_dearest_and_cheapest() -> None:
    hour = [(MICRO, price(100_000)), (MICRO, price(100_000)), (MICRO, price(100_000)), (MICRO, price(500_000))]
    assert bound_micro(hour) == 4 * 500_000 - 800_000
    assert bound_micro([(MICRO, price(-300_000)), (3 * MICRO, price(100_000))]) == 0 + 4 * 300_000


def test_a_price_that_held_for_no_energy_counts_too() -> None:
    assert bound_micro([(MICRO, price(100_000)), (0, price(900_000))]) == 800_000
