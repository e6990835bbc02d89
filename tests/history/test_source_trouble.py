"""Prices that do not come: said beside the prices at once, and on the charger's page to owners after a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard import doors
from dashboard.charger import chargers
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import services_of
from tests.history.stored_contracts import AREA, DAY_AND_NIGHT, SPOT, add_contract, set_currency, tell_prices

ALERT = "What a kWh costs is not known."


@pytest.fixture
def page(household: Household, cloud: Cloud) -> str:
    """The charger's page, under a contract whose prices were told until today."""
    chargers.read_list(services_of(household.app))
    set_currency(household)
    add_contract(household, SPOT)
    with household.database.writing() as connection:
        doors.switch(connection, AREA.source, True, household.clock.now(), "Anna")
        doors.note_answer(connection, AREA.source, household.clock.now())
    tell_prices(household, household.clock.now().date(), *[200_000] * 24)
    return f"/chargers/{cloud.charger.id}"


def fail(household: Household, failure: str = "refused") -> None:
    with household.database.writing() as connection:
        doors.note_failure(connection, AREA.source, failure, household.clock.now(), None)


def test_owners_hear_of_a_source_that_has_failed_for_a_day(household: Household, page: str) -> None:
    household.clock.advance(seconds=12 * 3600)
    fail(household)
    assert ALERT not in words_of(household.anna.get(page))
    assert f"{AREA.source} gave no prices at 06:00: it has trouble" in words_of(household.carla.get("/tariff"))
    household.clock.advance(seconds=12 * 3600)
    told = words_of(household.anna.get(page))
    assert f"{ALERT} Nothing of use from {AREA.source} since yesterday 18:00: it has trouble" in told
    assert ALERT not in words_of(household.carla.get(page))
    tell_prices(household, household.clock.now().date(), *[200_000] * 24)
    assert ALERT not in words_of(household.anna.get(page))


def test_prices_that_are_not_told_are_missed_too(household: Household, page: str) -> None:
    household.clock.advance(seconds=timedelta(days=2).total_seconds())
    assert "the prices are not there yet" in words_of(household.anna.get(page))


def test_nobody_is_told_of_a_source_that_is_off_or_not_needed(household: Household, page: str) -> None:
    household.clock.advance(seconds=timedelta(days=2).total_seconds())
    with household.database.writing() as connection:
        doors.switch(connection, AREA.source, False, household.clock.now(), "Anna")
    assert ALERT not in words_of(household.anna.get(page))
    with household.database.writing() as connection:
        doors.switch(connection, AREA.source, True, household.clock.now() - timedelta(days=2), "Anna")
    household.clock.advance(seconds=60)
    assert ALERT in words_of(household.anna.get(page))
    add_contract(household, DAY_AND_NIGHT, household.clock.now().date())
    assert ALERT not in words_of(household.anna.get(page))
