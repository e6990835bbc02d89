"""What has to happen later: a thread in each process that claims what is due, so that each thing is done once.

It sleeps until the next thing that is planned, or until somebody in this process plans something sooner; and comes
by every half minute in any case, so that it finds what another process has planned, or has left behind.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

log = logging.getLogger(__name__)
AT_THE_LATEST_S = 30.0
AT_THE_SOONEST_S = 0.2  # what is due now and cannot be claimed, or is planned in a burst, must not keep us busy
AFTER_A_FAILURE_S = 5.0


@dataclass
class Job:
    """Something to do from time to time, in every process: claim before doing.

    Attributes:
        name: the room's, for tests that want only some.
        do: does what is due; says in how many seconds something else will be, if it knows.
        every: how much time to leave between two calls.
    """

    name: str
    do: Callable[[], float | None]
    every: timedelta = timedelta()
    done_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self.done_at is None or not timedelta() <= now - self.done_at < self.every


@dataclass
class Clock:
    """The ticking of one process.

    Attributes:
        now: the time.
        context: what the work is done in, such as an application's context.
        jobs: done in this order at each tick; `app.py` lists them.
        last_tick: when the last tick ended well, or the first was to begin.
        alarm: set by `wake`; rings until the clock looks.
    """

    now: Callable[[], datetime]
    context: Callable[[], AbstractContextManager[object]] = nullcontext
    jobs: list[Job] = field(default_factory=list)
    last_tick: datetime | None = None
    alarm: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self.last_tick = self.now()  # from now on a tick that fails counts as late
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let a tick that runs end, and begin no other."""
        self._stop.set()
        self.alarm.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def wake(self) -> None:
        """Something may be due sooner than the clock knows: look now. To be called once it is stored."""
        self.alarm.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = AFTER_A_FAILURE_S
            try:
                pause = self.tick()
            except Exception:
                log.exception("a tick failed; the next one tries again")
            if self.alarm.wait(pause):
                self._stop.wait(AT_THE_SOONEST_S)  # the answer to whoever has planned it goes first
            self.alarm.clear()  # before looking: what is planned while we look is looked at afterwards

    def tick(self) -> float:
        """Do what is due; returns how long to wait for the next tick, in seconds."""
        now, pause = self.now(), AT_THE_LATEST_S
        with self.context():
            for job in self.jobs:
                if not job.is_due(now):
                    continue
                job.done_at = now
                try:
                    wish = job.do()
                    pause = pause if wish is None else min(pause, wish)
                except Exception:
                    pause = min(pause, AFTER_A_FAILURE_S)
                    log.exception("a job failed; the others are done, and the next tick tries again")
        self.last_tick = now
        return max(pause, AT_THE_SOONEST_S)
