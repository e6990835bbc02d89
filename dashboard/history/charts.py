"""Figures for the drawings: where each bar and each step of a curve stands. The templates place them.

A drawing is 100 wide and 100 high and stretched to the room there is; its letters stand beside it, unstretched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from dashboard import formats
from dashboard.history.shares import Stretch
from dashboard.history.totals import ChargeSum

SIZE = 100.0
NEAR_AN_EDGE = 4.0
NICE = (1, 2, 3, 4, 5, 6, 8, 10)
STEPS_H = (1, 2, 3, 4, 6, 12, 24, 48, 96, 168)
MOST_TICKS = 6


@dataclass(frozen=True)
class AxisLabel:
    """A label at a place across the drawing."""

    at: float
    text: str


@dataclass(frozen=True)
class DayBar:
    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Chart:
    """A drawing of bars, or of a curve as the `d` of a path.

    Attributes:
        up: what the upper edge and the middle stand for.
        across: labels below.
    """

    bars: tuple[DayBar, ...]
    across: tuple[AxisLabel, ...]
    up: tuple[str, str]
    curve: str = ""


def nice_top(highest: float) -> float:
    """A round number to end the axis with: 1, 2, 3 … times a power of ten."""
    power = 10.0 ** (len(f"{int(highest)}") - 1) if highest >= 1 else 0.1
    while highest > 10 * power:
        power *= 10
    return next((step * power for step in NICE if step * power >= highest), 10 * power)


def _up(top: float) -> tuple[str, str]:
    return _plain(top), _plain(top / 2)


def _plain(value: float) -> str:
    return f"{Decimal(str(round(value, 2))).normalize():f}"


def _y(value: float, top: float) -> float:
    return round(SIZE - SIZE * (value / top if top else 0), 2)


def days_chart(days: Sequence[tuple[date, ChargeSum]]) -> Chart:
    """A bar for each day of a month."""
    top = nice_top(max((charged.energy_mwh / 1e6 for _day, charged in days), default=0) or 1)
    step = SIZE / max(1, len(days))
    bars, labels = [], []
    for number, (day, charged) in enumerate(days):
        x, y = number * step, _y(charged.energy_mwh / 1e6, top)
        if charged.energy_mwh:
            title = f"{formats.calendar_day(day)}: {formats.kwh(charged.energy_mwh)} kWh"
            bars.append(DayBar(round(x + step * 0.12, 2), y, round(step * 0.76, 2), round(SIZE - y, 2), title))
        if day.day in (1, 8, 15, 22, 29):
            labels.append(AxisLabel(round(x + step / 2, 2), str(day.day)))
    return Chart(tuple(bars), tuple(labels), _up(top))


def bar_width(energy_mwh: int, highest_mwh: int) -> float:
    """How long a lying bar is, of 100."""
    return round(100 * energy_mwh / highest_mwh, 1) if highest_mwh else 0.0


def curve_chart(start: datetime, end: datetime, flowed: Sequence[Stretch]) -> Chart:
    """The average power of each reading, in kW, from plugging in to unplugging."""
    seconds = max(1.0, (end - start).total_seconds())
    top = nice_top(max((stretch.power_w / 1000 for stretch in flowed), default=0) or 1)

    def x(at: datetime) -> float:
        part = min(1.0, max(0.0, (at - start).total_seconds() / seconds))
        return round(SIZE * part, 2)

    path = [f"M0 {SIZE}"]
    for stretch in flowed:
        y = _y(stretch.power_w / 1000, top)
        path.append(f"L{x(stretch.begin)} {SIZE}V{y}H{x(stretch.end)}V{SIZE}")
    path.append(f"L{SIZE} {SIZE}Z")
    return Chart((), tuple(_hours(start, end, x)), _up(top), "".join(path))


def _hours(start: datetime, end: datetime, x: Callable[[datetime], float]) -> list[AxisLabel]:
    """Full hours of the local clock, so many that their labels do not touch."""
    hours = (end - start).total_seconds() / 3600
    step = next((step_h for step_h in STEPS_H if hours / step_h <= MOST_TICKS), STEPS_H[-1])
    here = formats.local(start).replace(minute=0, second=0, microsecond=0)
    labels = []
    at = start - (formats.local(start) - here)
    for _ in range(500):
        at += timedelta(hours=1)
        if at >= end:
            break
        clock = formats.local(at)
        if clock.hour % min(step, 24) == 0 and NEAR_AN_EDGE < x(at) < SIZE - NEAR_AN_EDGE:
            text = f"{clock:%H:%M}" if step < 24 else f"{clock.day}.{clock.month}."
            labels.append(AxisLabel(x(at), text))
    return labels
