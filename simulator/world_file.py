"""The simulated world in a file, so that a demo that is restarted goes on where it was.

Chargers live lazily, so the file needs writing only when somebody has done something: what has happened
since then follows from it.
"""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from simulator.car import Car
from simulator.charger import SimulatedCharger
from simulator.clock import Clock, RealClock
from simulator.cloud import Cloud
from simulator.invented_history import InventedHistory
from simulator.readings import Readings
from simulator.sessions import OpenSession, Session

Json = dict[str, Any]
VERSION = 1
PLAIN = (
    *("online", "restarting", "sessions_begun", "meter_kwh", "power_w", "limit_a", "share_a"),
    *("start_delay_s", "heat", "number", "commands"),
)
MOMENTS = ("at", "settled_at", "drawing_since", "heat_at")


def save(cloud: Cloud, path: Path) -> None:
    """Write the world in one go: a reader sees the old file or the new one, never half of it."""
    with cloud.lock:
        cloud.catch_up()
        world = {
            "version": VERSION,
            "now": cloud.clock.now().isoformat(),
            "chargers": [_charger_to_json(charger) for charger in cloud.chargers],
            "sensors": [sensor.name for sensor in cloud.sensors],
            "roles": cloud.accounts[0].roles,
            "past": [history.to_json() for history in cloud.invented],
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    draft.write_text(json.dumps(world), encoding="utf-8")
    draft.replace(path)


def load(path: Path, *, speed: float = 1.0, rate_limited: bool = True) -> Cloud | None:
    """The world as it was kept, or None if there is none to be had."""
    try:
        world = json.loads(path.read_text(encoding="utf-8"))
        if world["version"] != VERSION:
            raise ValueError("another version")
        return _world(world, speed, rate_limited)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as reason:
        broken = path.with_name(path.name + ".broken")
        path.replace(broken)
        print(f"simulator begins anew: {path} could not be read ({reason}), kept as {broken}", file=sys.stderr)
        return None


def _world(world: Json, speed: float, rate_limited: bool) -> Cloud:
    clock = RealClock(speed)
    ahead_s = (datetime.fromisoformat(world["now"]) - clock.now()).total_seconds()
    clock.advance(max(0.0, ahead_s))  # a world that ran fast, or was moved on, does not go back in time
    cloud = Cloud(clock=clock, rate_limited=rate_limited)
    cloud.chargers = [_charger_from_json(kept, clock, cloud.lock) for kept in world["chargers"]]
    for name in world["sensors"]:
        cloud.add_sensor(name)
    cloud.accounts[0].roles = dict(world["roles"])
    cloud.invent(InventedHistory.from_json(kept) for kept in world["past"])
    return cloud


def _charger_to_json(charger: SimulatedCharger) -> Json:
    return {
        **{name: getattr(charger, name) for name in PLAIN},
        **{name: getattr(charger, name).isoformat() for name in MOMENTS},
        "id": charger.id,
        "name": charger.name,
        "serial": charger.serial,
        "readings": charger.readings.to_json(),
        "seen": charger.seen.to_json(),
        "queue": [[due.isoformat(), number, action, args] for due, number, action, args in charger.queue],
        "car": charger.car and asdict(charger.car),
        "session": charger.session and charger.session.to_json(),
        "sessions": [session.to_json() for session in charger.sessions],
        "unsent": [session.to_json() for session in charger.unsent],
        "recording": charger.recording,
    }


def _charger_from_json(kept: Json, clock: Clock, lock: RLock) -> SimulatedCharger:
    charger = SimulatedCharger(kept["id"], kept["name"], kept["serial"], clock, lock)
    for name in PLAIN:
        setattr(charger, name, kept[name])
    for name in MOMENTS:
        setattr(charger, name, datetime.fromisoformat(kept[name]))
    charger.readings = Readings.from_json(kept["readings"])
    charger.seen = Readings.from_json(kept["seen"])
    charger.queue = [(datetime.fromisoformat(due), *rest) for due, *rest in kept["queue"]]
    charger.car = Car(**kept["car"]) if kept["car"] else None
    charger.session = OpenSession.from_json(kept["session"]) if kept["session"] else None
    charger.sessions = _sessions(kept["sessions"])
    charger.unsent = _sessions(kept["unsent"])
    charger.recording = kept["recording"]
    return charger


def _sessions(kept: Iterable[Json]) -> list[Session]:
    return [Session.from_json(item) for item in kept]
