"""Years of past sessions, the same for the same seed, with the odd ones a real history has.

Cars come home in the evening and leave in the morning, so some nights are those on which the clocks
change. A few sessions were recorded offline, by a wrong clock, or are marked void or aborted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.sessions import PEOPLE, Session

POWERS_KW = (10.9, 10.9, 7.2, 3.6)


@dataclass(frozen=True)
class InventedHistory:
    """Everything a charger's invented history follows from.

    Attributes:
        until: sessions end before.
        meter_kwh: the lifetime meter before the first of them.
    """

    charger_id: str
    charger_name: str
    serial: str
    firmware: str
    years: float
    seed: int
    until: datetime
    meter_kwh: float
    time_zone: str

    def sessions(self) -> list[Session]:
        """Oldest first."""
        return list(_sessions(self))

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"until": self.until.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "InventedHistory":
        return cls(**(kept | {"until": datetime.fromisoformat(kept["until"])}))


def _sessions(history: InventedHistory) -> Iterator[Session]:
    random = Random(f"{history.charger_id}/{history.seed}")
    zone = zone_named(history.time_zone)
    last = history.until.astimezone(zone).date() - timedelta(days=1)
    day = last - timedelta(days=round(history.years * 365.25))
    meter_kwh = history.meter_kwh
    while day < last:
        if random.random() < 0.5 or _clocks_change_after(day, zone):
            for session in _one_night(history, random, zone, day, meter_kwh):
                if session.end < history.until:
                    yield session
                    meter_kwh += session.energy_kwh
        day += timedelta(days=1)


def _one_night(
    history: InventedHistory, random: Random, zone: ZoneInfo, day: date, meter_kwh: float
) -> Iterator[Session]:
    """A session from this evening to the next morning, seldom with a void or aborted one before it."""
    home_at = time(random.randrange(16, 22), random.randrange(60), random.randrange(60))
    start = datetime.combine(day, home_at, zone).astimezone(UTC)
    leave_at = time(random.randrange(6, 9), random.randrange(60), random.randrange(60))
    end = datetime.combine(day + timedelta(days=1), leave_at, zone).astimezone(UTC)
    start = start.replace(microsecond=random.randrange(1000) * 1000)
    waits_h = random.choice((0.0, 0.0, 0.01, 3.5))
    begins = start + timedelta(hours=waits_h)
    power_kw = random.choice(POWERS_KW)
    energy_kwh = min(random.uniform(3.0, 32.0), power_kw * (end - begins).total_seconds() / 3600 * 0.9)
    readings = _readings(start, begins, end, meter_kwh, energy_kwh, power_kw)
    energy_kwh = round(readings[-1][1] - readings[0][1], 3)
    session = _session(history, random, start, end, energy_kwh, readings)
    odd = random.random()
    if odd < 0.03:
        yield replace(session, readings=(), offline=True, committed=end + timedelta(minutes=21))
    elif odd < 0.05:
        yield replace(session, offline=True, reliable_clock=False)
    elif odd < 0.07:
        void_id = _new_id(random)
        void = _session(history, random, start - timedelta(minutes=4), start - timedelta(minutes=1), 0.0, ())
        yield replace(void, id=void_id, voided=True, replaced_by=session.id)
        yield session
    elif odd < 0.09:
        aborted = _session(history, random, start - timedelta(minutes=9), start - timedelta(minutes=8), 0.0, ())
        yield replace(aborted, aborted=True)
        yield session
    elif odd < 0.4:
        person = random.choice(PEOPLE)
        token, by_card = random.choice((("Key fob", True), (None, False)))
        yield replace(session, person=person, token_name=token, stopped_by_rfid=by_card)
    else:
        yield session


def _session(
    history: InventedHistory,
    random: Random,
    start: datetime,
    end: datetime,
    energy_kwh: float,
    readings: tuple[tuple[datetime, float], ...],
) -> Session:
    return Session(
        _new_id(random),
        history.charger_id,
        history.serial,
        history.charger_name,
        history.firmware,
        start,
        end,
        energy_kwh,
        readings,
        committed=end,
    )


def _new_id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _readings(
    start: datetime, begins: datetime, end: datetime, meter_kwh: float, energy_kwh: float, power_kw: float
) -> tuple[tuple[datetime, float], ...]:
    """The meter at the start, at full hours after which energy had flowed, and at the end."""

    def meter_at(at: datetime) -> float:
        flowed_kwh = max(0.0, (at - begins).total_seconds()) / 3600 * power_kw
        return round(meter_kwh + min(energy_kwh, flowed_kwh), 3)

    readings = [(start, round(meter_kwh, 3))]
    hour = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour < end:
        if meter_at(hour) > readings[-1][1]:
            readings.append((hour, meter_at(hour)))
        hour += timedelta(hours=1)
    readings.append((end, meter_at(end)))
    return tuple(readings)


def _clocks_change_after(day: date, zone: ZoneInfo) -> bool:
    evening = datetime.combine(day, time(20), zone)
    morning = datetime.combine(day + timedelta(days=1), time(8), zone)
    return evening.utcoffset() != morning.utcoffset()


def zone_named(name: str) -> ZoneInfo:
    """The zone, or UTC on a system that knows no zones."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")
