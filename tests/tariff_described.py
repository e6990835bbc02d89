"""What the second reckoning of a tariff is told, and what it tells; see `tests/tariff_reference.py`.

Amounts are millionths of a currency per kWh, energies milliwatt-hours, moments aware datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction

QUARTER = timedelta(minutes=15)


# ---- what a household types


@dataclass(frozen=True)
class Rule:
    """Hours with a price of their own.

    Attributes:
        end: the next day's when not after `begin`: hours over midnight belong to the day they begin on.
        days: 0 (Monday) to 6, "working days", "weekend", "holidays", in any combination; none means every day.
        months: 1 to 12; none means all year.
    """

    begin: time
    end: time
    price: int
    days: frozenset[int | str] = frozenset()
    months: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Clock:
    """A base price and its exceptions; the first that matches wins."""

    base: int
    rules: tuple[Rule, ...] = ()
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Share:
    """Support: a share of what the spot is above a price."""

    percent: Fraction
    above: int


@dataclass(frozen=True)
class Fixed:
    """Support: a price in the place of the spot."""

    price: int


@dataclass(frozen=True)
class ByTheHour:
    """The market's price.

    Attributes:
        step: a quarter, or an hour for the mean of its four quarters.
        rate: what one unit of the market's money is in the contract's; None where it is the same, or nobody said.
    """

    step: timedelta = QUARTER
    factor: Fraction = Fraction(1)
    mark_up: int = 0
    support: Share | Fixed | None = None
    rate: Fraction | None = None


@dataclass(frozen=True)
class Contract:
    """Holds from a local date until the next one's.

    Attributes:
        energy: a number is one price.
        grid: a number is one fee; None is none.
        includes_vat: everything typed here includes VAT. The spot never does.
    """

    valid_from: date
    energy: int | Clock | ByTheHour
    grid: int | Clock | None = None
    tax: int = 0
    vat_percent: Fraction = Fraction(0)
    includes_vat: bool = False
    currency: str = "EUR"


@dataclass(frozen=True)
class Market:
    """Spot prices by the instant at which their quarter begins, in UTC; a quarter that is not here has no price."""

    currency: str = "EUR"
    quarters: dict[datetime, int] = field(default_factory=dict)


# ---- what it tells


@dataclass(frozen=True)
class Price:
    currency: str
    energy: int
    mark_up: int
    grid: int
    tax: int
    vat: int
    support: int  # zero or negative

    @property
    def total(self) -> int:
        return self.energy + self.mark_up + self.grid + self.tax + self.vat + self.support


@dataclass(frozen=True)
class Reading:
    """Energy that went into the car between two moments, nobody knows how evenly."""

    begin: datetime
    end: datetime
    energy_mwh: int


@dataclass(frozen=True)
class Piece:
    """A part of a reading under one price; `price` None means that there is none, which is not a price of 0."""

    begin: datetime
    end: datetime
    energy_mwh: int
    exact_mwh: Fraction
    price: Price | None

    @property
    def cost(self) -> int | None:
        return cost_of_energy(self.energy_mwh, self.price)


@dataclass(frozen=True)
class Cost:
    """What a session costs, and by how much it may be more or less: readings do not tell when within them."""

    currency: str
    micro: int
    plus_minus: int


def half_even(amount: Fraction) -> int:
    return round(amount)


def cost_of_energy(energy_mwh: int, price: Price | None) -> int | None:
    return None if price is None else half_even(Fraction(energy_mwh * price.total, 10**6))
