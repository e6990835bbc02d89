"""The price of this moment and the next one on a charger's card."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.charger import chargers
from dashboard.history.price_now import price_now
from dashboard.tariff.contract import HOUR, ClockHours, ClockPrice
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import services_of
from tests.history.stored_contracts import DAY_AND_NIGHT, SPOT, add_contract, set_currency
from tests.tariff.contracts_of import Exchange, contract, contracts, spot

SPACE = "\N{NO-BREAK SPACE}"
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def told(household: Household, prices: ClockPrice | None, *, at: datetime, exchange: Exchange | None = None) -> str:
    held = contract(prices or spot(HOUR))
    with household.app.test_request_context():
        told = price_now(contracts(held, exchange=exchange), at, "EUR")
        return told.sentence.replace(SPACE, " ") if told else ""


def test_a_card_says_the_price_now_and_the_next_and_its_version_knows(household: Household, cloud: Cloud) -> None:
    chargers.read_list(services_of(household.app))
    page = f"/chargers/{cloud.charger.id}"
    cloud.charger.plug_in_and_charge()
    household.clock.advance(seconds=3600)
    assert "Price per kWh" not in words_of(household.carla.get(page))
    seen = version_of(household, page)
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    assert version_of(household, page) != seen
    shown = words_of(household.carla.get(page))
    assert re.search(r"Price per kWh 0\.[13]0 kr now, 0\.[13]0 kr from (22|06):00", shown)
    assert "Cheapest 0.10 kr" in shown and 'href="/tariff#hours"' in household.carla.get(page).text
    seen = version_of(household, page)
    household.clock.advance(seconds=60)
    assert version_of(household, page) != seen


def version_of(household: Household, page: str) -> str:
    found = re.search(r"seen=([^\"&]+)", household.carla.get(page).text)
    assert found
    return found[1]


def test_the_next_change_is_that_of_the_price_and_not_of_the_hour(household: Household) -> None:
    exchange = Exchange(200_000)
    exchange.set_hour(NOON + 3 * HOUR, *[100_000] * 4)
    assert told(household, None, at=NOON, exchange=exchange) == "0.20 € now, 0.10 € from 16:00"


@pytest.mark.parametrize(
    ("here", "then", "sentence"),
    [
        (0, -50_000, "0.00 € now, -0.05 € from 14:00"),
        (None, 0, "not known now, 0.00 € from 14:00"),
        (-50_000, None, "-0.05 € now, not known yet from 14:00"),
        (100_000, 100_000, "0.10 € now"),
        (100_000, 100_900, "0.10 € now"),  # which reads the same
        (None, None, "not known now"),
    ],
)
def test_no_price_is_no_zero_and_no_zero_is_none(
    household: Household, here: int | None, then: int | None, sentence: str
) -> None:
    exchange = Exchange(then)
    exchange.set_hour(NOON, *[here] * 4)
    assert told(household, None, at=NOON, exchange=exchange) == sentence


def test_one_price_says_nothing(household: Household) -> None:
    assert told(household, ClockPrice(300_000), at=NOON) == ""


def test_a_zone_other_than_ours_changes_by_its_own_clock(household: Household) -> None:
    helsinki = ZoneInfo("Europe/Helsinki")
    night = ClockPrice(300_000, (ClockHours(time(22), time(6), 100_000),))
    with household.app.test_request_context():
        held = contracts(contract(night), zone=helsinki)
        before, after = (datetime(2026, 11, 10, 20, tzinfo=UTC) + d for d in (timedelta(seconds=-1), timedelta()))
        told = [price_now(held, at, "EUR") for at in (before, after)]
    assert [one.sentence[:4] for one in told if one] == ["0.30", "0.10"]


def test_a_contract_by_the_hour_begins_the_moment_it_holds(household: Household) -> None:
    with household.app.test_request_context():
        assert price_now(contracts(contract(SPOT, date(2030, 1, 1))), NOON, "NOK") is None
