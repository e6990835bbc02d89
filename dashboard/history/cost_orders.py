"""Fixing the costs of many sessions: ordered in one transaction, done in many short ones, so that nobody waits.

An order that a restart interrupts goes on where it was: each step stores its costs and how far it is together.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from dashboard import leases
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.activity.log import Person
from dashboard.charger import chargers
from dashboard.history import recalculating, tariff, waiting
from dashboard.history.recalculating import CostChange, Meant
from dashboard.history.tables import cost_order
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import Choice
from dashboard.services import Services

FIXING = "costs"  # the lease of whoever does it
LEASE = timedelta(minutes=1)  # longer than one step may take
COME_AGAIN_S = 5.0
A_STEP = 50  # sessions, in one transaction
AT_ONCE = 500  # sessions that an answer may wait for


@dataclass(frozen=True)
class WhichCosts:
    """Of the sessions that ended in a year, or of those that a price has made; else of those without a cost."""

    year: int | None = None
    price_id: int | None = None


@dataclass(frozen=True)
class CostOrder:
    """What was ordered, and how far it is; the fields are those of `cost_order`."""

    id: int
    year: int | None
    price_id: int | None
    state: int
    after_id: int
    sessions: int
    done: int
    changed: int
    member_id: int | None
    member_name: str | None

    @property
    def which(self) -> WhichCosts:
        return WhichCosts(self.year, self.price_id)

    @property
    def is_for_open(self) -> bool:
        """Whether it is about the sessions without a cost, by the price list as it then stands."""
        return self.which == WhichCosts()


@dataclass(frozen=True)
class CostsFixed:
    """What was done at once: how many costs are others now, and whether that was all."""

    changed: int
    is_all: bool


@dataclass(frozen=True)
class _Orderer:
    id: int
    name: str


class _FixingCosts:
    """Whether a thread of this process is at it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def first(connection: Connection, *conditions: ColumnElement[bool]) -> CostOrder | None:
    """The oldest order, of those for which something holds."""
    columns = [cost_order.c[name] for name in CostOrder.__dataclass_fields__]
    row = connection.execute(select(*columns).where(*conditions).order_by(cost_order.c.id).limit(1)).one_or_none()
    return CostOrder(*row) if row else None


def find(connection: Connection, which: WhichCosts) -> CostOrder | None:
    """The order for a year, or for what a price has made."""
    return first(connection, *_same(which))


def _same(which: WhichCosts) -> list[ColumnElement[bool]]:
    table = cost_order.c
    return [table.year.is_not_distinct_from(which.year), table.price_id.is_not_distinct_from(which.price_id)]


def order_open(connection: Connection) -> int | None:
    """Order the costs of the sessions that have none, from the first on; None where there is no such session."""
    connection.execute(delete(cost_order).where(*_same(WhichCosts())))
    waiting = recalculating.count(connection, recalculating.without_cost())
    return _order(connection, sessions=waiting) if waiting else None


def order(services: Services, connection: Connection, which: WhichCosts, owner: Person) -> int:
    """Order the costs of a year, or of what a price has made, by the present price list; once, if it is again."""
    connection.execute(delete(cost_order).where(*_same(which)))
    tariffs = Tariffs(connection, services.zone)
    sessions = recalculating.count(connection, meant(services, connection, tariffs, which))
    values = {"year": which.year, "price_id": which.price_id, "member_id": owner.id, "member_name": owner.name}
    return _order(connection, sessions=sessions, **values)


def _order(connection: Connection, **values: Any) -> int:
    row = insert(cost_order).values(state=tariff.state_of_list(connection), **values)
    return int(connection.execute(row.returning(cost_order.c.id)).scalar_one())


def meant(services: Services, connection: Connection, tariffs: Tariffs, which: WhichCosts) -> Meant:
    """The sessions that are meant."""
    if which.price_id is not None:
        return recalculating.made_by(connection, tariffs, which.price_id)
    if which.year is None:
        return recalculating.without_cost()
    only = services.settings.charger_ids or None
    return recalculating.ended_in(Choice(date(which.year, 1, 1), date(which.year, 12, 31), only))


def go_on(services: Services) -> float | None:
    """Do what is ordered, in the background, if nobody is at it; in how many seconds to come again, if there is."""
    with services.database.reading() as connection:
        if first(connection) is None:
            return None
        if leases.is_taken(connection, FIXING, services.now(), LEASE):
            return COME_AGAIN_S
    under_way = services.shared(_FixingCosts)
    if under_way.lock.acquire(blocking=False):
        services.background.start(lambda: _fix_and_let_go(services, under_way))
    return COME_AGAIN_S


