"""What is moved on `/demo` in the price house shows on every page that speaks of prices, and is over when it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.charger import chargers
from dashboard.clock import Job
from dashboard.demo.prices import seed_prices
from dashboard.services import Services
from dashboard.settings import Settings
from simulator import Cloud, PriceHouse, serve_prices
from tests.one_charger import Household, words_of

pytestmark = pytest.mark.one_database

NOTHING_KNOWN = "not known"


@pytest.fixture
def house(household: Household) -> PriceHouse:
    return PriceHouse(household.clock)


@pytest.fixture
def visitor(
    household: Household, house: PriceHouse, settings: Settings, make_app: Callable[..., Flask]
) -> Iterator[FlaskClient]:
    """Anna in the demo with its prices, of which today's and tomorrow's are known."""
    with serve_prices(house) as url:
        app = make_app(replace(settings, is_demo=True, price_api_url=url))
        services: Services = app.extensions["services"]
        chargers.read_list(services)
        seed_prices(services.database, household.clock.now())
        browser = app.test_client()
        cookie = household.anna.get_cookie("household")
        assert cookie is not None
        browser.set_cookie("demo", cookie.value)
        follow(browser)
        yield browser


def follow(visitor: FlaskClient) -> None:
    """What the clock does for the prices, until there is nothing to ask."""
    services: Services = visitor.application.extensions["services"]
    job: Job = next(job for job in services.clock.jobs if job.name == "prices")
    while job.do() is not None:
        pass


Move = Callable[[str], None]


@pytest.fixture
def move(visitor: FlaskClient, household: Household) -> Move:
    """Presses a button a minute later, and lets the clock do what follows."""

    def press(name: str) -> None:
        household.clock.advance(seconds=60)
        assert "Done:" in words_of(visitor.post("/demo", data={"move": name}, follow_redirects=True))
        follow(visitor)

    return press


def known_hours(visitor: FlaskClient) -> list[int]:
    """How many hours of today, and of tomorrow, have a price."""
    told = [row for row in visitor.get("/tariff.json").json if row["per_kwh"] is not None]
    hours: dict[date, int] = {}
    for begin, end in ((datetime.fromisoformat(row["begin"]), datetime.fromisoformat(row["end"])) for row in told):
        hours[begin.date()] = hours.get(begin.date(), 0) + (end - begin) // timedelta(hours=1)
    return list(hours.values())


def test_all_is_well_at_first(visitor: FlaskClient) -> None:
    assert known_hours(visitor) == [24, 24]
    page = words_of(visitor.get("/demo"))
    assert "The exchange’s prices" in page and "Trouble" not in page


@pytest.mark.parametrize(
    ("name", "hours", "on_the_door_list", "beside_the_picture"),
    [
        ("prices-tomorrow_late", [24], "", "Tomorrow’s prices are not known yet."),
        ("prices-half_a_day", [12, 12], "", "Not known yet from tomorrow 12:00."),
        ("prices-yesterday_again", [], "prices of another day", NOTHING_KNOWN),
        ("prices-count_quarters-92", [23, 23], "", "Not known: tomorrow 02:00–03:00."),
        ("prices-count_quarters-100", [], "prices of another day", NOTHING_KNOWN),
        ("prices-cet_as_utc", [], "prices of another day", NOTHING_KNOWN),
        ("prices-other_money", [], "prices in another currency", NOTHING_KNOWN),
        ("prices-fail", [], "it has trouble and cannot answer", NOTHING_KNOWN),
        ("prices-talk_garbage", [], "could not be understood", NOTHING_KNOWN),
    ],
)
def test_what_goes_wrong_is_said_and_ends_with_all_well_again(
    visitor: FlaskClient,
    move: Move,
    cloud: Cloud,
    name: str,
    hours: list[int],
    on_the_door_list: str,
    beside_the_picture: str,
) -> None:
    card = f"/chargers/{cloud.charger.id}"
    assert "not known" not in words_of(visitor.get(card)).partition("Price per kWh")[2]
    move(name)
    assert known_hours(visitor) == hours
    for page in ("/doors", "/tariff"):
        assert on_the_door_list in words_of(visitor.get(page))
    for page in (card, "/tariff"):
        assert beside_the_picture in words_of(visitor.get(page))
    assert words_of(visitor.get("/demo")).count("Trouble: ") == 1
    move("prices-heal")
    assert known_hours(visitor) == [24, 24]
    assert "Without success" not in words_of(visitor.get("/doors"))
    assert "gave no prices" not in words_of(visitor.get("/tariff"))
    assert "not known" not in words_of(visitor.get(card)).partition("Price per kWh")[2]
    assert "Trouble" not in words_of(visitor.get("/demo"))


def test_a_demo_without_a_price_house_has_no_such_buttons(
    household: Household, settings: Settings, make_app: Callable[..., Flask]
) -> None:
    for address in ("", "http://127.0.0.1:9"):
        browser = make_app(replace(settings, is_demo=True, price_api_url=address)).test_client()
        cookie = household.anna.get_cookie("household")
        assert cookie is not None
        browser.set_cookie("demo", cookie.value)
        assert "prices" not in words_of(browser.get("/demo"))


@pytest.mark.both_databases
def test_a_move_ends_the_one_before(visitor: FlaskClient, move: Move, house: PriceHouse) -> None:
    move("prices-half_a_day")
    move("prices-other_money")
    assert house.faults() == ["money"]
    assert "Trouble: another currency is told" in words_of(visitor.get("/demo"))
