"""The history as files: CSV and JSON of a range.

The columns are described in docs/history.md. Files hold nothing private, whoever asks.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from dashboard.formats import is_possible
from dashboard.history import page as history_page
from dashboard.history import sessions, tariff, totals, whose_words, words
from dashboard.history.blueprint import history
from dashboard.history.page import Scope
from dashboard.history.sessions import BookedSession
from dashboard.history.shares import stretches
from dashboard.history.totals import FIRST_YEAR, LAST_YEAR, Choice, Month
from dashboard.services import Services, current_services
from dashboard.web import errors
from dashboard.web.access import Role, allow
from dashboard.web.files import file_headers, text_cell

PRIVATE = "(private)"
PIECE = 16_384  # characters of a file that is sent while it is written
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
Fields = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """What a file is made of; asked for month by month, so that its length does not matter.

    Attributes:
        zones: in which each charger's times are told, by its id.
        zone: of the household; also of a charger that is no longer listed.
    """

    services: Services
    scope: Scope
    first: date
    last: date
    zones: dict[str, tzinfo]
    zone: tzinfo
    currency: str | None
    people: dict[int, str]

    def rows(self, make: Callable[[Connection, Export, Choice], Iterator[Fields]]) -> Iterator[Fields]:
        """What `make` gives for each month of the range."""
        month = Month.of(self.first)
        while month.first <= self.last:
            choice = self.scope.choice(max(self.first, month.first), min(self.last, month.last))
            with self.services.database.reading() as connection:
                rows = list(make(connection, self, choice))
            yield from rows
            month = month.after

    def zone_of(self, charger_id: str) -> tzinfo:
        return self.zones.get(charger_id, self.zone)

    def times(self, session: BookedSession) -> Fields:
        """When it began and ended; empty where that cannot have been."""
        now, zone = self.services.now(), self.zone_of(session.charger_id)
        times: Fields = {}
        for name, moment in (("start", session.start_at), ("end", session.end_at)):
            is_known = session.are_times_known or is_possible(moment, now)
            times |= {name: _text(moment, zone), f"{name}_utc": _text(moment, UTC)} if is_known else {}
        return dict.fromkeys(("start", "end", "start_utc", "end_utc")) | times


def _text(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M:%S}"


def _hours(session: BookedSession) -> Decimal | None:
    lasted = session.lasted
    return None if lasted is None else round(Decimal(round(lasted.total_seconds())) / 3600, 4)


def session_rows(connection: Connection, export: Export, choice: Choice) -> Iterator[Fields]:
    """One row for each session and month, oldest first: what it took in that month."""
    for session in sessions.of_period(connection, choice, oldest_first=True):
        yield export.times(session) | {
            "session": session.id,
            "charger": export.scope.names.get(session.charger_id, ""),
            "hours": _hours(session),
            "energy_kwh": _kwh(session.energy_mwh if session.is_energy_known else None),
            "counted_kwh": _kwh(session.share_mwh),
            "average_kw": None if session.average_w is None else Decimal(round(session.average_w)) / 1000,
            "cost": _money(session.share_cost_micro),
            "currency": export.currency if session.share_cost_micro is not None else None,
            "person": whose_words.person(session.person_id, session.person_name, export.people),
            "meter_begin_kwh": _kwh(session.meter_first_mwh),
            "meter_end_kwh": _kwh(session.meter_last_mwh),
            "counts": "yes" if session.is_in_totals else "no",
            "remarks": "; ".join(words.flags(session)),
            "authorised_by": PRIVATE if session.is_authorised else "",
        }


def interval_rows(connection: Connection, export: Export, choice: Choice) -> Iterator[Fields]:
    """One row for each reading with energy that begins in these days, so that no two ranges share one."""
    # Of a little that flowed across midnight all may be rounded to the next day: such a session is found there.
    wider = replace(choice, last=choice.last + timedelta(days=1))
    for session in sessions.of_period(connection, wider, with_uncounted=False, oldest_first=True):
        zone = export.zone_of(session.charger_id)
        for stretch in stretches(session.start_at, sessions.intervals(connection, session)):
            if choice.first <= stretch.begin.astimezone(zone).date() <= choice.last:
                yield {
                    "session": session.id,
                    "charger": export.scope.names.get(session.charger_id, ""),
                    "begin": _text(stretch.begin, zone),
                    "end": _text(stretch.end, zone),
                    "begin_utc": _text(stretch.begin, UTC),
                    "end_utc": _text(stretch.end, UTC),
                    "energy_kwh": _kwh(stretch.energy_mwh),
                    "average_kw": Decimal(round(stretch.power_w)) / 1000,
                }


# fmt: off
SESSION_COLUMNS = (
    "session", "charger", "start", "end", "start_utc", "end_utc", "hours", "energy_kwh", "counted_kwh",
    "average_kw", "cost", "currency", "person", "meter_begin_kwh", "meter_end_kwh",
    "counts", "remarks", "authorised_by",
)
INTERVAL_COLUMNS = ("session", "charger", "begin", "end", "begin_utc", "end_utc", "energy_kwh", "average_kw")
# fmt: on
KINDS = {"sessions": (session_rows, SESSION_COLUMNS), "intervals": (interval_rows, INTERVAL_COLUMNS)}


def _kwh(energy_mwh: int | None) -> Decimal | None:
    return None if energy_mwh is None else Decimal(energy_mwh) / 1_000_000


def _money(micro: int | None) -> Decimal | None:
    return None if micro is None else Decimal(micro) / 1_000_000


@history.get("/history.csv")
@allow(Role.VIEWER)
def csv_file() -> ResponseReturnValue:
    """Sessions or readings of a range: `?from=`, `?to=` or `?month=`, `?what=intervals`, `?charger=`."""
    export = _export()
    if export is None:
        return errors.page(400, words.range_unreadable())
    make, columns = _kind()
    return _file((piece.encode() for piece in _csv(export.rows(make), columns)), export, "csv", "text/csv")


def _csv(rows: Iterator[Fields], columns: Sequence[str]) -> Iterator[str]:
    """The table in pieces, as it is written."""
    yield "\ufeff"  # tells Excel that it is UTF-8
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell(row[name]) for name in columns])
        if file.tell() > PIECE:
            yield file.getvalue()
            file.seek(0)
            file.truncate()
    yield file.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) and not value.is_nan() else text_cell(str(value))


@history.get("/history.json")
@allow(Role.VIEWER)
def json_file() -> ResponseReturnValue:
    """The same as JSON; numbers are exact as text would be."""
    export = _export()
    if export is None:
        return errors.page(400, words.range_unreadable())
    make, _columns = _kind()
    what = "intervals" if make is interval_rows else "sessions"
    head = _head(export)

    def pieces() -> Iterator[str]:
        yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "{what}": ['
        for number, row in enumerate(export.rows(make)):
            yield ("," if number else "") + "\n " + json.dumps(row, ensure_ascii=False, default=float)
        yield "\n]}\n"

    return _file((piece.encode() for piece in pieces()), export, "json", "application/json")


def _head(export: Export) -> Fields:
    """What the file is of; `unusable`: how many sessions are missing because they could not be used."""
    with export.services.database.reading() as connection:
        unusable = totals.unusable(connection, export.scope.limited_to)
    return {
        "from": export.first.isoformat(),
        "to": export.last.isoformat(),
        "time_zone": str(export.zone),
        "currency": export.currency,
        "unusable": sum(
            count for month, count in unusable.items() if export.first <= month.last and month.first <= export.last
        ),
    }


def _file(pieces: Iterator[bytes], export: Export, ending: str, mimetype: str) -> Response:
    name = f"history-{export.first.isoformat()}-{export.last.isoformat()}.{ending}"
    return Response(pieces, mimetype=mimetype, headers=file_headers(name))


def _kind() -> Any:
    return KINDS.get(request.args.get("what", "sessions")) or abort(400)


def _export() -> Export | None:
    """What the address asks for; None if its days cannot be read."""
    days, services = _range(), current_services()
    if days is None:
        return None
    with services.database.reading() as connection:
        seen = history_page.scope(connection, request.args.get("charger"))
        currency, people = tariff.currency(connection), totals.people(connection)
        first, last = _within(*days, totals.days(connection, seen.limited_to))
    zones = {charger_id: services.zone(charger_id) for charger_id in seen.names}
    return Export(services, seen, first, last, zones, services.zone(), currency, people)


def _within(first: date, last: date, kept: tuple[date, date] | None) -> tuple[date, date]:
    """The asked days without the months that lie before or after everything that is kept."""
    if kept is None:
        return max(first, last.replace(day=1)), last
    first = max(first, min(date(kept[0].year, 1, 1), last))
    return first, max(first, min(last, date(kept[1].year + 1, 12, 31)))


def _range() -> tuple[date, date] | None:
    if key := request.args.get("month"):
        month = Month.from_key(key)
        return (month.first, month.last) if month else None
    try:
        first = date.fromisoformat(request.args.get("from") or EARLIEST.isoformat())
        last = date.fromisoformat(request.args.get("to") or history_page.today().isoformat())
    except ValueError:
        return None
    return (first, last) if EARLIEST <= first <= last <= LATEST else None
