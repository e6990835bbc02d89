"""Figures for the drawings: where each bar and each step of a curve stands. The templates place them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from dashboard import formats
from dashboard.history.shares import Stretch
from dashboard.history.totals import ChargeSum

WIDTH, HEIGHT = 340.0, 130.0
LEFT, TOP, BOTTOM = 30.0, 8.0, 18.0
NICE = (1, 2, 3, 4, 5, 6, 8, 10)
STEPS_H = (1, 2, 3, 4, 6, 12, 24, 48, 96, 168)
MOST_TICKS = 6


@dataclass(frozen=True)
class AxisLabel:
    """A label at a place of an axis."""

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
    """A drawing of WIDTH by HEIGHT: bars, or a curve as the `d` of a path; with labels on both axes."""

    bars: tuple[DayBar, ...]
    across: tuple[AxisLabel, ...]
    up: tuple[AxisLabel, ...]
    curve: str = ""
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    floor: float = HEIGHT - BOTTOM


def nice_top(highest: float) -> float:
    """A round number to end the axis with: 1, 2, 3 … times a power of ten."""
    power = 10.0 ** (len(f"{int(highest)}") - 1) if highest >= 1 else 0.1
    while highest > 10 * power:
        power *= 10
    return next((step * power for step in NICE if step * power >= highest), 10 * power)


def _up(top: float) -> tuple[AxisLabel, ...]:
    room = HEIGHT - BOTTOM - TOP
    return tuple(
        AxisLabel(round(HEIGHT - BOTTOM - room * part, 1), f"{Decimal(str(round(top * part, 2))).normalize():f}")
        for part in (0.5, 1.0)
    )


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value / top if top else 0), 1)


def days_chart(days: Sequence[tuple[date, ChargeSum]]) -> Chart:
    """A bar for each day of a month."""
    top = nice_top(max((charged.energy_mwh / 1e6 for _day, charged in days), default=0) or 1)
    step = (WIDTH - LEFT) / max(1, len(days))
    bars, labels = [], []
    for number, (day, charged) in enumerate(days):
        x, y = LEFT + number * step, _y(charged.energy_mwh / 1e6, top)
        if charged.energy_mwh:
            title = f"{formats.calendar_day(day)}: {formats.kwh(charged.energy_mwh)} kWh"
            height = round(HEIGHT - BOTTOM - y, 1)
            bars.append(DayBar(round(x + step * 0.12, 1), y, round(step * 0.76, 1), height, title))
        if day.day in (1, 8, 15, 22, 29):
            labels.append(AxisLabel(round(x + step / 2, 1), str(day.day)))
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
        return round(LEFT + (WIDTH - LEFT) * part, 1)

    floor = HEIGHT - BOTTOM
    path = [f"M{LEFT} {floor}"]
    for stretch in flowed:
        y = _y(stretch.power_w / 1000, top)
        path.append(f"L{x(stretch.begin)} {floor}V{y}H{x(stretch.end)}V{floor}")
    path.append(f"L{WIDTH} {floor}Z")
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
        if clock.hour % min(step, 24) == 0 and LEFT + 12 < x(at) < WIDTH - 10:
            text = f"{clock:%H:%M}" if step < 24 else f"{clock.day}.{clock.month}."
            labels.append(AxisLabel(x(at), text))
    return labels
