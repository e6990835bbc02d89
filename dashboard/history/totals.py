"""Sums over the days of sessions: by day, month, year and person. Whole numbers, so every sum is exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import add
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, distinct, func, select

from dashboard.history.tables import PART_COLUMNS, charge_day, charge_session, unusable_sessions
from dashboard.household.tables import member_table
from dashboard.tariff.price_text import PARTS

GUEST = 0
NO_PARTS = (0,) * len(PART_COLUMNS)
# The years that an address or a price may name; sessions that count lie well within.
FIRST_YEAR, LAST_YEAR = 1969, 2200


@dataclass(frozen=True)
class ChargeSum:
    """What flowed, and what it cost.

    Attributes:
        cost_micro: of what has a price; None if nothing has.
        open_mwh: what has no price yet.
        parts: of the cost, in the order of `tables.PART_COLUMNS`; those of old bookings were not kept.
    """

    energy_mwh: int = 0
    cost_micro: int | None = None
    open_mwh: int = 0
    parts: tuple[int, ...] = NO_PARTS

    def __add__(self, other: ChargeSum) -> ChargeSum:
        costs = [cost for cost in (self.cost_micro, other.cost_micro) if cost is not None]
        parts = tuple(map(add, self.parts, other.parts))
        cost = sum(costs) if costs else None
        return ChargeSum(self.energy_mwh + other.energy_mwh, cost, self.open_mwh + other.open_mwh, parts)

    @property
    def parts_micro(self) -> dict[str, int]:
        """The parts that are not 0, by their name in a price."""
        return {part: micro for part, micro in zip(PARTS, self.parts, strict=True) if micro}

    @property
    def untold_micro(self) -> int:
        """Of the cost, what nobody kept the parts of."""
        return (self.cost_micro or 0) - sum(self.parts)


def total(sums: Iterable[ChargeSum]) -> ChargeSum:
    return sum(sums, ChargeSum())


@dataclass(frozen=True)
class Month:
    """A month of the calendar."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.replace(day=1))

    @classmethod
    def from_key(cls, key: str) -> Month | None:
        """From “2026-03”; None if it is no month, or none that anybody means."""
        year, _, month = key.partition("-")
        if len(year) != 4 or len(month) != 2:
            return None
        try:
            first = date(int(year), int(month), 1)
        except ValueError:
            return None
        return cls(first) if FIRST_YEAR <= first.year <= LAST_YEAR else None

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> Month:
        return Month.of(self.first + timedelta(days=32))

    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def months_of(year: int) -> list[Month]:
    return [Month(date(year, number, 1)) for number in range(1, 13)]


@dataclass(frozen=True)
class Choice:
    """Which days of sessions are meant: of some chargers (None: all), in local days from first to last."""

    first: date
    last: date
    chargers: tuple[str, ...] | None = None

    def of(self, table: Table) -> list[ColumnElement[bool]]:
        """The rows of a table of days or shares that are meant."""
        conditions: list[ColumnElement[bool]] = [table.c.day.between(self.first, self.last)]
        if self.chargers is not None:
            conditions.append(table.c.charger_id.in_(self.chargers))
        return conditions

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """The days of sessions that are meant."""
        return self.of(charge_day)


_SUMS = tuple(func.sum(charge_day.c[column]) for column in ("energy_mwh", "cost_micro", "open_mwh"))
PARTS_OF_COST = tuple(func.sum(charge_day.c[column]).label(column) for column in PART_COLUMNS)


def _sum(values: Iterable[Any]) -> ChargeSum:
    energy, cost, open_, *parts = values
    told = tuple(int(part or 0) for part in parts) or NO_PARTS
    return ChargeSum(int(energy or 0), None if cost is None else int(cost), int(open_ or 0), told)


def by_day(connection: Connection, choice: Choice) -> dict[date, ChargeSum]:
    query = select(charge_day.c.day, *_SUMS, *PARTS_OF_COST).where(*choice.where).group_by(charge_day.c.day)
    return {day: _sum(values) for day, *values in connection.execute(query)}


