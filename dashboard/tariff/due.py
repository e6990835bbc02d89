"""Which delivery day is to be asked for next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from dashboard import doors, leases
from dashboard.doors import Door
from dashboard.tariff.sources.answer import DELIVERY_ZONE, ONE_DAY
from dashboard.tariff.spot_prices import DAY_BACK_OFF, PAST_DAY_PAUSE, DayState, PriceArea, states_of

# The exchange tells tomorrow at about 13:00. Not everybody shall ask in the same second.
TOLD_AT = time(13, 5)
JITTER_S = 25 * 60
MOST_PAST_DAYS = 10  # in a day, for each area
HOST_BACK_OFF = leases.BackOff(timedelta(minutes=5), timedelta(hours=2), seldom=timedelta(hours=2))
PastDay = tuple[PriceArea, date]
LONGEST_PAUSE = max(DAY_BACK_OFF.longest, PAST_DAY_PAUSE)


def tomorrow_due_at(day: date, secret: str) -> datetime:
    """When a day's prices are asked for first: on the day before, at a time of our own between 13:05 and 13:30."""
    drawn = hashlib.sha256(f"{secret} {day.isoformat()}".encode()).digest()
    private = timedelta(seconds=int.from_bytes(drawn[:4]) % JITTER_S)
    return datetime.combine(day - ONE_DAY, TOLD_AT, DELIVERY_ZONE) + private


def next_day(
    connection: Connection, areas: Iterable[PriceArea], past: Iterable[PastDay], now: datetime, secret: str
) -> tuple[PriceArea, date] | None:
    """The day to ask for: today before tomorrow, and these before the past.

    Args:
        areas: whose prices are needed; only those of open doors are asked for.
        past: what is needed of the days before today, newest first.
        secret: what only this household knows, for its jitter.
    """
    present = [(area, day) for day in _present_days(now, secret) for area in areas]
    states: dict[PriceArea, dict[date, DayState]] = {}
    for area, day in (*present, *past):
        if area not in states and may_be_asked(doors.find(connection, area.source), now):
            states[area] = states_of(connection, area)
        if area in states and _is_wanted(states[area].get(day), now) and _has_turns(states[area], day, now):
            return area, day
    return None


def may_be_asked(door: Door, now: datetime) -> bool:
    """Whether an owner lets it be asked, and it has not just failed."""
    return door.is_open and not leases.still_holds(door.again_at, now, HOST_BACK_OFF.longest)


def _present_days(now: datetime, secret: str) -> list[date]:
    today = now.astimezone(DELIVERY_ZONE).date()
    return [today, today + ONE_DAY] if now >= tomorrow_due_at(today + ONE_DAY, secret) else [today]


def _is_wanted(state: DayState | None, now: datetime) -> bool:
    if state is None:
        return True
    return not state.is_complete and not leases.still_holds(state.again_at, now, LONGEST_PAUSE)


def _has_turns(states: dict[date, DayState], day: date, now: datetime) -> bool:
    """Only so many days of the past are asked for in a day."""
    today = now.astimezone(DELIVERY_ZONE).date()
    return day >= today or sum(1 for _ in _asked_lately(states.values(), today, now)) < MOST_PAST_DAYS


def _asked_lately(states: Iterable[DayState], today: date, now: datetime) -> Iterator[DayState]:
    return (state for state in states if state.day < today and timedelta() <= now - state.asked_at < ONE_DAY)
