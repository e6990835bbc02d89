"""The simulated world in a file, so that a demo that is restarted goes on where it was.

Chargers live lazily, so the file needs writing only when somebody has done something: what has happened
since then follows from it.
"""

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from simulator.car import Car
from simulator.charger import APOLLO, SimulatedCharger
from simulator.clock import MovableClock, RealClock
from simulator.cloud import Cloud
from simulator.commands import DEAUTHORIZE, PAUSE, RESTART, RESUME
from simulator.installations import SimulatedInstallation
from simulator.invented_history import InventedHistory
from simulator.meter import Meter, Warmth
from simulator.obeying import take_step
from simulator.readings import Readings
from simulator.sessions import OpenSession, Session
from simulator.timeline import HAPPENINGS, Due, Timeline

Json = dict[str, Any]
VERSION = 1

# Older worlds name each step of a command, with a line before every name.
OLDER_STEPS = {
    "_pause_accepted": (PAUSE, 0),
    "_ramp_down": (PAUSE, 1),
    "_pause_done": (PAUSE, 2),
    "_resume_accepted": (RESUME, 0),
    "_resume_done": (RESUME, 1),
    "_deauthorize": (DEAUTHORIZE, 0),
    "_look_unplugged": (DEAUTHORIZE, 1),
    "_connect_again": (DEAUTHORIZE, 2),
    "_restart_begins": (RESTART, 0),
    "_restart_ends": (RESTART, 1),
}


def save(cloud: Cloud, path: Path) -> None:
    """Write the world in one go: a reader sees the old file or the new one, never half of it."""
    with cloud.lock:
        cloud.catch_up()
        world = {
            "version": VERSION,
            "now": cloud.clock.now().isoformat(),
            "chargers": [_charger_to_json(charger) for charger in cloud.chargers],
            "installations": [asdict(installation) for installation in cloud.installations],
            "placed": cloud.placed,
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
    ahead_s = (_moment(world["now"]) - clock.now()).total_seconds()
    clock.advance(max(0.0, ahead_s))  # a world that ran fast, or was moved on, does not go back in time
    cloud = Cloud(clock=clock, rate_limited=rate_limited)
    cloud.chargers = [_charger_from_json(kept, clock, cloud.lock) for kept in world["chargers"]]
    for name in world["sensors"]:
        cloud.add_sensor(name)
    cloud.accounts[0].roles = dict(world["roles"])
    if "installations" in world:  # earlier versions knew only the one
        cloud.installations = [SimulatedInstallation(**kept) for kept in world["installations"]]
    home = cloud.installations[0].id
    cloud.placed = world.get("placed", {charger.id: home for charger in cloud.chargers})
    cloud.invent(InventedHistory.from_json(kept) for kept in world["past"])
    return cloud


def _charger_to_json(charger: SimulatedCharger) -> Json:
    return {
        "id": charger.id,
        "name": charger.name,
        "serial": charger.serial,
        "device_type": charger.device_type,
        "online": charger.online,
        "restarting": charger.restarting,
        "late_s": charger.late_s,
        "limit_a": charger.limit_a,
        "share_a": charger.share_a,
        "start_delay_s": charger.start_delay_s,
        "commands": charger.commands,
        "readings": charger.readings.to_json(),
        "seen": charger.seen.to_json(),
        "recording": charger.recording,
        **_timeline_to_json(charger.timeline),
        **_meter_to_json(charger),
        **_stays_to_json(charger),
    }


def _timeline_to_json(timeline: Timeline) -> Json:
    return {
        "at": timeline.at.isoformat(),
        "number": timeline.number,
        "queue": [[due.at.isoformat(), due.number, due.happening.__name__, due.args] for due in timeline],
    }


def _meter_to_json(charger: SimulatedCharger) -> Json:
    return {
        "meter_kwh": charger.meter.kwh,
        "power_w": charger.meter.power_w,
        "settled_at": charger.meter.settled_at.isoformat(),
        "heat": charger.warmth.level,
        "heat_at": charger.warmth.at.isoformat(),
        "drawing_since": charger.drawing_since.isoformat(),
    }


def _stays_to_json(charger: SimulatedCharger) -> Json:
    return {
        "car": charger.car and asdict(charger.car),
        "session": charger.session and charger.session.to_json(),
        "sessions_begun": charger.sessions_begun,
        "sessions": [session.to_json() for session in charger.sessions],
        "unsent": [session.to_json() for session in charger.unsent],
    }


def _charger_from_json(kept: Json, clock: MovableClock, lock: RLock) -> SimulatedCharger:
    charger = SimulatedCharger(kept["id"], kept["name"], kept["serial"], clock, lock)
    charger.device_type = kept.get("device_type", APOLLO)
    charger.online, charger.restarting = kept["online"], kept["restarting"]
    charger.late_s = kept.get("late_s", 0.0)
    charger.limit_a, charger.share_a = kept["limit_a"], kept["share_a"]
    charger.start_delay_s = kept["start_delay_s"]
    charger.commands = kept["commands"]
    charger.readings = Readings.from_json(kept["readings"])
    charger.seen = Readings.from_json(kept["seen"])
    charger.recording = kept["recording"]
    charger.timeline = _timeline_from_json(kept)
    charger.meter = Meter(kept["meter_kwh"], _moment(kept["settled_at"]), kept["power_w"])
    charger.warmth = Warmth(kept["heat"], _moment(kept["heat_at"]))
    charger.drawing_since = _moment(kept["drawing_since"])
    charger.car = Car(**kept["car"]) if kept["car"] else None
    charger.session = OpenSession.from_json(kept["session"]) if kept["session"] else None
    charger.sessions_begun = kept["sessions_begun"]
    charger.sessions = [Session.from_json(item) for item in kept["sessions"]]
    charger.unsent = [Session.from_json(item) for item in kept["unsent"]]
    return charger


def _timeline_from_json(kept: Json) -> Timeline:
    queue = [_due(_moment(at), number, name, args) for at, number, name, args in kept["queue"]]
    return Timeline(_moment(kept["at"]), queue, kept["number"])


def _due(at: datetime, number: int, name: str, args: list[Any]) -> Due:
    if name in OLDER_STEPS:
        return Due(at, number, take_step, OLDER_STEPS[name])
    return Due(at, number, HAPPENINGS[name.removeprefix("_")], tuple(args))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