def by_month(days: Mapping[date, ChargeSum], year: int) -> list[tuple[Month, ChargeSum]]:
    """The twelve months of a year, from its days."""
    by_number: dict[int, list[ChargeSum]] = {}
    for day, charged in days.items():
        by_number.setdefault(day.month, []).append(charged)
    return [(month, total(by_number.get(month.first.month, ()))) for month in months_of(year)]


def count(connection: Connection, choice: Choice) -> int:
    """How many sessions took energy then."""
    query = select(func.count(distinct(charge_day.c.session_id))).where(*choice.where)
    return connection.execute(query).scalar() or 0


@dataclass(frozen=True)
class PersonSum:
    """What one person took; `id` is GUEST for guests, None where nobody has said whose charge it was."""

    id: int | None
    name: str
    sum: ChargeSum


def by_person(connection: Connection, choice: Choice) -> list[PersonSum]:
    """Who took how much, most first; what nobody has claimed comes last."""
    query = (
        select(charge_session.c.person_id, func.max(charge_session.c.person_name), *_SUMS)
        .join(charge_day, charge_day.c.session_id == charge_session.c.id)
        .where(*choice.where)
        .group_by(charge_session.c.person_id)
    )
    names = people(connection)
    people_sums = [
        PersonSum(id, names.get(id, name or ""), _sum(values)) for id, name, *values in connection.execute(query)
    ]
    return sorted(people_sums, key=lambda person: (person.id is None, -person.sum.energy_mwh))


def people(connection: Connection) -> dict[int, str]:
    """The household's people by number, in the order of their names."""
    rows = connection.execute(select(member_table.c.id, member_table.c.name).order_by(member_table.c.name_key))
    return {row.id: row.name for row in rows}


def years(connection: Connection, chargers: tuple[str, ...] | None) -> list[int]:
    """Every year from the first session to the last, newest first."""
    kept = _ends(connection, charge_day.c.day, chargers)
    return list(range(kept[1].year, kept[0].year - 1, -1)) if kept else []


def days(connection: Connection, chargers: tuple[str, ...] | None) -> tuple[date, date] | None:
    """The first and the last day with a session, one that does not count included; None without any."""
    ends = [
        _ends(connection, charge_day.c.day, chargers),
        _ends(connection, charge_session.c.last_day, chargers),
    ]
    kept = [end for pair in ends if pair for end in pair]
    return (min(kept), max(kept)) if kept else None


def _ends(connection: Connection, day: Column[date], chargers: tuple[str, ...] | None) -> tuple[date, date] | None:
    """The first and the last of the days in a column, by its index."""
    ends, charger_id = [], day.table.c.charger_id
    for order in (day.asc(), day.desc()):
        query = select(day).order_by(order).limit(1)
        if chargers is not None:
            query = query.where(charger_id.in_(chargers))
        ends.append(connection.execute(query).scalar())
    return (ends[0], ends[1]) if ends[0] and ends[1] else None


def unknown_times(connection: Connection, chargers: tuple[str, ...] | None) -> tuple[int, int]:
    """The sessions that would count if their times were known: how many, and their energy in mWh."""
    table = charge_session.c
    query = select(func.count(), func.sum(table.energy_mwh)).where(
        table.is_counted, table.are_times_known.is_(False)
    )
    if chargers is not None:
        query = query.where(table.charger_id.in_(chargers))
    count, energy_mwh = connection.execute(query).one()
    return int(count), int(energy_mwh or 0)


def unusable(connection: Connection, chargers: tuple[str, ...] | None) -> dict[Month, int]:
    """How many sessions of each month Zaptec told of in a way that cannot be used; oldest first."""
    table = unusable_sessions.c
    query = select(table.month, func.sum(table.count)).group_by(table.month).order_by(table.month)
    if chargers is not None:
        query = query.where(table.charger_id.in_(chargers))
    return {Month(first): int(count) for first, count in connection.execute(query)}
