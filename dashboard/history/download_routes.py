"""The history as files: CSV and JSON of a range; and a month's statement made for printing.

The columns are described in docs/history.md. Files hold nothing private, whoever asks.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from dashboard import formats
from dashboard.history import page as history_page
from dashboard.history import sessions, tariff, totals, words
from dashboard.history.blueprint import history
from dashboard.history.page import Scope
from dashboard.history.sessions import Entry
from dashboard.history.shares import stretches
from dashboard.history.totals import FIRST_YEAR, GUEST, LAST_YEAR, Choice, Month
from dashboard.services import Services, current_services
from dashboard.texts import _
from dashboard.web import errors
from dashboard.web.access import Role, allow
from dashboard.web.files import file_headers, text_cell

PRIVATE = "(private)"
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
Fields = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """What a file is made of; asked for month by month, so that its length does not matter."""

    services: Services
    scope: Scope
    first: date
    last: date
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

    def local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%dT%H:%M:%S}"


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def session_rows(connection: Connection, export: Export, choice: Choice) -> Iterator[Fields]:
    """One row for each session and month, oldest first: what it took in that month."""
    for entry in sessions.of_period(connection, choice, oldest_first=True):
        yield {
            "session": entry.id,
            "charger": export.scope.names.get(entry.charger_id, ""),
            "start": export.local(entry.start_at),
            "end": export.local(entry.end_at),
            "start_utc": utc(entry.start_at),
            "end_utc": utc(entry.end_at),
            "hours": round(Decimal(round(entry.lasted.total_seconds())) / 3600, 4),
            "energy_kwh": _kwh(entry.energy_mwh),
            "counted_kwh": _kwh(entry.share_mwh),
            "average_kw": None if entry.average_w is None else Decimal(round(entry.average_w)) / 1000,
            "cost": _money(entry.share_cost_micro),
            "currency": export.currency if entry.share_cost_micro is not None else None,
            "person": words.person(entry.person_id, entry.person_name, export.people),
            "meter_begin_kwh": _kwh(entry.meter_first_mwh),
            "meter_end_kwh": _kwh(entry.meter_last_mwh),
            "counts": "yes" if entry.is_counted else "no",
            "remarks": "; ".join(words.flags(entry)),
            "authorised_by": PRIVATE if entry.is_authorised else "",
        }


def interval_rows(connection: Connection, export: Export, choice: Choice) -> Iterator[Fields]:
    """One row for each reading with energy that begins in these days, so that no two ranges share one."""
    # Of a little that flowed across midnight all may be rounded to the next day: such a session is found there.
    wider = replace(choice, last=choice.last + timedelta(days=1))
    for entry in sessions.of_period(connection, wider, with_uncounted=False, oldest_first=True):
        for one in stretches(entry.start_at, sessions.intervals(connection, entry.id)):
            if not choice.first <= one.begin.astimezone(export.zone).date() <= choice.last:
                continue
            yield {
                "session": entry.id,
                "charger": export.scope.names.get(entry.charger_id, ""),
                "begin": export.local(one.begin),
                "end": export.local(one.end),
                "begin_utc": utc(one.begin),
                "end_utc": utc(one.end),
                "energy_kwh": _kwh(one.energy_mwh),
                "average_kw": Decimal(round(one.power_w)) / 1000,
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

    def lines() -> Iterator[str]:
        file = io.StringIO()
        table = csv.writer(file)
        table.writerow(columns)
        for row in export.rows(make):
            table.writerow([_cell(row[name]) for name in columns])
            if file.tell() > 16_384:
                yield file.getvalue()
                file.seek(0)
                file.truncate()
        yield file.getvalue()

    return _file((piece.encode() for piece in _with_mark(lines())), export, "csv", "text/csv")


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    yield "\ufeff"  # tells Excel that it is UTF-8
    yield from lines


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
    head = {
        "from": export.first.isoformat(),
        "to": export.last.isoformat(),
        "time_zone": str(export.zone),
        "currency": export.currency,
    }

    def pieces() -> Iterator[str]:
        yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "{what}": ['
        for number, row in enumerate(export.rows(make)):
            yield ("," if number else "") + "\n " + json.dumps(row, ensure_ascii=False, default=float)
        yield "\n]}\n"

    return _file((piece.encode() for piece in pieces()), export, "json", "application/json")


def _file(pieces: Iterator[bytes], export: Export, ending: str, mimetype: str) -> Response:
    name = f"history-{export.first.isoformat()}-{export.last.isoformat()}.{ending}"
    return Response(pieces, mimetype=mimetype, headers=file_headers(name))


def _kind() -> Any:
    return KINDS.get(request.args.get("what", "sessions")) or abort(400)


def _export() -> Export | None:
    """What the address asks for; None if its days cannot be read."""
    days = _range()
    if days is None:
        return None
    with current_services().database.reading() as connection:
        ours = history_page.scope(connection, request.args.get("charger"))
        currency, people = tariff.currency(connection), totals.people(connection)
        kept = totals.years(connection, ours.limited_to)
        first, last = days
        if kept:  # no months are asked for that lie before everything
            first = max(first, min(date(min(kept), 1, 1), last))
            last = max(first, min(last, date(max(kept) + 1, 12, 31)))
        else:
            first = max(first, last.replace(day=1))
    return Export(current_services(), ours, first, last, formats.zone(), currency, people)


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


@history.get("/history/statement")
@allow(Role.VIEWER)
def show_statement() -> ResponseReturnValue:
    """A month to print or to hand to an employer: `?month=`, `?charger=`, `?person=` choose."""
    month = history_page.asked_month()
    person_id = request.args.get("person", type=int)
    with current_services().database.reading() as connection:
        ours = history_page.scope(connection, request.args.get("charger"))
        choice = ours.choice(month.first, month.last)
        names = totals.people(connection) | {GUEST: words.person(GUEST, None, {})}
        person_id = person_id if person_id in names else None
        found = sessions.of_period(connection, choice, person_id=person_id, with_uncounted=False, oldest_first=True)
        currency = tariff.currency(connection)
        sums = _sums(found, ours, names)
    return render_template(
        "history/statement.html",
        month=month,
        month_name=formats.month(month.first),
        scope=ours,
        person=names.get(person_id) if person_id is not None else None,
        person_id=person_id,
        names=names,
        lines=[_line(one, ours, names) for one in found],
        sums=sums,
        total=totals.total(_sum(one) for one in found),
        currency=currency,
        now=current_services().now(),
        words=words,
        tells_times=any(not one.has_reliable_clock for one in found),
    )


def _sum(entry: Entry) -> totals.Sum:
    open_mwh = entry.share_mwh if entry.share_cost_micro is None else 0
    return totals.Sum(entry.share_mwh, entry.share_cost_micro, open_mwh)


def _sums(found: list[Entry], ours: Scope, names: dict[int, str]) -> list[tuple[str, list[tuple[str, totals.Sum]]]]:
    """The month per charger and per person, each from the very lines that stand above."""
    by_charger: dict[str, totals.Sum] = {}
    by_person: dict[str, totals.Sum] = {}
    for one in found:
        charger = ours.names.get(one.charger_id, "")
        person = words.person(one.person_id, one.person_name, names) or words.nobody()
        by_charger[charger] = by_charger.get(charger, totals.Sum()) + _sum(one)
        by_person[person] = by_person.get(person, totals.Sum()) + _sum(one)
    return [(_("Per charger"), sorted(by_charger.items())), (_("Per person"), sorted(by_person.items()))]


def _when(moment: datetime) -> tuple[str, str]:
    """Day and time, for a column of each."""
    here = formats.local(moment)
    return here.date().isoformat(), formats.clock_of(here)


def _line(entry: Entry, ours: Scope, names: dict[int, str]) -> Fields:
    return {
        "entry": entry,
        "start": _when(entry.start_at),
        "end": _when(entry.end_at),
        "charger": ours.names.get(entry.charger_id, ""),
        "person": words.person(entry.person_id, entry.person_name, names),
        "flags": ", ".join(words.flags(entry)),
    }
