"""What today's price list would make of costs that are fixed, and doing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from dashboard.history import session_cost
from dashboard.history.session_cost import PricedShare
from dashboard.history.shares import Interval, Share, shares
from dashboard.history.tables import charge_interval, charge_session, charge_share, price_table
from dashboard.history.tariff import Tariff, Tariffs
from dashboard.history.totals import Choice, Month

AS_READ = ("priced_in", "booked_at", "zone")  # of a session; another where it was booked anew
LAST_STATE = 2**31 - 1  # of the price list: later than any


@dataclass(frozen=True)
class CostChange:
    """One session whose cost would be another; None means that it has, or would have, none.

    Attributes:
        shares: what its shares become, each with its price; cut anew where the price now changes within one.
        as_read: what tells whether the session is still the one that was looked at.
    """

    session_id: int
    charger_id: str
    month: Month
    before_micro: int | None
    after_micro: int | None
    shares: tuple[PricedShare, ...]
    as_read: tuple[Any, ...]


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


_OF_SHARE = [
    charge_share.c[name] for name in ("session_id", "charger_id", "begin_at", "day", "energy_mwh", "cost_micro")
]
_OF_SESSION = [
    *(charge_session.c[name] for name in ("start_at", "end_at", "last_day", "has_stray_readings", *AS_READ)),
    charge_session.c.energy_mwh.label("whole_mwh"),
]
AT_A_GLANCE = 200  # sessions that an answer may wait for; of more, the difference is made in the background
SESSIONS_AT_ONCE = 500  # whose shares and readings are read with one question
Meant = Sequence[ColumnElement[bool]]  # which sessions are meant, as conditions


def ended_in(choice: Choice) -> Meant:
    """The sessions that ended in a period."""
    meant = [charge_session.c.last_day.between(choice.first, choice.last)]
    if choice.chargers is not None:
        meant.append(charge_session.c.charger_id.in_(choice.chargers))
    return meant


def without_cost() -> Meant:
    """The sessions that wait for a price."""
    return [charge_session.c.priced_in.is_(None)]


def made_by(connection: Connection, tariffs: Tariffs, price_id: int) -> Meant:
    """The sessions whose cost, or a part of it, a price has made that is on the list or was on it."""
    session, share = charge_session.c, charge_share.c
    states = select(session.charger_id, session.priced_in).where(*_while_listed(price_id)).distinct()
    held = [
        and_(session.charger_id == id, session.priced_in == state, share.begin_at >= begin, share.begin_at < end)
        for id, state in connection.execute(states).all()
        for begin, end in tariffs.of(id, state).times_of(price_id)
    ]
    query = select(share.session_id).join(charge_session, session.id == share.session_id)
    return [session.id.in_(query.where(or_(false(), *held)))]


def _while_listed(price_id: int) -> Meant:
    """The sessions whose cost was fixed while a price was on the list."""
    listed = select(price_table.c.added_in, price_table.c.removed_in).where(price_table.c.id == price_id).subquery()
    until = select(func.coalesce(listed.c.removed_in, LAST_STATE)).scalar_subquery()
    since = select(listed.c.added_in).scalar_subquery()
    return charge_session.c.priced_in >= since, charge_session.c.priced_in < until


def count(connection: Connection, meant: Meant) -> int:
    """How many sessions with shares are meant."""
    query = select(func.count()).select_from(charge_session).where(*meant, _has_shares())
    return connection.execute(query).scalar() or 0


def _has_shares() -> ColumnElement[bool]:
    return exists().where(charge_share.c.session_id == charge_session.c.id)


def next_sessions(connection: Connection, meant: Meant, after_id: int, limit: int) -> list[int]:
    """The next of the sessions that are meant, by their ids."""
    query = select(charge_session.c.id).where(*meant, charge_session.c.id > after_id, _has_shares())
    return list(connection.execute(query.order_by(charge_session.c.id).limit(limit)).scalars())


def of_sessions(connection: Connection, tariffs: Tariffs, ids: Sequence[int]) -> list[CostChange]:
    """Of some sessions, those that would get another cost."""
    return _changes(connection, _rows(connection, charge_share.c.session_id.in_(ids)), tariffs)


def of_all(connection: Connection, tariffs: Tariffs, meant: Meant) -> Iterator[tuple[int, list[CostChange]]]:
    """Of the sessions that are meant, those that would get another cost; with each lot, how many were looked at."""
    after_id = 0
    while ids := next_sessions(connection, meant, after_id, SESSIONS_AT_ONCE):
        yield len(ids), of_sessions(connection, tariffs, ids)
        after_id = ids[-1]


def is_price_outdone(connection: Connection, tariffs: Tariffs, price_id: int) -> bool:
    """Whether a session whose cost a price has made would get another one today; yes where they are many."""
    meant = made_by(connection, tariffs, price_id)
    if count(connection, meant) > AT_A_GLANCE:
        return True
    return any(changes for _count, changes in of_all(connection, tariffs, meant))


def _rows(connection: Connection, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The shares of some sessions, oldest first."""
    query = (
        select(*_OF_SHARE, *_OF_SESSION)
        .join(charge_session, charge_session.c.id == charge_share.c.session_id)
        .where(*conditions)
        .order_by(charge_session.c.end_at, charge_share.c.session_id, charge_share.c.position)
    )
    return list(connection.execute(query))