def _fix_and_let_go(services: Services, under_way: _FixingCosts) -> None:
    try:
        _fix(services)
    finally:
        under_way.lock.release()


def begin(services: Services, order_id: int | None) -> CostsFixed:
    """Do an order that has just been stored, as far as an answer may wait for it; the clock does the rest."""
    if order_id is None:
        return CostsFixed(0, is_all=True)
    changed = _fix(services, order_id, AT_ONCE)
    with services.database.reading() as connection:
        return CostsFixed(changed, is_all=first(connection, cost_order.c.id == order_id) is None)


def _fix(services: Services, order_id: int | None = None, most: int | None = None) -> int:
    """Do what is ordered, or one order, of at most so many sessions; how many costs are others now."""
    me, count, changed = secrets.token_hex(8), 0, 0
    which = () if order_id is None else (cost_order.c.id == order_id,)
    try:
        with services.database.reading() as connection:
            tariffs: Tariffs | None = None
            for_id = None
            while (most is None or count < most) and (ordered := first(connection, *which)):
                if tariffs is None or for_id != ordered.id or tariffs.state != tariff.state_of_list(connection):
                    tariffs, for_id = Tariffs(connection, services.zone), ordered.id
                step = CostStep.read(services, connection, tariffs, ordered)
                with services.database.writing() as writing:
                    if not leases.take(writing, FIXING, me, services.now(), LEASE):
                        break
                    changed += step.store(writing, services)
                count += len(step.ids)
    finally:
        with services.database.writing() as connection:
            leases.release(connection, me)
    return changed


@dataclass(frozen=True)
class CostStep:
    """Some sessions of an order: computed while others may write, then stored in a moment."""

    ordered: CostOrder
    state: int
    ids: list[int]
    changes: list[CostChange]
    rows: list[dict[str, Any]]

    @classmethod
    def read(cls, services: Services, connection: Connection, tariffs: Tariffs, ordered: CostOrder) -> CostStep:
        which = meant(services, connection, tariffs, ordered.which)
        ids = recalculating.next_sessions(connection, which, ordered.after_id, A_STEP)
        changes = recalculating.of_sessions(connection, tariffs, ids)
        return cls(ordered, tariffs.state, ids, changes, recalculating.rows_of(changes))

    def store(self, connection: Connection, services: Services) -> int:
        """How many costs are others now: none where something has changed since, and the step is taken again."""
        state = tariff.state_of_list(connection)
        if not self.ordered.is_for_open and self.ordered.state != state:
            self._end(connection)  # it is not what its owner has seen and agreed to any more
            return 0
        if state != self.state or not recalculating.are_as_read(connection, self.changes):
            return 0
        if not self._note_progress(connection):
            return 0
        recalculating.apply(connection, self.state, self.changes, self.rows)
        changed = [change.session_id for change in self.changes]
        waiting.store(connection, Tariffs(connection, services.zone), changed)
        if len(self.ids) < A_STEP:
            self._finish(connection, services)
        return len(self.changes)

    def _note_progress(self, connection: Connection) -> bool:
        """False where another process has done this step."""
        table = cost_order.c
        this = (table.id == self.ordered.id, table.after_id == self.ordered.after_id)
        values = {
            "after_id": self.ids[-1] if self.ids else self.ordered.after_id,
            "done": table.done + len(self.ids),
            "changed": table.changed + len(self.changes),
        }
        return connection.execute(update(cost_order).where(*this).values(values)).rowcount == 1

    def _finish(self, connection: Connection, services: Services) -> None:
        changed, ordered = self.ordered.changed + len(self.changes), self.ordered
        self._end(connection)
        if changed and not ordered.is_for_open:
            activity_log.record(
                connection,
                at=services.now(),
                kind=LineKind.COSTS_RECALCULATED,
                member=_Orderer(ordered.member_id or 0, ordered.member_name or ""),
                details=({"year": ordered.year} if ordered.year else {}) | {"count": changed},
            )
        if changed:
            chargers.touch_all(connection)

    def _end(self, connection: Connection) -> None:
        connection.execute(delete(cost_order).where(cost_order.c.id == self.ordered.id))
