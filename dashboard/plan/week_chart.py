"""The coming seven days as a picture, today first: when charging is let go, and what of the plan is left out.

It draws what will happen, not what was typed: timers, skipped nights, a press that holds until the plan's next
change. Of a plan that is off it draws outlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from dashboard.plan.rules import ActiveRules, TimerKind
from dashboard.plan.week import DAY, MINUTES_A_DAY, Week, moment

DAYS = 7
ROW_HEIGHT = 20


class BarKind(StrEnum):
    OPEN = "open"  # charging is let go
    LEFT_OUT = "left-out"  # the plan's, but skipped, or paused by a person or a timer
    OFF = "off"  # of a plan that is off


@dataclass(frozen=True)
class DrawnTime:
    """Some time in which the same holds, over midnight too."""

    begins: datetime
    ends: datetime
    kind: BarKind


@dataclass(frozen=True)
class WeekBar:
    """A piece of one day: from where to where, in minutes since midnight."""

    x: int
    width: int
    kind: BarKind


@dataclass(frozen=True)
class WeekRow:
    """One day of the picture.

    Attributes:
        now: where the present minute is, on today's row.
        ready: when the car is to be ready, in minutes too.
    """

    day: int
    y: int
    bars: tuple[WeekBar, ...]
    now: int | None = None
    ready: tuple[int, ...] = ()


def rows(rules: ActiveRules, week: Week, now: datetime) -> list[WeekRow]:
    """Seven rows, today first; none where there is nothing to draw.

    Args:
        week: the plan as it is saved, on or off.
    """
    today = now.astimezone(week.zone).date()
    until = moment(today + DAYS * DAY, 0, week.zone)
    stretches, ready = list(_stretches(rules, week, now, until)), list(_ready(rules, now, until))
    if not stretches and not ready:
        return []
    days = [_row(number, today + number * DAY, stretches, ready, week.zone) for number in range(DAYS)]
    return [replace(days[0], now=_minutes(now, week.zone)), *days[1:]]


def _ready(rules: ActiveRules, now: datetime, until: datetime) -> Iterator[datetime]:
    """When the car is to be ready: by the aim that is set, then by those of the week."""
    if rules.aim and now < rules.aim.ready_by < until:
        yield rules.aim.ready_by
    if rules.aim_rows:
        yield from (coming.ready_by for coming in rules.aim_rows.between(now, until))


def has_gaps(rows: list[WeekRow]) -> bool:
    """Whether something of the plan is left out."""
    return any(bar.kind is BarKind.LEFT_OUT for row in rows for bar in row.bars)


def _stretches(rules: ActiveRules, week: Week, now: datetime, until: datetime) -> Iterator[DrawnTime]:
    charges = list(_charges(rules, now, until))
    yield from (DrawnTime(begins, ends, BarKind.OPEN) for begins, ends in charges)
    kind = BarKind.OFF if rules.week is None else BarKind.LEFT_OUT
    for begins, ends in week.openings_between(now, until):
        for piece in _without(max(begins, now), min(ends, until), charges):
            yield DrawnTime(*piece, kind)


def _charges(rules: ActiveRules, now: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When charging is let go by the plan, an aim or for a single charge; nothing where none is set."""
    if rules.week is None and rules.timer(TimerKind.CHARGE) is None and rules.aim is None:
        return
    is_open, since = rules.rule_at(now).is_open, now
    for change in rules.changes(now, until):
        if change.is_open is is_open:
            continue
        if is_open:
            yield since, change.at
        is_open, since = change.is_open, change.at
    if is_open:
        yield since, until


def _without(
    begins: datetime, ends: datetime, others: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """What is left of some time without the others, which are in order."""
    for start, end in others:
        if start < ends and begins < end:
            if begins < start:
                yield begins, start
            begins = end
    if begins < ends:
        yield begins, ends


def _row(number: int, day: date, stretches: list[DrawnTime], ready: list[datetime], zone: tzinfo) -> WeekRow:
    begins, ends = moment(day, 0, zone), moment(day + DAY, 0, zone)
    bars = [bar for stretch in stretches if (bar := _bar(stretch, begins, ends, zone))]
    marks = tuple(_minutes(at, zone) for at in ready if begins <= at < ends)
    return WeekRow(day.weekday(), number * ROW_HEIGHT, tuple(sorted(bars, key=lambda bar: bar.x)), ready=marks)


def _bar(stretch: DrawnTime, begins: datetime, ends: datetime, zone: tzinfo) -> WeekBar | None:
    """What falls on the day between two midnights, as the clock shows it."""
    start, end = max(stretch.begins, begins), min(stretch.ends, ends)
    if start >= end:
        return None
    x = _minutes(start, zone) if start > begins else 0
    right = _minutes(end, zone) if end < ends else MINUTES_A_DAY
    # In the hour that comes twice the clock may show less at the end than at the start.
    return WeekBar(x, max(right - x, 1), stretch.kind)


def _minutes(at: datetime, zone: tzinfo) -> int:
    here = at.astimezone(zone)
    return here.hour * 60 + here.minute
