"""Two programs on one database that look at the same moment: each step of an aim is done once, and told once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from dashboard.settings import Settings
from tests.plan.aims import aim_of, by_the_clock, set_aim, slots
from tests.plan.conftest import Home, at
from tests.plan.test_weekly_aims import save_rows

HELD_STARTED_AND_REACHED = [506, 507, 506]
PAUSED = "Ben paused charging (by the ready-by time)"
TOLD_OF_A_NIGHT = [
    "Ben resumed charging (by the ready-by time)",
    "The car got +20 kWh, wanted by 07:00",
    PAUSED,
]


class TwoPrograms:
    """The home's own and another, which tick together."""

    def __init__(self, home: Home, other: Flask) -> None:
        self.home = home
        self._apps = (home.app, other)
        clock = other.extensions["services"].clock
        clock.jobs = [job for job in clock.jobs if job.name not in ("history", "prices", "costs")]

    def pass_time(self, minutes: float, step_s: float = 60) -> None:
        for _step in range(round(minutes * 60 / step_s)):
            self.home.time.advance(step_s)
            self._tick()

    def measure(self, minutes: int) -> None:
        """Let them tick in turn: who sees first how much a car takes decides which hours are chosen."""
        for _minute in range(minutes):
            self.home.time.advance(60)
            for app in self._apps:
                self._tick_one(app)

    def go_to(self, moment: datetime) -> None:
        self.home.go_to(moment)
        self._tick()

    def _tick(self) -> None:
        together = threading.Barrier(len(self._apps))
        threads = [threading.Thread(target=self._tick_with_the_other, args=(app, together)) for app in self._apps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _tick_with_the_other(self, app: Flask, together: threading.Barrier) -> None:
        together.wait()
        self._tick_one(app)

    def _tick_one(self, app: Flask) -> None:
        with app.app_context():
            app.extensions["services"].clock.tick()


@pytest.fixture
def two(home: Home, settings: Settings, make_app: Callable[[Settings], Flask]) -> TwoPrograms:
    by_the_clock(home)
    return TwoPrograms(home, make_app(settings))


def night(two: TwoPrograms) -> None:
    """From when the car is plugged in until it has what it was to have."""
    two.home.charger.plug_in_and_charge(battery_kwh=60_000)
    two.measure(minutes=6)
    assert slots(two.home).startswith("01:00–")
    two.go_to(at("2026-11-21T00:58"))
    two.pass_time(minutes=8)
    two.pass_time(minutes=135, step_s=180)
    assert aim_of(two.home) is None


def test_an_aim_that_a_person_has_set_is_carried_out_once(two: TwoPrograms) -> None:
    home = two.home
    set_aim(home, cheapest="yes")
    night(two)
    assert home.charger.commands == HELD_STARTED_AND_REACHED
    assert home.log() == ["Ben wants +20 kWh by Sat 07:00", "The ready-by time paused charging", *TOLD_OF_A_NIGHT]


def test_an_aim_of_the_week_is_made_and_carried_out_once_for_each_car(two: TwoPrograms) -> None:
    home = two.home
    save_rows(home, ("0123456", "07:00", "20"))
    two.pass_time(minutes=1)
    night(two)
    assert home.charger.commands == HELD_STARTED_AND_REACHED
    home.charger.unplug()
    two.pass_time(minutes=5)
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    two.pass_time(minutes=5)
    made = "Ben wants +20 kWh by {} (by the plan)"
    told = [made.format("Sat 07:00"), PAUSED, *TOLD_OF_A_NIGHT, made.format("07:00")]
    assert home.log()[: len(told) + 1] == ["Ben saved the weekly plan", *told]
