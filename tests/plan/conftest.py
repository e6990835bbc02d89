"""A household whose charger is known, and a clock that ticks while time passes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.activity.lines import LogLine
from dashboard.activity.log import activity_log
from dashboard.charger import chargers, snapshots
from dashboard.formats import zone
from dashboard.services import Services
from simulator import Cloud, ManualClock
from tests.conftest import Household

OSLO = ZoneInfo("Europe/Oslo")
NEEDED = ("charger", "plan", "prices", "clean up")


def at(text: str, zone: ZoneInfo = OSLO) -> datetime:
    """The moment of a local time, such as 2026-11-20T19:00."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Person:
    """Somebody of the household, for rules that are called without a page."""

    id: int
    name: str


BEN = Person(2, "Ben")


def killed(*_some: object, **_more: object) -> None:
    """In the place of what a program was about to do when it was killed."""
    raise KeyboardInterrupt


def button_value(page: str, begins: str) -> str:
    """The value of the first button whose value begins so: `cancel-3` of `cancel-`."""
    start = page.index(f'value="{begins}') + len('value="')
    return page[start : page.index('"', start)]


@dataclass
class Home:
    """The household's dashboard, its charger and its time, with verbs for tests.

    Attributes:
        id: the first charger's.
    """

    app: Flask
    people: Household
    cloud: Cloud
    time: ManualClock

    @property
    def services(self) -> Services:
        services: Services = self.app.extensions["services"]
        return services

    @property
    def charger(self):
        return self.cloud.charger

    @property
    def id(self) -> str:
        return self.cloud.charger.id

    def tick(self) -> None:
        clock = self.services.clock  # what a plan needs alone, so that a week passes quickly
        clock.jobs = [job for job in clock.jobs if job.name in NEEDED]
        clock.tick()

    def pass_time(self, seconds: float = 0, minutes: float = 0, hours: float = 0, step: float = 120) -> None:
        """Let time pass, ticking as the clock does; seldom, so that a night is quick."""
        left = seconds + 60 * minutes + 3600 * hours
        while left > 0:
            self.time.advance(min(step, left))
            left -= step
            self.tick()

    def settle(self) -> None:
        """Let what is under way end."""
        self.pass_time(seconds=20, step=4)

    def until(self, text: str) -> None:
        """Let time pass until the household's clock shows this, and a little more."""
        hour, minute = map(int, text.split(":"))
        with self.app.app_context():
            here = self.time.now().astimezone(zone())
        then = here.replace(hour=hour, minute=minute, second=0)
        if then <= here:
            then += timedelta(days=1)
        self.pass_time((then - here).total_seconds(), step=600)
        self.settle()

    def go_to(self, moment: datetime) -> None:
        """Jump there without ticking, as if the program had not run."""
        self.time.advance((moment - self.time.now()).total_seconds())

    def look(self, charger_id: str | None = None) -> None:
        with self.app.app_context():
            snapshots.ask(self.services, charger_id or self.id, patient=False)

    def look_after(self, seconds: float) -> None:
        """Let time pass without ticking, and look at the charger then."""
        self.time.advance(seconds)
        self.look()

    def post(self, who, do: str, **fields: str):
        return who.post(f"/chargers/{self.id}/timers", data={"do": do, **fields})

    def save(self, who=None, days: str = "0123456", start: str = "23:00", end: str = "06:00", **fields):
        """Save a plan of one row; `days` as digits, 0 is Monday."""
        form = {"charger": self.id, "rows": "1", "from-0": start, "to-0": end, "days-0": list(days)}
        form |= {"on": "yes", "do": "save"} | fields
        return (who or self.people.ben).post("/plan", data=form)

    def next(self) -> str:
        """What the card says will happen next."""
        page = self.people.carla.get(f"/chargers/{self.id}").text
        line = re.search(r'<p class="next">(.*?)</p>', page, re.DOTALL)
        return " ".join(unescape(line[1]).split()) if line else ""

    def alerts(self) -> str:
        page = self.people.ben.get(f"/chargers/{self.id}").text
        return unescape(" ".join(re.findall(r'<p class="alert[^"]*">(.*?)</p>', page, re.DOTALL)))

    def log(self) -> list[str]:
        """The log's lines about the charger, oldest first."""
        with self.app.app_context(), self.people.database.reading() as connection:
            rows = connection.execute(select(activity_log).order_by(activity_log.c.id)).all()
            lines = [
                LogLine(row.at, row.kind, row.member_name, row.origin, None, json.loads(row.details))
                for row in rows
            ]
            return [line.words for line in lines]


@pytest.fixture
def home(app: Flask, household: Household, cloud: Cloud, clock: ManualClock) -> Home:
    """Thursday-like calm: a Friday, 18:00 in Oslo, no car."""
    home = Home(app, household, cloud, clock)
    with app.app_context():
        chargers.read_list(home.services, force=True)
    home.look()
    return home


@pytest.fixture
def charging_home(home: Home) -> Home:
    """The same with a car that charges."""
    home.cloud.charger.plug_in_and_charge(battery_kwh=50_000)
    home.look_after(20)
    return home


MakeApp = Callable[..., Flask]
