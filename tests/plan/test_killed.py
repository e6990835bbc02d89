"""Real programs and real kill -9: each change of a plan happens once, in order, and is told truly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from zoneinfo import ZoneInfo

import pytest

from dashboard.plan.week import Week, Window
from dashboard.settings import Settings
from tests.plan.changes import every_change_happened_once, pause_before_the_next_tick, plan_it
from tests.plan.program import run
from tests.processes import PROCESSES

ZONE = ZoneInfo("Europe/Oslo")
WEEK = Week(tuple(Window(frozenset(range(7)), hour * 60, (hour + 2) * 60) for hour in range(1, 24, 4)), ZONE)


class Programs:
    """One program after the other, each alive until somebody kills it.

    Attributes:
        deaths: where they died.
    """

    def __init__(self, settings: Settings, dice: random.Random) -> None:
        self.deaths: list[str] = []
        self._settings = settings
        self._dice = dice
        self._process: BaseProcess | None = None
        self._orders: Connection | None = None

    def tick(self, now: datetime) -> None:
        """Have a program tick at this moment; it may be its last."""
        if self._process is None:
            self._start()
        self._orders.send(now)
        if self._dice.random() < 0.05 and not self._orders.poll(self._dice.uniform(0, 0.01)):
            self.kill("anywhere")
        try:
            self._orders.recv()
        except (EOFError, OSError):
            self.end()

    def kill(self, where: str) -> None:
        if self._process is not None:
            self.deaths.append(where)
            self._process.kill()

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._orders.close()
            self._process = None

    def _start(self) -> None:
        self._orders, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=run, args=(self._settings, theirs), daemon=True)
        self._process.start()
        theirs.close()


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
