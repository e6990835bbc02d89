"""What today's price list would make of costs that are fixed, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, update

from dashboard.history.booking import write_costs
from dashboard.history.tables import charge_session, charge_share, price_table
from dashboard.history.tariff import Tariff, Tariffs
from dashboard.history.totals import Choice, Month

LAST_STATE = 2**31 - 1  # of the price list: later than any


@dataclass(frozen=True)
class CostChange:
    """One session whose cost would be another; None means that it has, or would have, none."""

    session_id: int
    charger_id: str
    month: Month
    before_micro: int | None
    after_micro: int | None
    shares: tuple[tuple[int, int | None], ...]


@dataclass
class MonthDifference:
    """The changes of one month, summed up."""

    month: Month
    sessions: int = 0
    before_micro: int = 0
    after_micro: int = 0

    @property
    def difference_micro(self) -> int:
        return self.after_micro - self.before_micro


_NAMES = ("session_id", "charger_id", "position", "begin_at", "energy_mwh", "cost_micro")
_COLUMNS = [charge_share.c[name] for name in _NAMES]


def of_period(connection: Connection, tariffs: Tariffs, choice: Choice) -> list[CostChange]:
    """The sessions that ended in the period and would get another cost, oldest first."""
    meant = [charge_session.c.last_day.between(choice.first, choice.last)]
    if choice.chargers is not None:
        meant.append(charge_session.c.charger_id.in_(choice.chargers))
    return _changes(_rows(connection, *meant), tariffs)


def of_price(connection: Connection, tariffs: Tariffs, price_id: int) -> list[CostChange]:
    """Of the sessions that were booked with a price, on the list or off it, those that would get another cost."""
    ids = booked_with(connection, tariffs, price_id)
    return _changes([row for row in _rows(connection, *_while_listed(price_id)) if row.session_id in ids], tariffs)


def booked_with(connection: Connection, tariffs: Tariffs, price_id: int) -> set[int]:
    """The sessions whose cost, or a part of it, this price has made."""
    return {
        row.session_id
        for row in _rows(connection, *_while_listed(price_id))
        if (price := tariffs.of(row.charger_id, row.priced_in).price_at(row.begin_at)) and price.id == price_id
    }


def _while_listed(price_id: int) -> tuple[ColumnElement[bool], ...]:
    """The sessions whose cost was fixed while a price was on the list."""
    listed = select(price_table.c.added_in, price_table.c.removed_in).where(price_table.c.id == price_id).subquery()
    until = select(func.coalesce(listed.c.removed_in, LAST_STATE)).scalar_subquery()
    since = select(listed.c.added_in).scalar_subquery()
    return charge_session.c.priced_in >= since, charge_session.c.priced_in < until


def _rows(connection: Connection, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The shares of some sessions, oldest first."""
    query = (
        select(*_COLUMNS, charge_session.c.last_day, charge_session.c.priced_in)
        .join(charge_session, charge_session.c.id == charge_share.c.session_id)
        .where(*conditions)
        .order_by(charge_session.c.end_at, charge_share.c.session_id, charge_share.c.position)
    )
    return list(connection.execute(query))


def _changes(rows: Sequence[Row[Any]], tariffs: Tariffs) -> list[CostChange]:
    by_session: dict[int, list[Any]] = {}
    for row in rows:
        by_session.setdefault(row.session_id, []).append(row)
    compared = (_change(rows, tariffs.of(rows[0].charger_id)) for rows in by_session.values())
    return [change for change in compared if change.before_micro != change.after_micro]


def _change(rows: list[Any], prices: Tariff) -> CostChange:
    before = [row.cost_micro for row in rows]
    after = [prices.cost_micro(row.begin_at, row.energy_mwh) for row in rows]
    if None in after:  # a session has a cost as a whole, or none
        after = [None] * len(rows)
    return CostChange(
        session_id=rows[0].session_id,
        charger_id=rows[0].charger_id,
        month=Month.of(rows[0].last_day),
        before_micro=_sum(before),
        after_micro=_sum(after),
        shares=tuple((row.position, cost) for row, cost in zip(rows, after, strict=True)),
    )


def _sum(costs: list[int | None]) -> int | None:
    priced = [cost for cost in costs if cost is not None]
    return sum(priced) if len(priced) == len(costs) else None


def by_month(changed: list[CostChange]) -> list[MonthDifference]:
    """The changes summed up, a month each, in their order."""
    months: dict[Month, MonthDifference] = {}
    for change in changed:
        month = months.setdefault(change.month, MonthDifference(change.month))
        month.sessions += 1
        month.before_micro += change.before_micro or 0
        month.after_micro += change.after_micro or 0
    return list(months.values())


def apply(connection: Connection, state: int, changed: list[CostChange]) -> None:
    """Fix the costs anew, by the state of the price list they were computed from."""
    costs = [
        {"b_id": change.session_id, "b_position": position, "b_cost": cost}
        for change in changed
        for position, cost in change.shares
    ]
    write_costs(connection, costs)
    states = [
        {"b_id": change.session_id, "b_state": None if change.after_micro is None else state} for change in changed
    ]
    if states:
        fixed = update(charge_session).where(charge_session.c.id == bindparam("b_id"))
        connection.execute(fixed.values(priced_in=bindparam("b_state")), states)
