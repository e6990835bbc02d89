"""What a kWh costs at a moment, and what was known about that earlier.

Rows of prices are never changed, only added and taken off, and each of these makes a new state of the list; to
change a price is to do both at once. A session remembers the state by which its cost was fixed; so a correction
years later finds the very same prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from dashboard.formats import FIRST_POSSIBLE
from dashboard.history.tables import charge_share, history_book, price_table
from dashboard.tariff import terms as contract_terms
from dashboard.tariff.contract import MICRO, ClockPrice, Contract
from dashboard.tariff.contracts import Contracts, midnight
from dashboard.tariff.kwh_price import KwhPrice
from dashboard.tariff.spot_prices import SpotPrices

FAR_AHEAD = datetime(9000, 1, 1, tzinfo=UTC)
FROM_THE_FIRST = FIRST_POSSIBLE.date() - timedelta(days=1)  # before any session, wherever the charger stands


class DayHasPrice(Exception):
    """Of two prices for one day nobody could tell which counts; `there` is the one that is there."""

    def __init__(self, there: Price) -> None:
        super().__init__(there)
        self.there = there


@dataclass(frozen=True)
class Price:
    """One entry of the price list, valid from a local midnight until the next entry's.

    Attributes:
        terms: of a contract, as text; empty for one price and nothing else.
    """

    id: int
    valid_from: date
    micro_per_kwh: int
    terms: str = ""

    @property
    def per_kwh(self) -> Decimal:
        return Decimal(self.micro_per_kwh) / MICRO

    @property
    def typed_micro(self) -> int | None:
        """What was typed as its price per kWh; None where it goes by the exchange."""
        energy = self.contract().energy
        return energy.base_micro if isinstance(energy, ClockPrice) else None

    def contract(self, currency: str | None = None) -> Contract:
        """The entry as a contract, in the currency of the list."""
        if self.terms:
            return contract_terms.from_text(self.terms, self.valid_from, currency or "")
        return Contract(self.valid_from, currency or "", ClockPrice(self.micro_per_kwh))


@dataclass(frozen=True)
class Tariff:
    """The price as a function of the moment.

    Attributes:
        state: of the price list it was made from.
        steps: the moments from which on an entry holds, oldest first.
        contracts: the same entries, as they are reckoned with.
    """

    state: int
    steps: tuple[tuple[datetime, Price], ...]
    contracts: Contracts

    def entry_at(self, moment: datetime) -> Price | None:
        """The entry that holds; None before the first."""
        holding = None
        for begins, entry in self.steps:
            if begins > moment:
                break
            holding = entry
        return holding

    def times_of(self, price_id: int) -> list[tuple[datetime, datetime]]:
        """When an entry holds: once, or never."""
        ends = [*(begins for begins, _entry in self.steps[1:]), FAR_AHEAD]
        return [
            (begins, end) for (begins, entry), end in zip(self.steps, ends, strict=True) if entry.id == price_id
        ]

    def price_at(self, moment: datetime) -> KwhPrice | None:
        """None before the first entry, and where a price of the exchange is needed and not known."""
        return self.contracts.price_at(moment)

    def changes_between(self, begin: datetime, end: datetime) -> list[datetime]:
        """The moments inside at which the price may change: a share must not reach across one."""
        return self.contracts.changes_between(begin, end)

    def cost_micro(self, begin: datetime, energy_mwh: int) -> int | None:
        """What a share costs in millionths of the currency, rounded half to even; None without a price."""
        return self.contracts.cost_micro(begin, energy_mwh)


def tariff(
    connection: Connection, zone: tzinfo, state: int | None = None, spot_prices: SpotPrices | None = None
) -> Tariff:
    """The prices as known in that state of the list, by default as known now.

    Args:
        spot_prices: where several tariffs share what is read of the exchange's prices.
    """
    if state is None:
        state = state_of_list(connection)
    table = price_table.c
    holds = (table.added_in <= state, table.removed_in.is_(None) | (table.removed_in > state))
    rows = connection.execute(select(price_table).where(*holds).order_by(table.valid_from, table.id))
    by_day = {row.valid_from: _price(row) for row in rows}
    # Of two for one day, as older versions took them, the later counts.
    steps = tuple((midnight(day, zone), entry) for day, entry in by_day.items())
    held = [entry.contract() for entry in by_day.values()]
    return Tariff(state, steps, Contracts(zone, held, spot_prices or SpotPrices(connection), state))


def state_of_list(connection: Connection) -> int:
    """The present state of the price list."""
    return connection.execute(select(history_book.c.prices_state)).scalar() or 0


class Tariffs:
    """The price list in the states that are asked for, each charger's in its own time zone; each is read once.

    Args:
        zone_of: the time zone of a charger, by its id.
    """

    def __init__(self, connection: Connection, zone_of: Callable[[str], tzinfo]) -> None:
        self._connection = connection
        self.zone_of = cache(zone_of)
        self._read: dict[tuple[str, int], Tariff] = {}
        self._spot_prices = SpotPrices(connection)

    @cached_property
    def state(self) -> int:
        """The present state of the list."""
        return state_of_list(self._connection)

    def of(self, charger_id: str, state: int | None = None) -> Tariff:
        """The prices of a charger as known in that state, by default as known now."""
        zone = self.zone_of(charger_id)
        key = str(zone), self.state if state is None else state
        if key not in self._read:
            self._read[key] = tariff(self._connection, zone, key[1], self._spot_prices)
        return self._read[key]


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


def prices(connection: Connection) -> list[Price]:
    """The entries that hold, newest first."""
    return [_price(row) for row in entered(connection)]


def add(
    connection: Connection, valid_from: date, micro_per_kwh: int, now: datetime, who: str, terms: str = ""
) -> None:
    """Add a price, or with `terms` a contract; sessions that have a cost keep it.

    Raises:
        DayHasPrice: there is one from that day on already.
    """
    state = _next_state(connection)  # locks the list: of two who add at once, the second sees the first's
    for row in entered(connection):
        if row.valid_from == valid_from:
            raise DayHasPrice(_price(row))
    values = {"valid_from": valid_from, "micro_per_kwh": micro_per_kwh, "added_in": state, "terms": terms or None}
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
    return Price(row.id, row.valid_from, row.micro_per_kwh, row.terms or "")


def _next_state(connection: Connection) -> int:
    ensure_book(connection)
    grown = update(history_book).values(prices_state=history_book.c.prices_state + 1)
    return int(connection.execute(grown.returning(history_book.c.prices_state)).scalar_one())


def choose_currency(connection: Connection, currency: str | None) -> None:
    """What all prices and costs are in."""
    ensure_book(connection)
    connection.execute(update(history_book).values(currency=currency))


def ensure_book(connection: Connection) -> None:
    """Make the one row, should somebody have emptied the table."""
    if connection.execute(select(history_book.c.id)).first() is None:
        connection.execute(insert(history_book).values(id=1))
