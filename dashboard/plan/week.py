"""The weekly plan as a rule about time: when charging is let go, and when that changes.

Pure: no database, no page. Local times become moments here and nowhere else: 02:30 that does not exist
(the clock goes forward) means the moment the clock goes forward; 02:30 that comes twice means the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

MINUTES_A_DAY = 24 * 60
DAY = timedelta(days=1)
# A window begins at most this many days before a moment it covers: over midnight, and a zone that skips a day.
_BACK_DAYS = 3
# Two weeks, because the one opening of a week may fall into the hour that a changed clock leaves out.
_AHEAD_DAYS = 17
_HORIZON = timedelta(days=15)  # what is seen beyond may be cut off


def moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The moment of a local time, in UTC; `minutes` since midnight may be 1440, the midnight that follows."""
    naive = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == naive:
        return first
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _clock_goes_forward_between(min(first, second), max(first, second), zone)


def _clock_goes_forward_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first whole second with the new offset."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def next_time(minutes: int, now: datetime, zone: tzinfo) -> datetime:
    """When the local clock next shows this time: today, else tomorrow."""
    today = now.astimezone(zone).date()
    return next(at for days in range(3) if (at := moment(today + days * DAY, minutes, zone)) > now)


@dataclass(frozen=True)
class Window:
    """One row of the plan: on these days charging is let go from one time to another.

    Attributes:
        days: 0 is Monday; the day the window begins.
        start: minutes since midnight, 0 to 1439.
        end: 1 to 1440; not after `start`: on the following day, so that equal times mean a whole day.
    """

    days: frozenset[int]
    start: int
    end: int

    @property
    def goes_over_midnight(self) -> bool:
        return self.end <= self.start

    @property
    def last_minute(self) -> int:
        """The end, counted from the midnight before the start."""
        return self.end + (MINUTES_A_DAY if self.goes_over_midnight else 0)

    def on(self, day: date, zone: tzinfo) -> tuple[datetime, datetime] | None:
        """From when to when it is open, having begun on that day; None if it does not, or lasts no time."""
        if day.weekday() not in self.days:
            return None
        end_day = day + DAY if self.goes_over_midnight else day
        begins, ends = moment(day, self.start, zone), moment(end_day, self.end, zone)
        return (begins, ends) if begins < ends else None


@dataclass(frozen=True)
class Week:
    """What the rows say together: open inside any of them. Rows that touch or overlap make one opening."""

    windows: tuple[Window, ...]
    zone: tzinfo

    @classmethod
    def from_text(cls, text: str, zone: tzinfo) -> Week:
        """Read back what `to_text` gave."""
        return cls(tuple(Window(frozenset(days), start, end) for days, start, end in json.loads(text)), zone)

    def to_text(self) -> str:
        return json.dumps([[sorted(window.days), window.start, window.end] for window in self.windows])

    def openings(self, since: date, days: int) -> list[tuple[datetime, datetime]]:
        """The openings that begin on these days, in order, each from its first moment to its last."""
        return list(_openings(self, since, days))

    def openings_between(self, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
        """The openings that hold at some time between two moments, in order."""
        first = begins.astimezone(self.zone).date() - _BACK_DAYS * DAY
        around = self.openings(first, (ends - begins).days + 2 * _BACK_DAYS)
        return [opening for opening in around if opening[0] < ends and begins < opening[1]]

    def _around(self, at: datetime) -> list[tuple[datetime, datetime]]:
        here = at.astimezone(self.zone).date()
        return self.openings(here - _BACK_DAYS * DAY, _BACK_DAYS + _AHEAD_DAYS)

    def is_open(self, at: datetime) -> bool:
        return any(begins <= at < ends for begins, ends in self._around(at))

    def next_change(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which open turns to closed or back; None if that never happens."""
        around = self._around(at)
        later = [edge for opening in around for edge in opening if at < edge <= at + _HORIZON]
        return min(later, default=None)

    def changes(self, after: datetime, until: datetime) -> list[datetime]:
        """Every change in (after, until], the latest hundred at most."""
        changes: list[datetime] = []
        at: datetime | None = max(after, until - 60 * DAY)
        while at is not None and (at := self.next_change(at)) is not None and at <= until:
            changes.append(at)
        return changes[-100:]

    def next_opening(self, at: datetime) -> tuple[datetime, datetime | None] | None:
        """The opening that holds at this moment, else the next; its end is None if it has none."""
        begins = at if self.is_open(at) else self.next_change(at)
        return None if begins is None else (begins, self.next_change(begins))


@lru_cache(maxsize=64)  # a page asks for the same days again and again
def _openings(week: Week, since: date, days: int) -> tuple[tuple[datetime, datetime], ...]:
    openings = [
        opening
        for number in range(days)
        for window in week.windows
        if (opening := window.on(since + number * DAY, week.zone))
    ]
    return tuple(_merged(sorted(openings)))


def _merged(openings: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    begins: datetime | None = None
    ends: datetime | None = None
    for start, end in openings:
        if begins is None or ends is None:
            begins, ends = start, end
        elif start <= ends:
            ends = max(ends, end)
        else:
            yield begins, ends
            begins, ends = start, end
    if begins is not None and ends is not None:
        yield begins, ends