def _changes(connection: Connection, rows: Sequence[Row[Any]], tariffs: Tariffs) -> list[CostChange]:
    by_session: dict[int, list[Any]] = {}
    for row in rows:
        by_session.setdefault(row.session_id, []).append(row)
    tariff_of = {id: tariffs.of(rows[0].charger_id) for id, rows in by_session.items()}
    too_coarse = [id for id, rows in by_session.items() if _is_too_coarse(rows, tariff_of[id])]
    readings = _readings(connection, too_coarse)
    compared = []
    for id, rows in by_session.items():
        cut = [Share(row.begin_at, row.day, row.energy_mwh) for row in rows]
        if id in readings:
            cut = _cut_anew(rows[0], readings[id], tariff_of[id], tariffs.zone_of(rows[0].charger_id))
        compared.append(_change(rows, cut, tariff_of[id]))
    return [change for change in compared if change.before_micro != change.after_micro]


def _is_too_coarse(rows: list[Any], prices: Tariff) -> bool:
    """Whether the price changes within a share, as it was cut by another list."""
    begins = {row.begin_at for row in rows}
    return any(at not in begins for at in prices.changes_between(rows[0].begin_at, rows[0].end_at))


def _readings(connection: Connection, ids: Sequence[int]) -> dict[int, list[Interval]]:
    """The readings of some sessions, by session."""
    readings: dict[int, list[Interval]] = {id: [] for id in ids}
    table = charge_interval.c
    query = select(table.session_id, table.at, table.energy_mwh).order_by(table.session_id, table.position)
    for begin in range(0, len(ids), SESSIONS_AT_ONCE):
        some = ids[begin : begin + SESSIONS_AT_ONCE]
        for id, at, energy_mwh in connection.execute(query.where(table.session_id.in_(some))):
            readings[id].append((at, energy_mwh))
    return readings


def _cut_anew(session: Any, readings: list[Interval], prices: Tariff, zone: tzinfo) -> list[Share]:
    known = [] if session.has_stray_readings else readings
    return shares(session.start_at, session.end_at, session.whole_mwh, known, zone, prices.changes_between)


def _change(rows: list[Any], cut: list[Share], prices: Tariff) -> CostChange:
    before = [row.cost_micro for row in rows]
    after = session_cost.priced(cut, prices)
    return CostChange(
        session_id=rows[0].session_id,
        charger_id=rows[0].charger_id,
        month=Month.of(rows[0].last_day),
        before_micro=_sum(before),
        after_micro=session_cost.total_micro(after),
        shares=tuple(after),
        as_read=tuple(getattr(rows[0], name) for name in AS_READ),
    )


def _sum(costs: list[int | None]) -> int | None:
    priced = [cost for cost in costs if cost is not None]
    return sum(priced) if len(priced) == len(costs) else None


def add_up(months: dict[Month, MonthDifference], changed: Iterable[CostChange]) -> None:
    """Add some changes to the sums of their months."""
    for change in changed:
        month = months.setdefault(change.month, MonthDifference(change.month))
        month.sessions += 1
        month.before_micro += change.before_micro or 0
        month.after_micro += change.after_micro or 0


def rows_of(changed: Iterable[CostChange]) -> list[dict[str, Any]]:
    """What will be stored; made before the transaction begins, which is to be short."""
    rows = (session_cost.share_rows(change.session_id, change.charger_id, change.shares) for change in changed)
    return list(chain.from_iterable(rows))


def are_as_read(connection: Connection, changed: Sequence[CostChange]) -> bool:
    """Whether none of the sessions was booked anew since it was looked at."""
    columns = [charge_session.c[name] for name in ("id", *AS_READ)]
    query = select(*columns).where(charge_session.c.id.in_([change.session_id for change in changed]))
    found = {id: tuple(values) for id, *values in connection.execute(query)}
    return found == {change.session_id: change.as_read for change in changed}


def apply(
    connection: Connection, state: int, changed: Sequence[CostChange], rows: Sequence[dict[str, Any]]
) -> None:
    """Fix the costs anew, by the state of the price list they were computed from; `rows` are those of `rows_of`."""
    if not changed:
        return
    session_cost.store(connection, [change.session_id for change in changed], rows)
    states = [
        {"b_id": change.session_id, "b_state": None if change.after_micro is None else state} for change in changed
    ]
    fixed = update(charge_session).where(charge_session.c.id == bindparam("b_id"))
    connection.execute(fixed.values(priced_in=bindparam("b_state")), states)
