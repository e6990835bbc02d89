"""Real programs and real kill -9: each change of a plan happens once, in order, and is told truly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

import pytest

from dashboard.plan.week import Week, Window
from dashboard.settings import Settings
from tests.plan.changes import every_change_happened_once, pause_before_the_next_tick, plan_it
from tests.plan.program import run
from tests.processes import MortalProcess

ZONE = ZoneInfo("Europe/Oslo")
WEEK = Week(tuple(Window(frozenset(range(7)), hour * 60, (hour + 2) * 60) for hour in range(1, 24, 4)), ZONE)


class Programs:
    """One program after the other, each alive until somebody kills it.

    Attributes:
        deaths: where they died.
    """

    def __init__(self, settings: Settings, dice: random.Random) -> None:
        self.deaths: list[str] = []
        self._dice = dice
        self._program = MortalProcess(run, settings)

    def tick(self, now: datetime) -> None:
        """Have a program tick at this moment; it may be its last."""
        self._program.order(now)
        if self._dice.random() < 0.05 and not self._program.has_ended(self._dice.uniform(0, 0.01)):
            self.kill("anywhere")
        self._program.wait()

    def kill(self, where: str) -> None:
        if self._program.is_there:
            self.deaths.append(where)
            self._program.kill()

    def end(self) -> None:
        self._program.end()


@pytest.fixture
def programs(settings: Settings, cloud, monkeypatch) -> Iterator[Programs]:
    """Programs that are killed while Zaptec answers them, and anywhere else."""
    dice = random.Random(7)
    programs = Programs(settings, dice)
    state_of, every_other = cloud.state_of, cycle([True, False])

    def answer(device):
        if dice.random() < 0.05:
            programs.kill("asking")
        return state_of(device)

    monkeypatch.setattr(cloud, "state_of", answer)
    cloud.on_command = lambda *_: next(every_other) and programs.kill("between a command and its answer")
    yield programs
    programs.end()


@pytest.mark.long
def test_a_program_that_is_killed_again_and_again_does_every_change_once(home, programs):
    start = home.time.now()
    plan_it(home, WEEK)
    end = home.time.now() + timedelta(hours=12)
    changes = [start, *WEEK.changes(start, end - timedelta(hours=1))]  # saving is the first
    dice = random.Random(7)
    while home.time.now() < end:
        programs.tick(home.time.now())
        home.time.advance(pause_before_the_next_tick(home.time.now(), changes, dice))
    assert len(changes) == 7
    assert {"asking", "between a command and its answer"} <= set(programs.deaths)
    every_change_happened_once(home, changes, WEEK)
