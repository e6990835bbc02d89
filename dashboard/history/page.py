"""From a request to what a page of the history shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger import chargers
from dashboard.history import charts, fetching, sessions, tariff, totals, words
from dashboard.history.charts import Chart
from dashboard.history.sessions import Entry
from dashboard.history.totals import Choice, Month, PersonSum, Sum
from dashboard.services import current_services
from dashboard.web.access import Role


@dataclass(frozen=True)
class Scope:
    """Whose history is meant.

    Attributes:
        names: every charger that may be seen, by id, in the household's order.
        charger_id: the one that was chosen; None: all of them.
        limited_to: what a query has to be limited to; None where there is nothing to hide.
    """

    names: dict[str, str]
    charger_id: str | None
    limited_to: tuple[str, ...] | None

    def choice(self, first: date, last: date) -> Choice:
        return Choice(first, last, self.limited_to)

    @property
    def has_several(self) -> bool:
        return len(self.names) > 1


def scope(connection: Connection, charger_id: str | None = None) -> Scope:
    """The chargers in question; 404 for one that this person may not see, or that there is not."""
    only = current_services().settings.charger_ids
    names = {one.id: one.name for one in chargers.all_chargers(connection, only)}
    if charger_id and charger_id not in names:
        abort(404)
    limited_to = (charger_id,) if charger_id else tuple(names) if only else None
    return Scope(names, charger_id or None, limited_to)


def today() -> date:
    return formats.local(current_services().now()).date()


def asked_month() -> Month:
    """The month of the address, else the present one."""
    return Month.from_key(request.args.get("month", "")) or Month.of(today())


@dataclass(frozen=True)
class Line:
    """One session in the list of a month."""

    entry: Entry
    when: str
    charger: str
    person: str
    flags: list[str]

    @property
    def small(self) -> str:
        return " · ".join(one for one in (self.charger, self.person, *self.flags) if one)


@dataclass(frozen=True)
class YearRow:
    """One month in the table of a year; `width` is its bar's, of 100."""

    month: Month
    name: str
    sum: Sum
    width: float


@dataclass(frozen=True)
class Overview:
    """Everything on `/history`."""

    scope: Scope
    month: Month
    month_name: str
    month_sum: Sum
    month_sessions: int
    people: list[tuple[str, Sum]]
    chart: Chart
    days: list[tuple[str, Sum]]
    lines: list[Line]
    year: int
    year_sum: Sum
    year_sessions: int
    year_rows: list[YearRow]
    years: list[int]
    progress: str
    collected: str
    currency: str | None
    prices: list[PriceLine]
    is_currency_open: bool
    has_older: bool
    has_newer: bool
    today: date

    def link(self, month: Month) -> str:
        """The address of this page for another month, with the same charger."""
        return url_for("history.show_history", month=month.key, charger=self.scope.charger_id)


def overview(connection: Connection, month: Month, charger_id: str | None) -> Overview:
    ours, now, current = scope(connection, charger_id), current_services().now(), today()
    in_month = ours.choice(month.first, month.last)
    in_year = ours.choice(date(month.first.year, 1, 1), date(month.first.year, 12, 31))
    days = totals.by_day(connection, in_year)
    month_days = [(day, days.get(day, Sum())) for day in month.days()]
    rows = totals.by_month(days, month.first.year)
    highest = max(one.energy_mwh for _month, one in rows)
    found = fetching.progress(connection, current_services().settings.charger_ids)
    currency = tariff.currency(connection)
    return Overview(
        scope=ours,
        month=month,
        month_name=formats.month(month.first),
        month_sum=totals.total(one for _day, one in month_days),
        month_sessions=totals.count(connection, in_month),
        people=[(_name(one), one.sum) for one in totals.by_person(connection, in_month)],
        chart=charts.days_chart(month_days),
        days=[(formats.calendar_day(day), one) for day, one in month_days if one.energy_mwh],
        lines=lines(connection, ours, in_month),
        year=month.first.year,
        year_sum=totals.total(days.values()),
        year_sessions=totals.count(connection, in_year),
        year_rows=[
            YearRow(one, formats.month_name(one.first), sum, charts.bar_width(sum.energy_mwh, highest))
            for one, sum in rows
            if one.first <= current or sum.energy_mwh
        ],
        years=sorted({*totals.years(connection, ours.limited_to), current.year, month.first.year}, reverse=True),
        progress=words.progress(found, now),
        collected=words.collected(found, now),
        currency=currency,
        prices=prices(connection, currency),
        is_currency_open=currency is None or tariff.is_currency_open(connection),
        has_older=month.first > date(totals.FIRST_YEAR, 1, 1),
        has_newer=month.after.first <= current,
        today=current,
    )


@dataclass(frozen=True)
class PriceLine:
    """One price of the list; `note` says of a price that does not count why."""

    id: int
    day: str
    per_kwh: str
    note: str


def prices(connection: Connection, currency: str | None) -> list[PriceLine]:
    """The price list, newest first; of two for one day the one that counts comes first."""
    found, seen = [], set[date]()
    for row in tariff.entered(connection):
        note = words.outdone() if row.valid_from in seen else ""
        per_kwh = formats.price(row.micro_per_kwh, currency)
        found.append(PriceLine(row.id, formats.calendar_day(row.valid_from), per_kwh, note))
        seen.add(row.valid_from)
    return found


def _name(one: PersonSum) -> str:
    return words.person(one.id, one.name, {}) or words.nobody()


def lines(connection: Connection, ours: Scope, choice: Choice) -> list[Line]:
    names = totals.people(connection)
    return [
        Line(
            entry=one,
            when=formats.span(one.start_at, one.end_at),
            charger=ours.names.get(one.charger_id, "") if ours.has_several and not ours.charger_id else "",
            person=words.person(one.person_id, one.person_name, names),
            flags=words.flags(one),
        )
        for one in sessions.of_period(connection, choice)
    ]


def render_history(status: int = 200, **form: str) -> ResponseReturnValue:
    """The page; after a mistake in the form of prices with what was typed, `error`, and the `wrong` field."""
    with current_services().database.reading() as connection:
        view = overview(connection, asked_month(), request.args.get("charger"))
    role = Role(current_user.role)
    page = render_template(
        "history/history.html",
        view=view,
        form=form,
        words=words,
        is_owner=role is Role.OWNER,
        is_member=role.includes(Role.MEMBER),
    )
    return page, status
