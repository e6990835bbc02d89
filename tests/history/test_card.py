"""What the history adds to a charger's card."""

from __future__ import annotations

import re
from collections.abc import Callable

from dashboard.charger import chargers
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, services_of


def test_the_cost_so_far_stands_on_the_card_once_a_price_is_known(household: Household, cloud: Cloud) -> None:
    chargers.read_list(services_of(household.app))
    page = f"/chargers/{cloud.charger.id}"
    cloud.charger.plug_in_and_charge()
    assert "Cost so far" not in words_of(household.carla.get(page))
    add_price(household, "1.00")
    household.clock.advance(seconds=3600)
    numbers = re.search(r"This session ([\d.]+) kWh Cost so far ([\d.]+) €", words_of(household.carla.get(page)))
    assert numbers and float(numbers[1]) > 1
    assert abs(float(numbers[1]) - float(numbers[2])) < 0.1


def test_a_charge_that_has_hardly_begun_shows_neither_energy_nor_cost(household: Household, cloud: Cloud) -> None:
    chargers.read_list(services_of(household.app))
    add_price(household, "1.00")
    cloud.charger.plug_in_and_charge()
    cloud.charger.replace_value(553, "0.04")
    shown = words_of(household.carla.get(f"/chargers/{cloud.charger.id}"))
    assert "Charging with" in shown
    assert "This session" not in shown and "Cost so far" not in shown


def test_this_month_on_a_card_leads_to_the_same_figure(filled: Callable[[], Household], cloud: Cloud) -> None:
    cloud.add_history(years=0.2)
    household = filled()
    cards = [household.carla.get(f"/chargers/{charger.id}") for charger in cloud.chargers]
    told = [re.search(r"This month \w+ \d+ ([\d.]+ kWh)", words_of(card)) for card in cards]
    ways = [re.search(r'href="([^"]+)">This month', card.text) for card in cards]
    assert len({figure[1] for figure in told if figure}) == len(ways) == 2
    for figure, way in zip(told, ways, strict=True):
        assert figure and way and f"Energy {figure[1]}" in words_of(household.carla.get(way[1]))
