"""The part of a simulated charger that keeps values, tells the cloud about them, and acts when time comes."""

import heapq
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from importlib import resources
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar
from zlib import crc32

from simulator.clock import Clock
from simulator.readings import Readings

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound="Machine")


def verb(method: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
    """Mark a method that moves the charger: it runs alone, and after everything that was due before it."""

    @wraps(method)
    def moved(self: M, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            self.catch_up(self.clock.now())
            return method(self, *args, **kwargs)

    return moved  # type: ignore[return-value]  # mypy names the first parameter


class Machine:
    """Values and a queue of things to come.

    Nothing runs in the background: whoever looks calls `catch_up` first, and what was due by then happens
    in order, at the very moment it was due. So it does not matter how often somebody looks.

    Attributes:
        readings: what the charger itself knows.
        seen: what has reached the cloud, which stands still while the charger cannot be heard.
        at: the moment the charger is living in.
    """

    def __init__(self, charger_id: str, name: str, serial: str, clock: Clock, lock: RLock) -> None:
        self.id = charger_id
        self.name = name
        self.serial = serial
        self.clock = clock
        self.lock = lock
        self.at = clock.now()
        self.online = True
        self.restarting = False
        self.readings = base_state()
        self.seen = Readings()
        self.queue: list[tuple[datetime, int, str, list[Any]]] = []
        self.number = 0

    @property
    def luck(self) -> int:
        """A number that differs between chargers and never changes for one."""
        return crc32(self.id.encode())

    @property
    def can_be_heard(self) -> bool:
        return self.online and not self.restarting

    def catch_up(self, now: datetime) -> None:
        """Let everything happen that was due by `now`."""
        while self.queue and self.queue[0][0] <= now:
            due, _, action, args = heapq.heappop(self.queue)
            self.at = max(self.at, due)
            getattr(self, action)(*args)
        self.at = max(self.at, now)

    def later(self, seconds: float, action: str, *args: Any) -> None:
        """Have the method called `action` run in so many seconds."""
        self.number += 1
        due = self.at + timedelta(seconds=seconds)
        heapq.heappush(self.queue, (due, self.number, action, list(args)))

    def cancel(self, *actions: str) -> None:
        self.queue = [item for item in self.queue if item[2] not in actions]
        heapq.heapify(self.queue)

    def is_due(self, action: str) -> bool:
        return any(item[2] == action for item in self.queue)

    def report(self, state_id: int, text: str | None, *, even_if_equal: bool = False) -> None:
        """Set a value and send it, if the cloud can hear the charger."""
        self.readings.put(state_id, text, self.at, even_if_equal=even_if_equal)
        if self.can_be_heard:
            self.seen.put(state_id, text, self.at, even_if_equal=even_if_equal)

    def send_everything(self) -> None:
        """Bring the cloud up to date after a silence; each value keeps the moment it changed."""
        self.readings.copy_to(self.seen)
        self.seen.put(-2, "1" if self.online else "0", self.at)


def base_state() -> Readings:
    """The settings of an invented Go, in the shape of https://github.com/metskem/zaptecbot's recorded one."""
    text = resources.files("simulator").joinpath("base-state-go.json").read_text(encoding="utf-8")
    return Readings.from_json(json.loads(text))
