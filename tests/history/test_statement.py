"""A statement has on it what an employer asks for, as far as it is known, and the serial number for owners only."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from dashboard.charger import chargers
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, archived, book, collect_all, number_of, services_of, session
from zaptec.sessions import CompletedSession

NBSP = "\N{NO-BREAK SPACE}"


def statement(browser: FlaskClient, month: str = "2026-11", **more: str) -> str:
    answer = browser.get("/history/statement", query_string={"month": month} | more)
    return words_of(answer).replace(NBSP, " ")


@pytest.fixture
def listed(household: Household, cloud: Cloud) -> Household:
    with household.app.app_context():
        chargers.read_list(services_of(household.app))
    return household


def test_a_statement_names_the_person_the_charger_its_address_and_the_price(
    listed: Household, cloud: Cloud
) -> None:
    book(listed, [session("one", 2), session("two", 3)])
    add_price(listed)
    listed.ben.post(f"/history/sessions/{number_of(listed, 'two')}/person", data={"person": "2"})
    page = statement(listed.anna, person="2")
    serial = cloud.charger.serial
    assert (
        f"Name Ben Charger Carport Address Examplestreet 1, 0000 Exampletown Serial number {serial} "
        "Price 0.25 €/kWh Plugged in"
    ) in page
    for browser in (listed.ben, listed.carla):
        page = statement(browser)
        assert "Examplestreet 1" in page and serial not in page and "Serial" not in page
    assert "Name Everybody" in page


def test_only_chargers_with_a_session_are_named(listed: Household) -> None:
    book(listed, [session("one", 2)])
    page = statement(listed.anna)
    assert page.count("Serial number") == 1 and "Charger Guest place" not in page
    assert "Serial number" not in statement(listed.anna, "2026-10")


def test_an_address_that_zaptec_does_not_tell_is_left_out(household: Household, cloud: Cloud) -> None:
    book(household, [session("one", 2)])
    assert "Address" not in statement(household.anna)


def test_the_meter_stands_at_each_session_and_at_both_ends(household: Household, cloud: Cloud) -> None:
    cloud.add_history(years=0.2)
    collect_all(household.app)
    page = statement(household.carla, charger=cloud.charger.id)
    first, last = (
        page.index("Meter before the first session"),
        page.index("Meter after the last session"),
    )
    begin, end = (page[at:].split(" kWh")[0].rsplit(" ", 1)[1] for at in (first, last))
    assert Decimal(begin) < Decimal(end)
    assert f" {begin} – " in page and f"– {end} " in page


def test_without_readings_of_the_meter_nothing_is_said_of_it(household: Household) -> None:
    book(household, [session("one", 2)])
    assert "Meter" not in statement(household.carla)


def test_prices_are_those_by_which_the_sessions_were_booked(household: Household) -> None:
    book(household, [session("one", 2)])
    add_price(household, "0.25")
    add_price(household, "0.50", "2026-01-01")  # "one" keeps its price
    book(household, [session("two", 3)])
    assert "Price 0.25 €/kWh, then 0.50 €/kWh Plugged in" in statement(household.carla)


def test_many_prices_are_told_as_their_average(household: Household) -> None:
    for day in range(1, 9, 2):
        add_price(household, f"0.{day}", f"2026-11-0{day}")
    book(household, [session(f"on-{day}", day) for day in range(1, 9, 2)])
    assert "Price 0.40 €/kWh on average" in statement(household.carla)


def test_a_month_without_prices_or_sessions_tells_of_neither(household: Household) -> None:
    assert "No session in this month." in statement(household.carla)
    book(household, [session("one", 2)])
    assert "Price" not in statement(household.carla)


def test_who_sees_a_statement_of_a_recorded_history_sees_nobody_s_card(household: Household) -> None:
    book(household, archived("chargehistory.json"))
    page = statement(household.anna, "2023-06")
    assert "140.121 – 149.119" in page and "Key fob" not in page


def test_a_session_over_the_end_of_the_month_says_that_it_is_a_part(household: Household) -> None:
    start = datetime.fromisoformat("2026-10-31T22:00:00+00:00")  # 23:00 in Oslo
    hours = tuple((start + timedelta(hours=hour), Decimal(min(hour, 1) * 4)) for hour in range(4))
    more = {"start": start, "end": hours[-1][0], "energy_kwh": Decimal(12), "intervals": hours}
    night: CompletedSession = session("night", 2, **more)
    book(household, [night])
    assert "8.000 kWh of 12.000" in statement(household.carla)
