"""Asking for the exchange's prices when they are due, once for all processes, and keeping what was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard import doors, leases
from dashboard.doors import Door
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.tariff import due, fetching, spot_prices
from dashboard.tariff.contract import HOUR, QUARTER, SpotTerms
from dashboard.tariff.sources.answer import delivery_day
from dashboard.tariff.spot_prices import DayState, PriceArea, SpotPrices
from dashboard.tariff.tables import spot_price
from simulator import ManualClock, PriceHouse

TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)
NORWEGIAN = PriceArea("www.hvakosterstrommen.no", "NO1")
DUTCH = PriceArea("api.energy-charts.info", "NL")


class Asker:
    """A dashboard with a price house, and what it needs prices for."""

    def __init__(self, app: Flask, house: PriceHouse, clock: ManualClock) -> None:
        self.services: Services = app.extensions["services"]
        self.house, self.clock = house, clock
        self.areas = [NORWEGIAN]
        self.past: list[tuple[PriceArea, date]] = []

    def open(self, *hosts: str) -> None:
        with self.services.database.writing() as connection:
            for host in hosts or [NORWEGIAN.source]:
                doors.switch(connection, host, True, self.clock.now(), "Anna")

    def ask(self) -> list[str]:
        """Tick until nothing is due; what was asked for."""
        self.house.asked.clear()
        for _ in range(40):
            if fetching.fetch_if_due(self.services, lambda _: self.areas, lambda _: self.past) is None:
                return list(self.house.asked)
        raise AssertionError("there is always something due")

    def state(self, day: date, where: PriceArea = NORWEGIAN) -> DayState | None:
        with self.services.database.reading() as connection:
            return spot_prices.states_of(connection, where).get(day)

    def door(self, host: str = NORWEGIAN.source) -> Door:
        with self.services.database.reading() as connection:
            return doors.find(connection, host)

    def count(self) -> int:
        with self.services.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(spot_price)).scalar_one()

    def price(self, at: datetime, currency: str = "NOK", where: PriceArea = NORWEGIAN) -> int | None:
        with self.services.database.reading() as connection:
            return SpotPrices(connection)(SpotTerms(where.source, where.area, currency), at)


@pytest.fixture
def asker(
    settings: Settings,
    make_app: Callable[..., Flask],
    house: PriceHouse,
    price_url: str,
    clock: ManualClock,
) -> Asker:
    return Asker(make_app(replace(settings, price_api_url=price_url)), house, clock)


def test_nothing_is_asked_until_an_owner_opens_the_door(asker: Asker) -> None:
    assert asker.ask() == []
    asker.open(DUTCH.source)
    assert asker.ask() == []


def test_today_and_tomorrow_are_asked_for_once_each(asker: Asker) -> None:
    asker.open()
    assert asker.ask() == [
        "/www.hvakosterstrommen.no/api/v1/prices/2026/11-20_NO1.json",
        "/www.hvakosterstrommen.no/api/v1/prices/2026/11-21_NO1.json",
    ]
    assert asker.ask() == []
    assert asker.count() == 2 * 96 * 2  # in crowns and in euros
    assert asker.door().answered_at == asker.clock.now() and asker.door().failure is None


def test_what_was_told_is_found_by_its_instant(asker: Asker) -> None:
    begin, _end = delivery_day(TODAY)
    asker.house.set_price("NO1", begin, -20.0)
    asker.house.leave_out("NO1", begin + QUARTER)
    asker.open()
    asker.ask()
    assert asker.price(begin, "EUR") == -20_000
    assert asker.price(begin, "NOK") == -235_000
    assert asker.price(begin + QUARTER) is None
    assert asker.price(begin, "SEK") is None
    assert asker.price(begin - QUARTER) is None


def test_tomorrow_is_due_at_a_private_time_after_one_o_clock() -> None:
    times = {due.tomorrow_due_at(TOMORROW, f"secret {number}") for number in range(200)}
    assert min(times) >= datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
    assert max(times) < datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert len(times) > 150
    assert due.tomorrow_due_at(TOMORROW, "ours") == due.tomorrow_due_at(TOMORROW, "ours")


def test_before_that_time_only_today_is_asked_for(asker: Asker) -> None:
    asker.clock.advance(seconds=-5 * 3600)  # 13:00 in Oslo
    asker.open()
    assert len(asker.ask()) == 1
    asker.clock.advance(seconds=30 * 60)
    assert len(asker.ask()) == 1
    assert asker.state(TOMORROW)


def test_tomorrow_that_is_late_is_asked_for_again_and_more_seldom_until_it_is_there(asker: Asker) -> None:
    asker.house.tomorrow_late()
    asker.open()
    assert len(asker.ask()) == 2
    assert asker.door().failure is None  # late is no trouble of the source
    questions = 0
    for _ in range(5 * 12):
        asker.clock.advance(seconds=5 * 60)
        questions += len(asker.ask())
    assert 5 <= questions <= 9
    asker.house.heal()
    asker.clock.advance(seconds=66 * 60)
    assert len(asker.ask()) == 1
    state = asker.state(TOMORROW)
    assert state and state.is_complete


def test_half_a_day_is_used_and_asked_for_again(asker: Asker) -> None:
    asker.house.half_a_day()
    asker.open()
    assert len(asker.ask()) == 2
    assert asker.count() == 2 * 48 * 2
    asker.house.heal()
    asker.clock.advance(seconds=12 * 60)
    assert len(asker.ask()) == 2
    assert asker.count() == 2 * 96 * 2


@pytest.mark.parametrize(("verb", "failure"), [("yesterday_again", "other_day"), ("cet_as_utc", "other_day")])
def test_a_wrong_day_is_not_kept_and_is_said(asker: Asker, verb: str, failure: str) -> None:
    getattr(asker.house, verb)()
    asker.open()
    asker.ask()
    assert asker.count() == 0
    assert asker.door().failure == failure
    assert asker.door().again_at is None


def test_a_host_in_trouble_is_left_alone_longer_and_longer(asker: Asker) -> None:
    asker.house.fail(503)
    asker.open()
    assert len(asker.ask()) == 1
    questions = 0
    for _ in range(24 * 12):
        asker.clock.advance(seconds=5 * 60)
        questions += len(asker.ask())
    assert 11 <= questions <= 18  # in a day: after 5, 10, 20, 40 and 80 minutes, then every two hours
    assert asker.door().failure == "refused"
    asker.house.heal()
    asker.clock.advance(seconds=2.3 * 3600)
    assert len(asker.ask()) >= 1
    assert asker.door().failure is None


def test_a_host_that_names_a_time_is_left_alone_for_so_long(asker: Asker) -> None:
    asker.house.limit(1800)
    asker.open()
    asker.ask()
    asker.clock.advance(seconds=1790)
    assert asker.ask() == []
    asker.house.heal()
    asker.clock.advance(seconds=250)
    assert len(asker.ask()) == 2


def test_one_source_in_trouble_does_not_hold_up_another(asker: Asker) -> None:
    asker.areas = [DUTCH, NORWEGIAN]
    asker.house.other_money("CHF")  # which crowns' files do not survive either
    asker.open(DUTCH.source, NORWEGIAN.source)
    asker.ask()
    assert asker.door(DUTCH.source).failure == asker.door(NORWEGIAN.source).failure == "other_money"
    asker.house.heal()
    asker.clock.advance(seconds=12 * 60)
    assert len(asker.ask()) == 4


def test_days_of_the_past_come_last_the_newest_first_and_ten_a_day(asker: Asker) -> None:
    asker.past = [(NORWEGIAN, TODAY - timedelta(days=number)) for number in range(1, 31)]
    asker.open()
    asked = asker.ask()
    assert len(asked) == 12
    assert asked[2:4] == [
        "/www.hvakosterstrommen.no/api/v1/prices/2026/11-19_NO1.json",
        "/www.hvakosterstrommen.no/api/v1/prices/2026/11-18_NO1.json",
    ]
    asker.clock.advance(seconds=23 * 3600)
    assert [path for path in asker.ask() if "11-0" in path] == []
    asker.clock.advance(seconds=2 * 3600)
    assert len([path for path in asker.ask() if "11-0" in path or "10-3" in path]) == 9 + 1


def test_while_somebody_else_asks_nobody_does(asker: Asker) -> None:
    asker.open()
    with asker.services.database.writing() as connection:
        leases.take(connection, fetching.FETCHING, "another", asker.clock.now(), fetching.LEASE)
    fetching.fetch_if_due(asker.services, lambda _: asker.areas, lambda _: [])
    assert not asker.house.asked
    asker.clock.advance(seconds=fetching.LEASE.total_seconds())
    assert len(asker.ask()) == 2


def test_a_door_that_is_shut_ends_the_asking(asker: Asker) -> None:
    asker.house.tomorrow_late()
    asker.open()
    asker.ask()
    with asker.services.database.writing() as connection:
        doors.switch(connection, NORWEGIAN.source, False, asker.clock.now(), "Anna")
    asker.clock.advance(seconds=24 * 3600)
    assert asker.ask() == []


def test_a_correction_takes_the_place_of_what_was_told_before(asker: Asker) -> None:
    begin, _end = delivery_day(TODAY)
    asker.house.half_a_day()
    asker.house.set_price("NO1", begin, 10.0)
    asker.open()
    asker.ask()
    asker.house.heal()
    asker.house.set_price("NO1", begin, 30.0)
    asker.clock.advance(seconds=12 * 60)
    asker.ask()
    assert asker.price(begin, "EUR") == 30_000


def test_the_price_of_an_hour_is_the_mean_of_what_is_kept(asker: Asker) -> None:
    from dashboard.tariff.contracts import Contracts
    from tests.tariff.contracts_of import OSLO, contract

    begin, _end = delivery_day(TODAY)
    for place, price in enumerate((10.0, 20.0, 30.0, 40.0)):
        asker.house.set_price("NO1", begin + place * QUARTER, price)
    asker.open()
    asker.ask()
    terms = SpotTerms(NORWEGIAN.source, NORWEGIAN.area, "EUR", HOUR)
    with asker.services.database.reading() as connection:
        found = Contracts(OSLO, [contract(terms)], SpotPrices(connection)).price_at(begin)
    assert found is not None and found.energy == 25_000
