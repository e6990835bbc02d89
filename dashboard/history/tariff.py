"""What a kWh costs at a moment, and what was known about that earlier.

Rows of prices are never changed, only added and taken off, and each of these makes a new state of the list; to
change a price is to do both at once. A session remembers the state by which its cost was fixed; so a correction
years later finds the very same prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from dashboard.formats import FIRST_POSSIBLE
from dashboard.history.tables import charge_share, history_book, price_table

MICRO = 1_000_000
HIGHEST = Decimal(1_000_000)
DECIMALS = Decimal("0.000001")
FROM_THE_FIRST = FIRST_POSSIBLE.date() - timedelta(days=1)  # before any session, wherever the charger stands


class DayHasPrice(Exception):
    """Of two prices for one day nobody could tell which counts; `there` is the one that is there."""

    def __init__(self, there: Price) -> None:
        super().__init__(there)
        self.there = there


@dataclass(frozen=True)
class Price:
    """One entry of the price list, valid from a local midnight until the next entry's."""

    id: int
    valid_from: date
    micro_per_kwh: int

    @property
    def per_kwh(self) -> Decimal:
        return Decimal(self.micro_per_kwh) / MICRO


@dataclass(frozen=True)
class Tariff:
    """The price as a function of the moment.

    Attributes:
        state: of the price list it was made from.
        steps: the moments from which on a price holds, oldest first.
    """

    state: int
    steps: tuple[tuple[datetime, Price], ...]

    def price_at(self, moment: datetime) -> Price | None:
        """None before the first price."""
        holding = None
        for begins, price in self.steps:
            if begins > moment:
                break
            holding = price
        return holding

    def changes_between(self, begin: datetime, end: datetime) -> list[datetime]:
        """The moments inside at which the price may change: a share must not reach across one."""
        return [at for at, _price in self.steps if begin < at < end]

    def cost_micro(self, begin: datetime, energy_mwh: int) -> int | None:
        """What a share costs in millionths of the currency, rounded half to even; None without a price."""
        price = self.price_at(begin)
        return None if price is None else _half_even(energy_mwh * price.micro_per_kwh, MICRO)


def _half_even(number: int, divisor: int) -> int:
    """number / divisor in whole numbers, without a detour through floats."""
    whole, rest = divmod(number, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and whole % 2):
        return whole + 1
    return whole


def tariff(connection: Connection, zone: tzinfo, state: int | None = None) -> Tariff:
    """The prices as known in that state of the list, by default as known now."""
    if state is None:
        state = connection.execute(select(history_book.c.prices_state)).scalar() or 0
    table = price_table.c
    holds = (table.added_in <= state, table.removed_in.is_(None) | (table.removed_in > state))
    rows = connection.execute(select(price_table).where(*holds).order_by(table.valid_from, table.id))
    by_day = {row.valid_from: _price(row) for row in rows}
    # Of two for one day, as older versions took them, the later counts.
    return Tariff(state, tuple((_midnight(day, zone), price) for day, price in by_day.items()))


class Tariffs:
    """The price list in the states that are asked for, each charger's in its own time zone; each is read once.

    Args:
        zone_of: the time zone of a charger, by its id.
    """

    def __init__(self, connection: Connection, zone_of: Callable[[str], tzinfo]) -> None:
        self._connection = connection
        self.zone_of = cache(zone_of)
        self._read: dict[tuple[str, int], Tariff] = {}

    @cached_property
    def state(self) -> int:
        """The present state of the list."""
        return self._connection.execute(select(history_book.c.prices_state)).scalar() or 0

    def of(self, charger_id: str, state: int | None = None) -> Tariff:
        """The prices of a charger as known in that state, by default as known now."""
        zone = self.zone_of(charger_id)
        key = str(zone), self.state if state is None else state
        if key not in self._read:
            self._read[key] = tariff(self._connection, zone, key[1])
        return self._read[key]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def entered(connection: Connection) -> list[Row[Any]]:
    """The entries that hold, newest first."""
    query = select(price_table).where(price_table.c.removed_in.is_(None))
    return list(connection.execute(query.order_by(price_table.c.valid_from.desc(), price_table.c.id.desc())))


def currency(connection: Connection) -> str | None:
    return connection.execute(select(history_book.c.currency)).scalar()


def is_currency_open(connection: Connection) -> bool:
    """Whether the currency may be chosen: no price, and no cost, is in another."""
    if connection.execute(select(price_table.c.id).where(price_table.c.removed_in.is_(None)).limit(1)).first():
        return False
    priced = select(charge_share.c.day).where(charge_share.c.cost_micro.is_not(None))
    return connection.execute(priced.limit(1)).first() is None


def read_price(text: str) -> int | None:
    """Millionths per kWh from what somebody typed, with a point or a comma; None if it is no price."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= HIGHEST:
        return None
    rounded = value.quantize(DECIMALS, rounding=ROUND_HALF_EVEN)
    return int(rounded * MICRO)


def add(connection: Connection, valid_from: date, micro_per_kwh: int, now: datetime, who: str) -> None:
    """Add a price; sessions that have a cost keep it.

    Raises:
        DayHasPrice: there is one from that day on already.
    """
    state = _next_state(connection)  # locks the list: of two who add at once, the second sees the first's
    for row in entered(connection):
        if row.valid_from == valid_from:
            raise DayHasPrice(_price(row))
    values = {"valid_from": valid_from, "micro_per_kwh": micro_per_kwh, "added_in": state}
    connection.execute(insert(price_table).values(**values, added_at=now, added_by=who))


def find(connection: Connection, price_id: int) -> Price | None:
    """A price that is on the list; None if it is not, or no more."""
    this = (price_table.c.id == price_id, price_table.c.removed_in.is_(None))
    row = connection.execute(select(price_table).where(*this)).one_or_none()
    return _price(row) if row else None


def remove(connection: Connection, price_id: int) -> Price | None:
    """Take a price off the list; what it was, or None if it is not on it."""
    price = find(connection, price_id)
    if price is None:
        return None
    this = (price_table.c.id == price_id, price_table.c.removed_in.is_(None))
    removed = update(price_table).where(*this).values(removed_in=_next_state(connection))
    return price if connection.execute(removed).rowcount else None


def _price(row: Row[Any]) -> Price:
    return Price(row.id, row.valid_from, row.micro_per_kwh)


def _next_state(connection: Connection) -> int:
    ensure_book(connection)
    grown = update(history_book).values(prices_state=history_book.c.prices_state + 1)
    return int(connection.execute(grown.returning(history_book.c.prices_state)).scalar_one())


def ensure_book(connection: Connection) -> None:
    """Make the one row, should somebody have emptied the table."""
    if connection.execute(select(history_book.c.id)).first() is None:
        connection.execute(insert(history_book).values(id=1))
