"""Sums over shares: by day, month, year and person. Whole numbers, so every sum is exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, distinct, func, select

from dashboard.history.tables import charge_session, charge_share
from dashboard.household.tables import member_table

GUEST = 0
# What anybody may mean. A clock that was never set says 1970, which is 1969 west of Greenwich.
FIRST_YEAR, LAST_YEAR = 1969, 2200


@dataclass(frozen=True)
class Sum:
    """What flowed, and what it cost.

    Attributes:
        cost_micro: of what has a price; None if nothing has.
        open_mwh: what has no price yet.
    """

    energy_mwh: int = 0
    cost_micro: int | None = None
    open_mwh: int = 0

    def __add__(self, other: Sum) -> Sum:
        known = [one for one in (self.cost_micro, other.cost_micro) if one is not None]
        cost = sum(known) if known else None
        return Sum(self.energy_mwh + other.energy_mwh, cost, self.open_mwh + other.open_mwh)


def total(sums: Iterable[Sum]) -> Sum:
    return sum(sums, Sum())


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
    """Which shares are meant: of some chargers (None: all), in local days from first to last."""

    first: date
    last: date
    chargers: tuple[str, ...] | None = None

    @property
    def where(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [charge_share.c.day.between(self.first, self.last)]
        if self.chargers is not None:
            conditions.append(charge_share.c.charger_id.in_(self.chargers))
        return conditions


_OPEN = case((charge_share.c.cost_micro.is_(None), charge_share.c.energy_mwh), else_=0)
_SUMS = (func.sum(charge_share.c.energy_mwh), func.sum(charge_share.c.cost_micro), func.sum(_OPEN))


def _sum(values: Iterable[Any]) -> Sum:
    energy, cost, open_ = values
    return Sum(int(energy or 0), None if cost is None else int(cost), int(open_ or 0))


def by_day(connection: Connection, choice: Choice) -> dict[date, Sum]:
    query = select(charge_share.c.day, *_SUMS).where(*choice.where).group_by(charge_share.c.day)
    return {day: _sum(values) for day, *values in connection.execute(query)}


def by_month(days: Mapping[date, Sum], year: int) -> list[tuple[Month, Sum]]:
    """The twelve months of a year, from its days."""
    found: dict[int, list[Sum]] = {}
    for day, one in days.items():
        found.setdefault(day.month, []).append(one)
    return [(month, total(found.get(month.first.month, ()))) for month in months_of(year)]


def count(connection: Connection, choice: Choice) -> int:
    """How many sessions took energy then."""
    query = select(func.count(distinct(charge_share.c.session_id))).where(*choice.where)
    return connection.execute(query).scalar() or 0


@dataclass(frozen=True)
class PersonSum:
    """What one person took; `id` is GUEST for guests, None where nobody has said whose charge it was."""

    id: int | None
    name: str
    sum: Sum


def by_person(connection: Connection, choice: Choice) -> list[PersonSum]:
    """Who took how much, most first; what nobody has claimed comes last."""
    query = (
        select(charge_session.c.person_id, func.max(charge_session.c.person_name), *_SUMS)
        .join(charge_share, charge_share.c.session_id == charge_session.c.id)
        .where(*choice.where)
        .group_by(charge_session.c.person_id)
    )
    names = people(connection)
    found = [
        PersonSum(id, names.get(id, name or ""), _sum(values)) for id, name, *values in connection.execute(query)
    ]
    return sorted(found, key=lambda one: (one.id is None, -one.sum.energy_mwh))


def people(connection: Connection) -> dict[int, str]:
    """The household's people by number, in the order of their names."""
    rows = connection.execute(select(member_table.c.id, member_table.c.name).order_by(member_table.c.name_key))
    return {row.id: row.name for row in rows}


def years(connection: Connection, chargers: tuple[str, ...] | None) -> list[int]:
    """Every year from the first share to the last, newest first."""
    ends = []
    for order in (charge_share.c.day.asc(), charge_share.c.day.desc()):
        query = select(charge_share.c.day).order_by(order).limit(1)
        if chargers is not None:
            query = query.where(charge_share.c.charger_id.in_(chargers))
        ends.append(connection.execute(query).scalar())
    first, last = ends
    return list(range(last.year, first.year - 1, -1)) if first and last else []
