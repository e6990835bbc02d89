"""What the charger's room will ask Zaptec next, as it tells the pages above it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.charger.next_requests import next_requests
from dashboard.parts import NextRequest
from simulator import Cloud, SimulatedCharger
from tests.one_charger import Household, page, press


def planned(household: Household, charger: SimulatedCharger) -> dict[str, NextRequest]:
    """The next requests by the beginning of what they are for."""
    with household.database.reading() as connection:
        found = list(next_requests(connection, {charger.id: "Garage"}, household.clock.now()))
    return {request.why.partition(",")[0]: request for request in found}


def test_nobody_looking_and_nothing_under_way_only_the_list_has_a_time(
    household: Household, charger: SimulatedCharger
) -> None:
    requests = planned(household, charger)
    assert [why for why, request in requests.items() if request.at] == ["the list of chargers"]


def test_a_press_under_way_is_looked_at_two_seconds_later(household: Household, charger: SimulatedCharger) -> None:
    press(household.ben, charger, "pause")
    request = planned(household, charger)["Garage: whether what was asked is done"]
    assert request.at == household.clock.now() + timedelta(seconds=2)


@pytest.mark.parametrize("days_back", [0, 1])
def test_a_failure_is_followed_by_another_try_even_when_the_clock_was_set_back(
    household: Household, charger: SimulatedCharger, cloud: Cloud, days_back: int
) -> None:
    household.clock.advance(seconds=60)
    cloud.go_down()
    household.anna.get(page(charger))
    household.clock.advance(seconds=-86400 * days_back)
    request = planned(household, charger)["Garage: again after a failure"]
    now = household.clock.now()
    assert request.at is not None and now <= request.at <= now + timedelta(seconds=6)


def test_what_is_not_shown_is_not_listed(household: Household, charger: SimulatedCharger) -> None:
    press(household.ben, charger, "pause")
    with household.database.reading() as connection:
        found = list(next_requests(connection, {}, household.clock.now()))
    assert [request.why for request in found if request.at] == ["the list of chargers, if somebody looks"]
