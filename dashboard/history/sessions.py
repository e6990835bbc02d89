"""Sessions as the pages and files show them: lists of a period, one session, its neighbours, whose it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, union, update

from dashboard.history.shares import Interval
from dashboard.history.tables import PART_COLUMNS, charge_day, charge_interval, charge_paper, charge_session
from dashboard.history.totals import NO_PARTS, PARTS_OF_COST, Choice


@dataclass(frozen=True)
class BookedSession:
    """One session, in a list or on its page.

    Attributes:
        are_times_known: else `start_at` and `end_at` are what Zaptec says, but cannot have been.
        last_day: the local day on which it ended; where that cannot be, on which we heard of it.
        is_energy_known: else `energy_mwh` is 0.
        has_stray_readings: its readings lie outside its times, so nothing tells when the energy flowed.
        is_authorised: Zaptec knows by whom; who it was is private.
        share_mwh, share_cost_micro, share_parts: what belongs to the period of the list.
        saved_micro: by waiting for cheap hours; None: it did not wait, or nobody knows.
        person_id: whose charge it was; GUEST for guests, None: nobody has said.
    """

    id: int
    charger_id: str
    start_at: datetime
    end_at: datetime
    are_times_known: bool
    last_day: date
    energy_mwh: int
    is_energy_known: bool
    has_stray_readings: bool
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
    share_parts: tuple[int, ...] = NO_PARTS
    saved_micro: int | None = None

    @property
    def is_in_totals(self) -> bool:
        return self.is_counted and self.are_times_known and self.is_energy_known

    @property
    def is_corrected(self) -> bool:
        """Whether it does not count because a later record took its place."""
        return not (self.is_counted or self.is_voided or self.is_aborted) and self.replaced_by is not None

    @property
    def is_partial(self) -> bool:
        """Whether the rest of it belongs to another period."""
        return self.is_in_totals and self.share_mwh != self.energy_mwh

    @property
    def lasted(self) -> timedelta | None:
        return self.end_at - self.start_at if self.are_times_known else None

    @property
    def average_w(self) -> float | None:
        """While energy flowed; where nothing tells when it did, over the whole stay."""
        seconds = self.flowing_s or (self.lasted.total_seconds() if self.lasted else 0)
        return self.energy_mwh * 3.6 / seconds if seconds > 0 and self.is_energy_known else None

    @property
    def meter_mwh(self) -> int | None:
        """What the meter counted between begin and end."""
        if self.meter_first_mwh is None or self.meter_last_mwh is None:
            return None
        return self.meter_last_mwh - self.meter_first_mwh


_KEPT = [name for name in BookedSession.__dataclass_fields__ if name in charge_session.c]
_COLUMNS = [
    *(charge_session.c[name] for name in _KEPT),
    or_(charge_session.c.authorised_by.is_not(None), charge_session.c.token_name.is_not(None)).label(
        "is_authorised"
    ),
]
_SHARE = (
    func.coalesce(func.sum(charge_day.c.energy_mwh), 0).label("share_mwh"),
    func.sum(charge_day.c.cost_micro).label("share_cost_micro"),
    *PARTS_OF_COST,
)


def _session(row: Any) -> BookedSession:
    values = dict(row._mapping)
    values["share_mwh"], values["is_authorised"] = int(values["share_mwh"]), bool(values["is_authorised"])
    if values["share_cost_micro"] is not None:
        values["share_cost_micro"] = int(values["share_cost_micro"])
    values["share_parts"] = tuple(int(values.pop(column) or 0) for column in PART_COLUMNS)
    return BookedSession(**values)


def of_period(
    connection: Connection,
    choice: Choice,
    *,
    person_id: int | None = None,
    with_uncounted: bool = True,
    oldest_first: bool = False,
) -> list[BookedSession]:
    """The sessions with a share in the period, and those without one that ended in it; unknown times come last."""
    is_its_share = charge_day.c.session_id == charge_session.c.id
    in_period = charge_day.c.day.between(choice.first, choice.last)
    joined = charge_session.outerjoin(charge_day, and_(is_its_share, in_period))
    query = select(*_COLUMNS, *_SHARE).select_from(joined).where(_belongs(choice, with_uncounted))
    if choice.chargers is not None:
        query = query.where(charge_session.c.charger_id.in_(choice.chargers))
    if person_id is not None:
        query = query.where(charge_session.c.person_id == person_id)
    order = (charge_session.c.start_at, charge_session.c.id)
    query = query.group_by(charge_session.c.id).order_by(
        charge_session.c.are_times_known.desc(),
        *(order if oldest_first else (column.desc() for column in order)),
    )
    return [_session(row) for row in connection.execute(query)]


def _belongs(choice: Choice, with_uncounted: bool) -> ColumnElement[bool]:
    """As a union, so that each half finds its sessions by an index."""
    ids: Any = select(charge_day.c.session_id).where(*choice.where)
    if with_uncounted:
        table = charge_session.c
        has_no_share = or_(table.is_counted.is_(False), table.energy_mwh == 0, table.are_times_known.is_(False))
        ended = table.last_day.between(choice.first, choice.last)
        ids = union(ids, select(table.id).where(ended, has_no_share))
    return charge_session.c.id.in_(ids)


def find(connection: Connection, id: int, chargers: tuple[str, ...] | None) -> BookedSession | None:
    """A session with all of its shares; None if there is none, or none that may be seen."""
    joined = charge_session.outerjoin(charge_day, charge_day.c.session_id == charge_session.c.id)
    query = select(*_COLUMNS, *_SHARE).select_from(joined).where(charge_session.c.id == id)
    if chargers is not None:
        query = query.where(charge_session.c.charger_id.in_(chargers))
    row = connection.execute(query.group_by(charge_session.c.id)).one_or_none()
    return _session(row) if row else None


def intervals(connection: Connection, session: BookedSession) -> list[Interval]:
    """Its readings; none where they do not tell when energy flowed."""
    if session.has_stray_readings or not session.are_times_known:
        return []
    table = charge_interval.c
    query = select(table.at, table.energy_mwh).where(table.session_id == session.id).order_by(table.position)
    return [(at, energy_mwh) for at, energy_mwh in connection.execute(query)]


def meter_text(connection: Connection, id: int) -> str | None:
    """Private: the meter's own text of a session, in OCMF; None where it came without."""
    return connection.execute(select(charge_paper.c.ocmf).where(charge_paper.c.session_id == id)).scalar()


