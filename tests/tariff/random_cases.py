"""Tariffs drawn at random, near what is awkward, each told twice: to the reference and to the dashboard."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from dashboard.tariff import contract as ours
from dashboard.tariff.contracts import Contracts
from dashboard.tariff.holidays import countries, holidays_of
from tests import tariff_reference as reference
from tests.tariff_reference import DAY, HOUR, MICROSECOND, QUARTER

ZONES = ("Europe/Oslo", "Europe/Amsterdam", "Europe/London", "Europe/Helsinki")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
AWKWARD_DAYS = (
    *(date(2024, 3, 31), date(2024, 10, 27), date(2026, 3, 29), date(2026, 10, 25)) * 3,  # clocks are set
    *(date(2024, 2, 29), date(2025, 2, 28), date(2028, 2, 29)),  # leap days, and none
    *(date(2024, 12, 31), date(2025, 1, 1), date(2026, 1, 1)),  # a new year
    *(date(2026, 5, 1), date(2026, 5, 17), date(2027, 12, 25)),  # holidays, somewhere
)
DAY_NAMES = (*range(7), *("working days", "weekend", "holidays") * 2)
VAT_PERCENTS = (0, 5, "8.1", 19, 20, 21, 24, 25, "25.5")


@dataclass(frozen=True)
class Case:
    """One household's tariff, a while in it, and a session.

    Attributes:
        name: its seed, which makes it again.
        begin, end: ten hours in which the clock is set, if it is set near.
        moments: to ask the price at.
        session: readings without gaps between them, as often as a Go's or as a Pro's.
    """

    name: str
    zone: ZoneInfo
    contracts: list[reference.Contract]
    country: str
    market: reference.Market
    begin: datetime
    end: datetime
    moments: list[datetime]
    session: list[reference.Reading]

    @cached_property
    def reference(self) -> reference.Tariff:
        return reference.Tariff(str(self.zone), self.contracts, self.market)

    @cached_property
    def dashboard(self) -> Contracts:
        def quarter_price(_terms: ours.SpotTerms, begin: datetime) -> int | None:
            return self.market.quarters.get(begin)

        told = [_told(contract, self.country, self.market.currency) for contract in self.contracts]
        return Contracts(self.zone, told, quarter_price)


def cases(seed: str, count: int) -> Iterator[Case]:
    return (case(f"{seed}/{number}") for number in range(count))


@lru_cache(maxsize=200)  # several tests look at the same
def case(name: str) -> Case:
    draw = random.Random(name)
    zone = ZoneInfo(draw.choice(ZONES))
    day = draw.choice(AWKWARD_DAYS) if draw.random() < 0.7 else date(2024, 1, 3) + draw.randrange(1800) * DAY
    country = draw.choice([*countries(), *countries(), ""])
    contracts = _contracts(draw, day, holidays_of(country))
    midnight = datetime.combine(day, time(0), zone).astimezone(UTC)
    market = _market(draw, midnight)
    begin = midnight - draw.randrange(5 * 3600) * SECOND
    moments = [_moment(draw, zone, day, contracts) for _ in range(6)]
    session = _session(draw, _moment(draw, zone, day, contracts))
    return Case(name, zone, contracts, country, market, begin, begin + 10 * HOUR, moments, session)


# ---- what is drawn


def _contracts(draw: random.Random, day: date, holidays: frozenset[date]) -> list[reference.Contract]:
    """Often one since long ago; else some that change on the day or around it."""
    starts = {day + draw.randint(-2, 2) * DAY for _ in range(draw.choice((0, 0, 1, 2, 3)))}
    if not starts or draw.random() < 0.6:
        starts.add(date(2015, 1, 1))
    currency = draw.choice(("EUR", "NOK"))
    return [_contract(draw, start, holidays, currency) for start in sorted(starts, key=lambda _: draw.random())]


def _contract(draw: random.Random, start: date, holidays: frozenset[date], currency: str) -> reference.Contract:
    kind = draw.choice(("one price", "clock", "clock", "hour", "hour"))
    energy = {"one price": _amount, "clock": lambda draw: _clock(draw, holidays), "hour": _by_the_hour}[kind](draw)
    grid = draw.choice((lambda: None, lambda: _amount(draw), lambda: _clock(draw, holidays)))()
    vat, includes_vat = Fraction(str(draw.choice(VAT_PERCENTS))), draw.random() < 0.5
    tax = draw.choice((0, _amount(draw)))
    return reference.Contract(start, energy, grid, tax, vat, includes_vat, currency)


def _amount(draw: random.Random) -> int:
    """Millionths per kWh: as people type it, or with all its decimals."""
    return draw.choice((0, draw.randint(0, 400) * 10_000, draw.randint(0, 4_000_000), -draw.randint(0, 200_000)))


def _clock(draw: random.Random, holidays: frozenset[date]) -> reference.Clock:
    rules = tuple(_rule(draw) for _ in range(draw.choice((0, 1, 1, 2, 3))))
    return reference.Clock(_amount(draw), rules, holidays)


def _rule(draw: random.Random) -> reference.Rule:
    """One of those that companies sell; as often one that nobody would."""
    if draw.random() < 0.5:
        begin, end, *days = draw.choice(((6, 22, "working days"), (22, 6), (0, 0, "weekend", "holidays")))
        return reference.Rule(time(begin), time(end), _amount(draw), frozenset(days))
    days = draw.sample(DAY_NAMES, draw.choice((0, 1, 1, 2, 3)))
    months = draw.sample(range(1, 13), draw.choice((0, 0, 4, 6, 9)))
    return reference.Rule(_edge(draw), _edge(draw), _amount(draw), frozenset(days), frozenset(months))


def _edge(draw: random.Random) -> time:
    """A full hour or a minute in one; one in five in what a clock shows twice, or not at all, when it is set."""
    if draw.random() < 0.2:
        return draw.choice((time(1, 30), time(2, 30), time(3, 30)))
    hour = draw.choice((0, 1, 2, 3, 4, 6, 7, 22, 23, draw.randrange(24)))
    return time(hour, draw.choice((0, 0, 0, 30, draw.randrange(60))))


def _by_the_hour(draw: random.Random) -> reference.ByTheHour:
    factor = draw.choice((Fraction(1), Fraction(draw.randint(900_000, 1_100_000), 10**6)))
    percent, above = Fraction(draw.choice((0, 50, 90, "87.5", 100))), draw.choice((0, 750_000, _amount(draw)))
    share = reference.Share(percent, above)
    support = draw.choice((None, share, share, reference.Fixed(_amount(draw))))
    rate = Fraction(draw.choice((1_000_000, 11_734_500, draw.randint(1, 20_000_000))), 10**6)
    return reference.ByTheHour(draw.choice((QUARTER, HOUR)), factor, _amount(draw), support, rate)


def _market(draw: random.Random, middle: datetime) -> reference.Market:
    """Five days of quarters: below zero, zero and dear; some missing, alone or for hours."""
    begin, missing = middle - 2 * DAY, draw.choice((0.0, 0.0, 0.02, 0.3))
    level, swing = draw.choice((-50_000, 0, 80_000, 900_000)), draw.choice((0, 1_000, 90_000, 2_000_000))
    quarters = {
        begin + number * QUARTER: level + int((2 * draw.random() - 1) * swing)
        for number in range(5 * 96)
        if draw.random() >= missing
    }
    if draw.random() < 0.2:
        gap = begin + draw.randrange(5 * 96) * QUARTER
        quarters = {at: price for at, price in quarters.items() if not gap <= at < gap + 30 * HOUR}
    return reference.Market(draw.choice(("EUR", "NOK")), quarters)


def _moment(draw: random.Random, zone: ZoneInfo, day: date, contracts: list[reference.Contract]) -> datetime:
    """Within two days; mostly on an edge, or a breath before or after one."""
    clocks = [part for each in contracts for part in (each.energy, each.grid) if isinstance(part, reference.Clock)]
    edges = [edge for clock in clocks for rule in clock.rules for edge in (rule.begin, rule.end)]
    at = draw.choice([time(0), time(2), time(3), _edge(draw), *edges]).replace(fold=draw.randint(0, 1))
    wall = datetime.combine(day + draw.choice((-1, 0, 0, 0, 1)) * DAY, at, zone)
    off = draw.choice((timedelta(0), MICROSECOND, -MICROSECOND, SECOND, QUARTER, draw.randrange(3600) * SECOND))
    return wall.astimezone(UTC) + off


def _session(draw: random.Random, near: datetime) -> list[reference.Reading]:
    """Readings at each full hour or quarter, or always as much later; shorter ones at either end."""
    rhythm, late = draw.choice((QUARTER, HOUR)), draw.choice((0, 0, 1.007, 421)) * SECOND
    begin = near - draw.randrange(8 * 3600) * SECOND - draw.choice((0, 0, draw.randrange(1_000_000))) * MICROSECOND
    end = begin + draw.randrange(20 * 60, 14 * 3600) * SECOND
    first = reference.step_begin(begin - late, rhythm) + rhythm + late
    ends = [first + number * rhythm for number in range(14 * 4 + 1) if first + number * rhythm < end]
    most = draw.choice((400, 2_000_000, 11_000_000))
    return [
        reference.Reading(one, two, draw.choice((0, draw.randint(0, most), most)))
        for one, two in pairwise([begin, *ends, end])
    ]


# ---- the same, told to the dashboard


def _told(contract: reference.Contract, country: str, market_currency: str) -> ours.Contract:
    kind, support = contract.energy, None
    if isinstance(kind, reference.ByTheHour):
        rate = Fraction(1) if market_currency == contract.currency else kind.rate
        money = (kind.mark_up, _millionths(rate))
        source = ("market.example", "NO1", market_currency)
        energy = ours.SpotTerms(*source, kind.step, _millionths(kind.factor), *money)
        support = _told_support(kind.support)
    else:
        energy = _told_clock(kind)
    return ours.Contract(
        valid_from=contract.valid_from,
        currency=contract.currency,
        energy=energy,
        grid=_told_clock(contract.grid or 0),
        tax_micro=contract.tax,
        vat_micro=_millionths(contract.vat_percent / 100),
        includes_vat=contract.includes_vat,
        support=support,
        holidays_of=country,
    )


def _told_clock(price: int | reference.Clock) -> ours.ClockPrice:
    if isinstance(price, int):
        return ours.ClockPrice(price)
    return ours.ClockPrice(price.base, tuple(_told_hours(rule) for rule in price.rules))


def _told_hours(rule: reference.Rule) -> ours.ClockHours:
    days = frozenset(ours.WEEKDAYS[day] if isinstance(day, int) else day for day in rule.days)
    return ours.ClockHours(rule.begin, rule.end, rule.price, days, rule.months)


def _told_support(
    support: reference.Share | reference.Fixed | None,
) -> ours.SpotSupport | ours.FixedInsteadOfSpot | None:
    if isinstance(support, reference.Share):
        return ours.SpotSupport(_millionths(support.percent / 100), support.above)
    return ours.FixedInsteadOfSpot(support.price) if support else None


def _millionths(share: Fraction) -> int:
    assert (share * ours.MICRO).denominator == 1, share
    return int(share * ours.MICRO)
