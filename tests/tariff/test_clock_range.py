"""Between which prices a contract by the clock goes."""

from __future__ import annotations

from dashboard.tariff.clock_range import clock_range
from tests.tariff.contracts_of import clock, contract, hours


def test_hours_that_never_hold_together_make_no_price() -> None:
    night, evening = hours("22:00", "06:00", 100_000), hours("17:00", "21:00", 300_000)
    energy = clock(200_000, night)
    assert clock_range(contract(energy, grid=clock(50_000, evening)), energy) == (150_000, 500_000)
    assert clock_range(contract(energy), energy) == (100_000, 200_000)


def test_a_winter_s_and_a_holiday_s_hours_count_and_vat_is_in_it() -> None:
    winter = hours("06:00", "22:00", 400_000, "working days", (1, 2))
    holiday = hours("00:00", "00:00", 80_000, "holidays")
    energy = clock(200_000, holiday, winter)
    parts = {"holidays_of": "NO", "vat_micro": 250_000, "includes_vat": False}
    assert clock_range(contract(energy, **parts), energy) == (100_000, 500_000)


def test_one_price_is_a_range_of_its_own() -> None:
    energy = clock(200_000)
    assert clock_range(contract(energy), energy) == (200_000, 200_000)