def neighbours(connection: Connection, session: BookedSession) -> tuple[BookedSession | None, BookedSession | None]:
    """The sessions that count before and after this one, at the same charger; none where its times are unknown."""
    if not session.are_times_known:
        return None, None
    table = charge_session.c
    before = or_(table.start_at < session.start_at, and_(table.start_at == session.start_at, table.id < session.id))
    after = or_(table.start_at > session.start_at, and_(table.start_at == session.start_at, table.id > session.id))
    oldest, newest = (table.start_at, table.id), (table.start_at.desc(), table.id.desc())
    return (
        _first(connection, session.charger_id, newest, table.are_times_known, before),
        _first(connection, session.charger_id, oldest, table.are_times_known, after),
    )


def _first(
    connection: Connection, charger_id: str, order: Sequence[Any], *conditions: ColumnElement[bool]
) -> BookedSession | None:
    """The first of a charger's sessions that count."""
    table = charge_session.c
    counts = (table.charger_id == charger_id, table.is_counted, *conditions)
    id = connection.execute(select(table.id).where(*counts).order_by(*order).limit(1)).scalar()
    return find(connection, id, None) if id is not None else None


def replacement(connection: Connection, session: BookedSession) -> int | None:
    """The number of the session that corrects this one, if we have it."""
    if session.replaced_by is None:
        return None
    query = select(charge_session.c.id).where(charge_session.c.zaptec_id == session.replaced_by)
    return connection.execute(query).scalar()


def latest(connection: Connection, charger_id: str, told_id: str | None = None) -> BookedSession | None:
    """A charger's last session that counts.

    Args:
        told_id: the id at Zaptec of the one that the charger itself calls its last; it is believed where its
            times are not known, because they do not say then which was the last.
    """
    table = charge_session.c
    are_unknown, is_told = table.are_times_known.is_(False), table.zaptec_id == (told_id or "").lower()
    return (
        _first(connection, charger_id, [table.id], are_unknown, is_told)
        or _first(connection, charger_id, [table.start_at.desc()], table.are_times_known)
        or _first(connection, charger_id, [table.id.desc()], are_unknown)
    )


def assign(connection: Connection, id: int, person_id: int | None, name: str | None) -> bool:
    """Note whose charge it was; False if that was known."""
    is_same = charge_session.c.person_id.is_not_distinct_from(person_id)
    change = update(charge_session).where(charge_session.c.id == id, ~is_same)
    values = {"person_id": person_id, "person_name": name, "is_person_usual": False}
    return connection.execute(change.values(**values)).rowcount == 1
