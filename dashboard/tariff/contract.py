"""A contract as somebody typed it: what a kWh costs from a local day on. Data only, in whole numbers.

Money is in millionths of the currency per kWh, and shares (a factor, a rate, VAT) are in millionths too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

MICRO = 1_000_000
MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
ONE_DAY = timedelta(days=1)
WORKING_DAYS, WEEKEND, HOLIDAYS = "working days", "weekend", "holidays"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ContractKind(StrEnum):
    """What the energy costs; how the grid fee goes is another matter."""

    ONE_PRICE = "one price"
    BY_THE_CLOCK = "by the clock"
    BY_THE_HOUR = "by the hour"


@dataclass(frozen=True)
class ClockHours:
    """Hours with a price of their own.

    Attributes:
        begin, end: on the wall clock; an end that is not after the beginning is on the day after, so that
            00:00 to 00:00 is the whole day.
        days: names of `WEEKDAYS`, working days, weekend, holidays: a day that is one of them counts. Empty: each.
        months: 1 to 12. Empty: the whole year.
    """

    begin: time
    end: time
    micro: int
    days: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()

    def hold_at(self, local: datetime, holidays: frozenset[date]) -> bool:
        """Whether it is these hours by the wall clock; past midnight they belong to the day they began on."""
        day, at = local.date(), local.time()
        if self.begin < self.end:
            return self.begin <= at < self.end and self._are_on(day, holidays)
        before_midnight = at >= self.begin and self._are_on(day, holidays)
        return before_midnight or (at < self.end and self._are_on(day - ONE_DAY, holidays))

    def _are_on(self, day: date, holidays: frozenset[date]) -> bool:
        if self.months and day.month not in self.months:
            return False
        return not self.days or bool(self.days & kinds_of(day, holidays))


def kinds_of(day: date, holidays: frozenset[date]) -> set[str]:
    """The names a day goes by; working days are Monday to Friday without holidays."""
    kinds, is_holiday, is_weekend = {WEEKDAYS[day.weekday()]}, day in holidays, day.weekday() >= 5
    if is_holiday:
        kinds.add(HOLIDAYS)
    if is_weekend:
        kinds.add(WEEKEND)
    elif not is_holiday:
        kinds.add(WORKING_DAYS)
    return kinds


@dataclass(frozen=True)
class ClockPrice:
    """A price, and the hours that have another: the first of them that holds wins. One price has no such hours."""

    base_micro: int
    hours: tuple[ClockHours, ...] = ()

    def holding(self, local: datetime, holidays: frozenset[date]) -> int | None:
        """Which of the hours hold by the wall clock, by their place; None for the base price."""
        return next((place for place, hours in enumerate(self.hours) if hours.hold_at(local, holidays)), None)

    def micro_at(self, local: datetime, holidays: frozenset[date]) -> int:
        place = self.holding(local, holidays)
        return self.base_micro if place is None else self.hours[place].micro


@dataclass(frozen=True)
class SpotTerms:
    """The price of the exchange, and what is added to it.

    Attributes:
        source: whose prices count, as its host.
        currency: the money in which the source tells them.
        step: QUARTER, or HOUR for the mean of its four quarters.
        rate_micro: how much of the contract's currency is one of the source's.
    """

    source: str
    area: str
    currency: str
    step: timedelta = HOUR
    factor_micro: int = MICRO
    mark_up_micro: int = 0
    rate_micro: int = MICRO


@dataclass(frozen=True)
class SpotSupport:
    """A share of the spot above a price is paid for the household, with its VAT."""

    share_micro: int
    above_micro: int


@dataclass(frozen=True)
class FixedInsteadOfSpot:
    """A price that stands in the place of spot and factor."""

    micro: int


@dataclass(frozen=True)
class Contract:
    """What a kWh costs from the local midnight of a day until the next contract's.

    Attributes:
        vat_micro: 250000 for 25 %.
        includes_vat: whether what was typed has VAT in it. The spot never has.
        holidays_of: the country whose holidays count; empty: there are none.
    """

    valid_from: date
    currency: str
    energy: ClockPrice | SpotTerms
    grid: ClockPrice = ClockPrice(0)
    tax_micro: int = 0
    vat_micro: int = 0
    includes_vat: bool = True
    support: SpotSupport | FixedInsteadOfSpot | None = None
    holidays_of: str = ""

    @property
    def kind(self) -> ContractKind:
        if isinstance(self.energy, SpotTerms):
            return ContractKind.BY_THE_HOUR
        return ContractKind.BY_THE_CLOCK if self.energy.hours else ContractKind.ONE_PRICE

    @property
    def needed_spot(self) -> SpotTerms | None:
        """Which prices of the exchange it needs; none where a fixed price stands in their place."""
        is_fixed = isinstance(self.support, FixedInsteadOfSpot)
        return self.energy if isinstance(self.energy, SpotTerms) and not is_fixed else None

    @property
    def goes_by_the_time(self) -> bool:
        """Whether its price may be another at another time."""
        return self.needed_spot is not None or any(price.hours for price in self.clock_prices)

    @property
    def clock_prices(self) -> tuple[ClockPrice, ...]:
        """Its parts that may change by the clock."""
        return (self.grid,) if isinstance(self.energy, SpotTerms) else (self.energy, self.grid)
