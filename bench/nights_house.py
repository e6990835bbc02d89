"""The household of a simulated night: Zaptec's cloud and a price house, our programs, and one moved clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select
from werkzeug.security import generate_password_hash

from app import create_app
from bench.nights_drawn import HOME, DrawnNight
from dashboard import clock, doors
from dashboard.background import AtOnce
from dashboard.clock import Clock
from dashboard.history import tariff
from dashboard.household import passwords
from dashboard.household.tables import member_table
from dashboard.plan import next_requests
from dashboard.plan.kwh_prices import UsualCharge
from dashboard.plan.tables import aim_table
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.tariff import terms
from dashboard.tariff.contract import MICRO, QUARTER, Contract, SpotTerms
from simulator import Cloud, ManualClock, PriceHouse, serve, serve_prices

SOURCE, AREA = "api.energy-charts.info", "NL"
PASSWORD = "measuring is knowing"
CHEAP = "scrypt:256:8:1"
LONGEST_STEP_S = 120.0  # the clock's own is a quarter of that: nothing comes sooner here than it would
# Half as often as it is, and less while nothing is expected: that is what most of a night's computing is for.
ASKED_EVERY = timedelta(minutes=2), timedelta(minutes=8)
PRICES_EVERY = timedelta(minutes=3)  # each tick would take longer for no other prices
JOBS = ("charger", "plan", "prices")


class Killed(BaseException):
    """In the place of what a program was about to write when it was killed."""


class SimulatedHouse:
    """Everything that takes part in a night.

    Attributes:
        programs: ours; none while it is dead.
        ahead: how far its clock is off.
        metered: what the charger's meter said, at each step.
    """

    def __init__(self, night: DrawnNight, database_url: str, zaptec: str, cloud: Cloud, prices: PriceHouse) -> None:
        self.night, self.cloud, self.prices = night, cloud, prices
        self.time: ManualClock = cloud.clock  # type: ignore[assignment]
        self.ahead = timedelta()
        self.programs: list[Flask] = []
        self.metered: list[tuple[datetime, float]] = []
        self.settings = Settings(
            zaptec_username=cloud.username,
            zaptec_password=cloud.password,
            zaptec_api_url=zaptec,
            database_url=database_url,
            secret_key="x",
            time_zone=HOME.key,
            instance=Path("/nowhere"),
        )

    def now(self) -> datetime:
        """What our programs take for the time."""
        return self.time.now() + self.ahead

    @property
    def services(self) -> Services:
        services: Services = self.programs[0].extensions["services"]
        return services

    def start(self) -> None:
        self.programs = [self._program() for _ in range(self.night.programs)]

    def _program(self) -> Flask:
        app = create_app(
            self.settings, now=self.now, background=AtOnce, sleep=lambda _s: None, seconds_per_request=0, jobs=JOBS
        )
        app.config["TESTING"] = True
        for job in app.extensions["services"].clock.jobs:
            job.every = PRICES_EVERY if job.name == "prices" else job.every
        if self.night.is_known:
            usual = UsualCharge(round(self.night.power_w), 5, most_wh=round(1000 * self.night.battery_kwh * 0.7))
            app.extensions["services"].usual_charge = lambda *_asked: usual
        return app

    def kill(self) -> None:
        """Have the programs die in the middle of what they write next, or where they are."""
        for app in self.programs:
            services: Services = app.extensions["services"]
            event.listen(services.database.engine, "commit", _die)
            with suppress(Killed):
                services.clock.tick()
            services.database.dispose()
        self.programs = []

    def stop(self) -> None:
        for app in self.programs:
            app.extensions["services"].database.dispose()
        self.programs = []

    def tick(self) -> float:
        """All programs look at the clock; in how many seconds the first wants to again."""
        if len(self.programs) < 2:
            return min((app.extensions["services"].clock.tick() for app in self.programs), default=LONGEST_STEP_S)
        with ThreadPoolExecutor(len(self.programs)) as threads:
            clocks: list[Clock] = [app.extensions["services"].clock for app in self.programs]
            return min(threads.map(Clock.tick, clocks))

    def pass_time(self, until: datetime) -> None:
        """Let time pass, as the clock of a program does; what is reached needs no more looking."""
        while (left := (until - self.time.now()).total_seconds()) > 0:
            if self.is_over():
                self.time.advance(left)
                self.read_meter()
                return
            self.time.advance(min(max(1.0, self.tick()), left))
            self.read_meter()

    def is_over(self) -> bool:
        """Whether an aim was set and has ended, ten minutes ago or more."""
        if not self.programs or len(self.metered) % 10 or not self.metered:
            return False
        with self.services.database.reading() as connection:
            query = select(aim_table.c.ended_at).order_by(aim_table.c.id.desc()).limit(1)
            ended_at = connection.execute(query).scalar_one_or_none()
        return ended_at is not None and self.now() - ended_at > timedelta(minutes=10)

    def read_meter(self) -> None:
        charger = self.cloud.charger
        with charger.moving():
            charger.settle()
            self.metered.append((self.time.now(), charger.meter.kwh))

    def browser(self) -> FlaskClient:
        """One in which somebody of the household is signed in."""
        browser = self.programs[0].test_client()
        browser.post("/login", data={"name": "Anna", "password": PASSWORD, "stay": "yes"})
        return browser

    def next_json(self) -> dict[str, Any] | None:
        answer = self.browser().get(f"/chargers/{self.cloud.charger.id}/next.json")
        return answer.json["aim"] if answer.json else None

    def quarter_prices(self, begin: datetime, end: datetime) -> dict[datetime, int | None]:
        """What a kWh costs by the price house itself, in millionths, by the begin of each quarter."""
        with self.prices.moving():
            well, self.prices.troubles = self.prices.troubles, type(self.prices.troubles)()
            days = (begin.astimezone(HOME).date() + timedelta(n) for n in range((end - begin).days + 2))
            quoted = [quote for day in days for quote in self.prices.day(AREA, day)]
            self.prices.troubles = well
        return {
            quote.begin: None if quote.eur_per_mwh is None else round(quote.eur_per_mwh * 1000) for quote in quoted
        }


def _die(*_connection: object) -> None:
    raise Killed


@contextmanager
def house_of(night: DrawnNight, database_url: str) -> Iterator[SimulatedHouse]:
    """The household half an hour before anything happens, its prices known as far as they are told."""
    passwords.METHOD, clock.AT_THE_LATEST_S = CHEAP, LONGEST_STEP_S
    next_requests.EVERY_CHARGING, next_requests.EVERY_HELD_BACK = ASKED_EVERY
    with ExitStack() as closing:
        time = ManualClock(night.begin - timedelta(minutes=30))
        cloud, prices = Cloud.household(time, names=("Carport",)), PriceHouse(time)
        if night.has_wild_prices:
            _make_wild(prices, night)
        if night.price_fault:
            _spoil(prices, night)
        zaptec = closing.enter_context(serve(cloud))
        house = SimulatedHouse(night, database_url, zaptec, cloud, prices)
        house.settings = replace(house.settings, price_api_url=closing.enter_context(serve_prices(prices)))
        house.start()
        closing.callback(house.stop)
        _furnish(house)
        yield house


def _make_wild(prices: PriceHouse, night: DrawnNight) -> None:
    dice, at = random.Random(f"prices {night.seed}"), night.begin.replace(minute=0, second=0, microsecond=0)
    level = 0.0
    for number in range(4 * 40):
        level = dice.uniform(-60, 300) if dice.random() < 0.3 else level
        prices.set_price(AREA, at + number * QUARTER, round(level, 2))


def _spoil(prices: PriceHouse, night: DrawnNight) -> None:
    if night.price_fault != "null":
        getattr(prices, night.price_fault or "")()
        return
    dice, at = random.Random(f"null {night.seed}"), night.begin.replace(minute=0, second=0, microsecond=0)
    for number in range(4 * 40):
        if dice.random() < 0.1:
            prices.set_price(AREA, at + number * QUARTER, None)


def _furnish(house: SimulatedHouse) -> None:
    """One owner, a contract by the hour, and its price source switched on."""
    now = house.now()
    contract = Contract(date(2026, 1, 1), "EUR", SpotTerms(SOURCE, AREA, "EUR", QUARTER))
    person = {
        "name": "Anna",
        "name_key": "anna",
        "role": "owner",
        "password_hash": generate_password_hash(PASSWORD, CHEAP),
        "created_at": now,
    }
    with house.services.database.writing() as connection:
        connection.execute(insert(member_table).values(person))
        tariff.choose_currency(connection, "EUR")
        tariff.add(connection, contract.valid_from, MICRO, now, "Anna", terms.to_text(contract))
        doors.switch(connection, SOURCE, True, now, "Anna")
