"""What a kWh costs, reckoned a second time: slowly, in fractions, from the tariff's description alone.

It shares no line and no type with `dashboard/tariff/`; `tests/tariff/test_against_reference.py` compares the two.
Amounts are millionths of a currency per kWh, energies milliwatt-hours, moments aware datetimes.

    price = ((spot × factor + mark-up + grid + tax) × (1 + VAT)) − support

Each part is rounded once, half to even, and the price is the sum of its parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.tariff_described import (
    QUARTER,
    ByTheHour,
    Clock,
    Contract,
    Cost,
    Fixed,
    Market,
    Piece,
    Price,
    Reading,
    Rule,
    Share,
    cost_of_energy,
    half_even,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


# ---- which rule holds at a moment of the wall's clock


def day_counts(rule: Rule, day: date, holidays: frozenset[date]) -> bool:
    names: set[int | str] = {day.weekday()}
    if day.weekday() >= 5:
        names.add("weekend")
    if day in holidays:
        names.add("holidays")
    if day.weekday() < 5 and day not in holidays:
        names.add("working days")
    return (not rule.months or day.month in rule.months) and (not rule.days or bool(rule.days & names))


def covers(rule: Rule, wall: datetime, holidays: frozenset[date]) -> bool:
    """Whether the clock on the wall shows one of the rule's hours of this day, or of those that began yesterday."""
    for day in (wall.date(), wall.date() - DAY):
        begin, end = datetime.combine(day, rule.begin), datetime.combine(day, rule.end)
        if end <= begin:
            end += DAY
        if begin <= wall < end and day_counts(rule, day, holidays):
            return True
    return False


def rule_number(clock: Clock, wall: datetime) -> int | None:
    """Which exception wins; None is the base price."""
    return next((n for n, rule in enumerate(clock.rules) if covers(rule, wall, clock.holidays)), None)


def clock_price(clock: Clock, wall: datetime) -> int:
    number = rule_number(clock, wall)
    return clock.base if number is None else clock.rules[number].price


# ---- the market


