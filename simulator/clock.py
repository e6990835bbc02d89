"""What time it is in the simulated cloud: real, possibly sped up, or moved by hand in tests."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class MovableClock(Protocol):
    """What the simulator, and a program under test, need from a clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def advance(self, seconds: float = 0) -> None:
        """Move on by this many seconds."""


class ManualClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float = 0) -> None:
        self._now += timedelta(seconds=seconds)


class RealClock:
    """The system's time at first, then running `speed` times as fast.

    Attributes:
        speed: simulated seconds per real second.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self.speed = speed
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def advance(self, seconds: float = 0) -> None:
        self._start += timedelta(seconds=seconds)
