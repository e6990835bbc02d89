"""Sessions as the pages and files show them: lists of a period, one session, its neighbours, whose it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, union, update

from dashboard.history.shares import Interval
from dashboard.history.tables import charge_interval, charge_session, charge_share
from dashboard.history.totals import Choice


@dataclass(frozen=True)
class Entry:
    """One session in a list.

    Attributes:
        is_authorised: Zaptec knows by whom; who it was is private.
        share_mwh, share_cost_micro: the part that belongs to the period of the list.
        person_id: whose charge it was; GUEST for guests, None: nobody has said.
    """

    id: int
    charger_id: str
    start_at: datetime
    end_at: datetime
    energy_mwh: int
    flowing_s: int
    is_offline: bool
    has_reliable_clock: bool
    is_signed: bool
    is_voided: bool
    is_aborted: bool
    stopped_by_rfid: bool
    replaced_by: str | None
    is_counted: bool
    meter_first_mwh: int | None
    meter_last_mwh: int | None
    person_id: int | None
    person_name: str | None
    source: str
    is_authorised: bool
    share_mwh: int
    share_cost_micro: int | None

    @property
    def is_partial(self) -> bool:
        """Whether the rest of it belongs to another period."""
        return self.is_counted and self.share_mwh != self.energy_mwh

    @property
    def lasted(self) -> timedelta:
        return self.end_at - self.start_at

    @property
    def average_w(self) -> float | None:
        """While energy flowed; where nothing tells when it did, over the whole stay."""
        seconds = self.flowing_s or self.lasted.total_seconds()
        return self.energy_mwh * 3.6 / seconds if seconds > 0 else None

    @property
    def meter_mwh(self) -> int | None:
        """What the meter counted between begin and end."""
        if self.meter_first_mwh is None or self.meter_last_mwh is None:
            return None
        return self.meter_last_mwh - self.meter_first_mwh


_KEPT = [name for name in Entry.__dataclass_fields__ if name in charge_session.c]
_COLUMNS = [
    *(charge_session.c[name] for name in _KEPT),
    or_(charge_session.c.authorised_by.is_not(None), charge_session.c.token_name.is_not(None)).label(
        "is_authorised"
    ),
]
_SHARE = (
    func.coalesce(func.sum(charge_share.c.energy_mwh), 0).label("share_mwh"),
    func.sum(charge_share.c.cost_micro).label("share_cost_micro"),
)


def _entry(row: Any) -> Entry:
    values = dict(row._mapping)
    values["share_mwh"], values["is_authorised"] = int(values["share_mwh"]), bool(values["is_authorised"])
    if values["share_cost_micro"] is not None:
        values["share_cost_micro"] = int(values["share_cost_micro"])
    return Entry(**values)


def of_period(
    connection: Connection,
    choice: Choice,
    *,
    person_id: int | None = None,
    with_uncounted: bool = True,
    oldest_first: bool = False,
) -> list[Entry]:
    """The sessions with a share in the period, and those without energy that ended in it."""
    is_ours = charge_share.c.session_id == charge_session.c.id
    in_period = charge_share.c.day.between(choice.first, choice.last)
    joined = charge_session.outerjoin(charge_share, and_(is_ours, in_period))
    query = select(*_COLUMNS, *_SHARE).select_from(joined).where(_belongs(choice, with_uncounted))
    if choice.chargers is not None:
        query = query.where(charge_session.c.charger_id.in_(choice.chargers))
    if person_id is not None:
        query = query.where(charge_session.c.person_id == person_id)
    order = (charge_session.c.start_at, charge_session.c.id)
    query = query.group_by(charge_session.c.id)
    query = query.order_by(*order) if oldest_first else query.order_by(*(one.desc() for one in order))
    return [_entry(row) for row in connection.execute(query)]


def _belongs(choice: Choice, with_uncounted: bool) -> ColumnElement[bool]:
    """As a union, so that each half finds its sessions by an index."""
    wanted: Any = select(charge_share.c.session_id).where(*choice.where)
    if with_uncounted:
        is_empty = or_(charge_session.c.is_counted.is_(False), charge_session.c.energy_mwh == 0)
        ended = charge_session.c.last_day.between(choice.first, choice.last)
        wanted = union(wanted, select(charge_session.c.id).where(ended, is_empty))
    return charge_session.c.id.in_(wanted)


def one(connection: Connection, id: int, chargers: tuple[str, ...] | None) -> Entry | None:
    """A session with all of its shares; None if there is none, or none that may be seen."""
    joined = charge_session.outerjoin(charge_share, charge_share.c.session_id == charge_session.c.id)
    query = select(*_COLUMNS, *_SHARE).select_from(joined).where(charge_session.c.id == id)
    if chargers is not None:
        query = query.where(charge_session.c.charger_id.in_(chargers))
    row = connection.execute(query.group_by(charge_session.c.id)).one_or_none()
    return _entry(row) if row else None


@dataclass(frozen=True)
class Authorised:
    """Private: who authorised a session, for owners only."""

    by: str | None
    token_name: str | None


def authorised(connection: Connection, id: int) -> Authorised:
    query = select(charge_session.c.authorised_by, charge_session.c.token_name).where(charge_session.c.id == id)
    row = connection.execute(query).one()
    return Authorised(row.authorised_by, row.token_name)


def intervals(connection: Connection, id: int) -> list[Interval]:
    query = select(charge_interval.c.at, charge_interval.c.energy_mwh).where(charge_interval.c.session_id == id)
    return [(at, energy) for at, energy in connection.execute(query.order_by(charge_interval.c.position))]


def neighbours(connection: Connection, entry: Entry) -> tuple[Entry | None, Entry | None]:
    """The sessions that count before and after this one, at the same charger."""
    found = []
    start, id = charge_session.c.start_at, charge_session.c.id
    before = or_(start < entry.start_at, and_(start == entry.start_at, id < entry.id))
    after = or_(start > entry.start_at, and_(start == entry.start_at, id > entry.id))
    for side, order in ((before, (start.desc(), id.desc())), (after, (start, id))):
        query = select(id).where(charge_session.c.charger_id == entry.charger_id, charge_session.c.is_counted, side)
        key = connection.execute(query.order_by(*order).limit(1)).scalar()
        found.append(one(connection, key, None) if key is not None else None)
    return found[0], found[1]


def replacement(connection: Connection, entry: Entry) -> int | None:
    """The number of the session that corrects this one, if we have it."""
    if entry.replaced_by is None:
        return None
    query = select(charge_session.c.id).where(charge_session.c.zaptec_id == entry.replaced_by)
    return connection.execute(query).scalar()


def latest(connection: Connection, charger_id: str) -> Entry | None:
    ours = (charge_session.c.charger_id == charger_id, charge_session.c.is_counted)
    query = select(charge_session.c.id).where(*ours)
    id = connection.execute(query.order_by(charge_session.c.start_at.desc()).limit(1)).scalar()
    return one(connection, id, None) if id is not None else None


def assign(connection: Connection, id: int, person_id: int | None, name: str | None) -> bool:
    """Note whose charge it was; False if that was known."""
    same = charge_session.c.person_id.is_not_distinct_from(person_id)
    change = update(charge_session).where(charge_session.c.id == id, ~same)
    return connection.execute(change.values(person_id=person_id, person_name=name)).rowcount == 1