def step_begin(moment: datetime, step: timedelta) -> datetime:
    seconds = int(step.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def spot_at(contract: Contract, hourly: ByTheHour, market: Market, moment: datetime) -> Fraction | None:
    """The price of the billing step in the contract's money; an hour with a quarter missing has none."""
    rate = Fraction(1) if market.currency == contract.currency else hourly.rate
    begin = step_begin(moment, hourly.step)
    quarters = [market.quarters.get(begin + n * QUARTER) for n in range(hourly.step // QUARTER)]
    if rate is None or None in quarters:
        return None
    return rate * Fraction(sum(quarters), len(quarters))


# ---- a price


class Tariff:
    """Contracts by date, the market's prices, and the zone in which the household lives."""

    def __init__(self, zone: str, contracts: list[Contract], market: Market | None = None) -> None:
        self.zone = ZoneInfo(zone)
        self.contracts = sorted(contracts, key=lambda contract: contract.valid_from)
        self.market = market or Market()

    def wall(self, moment: datetime) -> datetime:
        """What the clock on the wall shows."""
        return moment.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def contract_at(self, moment: datetime) -> Contract | None:
        today = self.wall(moment).date()
        return next((each for each in reversed(self.contracts) if each.valid_from <= today), None)

    def price_at(self, moment: datetime) -> Price | None:
        """None where there is no price: no contract, or no spot for its billing step."""
        contract = self.contract_at(moment)
        if contract is None:
            return None
        wall = self.wall(moment)
        grid = clock_price(contract.grid, wall) if isinstance(contract.grid, Clock) else contract.grid or 0
        typed = {"mark_up": Fraction(0), "grid": Fraction(grid), "tax": Fraction(contract.tax)}
        if isinstance(contract.energy, Clock):
            return with_vat(contract, typed | {"energy": Fraction(clock_price(contract.energy, wall))}, {}, 0)
        if isinstance(contract.energy, int):
            return with_vat(contract, typed | {"energy": Fraction(contract.energy)}, {}, 0)
        return self._price_by_the_hour(contract, contract.energy, typed, moment)

    def _price_by_the_hour(
        self, contract: Contract, hourly: ByTheHour, typed: dict[str, Fraction], moment: datetime
    ) -> Price | None:
        typed = typed | {"mark_up": Fraction(hourly.mark_up)}
        if isinstance(hourly.support, Fixed):
            return with_vat(contract, typed | {"energy": Fraction(hourly.support.price)}, {}, 0)
        spot = spot_at(contract, hourly, self.market, moment)
        if spot is None:
            return None
        return with_vat(contract, typed, {"energy": spot * hourly.factor}, support(contract, hourly.support, spot))

    # ---- where something begins

    def state(self, moment: datetime) -> tuple[object, ...]:
        """All that makes the price, by name rather than by amount: where it changes is a boundary."""
        contract, wall = self.contract_at(moment), self.wall(moment)
        if contract is None:
            return ()
        clocks = [part for part in (contract.energy, contract.grid) if isinstance(part, Clock)]
        hourly = isinstance(contract.energy, ByTheHour)
        return (
            contract.valid_from,
            *(rule_number(clock, wall) for clock in clocks),
            step_begin(moment, contract.energy.step) if hourly else None,
        )

    def boundaries(self, begin: datetime, end: datetime, with_midnights: bool = True) -> list[datetime]:
        """The moments between the two at which a rule, a billing step, a contract or a day begins or ends."""

        def is_boundary(moment: datetime) -> bool:
            before = moment - MICROSECOND
            is_new_day = self.wall(moment).date() != self.wall(before).date()
            return (with_midnights and is_new_day) or self.state(moment) != self.state(before)

        candidates = sorted(set(self._candidates(begin, end)))
        return [moment for moment in candidates if begin < moment < end and is_boundary(moment)]

    def _candidates(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        """Every quarter of an hour (clocks are changed at one too), and each day's minutes that some rule names."""
        moment = step_begin(begin, QUARTER)
        while moment < end:
            yield moment
            moment += QUARTER
        clocks = [part for each in self.contracts for part in (each.energy, each.grid) if isinstance(part, Clock)]
        minutes = {minute for clock in clocks for rule in clock.rules for minute in (rule.begin, rule.end)}
        day = self.wall(begin).date()
        while day <= self.wall(end).date():
            for minute in minutes:
                for fold in (0, 1):
                    there = datetime.combine(day, minute, self.zone).replace(fold=fold)
                    yield there.astimezone(UTC)
            day += DAY

    # ---- what energy costs

    def pieces(self, reading: Reading) -> list[Piece]:
        """The reading cut at every boundary, its energy spread evenly; whole milliwatt-hours that add up to it."""
        begin, end = reading.begin.astimezone(UTC), reading.end.astimezone(UTC)
        if begin == end:
            price = self.price_at(begin)
            return [Piece(begin, end, reading.energy_mwh, Fraction(reading.energy_mwh), price)]
        cuts = [begin, *self.boundaries(begin, end), end]
        whole = Fraction(reading.energy_mwh, (end - begin) // MICROSECOND)
        until = [whole * ((cut - begin) // MICROSECOND) for cut in cuts]
        return [
            Piece(one, two, half_even(mwh_two) - half_even(mwh_one), mwh_two - mwh_one, self.price_at(one))
            for (one, mwh_one), (two, mwh_two) in pairwise(zip(cuts, until, strict=True))
        ]

    def cost(self, readings: list[Reading]) -> Cost | None:
        return cost_of([self.pieces(reading) for reading in readings])


def cost_of(readings: list[list[Piece]]) -> Cost | None:
    """None where energy went into the car at a time that has no price, or was paid in two currencies."""
    with_energy = [[piece for piece in reading if piece.energy_mwh] for reading in readings]
    prices = [piece.price for reading in with_energy for piece in reading]
    if None in prices or len({price.currency for price in prices}) != 1:
        return None
    return Cost(
        prices[0].currency,
        sum(piece.cost for reading in with_energy for piece in reading),
        sum(plus_minus(reading) for reading in with_energy if reading),
    )


def with_vat(contract: Contract, typed: dict[str, Fraction], market: dict[str, Fraction], support: int) -> Price:
    """The parts of a price: each rounded once, and what was typed with VAT comes out exactly."""
    vat = contract.vat_percent / 100
    if not contract.includes_vat:
        net = typed | market
        parts = {name: half_even(amount) for name, amount in net.items()}
        return Price(contract.currency, **parts, vat=half_even(sum(net.values()) * vat), support=-support)
    parts = {name: half_even(amount / (1 + vat)) for name, amount in typed.items()}
    rest = sum(typed.values()) - sum(parts.values())
    parts |= {name: half_even(amount) for name, amount in market.items()}
    return Price(contract.currency, **parts, vat=half_even(sum(market.values()) * vat + rest), support=-support)


def support(contract: Contract, kind: Share | None, spot: Fraction) -> int:
    """share × max(0, spot of the billing step before the factor − above), both with VAT."""
    if kind is None:
        return 0
    gross = 1 + contract.vat_percent / 100
    above = Fraction(kind.above) * (1 if contract.includes_vat else gross)
    return half_even(kind.percent / 100 * max(Fraction(0), spot * gross - above))


def plus_minus(pieces: list[Piece]) -> int:
    """The larger of (dearest − shown) and (shown − cheapest), for the pieces of one reading."""
    energy, shown = sum(piece.energy_mwh for piece in pieces), sum(piece.cost for piece in pieces)
    extremes = [cost_of_energy(energy, piece.price) for piece in pieces]
    return max(max(extremes) - shown, shown - min(extremes))
