"""What has to happen later: a thread in each process that claims what is due, so that each thing is done once."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask, current_app

from dashboard import activity
from dashboard.charging import chargers, press, receipts
from dashboard.charging.account import forget_old_counts
from dashboard.services import Services, services

log = logging.getLogger(__name__)
TICK_S = 5.0
TICK_UNDER_WAY_S = 1.0  # while a command is under way: its looks come at 2 and 7 s
CLEAN_UP_EVERY = timedelta(hours=6)


@dataclass
class Clock:
    """The ticking of one process.

    Attributes:
        last_tick: when the last tick ended well, or the first was to begin.
    """

    app: Flask
    last_tick: datetime | None = None
    _cleaned_up: datetime | None = None
    _has_read_list: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self.last_tick = self.app.extensions["services"].now()  # from now on a tick that fails counts as late
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let a tick that runs end, and begin no other."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = TICK_S
            try:
                with self.app.app_context():
                    pause = self.tick()
            except Exception:
                log.exception("a tick failed; the next one tries again")
            self._stop.wait(pause)

    def tick(self) -> float:
        """Do what is due; returns how long to wait for the next tick, in seconds."""
        house = services()
        now = house.now()
        if not self._has_read_list:
            house.account.forget_other_rejection()
            self._has_read_list = True
            house.background.start(lambda: chargers.read_list(house, every=chargers.AT_START))
        with house.database.reading() as connection:
            is_under_way = receipts.is_any_under_way(connection)
        if is_under_way:
            with house.database.writing() as connection:
                receipts.end_interrupted(connection, now)
            house.background.start(lambda: press.watch(house))
        for chore in house.hooks.chores:
            try:
                chore(house)
            except Exception:
                log.exception("a chore failed; the others are done, and the next tick tries again")
        self._clean_up(house, now)
        self.last_tick = now
        return TICK_UNDER_WAY_S if is_under_way else TICK_S

    def _clean_up(self, house: Services, now: datetime) -> None:
        if self._cleaned_up is None or now - self._cleaned_up >= CLEAN_UP_EVERY:
            self._cleaned_up = now
            with house.database.writing() as connection:
                for forget in (activity.forget_old, forget_old_counts, *house.hooks.clean_ups):
                    forget(connection, now)


def clock() -> Clock:
    return current_app.extensions["clock"]  # type: ignore[no-any-return]


def init_app(app: Flask) -> None:
    app.extensions["clock"] = Clock(app)
