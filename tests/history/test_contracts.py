"""Sessions booked by contracts: day and night, and the exchange's prices, which may come later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from dashboard import doors
from dashboard.history import recalculating, spot_needs, tariff
from dashboard.history.recalculating import CostChange
from dashboard.history.tables import charge_share
from dashboard.history.totals import Choice
from dashboard.services import Services
from dashboard.tariff.contract import ClockPrice, FixedInsteadOfSpot
from tests.conftest import Household
from tests.history.conftest import add_price, book, cost_of, evening, number_of, services_of
from tests.history.stored_contracts import AREA, DAY_AND_NIGHT, SPOT, add_contract, tell_prices

YEAR = Choice(date(2026, 1, 1), date(2026, 12, 31), None)


def shares(household: Household, id: str) -> list[tuple[str, int, int | None]]:
    """When each share begins in UTC, its energy in Wh and its cost in thousandths."""
    with household.database.reading() as connection:
        query = charge_share.select().where(charge_share.c.session_id == number_of(household, id))
        rows = connection.execute(query.order_by(charge_share.c.position)).all()
    return [
        (f"{row.begin_at:%H:%M}", row.energy_mwh // 1000, row.cost_micro and row.cost_micro // 1000) for row in rows
    ]


def changes_of_the_year(connection: Connection, services: Services) -> list[CostChange]:
    """What the present price list would change."""
    tariffs = tariff.Tariffs(connection, services.zone)
    found = recalculating.of_all(connection, tariffs, recalculating.ended_in(YEAR))
    return [change for _count, changes in found for change in changes]


def test_a_session_is_cut_where_day_becomes_night(household: Household) -> None:
    add_contract(household, DAY_AND_NIGHT)
    book(household, [evening()])
    assert shares(household, "s1") == [("19:00", 4000, 1200), ("21:00", 4000, 400)]


def test_a_session_that_had_no_price_is_cut_when_a_contract_comes(household: Household) -> None:
    book(household, [evening()])
    assert shares(household, "s1") == [("19:00", 8000, None)]
    assert add_contract(household, DAY_AND_NIGHT) == 1
    assert shares(household, "s1") == [("19:00", 4000, 1200), ("21:00", 4000, 400)]


def test_recalculating_cuts_what_was_booked_by_one_price(household: Household) -> None:
    add_price(household, "0.30", currency="NOK")
    book(household, [evening()])
    with household.app.app_context(), household.database.writing() as connection:
        tariff.remove(connection, 1)
    add_contract(household, DAY_AND_NIGHT)
    services = services_of(household.app)
    with household.app.app_context(), household.database.reading() as connection:
        [change] = changes_of_the_year(connection, services)
        assert (change.before_micro, change.after_micro) == (2_400_000, 1_600_000)
        state = tariff.state_of_list(connection)
    household.anna.post("/history/recalculate", data={"year": "2026", "state": state})
    with household.app.app_context(), household.database.reading() as connection:
        assert changes_of_the_year(connection, services) == []
    assert shares(household, "s1") == [("19:00", 4000, 1200), ("21:00", 4000, 400)]


def test_a_contract_of_one_price_costs_what_the_price_did_to_the_micro(household: Household) -> None:
    add_price(household, "0.287513", currency="NOK")
    book(household, [evening()])
    before = cost_of(household, "s1")
    with household.app.app_context(), household.database.writing() as connection:
        tariff.remove(connection, 1)
    add_contract(household, ClockPrice(287_513))
    with household.app.app_context(), household.database.reading() as connection:
        assert changes_of_the_year(connection, services_of(household.app)) == []
    assert cost_of(household, "s1") == before


def test_costs_wait_for_the_exchange_s_prices_and_come_with_them(household: Household) -> None:
    add_contract(household, SPOT, grid=ClockPrice(50_000))
    book(household, [evening()])
    assert cost_of(household, "s1") is None
    with household.database.reading() as connection:
        assert spot_needs.past_days(services_of(household.app), connection) == [(AREA, date(2026, 11, 10))]
        assert spot_needs.areas(connection, household.clock.now()) == [AREA]
    rising = [100_000 + 20_000 * hour for hour in range(24)]
    tell_prices(household, date(2026, 11, 10), *rising[:22])
    assert cost_of(household, "s1") is None
    tell_prices(household, date(2026, 11, 10), *rising)
    assert shares(household, "s1") == [
        ("19:00", 2000, 1100), ("20:00", 2000, 1140), ("21:00", 2000, 1180), ("22:00", 2000, 1220),
    ]  # fmt: skip
    with household.database.reading() as connection:
        assert spot_needs.past_days(services_of(household.app), connection) == []


def test_what_was_booked_by_the_hour_is_booked_the_same_when_zaptec_corrects_it(household: Household) -> None:
    add_contract(household, SPOT)
    tell_prices(household, date(2026, 11, 10), *[100_000] * 24)
    book(household, [evening()])
    add_contract(household, ClockPrice(900_000), date(2020, 1, 2))
    book(household, [replace(evening(), energy_kwh=Decimal(9))])
    assert cost_of(household, "s1") == 900_000


def test_a_fixed_price_in_the_spot_s_place_needs_nothing_of_the_exchange(household: Household) -> None:
    add_contract(household, SPOT, support=FixedInsteadOfSpot(500_000))
    book(household, [evening()])
    assert cost_of(household, "s1") == 4_000_000
    with household.database.reading() as connection:
        assert spot_needs.areas(connection, household.clock.now()) == []
        assert spot_needs.past_days(services_of(household.app), connection) == []


@pytest.mark.parametrize(
    ("valid_from", "is_needed"), [(date(2026, 11, 20), True), (date(2026, 11, 19), False), (date(2027, 1, 1), True)]
)
def test_a_contract_that_is_over_needs_no_prices_of_today(
    household: Household, valid_from: date, is_needed: bool
) -> None:
    add_contract(household, SPOT)
    add_contract(household, ClockPrice(300_000), valid_from)
    with household.database.reading() as connection:
        assert bool(spot_needs.areas(connection, household.clock.now())) is is_needed


def test_the_list_of_what_leaves_the_house_names_what_is_needed(household: Household) -> None:
    nothing = "No contract goes by its prices"
    assert nothing not in household.anna.get("/doors").text  # of what is off that is no news
    with household.database.writing() as connection:
        doors.switch(connection, AREA.source, True, household.clock.now(), "Anna")
    assert nothing in household.anna.get("/doors").text
    add_contract(household, SPOT)
    assert "Your contract goes by its prices for Norway (Oslo NO1)." in household.anna.get("/doors").text
