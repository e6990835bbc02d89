"""What the running session has cost so far: its energy spread over time, each piece at its price."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.charger import chargers
from dashboard.history.cost_so_far import CostSoFar, PowerSpan, cost_so_far
from dashboard.tariff.contract import HOUR
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import services_of
from tests.history.stored_contracts import SPOT, add_contract, set_currency, tell_prices
from tests.tariff.contracts_of import Exchange, clock, contract, contracts, hours, local, spot

NIGHT = local("2026-11-28 22:00")
DAY_AND_NIGHT = contracts(contract(clock(300_000, hours("22:00", "06:00", 100_000))))
KWH = 1_000_000


def span(begin: datetime, length: timedelta, power_w: int | None) -> PowerSpan:
    return PowerSpan(begin, begin + length, power_w)


def around_ten(before_w: int | None, after_w: int | None) -> list[PowerSpan]:
    """Two hours of the day, then two of the night."""
    return [span(NIGHT - 2 * HOUR, 2 * HOUR, before_w), span(NIGHT, 2 * HOUR, after_w)]


@pytest.mark.parametrize(
    ("before_w", "after_w", "energy_kwh", "micro", "is_about"),
    [
        (3000, 1000, 8, 6 * 300_000 + 2 * 100_000, False),
        (1000, 3000, 8, 2 * 300_000 + 6 * 100_000, False),
        (0, 4000, 8, 8 * 100_000, False),
        (3000, None, 10, 6 * 300_000 + 4 * 100_000, True),  # what was not seen is what is left
        (3000, None, 5, 5 * 300_000, False),  # nothing is left for the night
        (3000, 1000, 16, 12 * 300_000 + 4 * 100_000, True),  # half of it was never seen
        (3000, 1000, 8.4, round(8.4 * 250_000), False),  # it grows in steps
        (None, 0, 8, 8 * 300_000, False),  # nobody saw it, but there was one price
    ],
)
def test_the_energy_is_spread_by_the_power_and_each_piece_has_its_price(
    before_w: int | None, after_w: int | None, energy_kwh: float, micro: int, is_about: bool
) -> None:
    spans = around_ten(before_w, after_w)
    told = cost_so_far(DAY_AND_NIGHT, round(energy_kwh * KWH), spans, NIGHT + 2 * HOUR)
    assert told == CostSoFar(micro, is_about)


def test_a_price_that_is_not_known_counts_only_where_energy_flowed() -> None:
    exchange = Exchange(200_000)
    exchange.set_hour(NIGHT, *[None] * 4)
    several = contracts(contract(spot(HOUR)), exchange=exchange)
    assert cost_so_far(several, 8 * KWH, around_ten(3000, 1000), NIGHT + 2 * HOUR) is None
    assert cost_so_far(several, 6 * KWH, around_ten(3000, 0), NIGHT + 2 * HOUR) == CostSoFar(1_200_000, False)


def test_energy_of_which_nobody_knows_when_it_flowed_has_a_cost_only_at_one_price() -> None:
    one_price = contracts(contract(clock(300_000)))
    for spans in ([], around_ten(0, 0)):
        assert cost_so_far(one_price, 8 * KWH, spans, NIGHT) == CostSoFar(2_400_000, False)
        assert cost_so_far(DAY_AND_NIGHT, 8 * KWH, spans, NIGHT) is None
    assert cost_so_far(contracts(), 8 * KWH, [], NIGHT) is None


def test_the_card_tells_the_cost_by_the_hour_until_the_car_leaves(household: Household, cloud: Cloud) -> None:
    chargers.read_list(services_of(household.app))
    page = f"/chargers/{cloud.charger.id}"
    set_currency(household)
    add_contract(household, SPOT)
    day = household.clock.now().date()
    cloud.charger.plug_in_and_charge()
    household.carla.get(page)
    for _ in range(2):
        household.clock.advance(seconds=3600)
        household.carla.get(page)
    assert "Cost so far" not in words_of(household.carla.get(page))  # no price is known
    tell_prices(household, day, *range(100_000, 2_500_000, 100_000))
    household.clock.advance(seconds=60)
    shown = words_of(household.carla.get(page))
    kwh, cost = (float(shown.split(label)[1].split()[0]) for label in ("This session", "Cost so far"))
    hour = household.clock.now().hour  # of UTC: an hour of the exchange's later, and a price of 0.1 from 1 on
    assert 0.1 * hour * kwh < cost < 0.1 * (hour + 2) * kwh
    cloud.charger.unplug()
    household.clock.advance(seconds=60)
    assert "Cost so far" not in words_of(household.carla.get(page))
