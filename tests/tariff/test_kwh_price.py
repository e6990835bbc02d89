"""The parts of a price: rounding, VAT, support, and the three things that a price of nothing is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.tariff.contract import MICRO, QUARTER, FixedInsteadOfSpot, SpotSupport
from dashboard.tariff.kwh_price import KwhPrice
from tests.tariff.contracts_of import Exchange, clock, contract, contracts, local, spot

NOON = local("2026-01-05 12:00")
AMOUNTS = st.integers(0, 5 * MICRO)


def price(*, exchange: Exchange | None = None, step: timedelta = QUARTER, **parts: object) -> KwhPrice | None:
    """The price at noon of a contract by the hour, or by the clock where it has an `energy`."""
    terms = {name: parts.pop(name) for name in ("factor_micro", "mark_up_micro", "rate_micro") if name in parts}
    energy = parts.pop("energy", None) or spot(step, **terms)
    return contracts(contract(energy, **parts), exchange=exchange).price_at(NOON)  # type: ignore[arg-type]


def test_the_price_is_the_formula_of_its_parts() -> None:
    found = price(
        exchange=Exchange(500_000),
        factor_micro=1_050_000,
        mark_up_micro=20_000,
        grid=clock(300_000),
        tax_micro=160_000,
        vat_micro=250_000,
        includes_vat=False,
        support=SpotSupport(900_000, 400_000),
    )
    assert found is not None
    assert (found.energy, found.mark_up, found.grid, found.tax) == (525_000, 20_000, 300_000, 160_000)
    assert found.vat == 251_250
    assert found.support == -112_500  # 90 % of what 0.50 is above 0.40, both with VAT
    assert found.micro_per_kwh == 1_143_750
    assert found.spot is not None and found.spot.micro == 500_000


@given(energy=AMOUNTS, grid=AMOUNTS, tax=AMOUNTS, vat=st.integers(0, MICRO))
def test_what_was_typed_with_vat_comes_out_exactly(energy: int, grid: int, tax: int, vat: int) -> None:
    found = price(energy=clock(energy), grid=clock(grid), tax_micro=tax, vat_micro=vat, includes_vat=True)
    assert found is not None and found.micro_per_kwh == energy + grid + tax
    assert found.vat >= 0


def test_the_spot_never_includes_vat_though_what_was_typed_does() -> None:
    found = price(exchange=Exchange(100_000), grid=clock(125_000), vat_micro=250_000, includes_vat=True)
    assert found is not None
    assert (found.energy, found.grid, found.vat, found.micro_per_kwh) == (100_000, 100_000, 50_000, 250_000)


def test_vat_is_rounded_once_as_a_whole_where_only_some_of_it_was_typed() -> None:
    found = price(exchange=Exchange(2), grid=clock(5), vat_micro=250_000, includes_vat=True)
    assert found is not None
    assert (found.energy, found.grid, found.vat) == (2, 4, 2)  # 0.5 for the spot, 1 in the fee: to the even 2


@pytest.mark.parametrize(
    ("quarters", "energy", "vat"),
    [
        ((1, 1, 1, 3), 2, 0),  # 1.5 goes up to the even 2
        ((2, 2, 3, 3), 2, 1),  # 2.5 goes down to the even 2; VAT is a fifth of 2.5, not of 2
        ((-2, -2, -3, -3), -2, -1),
    ],
)
def test_parts_are_rounded_once_half_to_even(quarters: tuple[int, ...], energy: int, vat: int) -> None:
    exchange = Exchange()
    exchange.set_hour(NOON, *quarters)
    found = price(exchange=exchange, step=timedelta(hours=1), vat_micro=240_000, includes_vat=False)
    assert found is not None and (found.energy, found.vat) == (energy, vat)


def test_negative_prices_a_price_of_zero_and_no_price_are_three_things() -> None:
    below, nothing = price(exchange=Exchange(-80_000)), price(exchange=Exchange(0))
    assert below is not None and below.micro_per_kwh == -80_000
    assert nothing is not None and nothing.micro_per_kwh == 0
    assert price(exchange=Exchange(None)) is None


def test_an_hour_with_a_quarter_missing_has_no_mean() -> None:
    exchange = Exchange()
    exchange.set_hour(NOON, 100_000, None, 100_000, 100_000)
    assert price(exchange=exchange, step=timedelta(hours=1)) is None
    assert price(exchange=exchange, step=QUARTER) is not None


def test_support_below_its_price_is_nothing() -> None:
    found = price(exchange=Exchange(770_000), vat_micro=250_000, support=SpotSupport(900_000, 962_500))
    assert found is not None and found.support == 0


def test_support_is_a_share_of_the_spot_before_the_factor() -> None:
    parts = {"support": SpotSupport(900_000, 500_000), "includes_vat": False, "factor_micro": 2 * MICRO}
    found = price(exchange=Exchange(700_000), **parts)
    assert found is not None and (found.energy, found.support) == (1_400_000, -180_000)


def test_a_fixed_price_stands_in_the_place_of_the_spot_and_needs_none() -> None:
    found = price(
        exchange=Exchange(None),
        factor_micro=2 * MICRO,
        mark_up_micro=50_000,
        vat_micro=250_000,
        support=FixedInsteadOfSpot(500_000),
    )
    assert found is not None and found.spot is None
    assert (found.energy, found.mark_up, found.vat, found.support) == (400_000, 40_000, 110_000, 0)


def test_beside_a_fixed_price_the_spot_is_no_ingredient_though_it_is_known() -> None:
    exchange = Exchange(900_000)
    found = price(exchange=exchange, support=FixedInsteadOfSpot(500_000))
    assert found is not None and found.spot is None
    assert exchange.asked == []


def test_a_rate_turns_the_exchange_s_money_into_the_contract_s() -> None:
    found = price(exchange=Exchange(100_000), rate_micro=11_500_000)
    assert found is not None and found.energy == 1_150_000
    assert found.spot is not None and found.spot.micro == 1_150_000
