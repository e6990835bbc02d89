"""Programs that die at any moment, and several at once: each change happens once, in order, and is told truly."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from dashboard.charger import press, sending, snapshots
from dashboard.plan import clock_job, steps, weekly
from dashboard.plan.week import Week, Window
from tests.plan.changes import every_change_happened_once, pause_before_the_next_tick, plan_it

NIGHTS_AND_SATURDAY = (Window(frozenset(range(5)), 23 * 60, 6 * 60), Window(frozenset({5}), 10 * 60, 14 * 60))
WEEK = Week(NIGHTS_AND_SATURDAY, ZoneInfo("Europe/Oslo"))
PLACES = (
    (steps, "take"),
    (steps, "_sent"),
    (steps, "_carry_out"),
    (steps, "_note"),
    (steps, "_judge"),
    (weekly, "_write_step"),
    (weekly, "_end_exceptions"),
    (press, "_without_asking"),
    (press, "_check"),
    (sending, "send"),
    (snapshots, "ask"),
    (clock_job, "_start"),
)


class Killed(BaseException):
    """As kill -9: nothing of the program runs any more."""


@dataclass
class Reaper:
    """Kills programs at random places, before or after the deed."""

    dice: random.Random
    chance: float = 0.0
    deaths: int = 0
    victim: Flask | None = None
    places: set[str] = field(default_factory=set)

    def threaten(self, patch: pytest.MonkeyPatch) -> None:
        for module, name in PLACES:
            patch.setattr(module, name, self._dangerous(getattr(module, name), name))

    def _dangerous(self, deed, name):
        def do(*some, **more):
            self._maybe(f"before {name}")
            done = deed(*some, **more)
            self._maybe(f"after {name}")
            return done

        return do

    def _maybe(self, place: str) -> None:
        if self.victim is not None and self.dice.random() < self.chance:
            self.deaths += 1
            self.places.add(place)
            database = self.victim.extensions["services"].database
            database.writing = _writes_no_more  # type: ignore[method-assign]
            raise Killed


def _writes_no_more() -> Iterator[None]:
    raise Killed


@pytest.mark.long
@pytest.mark.parametrize(("count", "seed"), [(1, 1), (2, 3)])
def test_a_week_with_deaths_at_random_does_every_change_once(home, settings, make_app, count, seed, monkeypatch):
    dice = random.Random(seed)
    reaper = Reaper(dice)
    reaper.threaten(monkeypatch)
    start = home.time.now()
    plan_it(home, WEEK)
    end = home.time.now() + timedelta(days=7)
    changes = [start, *WEEK.changes(start, end - timedelta(hours=1))]  # saving is the first
    apps = [home.app, *(make_app(settings) for _one in range(count - 1))]
    reaper.chance = 0.05
    while home.time.now() < end:
        number = dice.randrange(len(apps))
        reaper.victim = home.app = apps[number]
        try:
            home.tick()
        except Killed:
            reaper.victim = None
            home.services.database.dispose()  # the dead hold no connections
            home.app = apps[number] = make_app(settings)
        home.time.advance(pause_before_the_next_tick(home.time.now(), changes, dice))
    reaper.victim = None
    assert reaper.deaths > 10, "the test tests nothing"
    every_change_happened_once(home, changes, WEEK)


def test_two_programs_that_tick_at_the_same_moment_act_once(charging_home, settings, make_app):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.until("19:55")
    home.pass_time(minutes=6, step=600)
    other = make_app(settings)
    home.time.advance(60)
    together = threading.Barrier(2)

    others = other.extensions["services"].clock
    others.jobs = [job for job in others.jobs if job.name != "history"]

    def run(app: Flask) -> None:
        together.wait()
        with app.app_context():
            app.extensions["services"].clock.tick()

    for _again in range(5):
        threads = [threading.Thread(target=run, args=(app,)) for app in (home.app, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        home.time.advance(5)
    home.settle()
    assert home.charger.commands == [506]
    assert sum("The plan paused charging" in line for line in home.log()) == 1
