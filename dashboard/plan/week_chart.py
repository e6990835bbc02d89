"""The week as a bar picture: what is open on which day, in the clock's own time, with now marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.plan.week import MINUTES_A_DAY, Window


@dataclass(frozen=True)
class WeekBar:
    """A piece of one day: from where to where, in minutes since midnight."""

    x: int
    width: int


@dataclass(frozen=True)
class WeekRow:
    """One day of the picture; `now` is where the present minute is, on today's row."""

    day: int
    y: int
    bars: tuple[WeekBar, ...]
    now: int | None = None


ROW_HEIGHT = 20


def rows(windows: tuple[Window, ...], here: datetime) -> list[WeekRow]:
    """Seven rows, Monday first; `here` is now in the household's time."""
    now = here.hour * 60 + here.minute
    return [
        WeekRow(day, day * ROW_HEIGHT, tuple(_bars(windows, day)), now if here.weekday() == day else None)
        for day in range(7)
    ]


def _bars(windows: tuple[Window, ...], day: int) -> list[WeekBar]:
    pieces = sorted(_pieces(windows, day))
    merged: list[tuple[int, int]] = []
    for start, end in pieces:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return [WeekBar(start, end - start) for start, end in merged]


def _pieces(windows: tuple[Window, ...], day: int) -> list[tuple[int, int]]:
    """What opens on that day, and what reaches into it from the day before."""
    pieces = [(window.start, min(window.last_minute, MINUTES_A_DAY)) for window in windows if day in window.days]
    for window in windows:
        if (day - 1) % 7 in window.days and window.last_minute > MINUTES_A_DAY:
            pieces.append((0, window.last_minute - MINUTES_A_DAY))
    return pieces
