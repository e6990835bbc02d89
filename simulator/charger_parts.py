"""A simulated Zaptec Go: what it is made of, and what it is in the middle of."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import resources
from threading import RLock
from zlib import crc32

from simulator.car import Car
from simulator.clock import MovableClock
from simulator.meter import Meter, Warmth
from simulator.readings import Readings
from simulator.sessions import OpenSession, Session
from simulator.timeline import Timeline, happening

IS_ONLINE = -2  # the cloud's own finding, never late
NO_CAR, CAR_WAITS, CAR_DRAWS = "12", "9", "6"
DISCONNECTED, REQUESTING, CHARGING, FINISHED = 1, 2, 3, 5


class ChargerParts:
    """A charger with a cable, a meter and much to tell.

    Attributes:
        timeline: what time it is for the charger, and what is to come.
        readings: what the charger itself knows.
        seen: what has reached the cloud, which stands still while the charger cannot be heard.
        online, restarting: whether the cloud can hear it, and whether it is silent for a restart.
        late_s: how long its news takes to the cloud.
        meter, warmth: what flows, has flowed, and made it warm.
        drawing_since: when the car began to draw.
        car: what hangs at the cable, if anything.
        session: the car's stay so far.
        sessions, unsent: finished ones that have reached the cloud, and those kept back; oldest first.
        limit_a, share_a: the current set for it, and what load balancing leaves; under 6 A it may not charge.
        start_delay_s: how long a car takes from being offered power to drawing it.
        firmware: the version people see.
    """

    def __init__(self, charger_id: str, name: str, serial: str, clock: MovableClock, lock: RLock) -> None:
        self.id = charger_id
        self.name = name
        self.serial = serial
        self.clock = clock
        self.lock = lock
        self.timeline = Timeline(clock.now())
        self.readings = base_state()
        self.seen = Readings()
        self.online = True
        self.restarting = False
        self.late_s = 0.0
        self.meter = Meter(120.0 + self.luck % 700, self.at)
        self.warmth = Warmth(0.0, self.at)
        self.drawing_since = self.at
        self.car: Car | None = None
        self.session: OpenSession | None = None
        self.sessions: list[Session] = []
        self.unsent: list[Session] = []
        self.sessions_begun = 0
        self.limit_a = self.share_a = 16.0
        self.start_delay_s = 5.0 + self.luck % 10
        self.firmware = self.readings[911] or "2.3.1.2"

    # Time.

    @property
    def at(self) -> datetime:
        """The moment it lives in."""
        return self.timeline.at

    def catch_up(self, now: datetime) -> None:
        """Let everything happen that was due by `now`."""
        for due in self.timeline.until(now):
            due.happening(self, *due.args)

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Let a verb run alone, and after everything that was due before it."""
        with self.lock:
            self.catch_up(self.clock.now())
            yield

    # What it is in.

    @property
    def luck(self) -> int:
        """A number that differs between chargers and never changes for one."""
        return crc32(self.id.encode())

    @property
    def can_be_heard(self) -> bool:
        return self.online and not self.restarting

    @property
    def mode(self) -> int:
        return int(self.readings.number(710))

    @property
    def is_drawing(self) -> bool:
        return self.readings[702] == CAR_DRAWS

    @property
    def final_stop(self) -> bool:
        return self.readings[718] == "1"

    @property
    def authorised(self) -> bool:
        return self.readings[120] != "1" or bool(self.readings[722])

    @property
    def held_by_schedule(self) -> bool:
        return bool(self.readings[763])

    @property
    def allowed_a(self) -> float:
        """Current it may give the car now; under 6 A none."""
        held = self.car is not None and (not self.authorised or self.held_by_schedule)
        return 0.0 if held or self.readings[711] == "0" else min(self.limit_a, self.share_a)

    @property
    def session_kwh(self) -> float:
        return self.meter.kwh - self.session.meter_kwh if self.session else 0.0

    # What it keeps up to date.

    def settle(self) -> None:
        """Book the energy that has flowed since the last change of power, and put it into the car."""
        energy_kwh = self.meter.settle(self.at)
        if self.car is not None and energy_kwh:
            self.car.take(energy_kwh)

    def report(self, state_id: int, text: str | None, *, even_if_equal: bool = False) -> None:
        """Set a value and send it, if the cloud can hear the charger."""
        self.readings.put(state_id, text, self.at, even_if_equal=even_if_equal)
        if self.can_be_heard:
            self._send(state_id, text, self.at, even_if_equal)

    def send_everything(self) -> None:
        """Bring the cloud up to date after a silence; each value keeps the moment it changed."""
        for state_id in self.readings:
            if state_id != IS_ONLINE:
                self._send(state_id, *self.readings.reading(state_id), True)
        self.seen.put(IS_ONLINE, "1" if self.online else "0", self.at)

    def _send(self, state_id: int, text: str | None, at: datetime, even_if_equal: bool) -> None:
        if self.late_s:
            self.timeline.later(self.late_s, arrive, state_id, text, at.isoformat(), even_if_equal)
        else:
            self.seen.put(state_id, text, at, even_if_equal=even_if_equal)


@happening
def arrive(charger: ChargerParts, state_id: int, text: str | None, at: str, even_if_equal: bool) -> None:
    """A value that was on its way has reached the cloud."""
    charger.seen.put(state_id, text, datetime.fromisoformat(at), even_if_equal=even_if_equal)


def base_state() -> Readings:
    """The settings of an invented Go, in the shape of https://github.com/metskem/zaptecbot's recorded one."""
    text = resources.files("simulator").joinpath("base-state-go.json").read_text(encoding="utf-8")
    return Readings.from_json(json.loads(text))
