"""Books sessions: each once, with its shares and its cost; corrections replace what was booked before.

A cost is fixed by the state of the price list in which the session was first booked with a cost. What Zaptec
corrects later, under the same id or under a new one, is booked again at those prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from dashboard.database import upsert
from dashboard.history.session_values import fingerprint, intervals_of, meter_of, usable, values_of
from dashboard.history.shares import Interval, Share, shares
from dashboard.history.tables import charge_interval, charge_paper, charge_session, charge_share
from dashboard.history.tariff import Tariff, tariff
from zaptec.sessions import CompletedSession

OBSERVATION, SESSIONS, HISTORY = "observation", "sessions", "history"


@dataclass
class Booking:
    """One round of booking, inside the caller's transaction.

    Attributes:
        zone: in which days are cut.
        now: when it happens.
    """

    connection: Connection
    zone: tzinfo
    now: datetime
    _tariffs: dict[int | None, Tariff] = field(default_factory=dict)

    def store(self, found: Iterable[CompletedSession], charger_id: str, source: str) -> int:
        """Book what is new or different; how many sessions that were.

        Args:
            charger_id: as the household knows it.
            source: who told: OBSERVATION knows least and changes nothing that an endpoint told.
        """
        # In the order of their ids, so that two processes which book the same never wait for each other.
        ours = sorted((usable(one, charger_id) for one in found), key=lambda one: one.id)
        return sum(self._store(one, source) for one in ours)

    def _store(self, one: CompletedSession, source: str) -> bool:
        known = self._row(one.id)
        print_ = fingerprint(one)
        if known and (known.fingerprint == print_ or (source == OBSERVATION and known.source != OBSERVATION)):
            return False
        meter = meter_of(one)
        intervals = intervals_of(one, meter)
        values = values_of(one, source, intervals, meter) | {
            "fingerprint": print_,
            "booked_at": self.now,
            "last_day": one.end.astimezone(self.zone).date(),
            "zone": str(self.zone),
            "is_counted": self._is_counted(one),
        }
        id = self._write(one.id, values, known)
        self._write_details(id, intervals, one.ocmf_text)
        self._leave_out_what_it_replaces(one)
        self.book(id)
        self._hand_on_to_replacement(one)
        return True

    def _row(self, zaptec_id: str) -> Row[Any] | None:
        query = select(charge_session).where(charge_session.c.zaptec_id == zaptec_id)
        return self.connection.execute(query).one_or_none()

    def _is_counted(self, one: CompletedSession) -> bool:
        """A session that was corrected counts until the correction is here."""
        if one.is_voided or one.is_aborted:
            return False
        return not (one.replaced_by_id and one.replaced_by_id != one.id and self._row(one.replaced_by_id))

    def _write(self, zaptec_id: str, values: dict[str, Any], known: Row[Any] | None) -> int:
        if known is None:
            new = upsert(self.connection, charge_session).values(zaptec_id=zaptec_id, **values)
            added = new.on_conflict_do_nothing(index_elements=["zaptec_id"]).returning(charge_session.c.id)
            if (id := self.connection.execute(added).scalar()) is not None:
                return int(id)
        change = update(charge_session).where(charge_session.c.zaptec_id == zaptec_id)
        return int(self.connection.execute(change.values(**values).returning(charge_session.c.id)).scalar_one())

    def _write_details(self, id: int, intervals: Sequence[Interval], ocmf: str | None) -> None:
        for table in (charge_interval, charge_paper):
            self.connection.execute(delete(table).where(table.c.session_id == id))
        rows = [
            {"session_id": id, "position": position, "at": at, "energy_mwh": energy}
            for position, (at, energy) in enumerate(intervals)
        ]
        if rows:
            self.connection.execute(insert(charge_interval), rows)
        if ocmf:
            self.connection.execute(insert(charge_paper).values(session_id=id, ocmf=ocmf))

    def _leave_out_what_it_replaces(self, one: CompletedSession) -> None:
        """What this session corrects no longer counts; its prices and its person are handed on."""
        others = (charge_session.c.replaced_by == one.id, charge_session.c.zaptec_id != one.id)
        for row in self.connection.execute(select(charge_session).where(*others)).all():
            if row.is_counted:
                self.connection.execute(_of(row.id).values(is_counted=False))
                self.book(row.id)
            self._hand_on(row, one.id)

    def _hand_on_to_replacement(self, one: CompletedSession) -> None:
        """The same where the correction was here first."""
        row = self._row(one.id)
        if row is not None and one.replaced_by_id and one.replaced_by_id != one.id:
            self._hand_on(row, one.replaced_by_id)

    def _hand_on(self, earlier: Row[Any], later_id: str) -> None:
        later = self._row(later_id)
        if later is None:
            return
        values: dict[str, Any] = {}
        if later.person_id is None and earlier.person_id is not None:
            values |= {"person_id": earlier.person_id, "person_name": earlier.person_name}
        if earlier.priced_in is not None and (later.priced_in is None or later.priced_in > earlier.priced_in):
            values["priced_in"] = earlier.priced_in
        if values:
            self.connection.execute(_of(later.id).values(**values))
            self.book(later.id)

    def book(self, id: int) -> None:
        """Cut a session into shares and fix its cost; without a price it stays open."""
        row = self.connection.execute(select(charge_session).where(charge_session.c.id == id)).one()
        self.connection.execute(delete(charge_share).where(charge_share.c.session_id == id))
        if not row.is_counted:
            return
        kept = self.connection.execute(
            select(charge_interval.c.at, charge_interval.c.energy_mwh)
            .where(charge_interval.c.session_id == id)
            .order_by(charge_interval.c.position)
        )
        intervals = [(at, energy) for at, energy in kept]
        for state in dict.fromkeys((row.priced_in, None)):
            prices = self.tariff(state)
            cut = shares(row.start_at, row.end_at, row.energy_mwh, intervals, self.zone, prices.changes_between)
            costs = costs_of(cut, prices)
            if costs is not None:
                break
        self._write_shares(row, cut, costs)
        priced_in = prices.state if costs is not None else None
        if priced_in != row.priced_in:
            self.connection.execute(_of(id).values(priced_in=priced_in))

    def _write_shares(self, row: Row[Any], cut: Sequence[Share], costs: Sequence[int] | None) -> None:
        rows = [
            {
                "session_id": row.id,
                "position": position,
                "charger_id": row.charger_id,
                "begin_at": share.begin,
                "day": share.day,
                "energy_mwh": share.energy_mwh,
                "cost_micro": costs[position] if costs is not None else None,
            }
            for position, share in enumerate(cut)
        ]
        if rows:
            self.connection.execute(insert(charge_share), rows)

    def tariff(self, state: int | None = None) -> Tariff:
        """The prices of a state of the list, by default of the present one."""
        if state not in self._tariffs:
            self._tariffs[state] = tariff(self.connection, self.zone, state)
        return self._tariffs[state]

    def price_what_has_no_price(self) -> int:
        """Fix the cost of sessions that had no price until now; how many there were."""
        prices = self.tariff()
        costs: list[dict[str, Any]] = []
        priced: list[dict[str, Any]] = []
        for id, ours in open_shares(self.connection).items():
            found = costs_of([Share(one.begin_at, one.day, one.energy_mwh) for one in ours], prices)
            if found is None:
                continue
            priced.append({"b_id": id})
            costs += [
                {"b_id": id, "b_position": share.position, "b_cost": cost}
                for share, cost in zip(ours, found, strict=True)
            ]
        write_costs(self.connection, costs)
        if priced:
            change = update(charge_session).where(charge_session.c.id == bindparam("b_id"))
            self.connection.execute(change.values(priced_in=prices.state), priced)
        return len(priced)

    def cut_again(self, limit: int) -> int:
        """Book sessions anew whose days were cut in another time zone; how many there were, at most `limit`."""
        query = select(charge_session.c.id, charge_session.c.end_at).where(charge_session.c.zone != str(self.zone))
        rows = self.connection.execute(query.limit(limit)).all()
        for id, end_at in rows:
            last_day = end_at.astimezone(self.zone).date()
            self.connection.execute(_of(id).values(zone=str(self.zone), last_day=last_day))
            self.book(id)
        return len(rows)


def _of(id: int) -> Any:
    return update(charge_session).where(charge_session.c.id == id)


def costs_of(cut: Sequence[Share], prices: Tariff) -> list[int] | None:
    """Each share's cost; None if one of them has no price, or if there is nothing to price."""
    costs = [prices.cost_micro(share.begin, share.energy_mwh) for share in cut]
    known = [cost for cost in costs if cost is not None]
    return known if known and len(known) == len(costs) else None


def open_shares(connection: Connection) -> dict[int, list[Row[Any]]]:
    """The shares of sessions without a cost, by session."""
    rows = connection.execute(
        select(charge_share)
        .where(charge_share.c.cost_micro.is_(None))
        .order_by(charge_share.c.session_id, charge_share.c.position)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.session_id, []).append(row)
    return found


def write_costs(connection: Connection, costs: list[dict[str, Any]]) -> None:
    """Set the cost of many shares, each to `b_cost`, named by `b_id` and `b_position`."""
    if not costs:
        return
    this = (charge_share.c.session_id == bindparam("b_id"), charge_share.c.position == bindparam("b_position"))
    connection.execute(update(charge_share).where(*this).values(cost_micro=bindparam("b_cost")), costs)
