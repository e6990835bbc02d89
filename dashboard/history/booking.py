"""Books sessions: each once, with its shares and its cost; corrections replace what was booked before.

A cost is fixed by the state of the price list in which the session was first booked with a cost. What Zaptec
corrects later, under the same id or under a new one, is booked again at those prices.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from dashboard.database import upsert
from dashboard.formats import is_possible
from dashboard.history import session_cost, usual, waiting
from dashboard.history.session_values import fingerprint, intervals_of, meter_of, tidied, values_of
from dashboard.history.shares import Interval, shares
from dashboard.history.tables import charge_interval, charge_paper, charge_session
from dashboard.history.tariff import Tariffs
from zaptec.sessions import CompletedSession

log = logging.getLogger(__name__)
OBSERVATION, SESSIONS, HISTORY = "observation", "sessions", "history"


@dataclass
class Booked:
    """What became of the sessions that were to be booked.

    Attributes:
        changed: how many are new, or different from what was booked before.
        unusable: those that could not be booked; the others are.
    """

    changed: int = 0
    unusable: list[CompletedSession] = field(default_factory=list)


class Booking:
    """One round of booking, inside the caller's transaction.

    Args:
        zone_of: the time zone of a charger by its id; in it days are cut and prices begin.
        now: when it happens, by our clock.
        zaptec_now: the same by Zaptec's clock, by which a time is told to be in the future; by default `now`.
    """

    def __init__(
        self,
        connection: Connection,
        zone_of: Callable[[str], tzinfo],
        now: datetime,
        zaptec_now: datetime | None = None,
    ) -> None:
        self.connection = connection
        self.tariffs = Tariffs(connection, zone_of)
        self.now = now
        self.zaptec_now = zaptec_now or now

    def store(self, sessions: Iterable[CompletedSession], charger_id: str, source: str) -> Booked:
        """Book what is new or different; one that cannot be booked takes no other away.

        Args:
            charger_id: as the household knows it.
            source: who told: OBSERVATION knows least and changes nothing that an endpoint told.
        """
        booked = Booked()
        # In the order of their ids, so that two processes which book the same never wait for each other.
        for told in sorted(sessions, key=lambda session: session.id.lower()):
            try:
                with self.connection.begin_nested():
                    booked.changed += self._store(tidied(told, charger_id), source)
            except OperationalError:  # the database's trouble, not the session's: all of it is tried again
                raise
            except Exception:
                log.exception("a session of …%s could not be booked", charger_id[-6:])
                booked.unusable.append(told)
        return booked

    def _store(self, session: CompletedSession, source: str) -> bool:
        booked = self._row(session.id)
        told = fingerprint(session)
        if booked and (booked.fingerprint == told or (source == OBSERVATION and booked.source != OBSERVATION)):
            return False
        meter = meter_of(session)
        intervals = intervals_of(session, meter)
        values = values_of(session, source, intervals, meter, self.zaptec_now)
        values |= {
            "fingerprint": told,
            "booked_at": self.now,
            "last_day": self._last_day(session, booked),
            "zone": str(self.tariffs.zone_of(values["charger_id"])),
            "is_counted": self._is_counted(session),
        }
        id = self._write(session.id, values, booked)
        self._write_details(id, intervals, session.ocmf_text)
        self._leave_out_what_it_replaces(session)
        self.book(id)
        self._hand_on_to_replacement(session)
        if booked is None or booked.is_person_usual or booked.source == OBSERVATION:  # now the card may be known
            usual.take_as_usual(self.connection, id)
        return True

    def _row(self, zaptec_id: str) -> Row[Any] | None:
        query = select(charge_session).where(charge_session.c.zaptec_id == zaptec_id)
        return self.connection.execute(query).one_or_none()

    def _last_day(self, session: CompletedSession, booked: Row[Any] | None) -> date:
        """The local day on which it ended; where that cannot be, the day on which we heard of it."""
        is_end_known = is_possible(session.end, self.zaptec_now)
        if not is_end_known and booked is not None and not booked.are_times_known:
            last_day: date = booked.last_day
            return last_day
        moment = session.end if is_end_known else self.now
        return moment.astimezone(self.tariffs.zone_of(session.charger_id or "")).date()

    def _is_counted(self, session: CompletedSession) -> bool:
        """A session that was corrected counts until the correction is here."""
        if session.is_voided or session.is_aborted:
            return False
        later = session.replaced_by_id
        return not (later and later != session.id and self._row(later))

    def _write(self, zaptec_id: str, values: dict[str, Any], booked: Row[Any] | None) -> int:
        if booked is None:
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

    def _leave_out_what_it_replaces(self, session: CompletedSession) -> None:
        """What this session corrects no longer counts; its prices and its person are handed on."""
        earlier = (charge_session.c.replaced_by == session.id, charge_session.c.zaptec_id != session.id)
        for row in self.connection.execute(select(charge_session).where(*earlier)).all():
            if row.is_counted:
                self.connection.execute(_update(row.id).values(is_counted=False))
                self.book(row.id)
            self._hand_on(row, session.id)

    def _hand_on_to_replacement(self, session: CompletedSession) -> None:
        """The same where the correction was here first."""
        row = self._row(session.id)
        if row is not None and session.replaced_by_id and session.replaced_by_id != session.id:
            self._hand_on(row, session.replaced_by_id)

    def _hand_on(self, earlier: Row[Any], later_id: str) -> None:
        later = self._row(later_id)
        if later is None:
            return
        values: dict[str, Any] = {}
        is_said = earlier.person_id is not None and not earlier.is_person_usual
        if later.person_id is None or (later.is_person_usual and is_said):
            names = ("person_id", "person_name", "is_person_usual")
            values |= {name: getattr(earlier, name) for name in names}
        if earlier.priced_in is not None and (later.priced_in is None or later.priced_in > earlier.priced_in):
            values["priced_in"] = earlier.priced_in
        if values:
            self.connection.execute(_update(later.id).values(**values))
            self.book(later.id)

    def book(self, id: int) -> None:
        """Cut a session into shares and fix its cost; without a price it stays open.

        One that does not count, or whose times nobody knows, has no shares, so that it is in no total by day.
        """
        row = self.connection.execute(select(charge_session).where(charge_session.c.id == id)).one()
        if not row.is_counted or not row.are_times_known:
            session_cost.store(self.connection, [id], [])
            waiting.store(self.connection, self.tariffs, [id])
            return
        zone = self.tariffs.zone_of(row.charger_id)
        intervals = self._intervals(row)
        for state in dict.fromkeys((row.priced_in, None)):
            prices = self.tariffs.of(row.charger_id, state)
            cut = shares(row.start_at, row.end_at, row.energy_mwh, intervals, zone, prices.changes_between)
            with_prices = session_cost.priced(cut, prices)
            has_cost = any(price is not None for _share, price in with_prices)
            if has_cost:
                break
        session_cost.store(self.connection, [id], list(session_cost.share_rows(id, row.charger_id, with_prices)))
        priced_in = prices.state if has_cost else None
        if priced_in != row.priced_in:
            self.connection.execute(_update(id).values(priced_in=priced_in))
        waiting.store(self.connection, self.tariffs, [id])

    def _intervals(self, row: Row[Any]) -> list[Interval]:
        """The readings by which a session's energy spreads; none where they lie outside its times."""
        if row.has_stray_readings:
            return []
        query = select(charge_interval.c.at, charge_interval.c.energy_mwh)
        query = query.where(charge_interval.c.session_id == row.id).order_by(charge_interval.c.position)
        return [(at, energy_mwh) for at, energy_mwh in self.connection.execute(query)]

    def cut_again(self, limit: int) -> int:
        """Book sessions anew whose days were cut in another time zone; how many there were, at most `limit`."""
        count = 0
        cuts = select(charge_session.c.charger_id, charge_session.c.zone).distinct()
        for charger_id, cut_in in self.connection.execute(cuts).all():
            zone = self.tariffs.zone_of(charger_id)
            if cut_in != str(zone) and count < limit:
                count += self._cut_again(charger_id, cut_in, zone, limit - count)
        return count

    def _cut_again(self, charger_id: str, cut_in: str, zone: tzinfo, limit: int) -> int:
        table = charge_session.c
        query = select(table.id, table.end_at, table.last_day, table.are_times_known)
        query = query.where(table.charger_id == charger_id, table.zone == cut_in).limit(limit)
        rows = self.connection.execute(query).all()
        for row in rows:
            last_day = row.end_at.astimezone(zone).date() if row.are_times_known else row.last_day
            self.connection.execute(_update(row.id).values(zone=str(zone), last_day=last_day))
            self.book(row.id)
        return len(rows)


def _update(id: int) -> Any:
    return update(charge_session).where(charge_session.c.id == id)
