"""The mean of a price over many hours: a month has thousands of quarters, so what is linear is added up at once.

Nothing is rounded on the way: it may differ from the mean of the rounded prices by a millionth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from itertools import pairwise

from dashboard.tariff.contract import MICRO, ONE_DAY, QUARTER, Contract, SpotSupport, SpotTerms
from dashboard.tariff.contracts import Contracts, floor_to, midnight
from dashboard.tariff.holidays import holidays_of
from dashboard.tariff.rounding import rounded

A_SECOND = timedelta(seconds=1)
QUARTER_S = QUARTER // A_SECOND


@dataclass(frozen=True)
class SpotRun:
    """The exchange's prices of quarters that follow each other, from the first one's beginning on."""

    begin: datetime
    micros: Sequence[int]

    @property
    def end(self) -> datetime:
        return self.begin + len(self.micros) * QUARTER

    def within(self, begin: datetime, end: datetime, step: timedelta) -> SpotRun | None:
        """Its whole billing steps between two moments that are beginnings of such steps themselves."""
        first = max(begin, floor_to(self.begin + step - QUARTER, step))
        last = min(end, floor_to(self.end, step))
        if first >= last:
            return None
        return SpotRun(first, self.micros[(first - self.begin) // QUARTER : (last - self.begin) // QUARTER])


Weighed = tuple[Fraction | int, int]  # price times seconds, and how many seconds
# What is known of some time, oldest first.
SpotRuns = Callable[[SpotTerms, datetime, datetime], Sequence[SpotRun]]


@dataclass(frozen=True)
class MeanPrice:
    """The mean over some time.

    Attributes:
        weight: price times seconds, summed up.
        known_s: for how many seconds the price is known.
    """

    weight: int
    known_s: int
    are_all_known: bool

    def cost_micro(self, energy_mwh: int) -> int:
        return rounded(energy_mwh * self.weight, self.known_s * MICRO)


def mean_price(contracts: Contracts, begin: datetime, end: datetime, spot_runs: SpotRuns) -> MeanPrice | None:
    """The mean of all hours between whose price is known; None where none is."""
    weighed = [
        each
        for contract, since, until in _held(contracts, begin, end)
        for each in _weighed(contracts, contract, since, until, spot_runs)
    ]
    known_s = sum(seconds for _weight, seconds in weighed)
    if not known_s:
        return None
    weight = round(sum(weight for weight, _seconds in weighed))
    return MeanPrice(weight, known_s, are_all_known=known_s == (end - begin) // A_SECOND)


def _held(contracts: Contracts, begin: datetime, end: datetime) -> Iterator[tuple[Contract, datetime, datetime]]:
    """Which contract holds from when to when."""
    held = contracts.held_between(begin, end)
    begins = [max(begin, midnight(contract.valid_from, contracts.zone)) for contract in held]
    for contract, (since, until) in zip(held, pairwise([*begins, end]), strict=True):
        yield contract, since, until


def _weighed(
    contracts: Contracts, contract: Contract, begin: datetime, end: datetime, spot_runs: SpotRuns
) -> Iterator[Weighed]:
    terms = contract.needed_spot
    if terms is None or any(at != floor_to(at, terms.step) for at in (begin, end)):
        yield from _one_by_one(contracts, begin, end)
        return
    for run in spot_runs(terms, begin, end):
        if steps := run.within(begin, end, terms.step):
            yield _of_run(contracts.zone, contract, terms, steps)


def _one_by_one(contracts: Contracts, begin: datetime, end: datetime) -> Iterator[Weighed]:
    for part in contracts.between(begin, end):
        if part.price is not None:
            seconds = (part.end - part.begin) // A_SECOND
            yield part.price.micro_per_kwh * seconds, seconds


def _of_run(zone: tzinfo, contract: Contract, terms: SpotTerms, run: SpotRun) -> Weighed:
    seconds, with_vat = len(run.micros) * QUARTER_S, MICRO + contract.vat_micro
    typed = (terms.mark_up_micro + contract.tax_micro) * seconds + _grid_weight(zone, contract, run.begin, run.end)
    taxed = typed if contract.includes_vat else Fraction(typed * with_vat, MICRO)
    spot = sum(run.micros) * terms.rate_micro * terms.factor_micro * with_vat
    return taxed + Fraction(spot * QUARTER_S, MICRO**3) - _support_weight(contract, terms, run.micros), seconds


def _grid_weight(zone: tzinfo, contract: Contract, begin: datetime, end: datetime) -> int:
    """Of the grid fee as it was typed."""
    alone = Contract(contract.valid_from, contract.currency, contract.grid, holidays_of=contract.holidays_of)
    prices = Contracts(zone, [alone], _no_spot)
    weight, at = 0, begin
    while at < end:
        day = at.astimezone(zone).date()
        until = min(midnight(day + ONE_DAY, zone), end)
        if until - midnight(day, zone) == until - at == ONE_DAY:
            weight += _day_weight(alone, day)
        else:  # the clock is set, or it is not the whole day
            weight += sum(int(weight) for weight, _seconds in _one_by_one(prices, at, until))
        at = until
    return weight


def _no_spot(_terms: SpotTerms, _begin: datetime) -> None:
    """The grid fee needs none."""


def _day_weight(alone: Contract, day: date) -> int:
    """Of a day of 24 hours, by the wall clock alone, which is a tenth of the work."""
    grid, holidays = alone.clock_prices[0], holidays_of(alone.holidays_of)
    edges = {time(0)} | {edge for hours in grid.hours for edge in (hours.begin, hours.end)}
    moments = [datetime.combine(day, edge) for edge in sorted(edges)]
    pairs = pairwise([*moments, datetime.combine(day + ONE_DAY, time(0))])
    return sum(grid.micro_at(begin, holidays) * ((end - begin) // A_SECOND) for begin, end in pairs)


def _support_weight(contract: Contract, terms: SpotTerms, micros: Sequence[int]) -> Fraction | int:
    """Of what is taken off: only steps that are dearer than the threshold count."""
    if not isinstance(contract.support, SpotSupport):
        return 0
    count, with_vat = terms.step // QUARTER, MICRO + contract.vat_micro
    steps = [sum(quarters) for quarters in zip(*[iter(micros)] * count, strict=True)]
    rate = terms.rate_micro * with_vat
    above = contract.support.above_micro * (MICRO if contract.includes_vat else with_vat) * MICRO * count
    dear = [step for step in steps if step * rate > above]
    paid = contract.support.share_micro * (sum(dear) * rate - len(dear) * above)
    return Fraction(paid * QUARTER_S, MICRO**3)
