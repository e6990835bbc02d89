"""The picture of the hours to come: what a kWh costs, now, and where a day begins. The template places it.

A drawing is 100 high, each five minutes are 1 wide, and it is stretched to the room there is; its letters stand
beside it, unstretched. Below the bars is a band for what is chosen, so that it shows where no price is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import formats
from dashboard.tariff import hours_words
from dashboard.tariff.contract import HOUR, ONE_DAY
from dashboard.tariff.contracts import PricedStretch, midnight
from dashboard.tariff.price_bars import MOST_BARS, PriceBar, Span, cut, exact_bars, hourly_bars

A_UNIT = timedelta(minutes=5)
FLOOR, BAND, HEIGHT = 92, 95, 100
STEPS_H = (1, 2, 3, 4, 6, 12)
MOST_LABELS = 6
APART = 14  # percent from label to label; else they touch


@dataclass(frozen=True)
class EdgeLabel:
    """A label beside the drawing; how far it is along that edge, in percent."""

    at: int
    text: str


@dataclass(frozen=True)
class HourRow:
    """A bar as a row of the table."""

    begin: str
    end: str
    price: str
    is_chosen: bool


@dataclass(frozen=True)
class HoursChart:
    """The drawing, `width` by 100, and the table behind it.

    Attributes:
        bars, chosen, unknown: the `d` of a path each: what is not chosen, what is, and where no price is known.
        zero: how far down a price of 0 is; negative ones hang from there.
        now, latest_start: how far along they are.
        days: where a day begins.
        notes: what there is to say, for a caption.
        has_choice: something could be chosen.
    """

    width: int
    bars: str
    chosen: str
    unknown: str
    zero: int
    now: int
    latest_start: int | None
    days: tuple[int, ...]
    up: tuple[EdgeLabel, ...]
    across: tuple[EdgeLabel, ...]
    rows: tuple[HourRow, ...]
    notes: tuple[str, ...]
    has_choice: bool


@dataclass(frozen=True)
class Canvas:
    """Where moments and prices stand in the drawing."""

    begin: datetime
    end: datetime
    lowest: int
    highest: int

    def x(self, at: datetime) -> int:
        return round((at - self.begin) / A_UNIT)

    def y(self, micro: int) -> int:
        span = self.highest - self.lowest
        return round(FLOOR * (self.highest - micro) / span) if span else FLOOR

    def percent(self, at: datetime) -> int:
        return round(100 * (at - self.begin) / (self.end - self.begin))

    def box(self, bar: PriceBar, top: int, bottom: int) -> str:
        return f"M{self.x(bar.begin)} {bottom}V{top}H{self.x(bar.end)}V{bottom}z"


def hours_chart(
    stretches: Sequence[PricedStretch],
    now: datetime,
    currency: str | None,
    *,
    chosen: Sequence[Span] | None = None,
    latest_start: datetime | None = None,
) -> HoursChart | None:
    """The picture, its times in the zone of the page; None where no price is known.

    Args:
        stretches: without gaps, as `hours_to_come` has them.
        chosen: when a car is to charge: drawn filled, beyond the known prices too. None where that is no question.
        latest_start: when it starts whatever the prices are.
    """
    exact = exact_bars(stretches)
    bars = exact if len(exact) <= MOST_BARS else hourly_bars(exact)
    known = [bar.micro for bar in bars if bar.micro is not None]
    if not known or currency is None:
        return None
    reach = [bars[-1].end, *(end for _begin, end in chosen or ()), *([latest_start] if latest_start else [])]
    canvas = Canvas(bars[0].begin, max(reach), min(0, *known), max(0, *known))
    drawn = list(cut(_up_to(canvas.end, bars), chosen or ()))
    notes = [*_notes(bars, now, currency, is_hourly=bars != exact), *_legend(chosen, latest_start, now)]
    return _drawing(canvas, drawn, now, latest_start, currency, notes, has_choice=chosen is not None)


def _drawing(
    canvas: Canvas,
    bars: list[PriceBar],
    now: datetime,
    latest_start: datetime | None,
    currency: str,
    notes: list[str],
    *,
    has_choice: bool,
) -> HoursChart:
    chosen = [bar for bar in bars if bar.is_chosen]
    return HoursChart(
        width=canvas.x(canvas.end),
        bars=_path((bar for bar in bars if not bar.is_chosen), canvas),
        chosen=_path(chosen, canvas) + "".join(canvas.box(bar, BAND, HEIGHT) for bar in chosen),
        unknown="".join(canvas.box(bar, 0, FLOOR) for bar in bars if bar.micro is None),
        zero=canvas.y(0),
        now=canvas.x(now),
        latest_start=canvas.x(latest_start) if latest_start else None,
        days=tuple(canvas.x(at) for at in _days(canvas)),
        up=tuple(_up(canvas, currency)),
        across=tuple(_across(canvas, now)),
        rows=tuple(_row(bar, now, currency) for bar in bars),
        notes=tuple(notes),
        has_choice=has_choice,
    )


def _up_to(end: datetime, bars: list[PriceBar]) -> list[PriceBar]:
    """The bars, and one of no known price for what lies beyond them."""
    last = bars[-1].end
    return [*bars, PriceBar(last, end, None)] if end > last else bars


def _path(bars: Iterable[PriceBar], canvas: Canvas) -> str:
    """Each bar between 0 and its price; one that follows another goes on where that ends.

    Most are equally wide, so a width compresses better than an end.
    """
    path, zero, at = "", canvas.y(0), None
    for bar in bars:
        if bar.micro is not None:
            left, right = canvas.x(bar.begin), canvas.x(bar.end)
            path += f"{'' if left == at else f'M{left} {zero}'}V{_top(bar.micro, canvas)}h{right - left}V{zero}"
            at = right
    return path


def _top(micro: int, canvas: Canvas) -> int:
    """A price of 0 is a price, and is seen."""
    zero, y = canvas.y(0), canvas.y(micro)
    return y if y != zero else zero + (1 if micro < 0 else -1)


def _days(canvas: Canvas) -> list[datetime]:
    """The midnights inside."""
    first, last = formats.local(canvas.begin).date(), formats.local(canvas.end).date()
    days = (first + number * ONE_DAY for number in range(1, (last - first).days + 1))
    return [at for at in (midnight(day, formats.zone()) for day in days) if canvas.begin < at < canvas.end]


def _up(canvas: Canvas, currency: str) -> Iterator[EdgeLabel]:
    """0, and the highest and the lowest price where they are not near it."""
    yield EdgeLabel(canvas.y(0), "0")
    for micro in (canvas.highest, canvas.lowest):
        if abs(canvas.y(micro) - canvas.y(0)) >= APART:
            yield EdgeLabel(canvas.y(micro), f"{formats.amount(micro, currency):f}")


def _across(canvas: Canvas, now: datetime) -> list[EdgeLabel]:
    """Now, the days that begin, and full hours; what would touch one that is there is left out."""
    labels: list[EdgeLabel] = []
    told = [(now, hours_words.now())]
    told += [(at, formats.short_day(formats.local(at).date())) for at in _days(canvas)]
    told += [(at, f"{formats.local(at):%H:%M}") for at in _full_hours(canvas)]
    for at, text in told:
        place = canvas.percent(at)
        if place <= 100 - APART // 3 and all(abs(place - label.at) >= APART for label in labels):
            labels.append(EdgeLabel(place, text))
    return sorted(labels, key=lambda label: label.at)  # with large text every second one is left out


def _full_hours(canvas: Canvas) -> Iterator[datetime]:
    """Those of the local clock, so many that there is room for their labels."""
    hours = (canvas.end - canvas.begin) / HOUR
    step = next((step for step in STEPS_H if hours / step <= MOST_LABELS), STEPS_H[-1])
    at = canvas.begin + timedelta(minutes=-formats.local(canvas.begin).minute % 60)
    while at < canvas.end:
        if formats.local(at).hour % step == 0:
            yield at
        at += HOUR


def _row(bar: PriceBar, now: datetime, currency: str) -> HourRow:
    begin, end = formats.moment_near(bar.begin, now), formats.moment_beside(bar.end, bar.begin)
    price = hours_words.not_known() if bar.micro is None else formats.money(bar.micro, currency)
    return HourRow(begin, end, price, bar.is_chosen)


def _notes(bars: list[PriceBar], now: datetime, currency: str, *, is_hourly: bool) -> Iterator[str]:
    """The cheapest and the dearest that is to come, and what is not known."""
    coming = [bar for bar in bars if bar.end > now]
    known = [(bar.micro, bar.begin) for bar in coming if bar.micro is not None]
    if known:
        cheapest, dearest = min(known), max(known, key=lambda told: told[0])
        yield hours_words.cheapest_and_dearest(cheapest, dearest, now, currency)
    if is_hourly:
        yield hours_words.means_of_hours()
    yield from (hours_words.gap(bar.begin, bar.end, now) for bar in coming if bar.micro is None)
    last, tomorrow = bars[-1].end, formats.local(now).date() + ONE_DAY
    if last < midnight(tomorrow + ONE_DAY, formats.zone()):
        yield hours_words.not_known_from(last, now, is_all_of_tomorrow=last == midnight(tomorrow, formats.zone()))


def _legend(chosen: Sequence[Span] | None, latest_start: datetime | None, now: datetime) -> Iterator[str]:
    """What the filled bars and the dashed line mean."""
    if chosen:
        yield hours_words.filled()
    if latest_start:
        yield hours_words.dashed(latest_start, now)
