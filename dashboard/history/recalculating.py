"""What today's price list would make of costs that are fixed, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from dashboard.history.booking import write_costs
from dashboard.history.tables import charge_session, charge_share
from dashboard.history.tariff import Tariff
from dashboard.history.totals import Choice, Month


@dataclass(frozen=True)
class Change:
    """One session whose cost would be another; None means that it has, or would have, none."""

    session_id: int
    charger_id: str
    month: Month
    before_micro: int | None
    after_micro: int | None
    shares: tuple[tuple[int, int | None], ...]


@dataclass
class Difference:
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


def changes(connection: Connection, prices: Tariff, choice: Choice) -> list[Change]:
    """The sessions that ended in the period and would get another cost, oldest first."""
    query = (
        select(*_COLUMNS, charge_session.c.last_day)
        .join(charge_session, charge_session.c.id == charge_share.c.session_id)
        .where(charge_session.c.last_day.between(choice.first, choice.last))
        .order_by(charge_session.c.end_at, charge_share.c.session_id, charge_share.c.position)
    )
    if choice.chargers is not None:
        query = query.where(charge_session.c.charger_id.in_(choice.chargers))
    by_session: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        by_session.setdefault(row.session_id, []).append(row)
    found = (_change(rows, prices) for rows in by_session.values())
    return [one for one in found if one.before_micro != one.after_micro]


def _change(rows: list[Any], prices: Tariff) -> Change:
    before = [row.cost_micro for row in rows]
    after = [prices.cost_micro(row.begin_at, row.energy_mwh) for row in rows]
    if None in after:  # a session has a cost as a whole, or none
        after = [None] * len(rows)
    return Change(
        session_id=rows[0].session_id,
        charger_id=rows[0].charger_id,
        month=Month.of(rows[0].last_day),
        before_micro=_sum(before),
        after_micro=_sum(after),
        shares=tuple((row.position, cost) for row, cost in zip(rows, after, strict=True)),
    )


def _sum(costs: list[int | None]) -> int | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def by_month(found: list[Change]) -> list[Difference]:
    months: dict[Month, Difference] = {}
    for one in found:
        month = months.setdefault(one.month, Difference(one.month))
        month.sessions += 1
        month.before_micro += one.before_micro or 0
        month.after_micro += one.after_micro or 0
    return list(months.values())


def apply(connection: Connection, prices: Tariff, found: list[Change]) -> None:
    """Fix the costs anew, by the state of the price list they were computed from."""
    write_costs(
        connection,
        [
            {"b_id": one.session_id, "b_position": position, "b_cost": cost}
            for one in found
            for position, cost in one.shares
        ],
    )
    rows = [{"b_id": one.session_id, "b_state": None if one.after_micro is None else prices.state} for one in found]
    if rows:
        change = update(charge_session).where(charge_session.c.id == bindparam("b_id"))
        connection.execute(change.values(priced_in=bindparam("b_state")), rows)
