"""What waiting for cheap hours saved: against the same energy from when the car came, as strongly as it flowed.

It is fixed with a session's cost, by the same price list, and told only where the dashboard held the car back: a
car that was full, or took its time by itself, has waited for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select, update

from dashboard.charger import receipts
from dashboard.history import session_cost
from dashboard.history.shares import Interval, shares_at_once
from dashboard.history.tables import charge_day, charge_interval, charge_session
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import Choice

_SESSION = charge_session.c
_IS_HELD = receipts.is_held_back(_SESSION.charger_id, _SESSION.start_at, _SESSION.end_at)
_COST = select(func.sum(charge_day.c.cost_micro)).where(charge_day.c.session_id == _SESSION.id).scalar_subquery()


class Saved(NamedTuple):
    """What waiting saved, in millionths; negative where it cost more. And in how many sessions."""

    micro: int
    sessions: int


def store(connection: Connection, tariffs: Tariffs, session_ids: Sequence[int]) -> None:
    """Fix what waiting saved in some sessions, after their costs."""
    for row in _that_matter(connection, session_ids):
        saved_micro = _saved_micro(connection, tariffs, row) if row.is_held else None
        if saved_micro != row.saved_micro:
            this = update(charge_session).where(_SESSION.id == row.id)
            connection.execute(this.values(saved_micro=saved_micro))


def _that_matter(connection: Connection, session_ids: Sequence[int]) -> Iterator[Row[Any]]:
    """Those that waited, and those of which that was said."""
    names = ("id", "charger_id", "start_at", "energy_mwh", "has_stray_readings", "priced_in", "saved_micro")
    columns = [*(_SESSION[name] for name in names), _COST.label("cost_micro"), _IS_HELD.label("is_held")]
    query = select(*columns).where(or_(_IS_HELD, _SESSION.saved_micro.is_not(None)))
    for begin in range(0, len(session_ids), 500):
        some = _SESSION.id.in_(session_ids[begin : begin + 500])
        yield from connection.execute(query.where(some)).all()


def _saved_micro(connection: Connection, tariffs: Tariffs, row: Row[Any]) -> int | None:
    """None where it has no cost, or nothing tells when its energy flowed."""
    if row.priced_in is None or row.cost_micro is None or row.has_stray_readings:
        return None
    prices, intervals = tariffs.of(row.charger_id, row.priced_in), _intervals(connection, row.id)
    zone = tariffs.zone_of(row.charger_id)
    moved = shares_at_once(row.start_at, row.energy_mwh, intervals, zone, prices.changes_between)
    at_once_micro = session_cost.total_micro(session_cost.priced(moved, prices)) if moved else None
    return None if at_once_micro is None else at_once_micro - int(row.cost_micro)


def _intervals(connection: Connection, session_id: int) -> list[Interval]:
    table = charge_interval.c
    query = select(table.at, table.energy_mwh).where(table.session_id == session_id).order_by(table.position)
    return [(at, energy_mwh) for at, energy_mwh in connection.execute(query)]


def of_period(connection: Connection, choice: Choice) -> Saved:
    """What waiting saved in the sessions that ended in a period."""
    query = select(func.coalesce(func.sum(_SESSION.saved_micro), 0), func.count()).where(
        _SESSION.last_day.between(choice.first, choice.last), _SESSION.saved_micro != 0
    )
    if choice.chargers is not None:
        query = query.where(_SESSION.charger_id.in_(choice.chargers))
    micro, sessions = connection.execute(query).one()
    return Saved(int(micro), sessions)
