"""What a kWh costs as a function of the moment: the dated contracts, and the prices of the exchange behind them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from itertools import pairwise

from dashboard.tariff.contract import MICRO, ONE_DAY, QUARTER, Contract, SpotTerms
from dashboard.tariff.holidays import holidays_of
from dashboard.tariff.kwh_price import KwhPrice, SpotUsed, clock_kwh_price, spot_kwh_price
from dashboard.tariff.rounding import rounded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
# The price of a quarter of an hour, by the terms' source, area and currency; None where nobody knows it.
QuarterPrice = Callable[[SpotTerms, datetime], int | None]


@dataclass(frozen=True)
class PricedStretch:
    """A while in which nothing can change the price; None: there is none."""

    begin: datetime
    end: datetime
    price: KwhPrice | None


class Contracts:
    """The price as a function of the moment.

    Args:
        zone: in which days begin and hours are read from the wall.
        contracts: each holds from the midnight of its day; of two for one day the later in the list counts.
        quarter_price: the exchange's prices, by the beginning of a quarter.
        state: of the list they were made from.
    """

    def __init__(
        self, zone: tzinfo, contracts: Iterable[Contract], quarter_price: QuarterPrice, state: int = 0
    ) -> None:
        self.zone, self.state = zone, state
        by_day = {contract.valid_from: contract for contract in contracts}
        self._contracts = [by_day[day] for day in sorted(by_day)]
        self._begins = [midnight(contract.valid_from, zone) for contract in self._contracts]
        self._quarter_price = quarter_price
        self._by_the_hour: dict[tuple[date, datetime, int], KwhPrice | None] = {}
        self._clock_changes: dict[tuple[Contract, date], list[datetime]] = {}

    def with_prices(self, quarter_price: QuarterPrice) -> Contracts:
        """The same, with what it has looked up so far, and another place to look up the rest."""
        kept = copy(self)
        kept._quarter_price = quarter_price
        return kept

    def contract_at(self, moment: datetime) -> Contract | None:
        """None before the first."""
        place = bisect_right(self._begins, moment)
        return self._contracts[place - 1] if place else None

    def held_between(self, begin: datetime, end: datetime) -> list[Contract]:
        """Those that hold at some time inside, oldest first."""
        first, after = max(bisect_right(self._begins, begin) - 1, 0), bisect_left(self._begins, end)
        return self._contracts[first:after]

    def price_at(self, moment: datetime) -> KwhPrice | None:
        """None before the first contract, and where it needs a price of the exchange that is not known."""
        contract = self.contract_at(moment)
        if contract is None:
            return None
        local, holidays = moment.astimezone(self.zone), holidays_of(contract.holidays_of)
        grid_micro, terms = contract.grid.micro_at(local, holidays), contract.energy
        if not isinstance(terms, SpotTerms):
            return clock_kwh_price(contract, terms.micro_at(local, holidays), grid_micro)
        key = contract.valid_from, floor_to(moment, terms.step), grid_micro
        if key not in self._by_the_hour:
            self._by_the_hour[key] = self._price_by_the_hour(contract, terms, key[1], grid_micro)
        return self._by_the_hour[key]

    def _price_by_the_hour(
        self, contract: Contract, terms: SpotTerms, begin: datetime, grid_micro: int
    ) -> KwhPrice | None:
        """The price of a billing step; many sessions lie in the same ones."""
        spot = self._spot(terms, begin) if contract.needed_spot else None
        price = spot_kwh_price(contract, terms, grid_micro, spot)
        if price is None or spot is None:
            return price
        return replace(price, spot=SpotUsed(terms.source, terms.area, begin, terms.step, round(spot)))

    def cost_micro(self, begin: datetime, energy_mwh: int) -> int | None:
        """What energy costs at a moment's price, rounded half to even; None without a price."""
        price = self.price_at(begin)
        return None if price is None else cost_of(energy_mwh, price)

    def changes_between(self, begin: datetime, end: datetime) -> list[datetime]:
        """The moments inside at which another contract, other hours or another billing step begin.

        A change of hours that leaves the price the same is one too.
        """
        if begin >= end:
            return []
        inside = [at for at in self._begins if begin < at < end]
        changes = set(inside)
        for from_, until in pairwise([begin, *inside, end]):
            changes.update(self._changes_of(self.contract_at(from_), from_, until))
        return sorted(changes)

    def between(self, begin: datetime, end: datetime) -> list[PricedStretch]:
        """The whole time between, without gaps, cut where the price may change."""
        cuts = [begin, *self.changes_between(begin, end), end]
        return [PricedStretch(from_, until, self.price_at(from_)) for from_, until in pairwise(cuts)]

    def _changes_of(self, contract: Contract | None, begin: datetime, end: datetime) -> Iterator[datetime]:
        if contract is None:
            return
        if isinstance(contract.energy, SpotTerms):
            yield from steps_between(begin, end, contract.energy.step)
        if any(price.hours for price in contract.clock_prices):
            day, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
            while day <= last:
                yield from (at for at in self._changes_by_the_clock(contract, day) if begin < at < end)
                day += ONE_DAY

    def _changes_by_the_clock(self, contract: Contract, day: date) -> list[datetime]:
        """The moments of a local day at which other hours begin to hold; each day is looked at once."""
        key = contract, day
        if key not in self._clock_changes:
            candidates = sorted(set(_wall_clock_moments(contract, day, self.zone)))
            self._clock_changes[key] = [
                at for at in candidates if self._hours_at(contract, at - A_MOMENT) != self._hours_at(contract, at)
            ]
        return self._clock_changes[key]

    def _hours_at(self, contract: Contract, moment: datetime) -> list[int | None]:
        local, holidays = moment.astimezone(self.zone), holidays_of(contract.holidays_of)
        return [price.holding(local, holidays) for price in contract.clock_prices]

    def _spot(self, terms: SpotTerms, begin: datetime) -> Fraction | None:
        """The price of a billing step, exactly; an hour with a quarter missing has no mean."""
        prices = [self._quarter_price(terms, begin + place * QUARTER) for place in range(terms.step // QUARTER)]
        known = [price for price in prices if price is not None]
        if len(known) < len(prices):
            return None
        return Fraction(sum(known) * terms.rate_micro, len(known) * MICRO)


def cost_of(energy_mwh: int, price: KwhPrice) -> int:
    return rounded(energy_mwh * price.micro_per_kwh, MICRO)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a local day begins; where its midnight is left out, when the clock goes on after it."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def floor_to(moment: datetime, step: timedelta) -> datetime:
    """The beginning of its billing step: those of the exchange begin with the hours of UTC."""
    return moment.astimezone(UTC) - (moment - EPOCH) % step


def steps_between(begin: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """The beginnings of billing steps inside."""
    at = floor_to(begin, step) + step
    while at < end:
        yield at
        at += step


def _wall_clock_moments(contract: Contract, day: date, zone: tzinfo) -> Iterator[datetime]:
    """When the wall clock shows an edge of some hours on that day, or is set; some of these change nothing."""
    all_hours = [hours for price in contract.clock_prices for hours in price.hours]
    for edge in {time(0)} | {hours.begin for hours in all_hours} | {hours.end for hours in all_hours}:
        for fold in (0, 1):  # what comes twice is an edge twice
            yield datetime.combine(day, edge.replace(fold=fold), zone).astimezone(UTC)
    yield from _clock_set(midnight(day, zone), midnight(day + ONE_DAY, zone), zone)


def _clock_set(begin: datetime, end: datetime, zone: tzinfo) -> Sequence[datetime]:
    """The moment inside at which the wall clock is set to or from summer time, if there is one."""
    if _offset(begin, zone) == _offset(end, zone):
        return ()
    before, after = 0, round((end - begin).total_seconds())
    while after - before > 1:
        middle = (before + after) // 2
        is_set = _offset(begin + timedelta(seconds=middle), zone) != _offset(begin, zone)
        before, after = (before, middle) if is_set else (middle, after)
    return (begin + timedelta(seconds=after),)


def _offset(moment: datetime, zone: tzinfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
