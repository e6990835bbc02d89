"""What `/history` shows: a month, its year, the price list; and whose history is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger import chargers
from dashboard.history import (
    charts,
    cost_orders,
    cost_words,
    due,
    mean_price,
    price_list,
    price_words,
    session_lines,
    tariff,
    totals,
    waiting,
    whose_page,
    words,
)
from dashboard.history.charts import Chart
from dashboard.history.price_form import TypedPrice
from dashboard.history.price_list import PriceList
from dashboard.history.session_lines import SessionLine
from dashboard.history.totals import ChargeSum, Choice, Month
from dashboard.history.whose_page import Whose
from dashboard.services import current_services
from dashboard.web.access import Role
from dashboard.web.forms import Wrong

TARIFF = "tariff"  # where the price list stands too


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
    def chosen(self) -> dict[str, str]:
        """The chargers that are meant, by id."""
        return {id: name for id, name in self.names.items() if self.charger_id in (None, id)}

    @property
    def has_several(self) -> bool:
        return len(self.names) > 1


def scope(connection: Connection, charger_id: str | None = None) -> Scope:
    """The chargers in question; 404 for one that this person may not see, or that there is not."""
    only = current_services().settings.charger_ids
    names = {charger.id: charger.name for charger in chargers.all_chargers(connection, only)}
    if charger_id and charger_id not in names:
        abort(404)
    limited_to = (charger_id,) if charger_id else tuple(names) if only else None
    return Scope(names, charger_id or None, limited_to)


def today() -> date:
    return formats.local(current_services().now()).date()


def asked_month() -> Month:
    """The month of the address, else the present one."""
    return Month.from_key(request.args.get("month", "")) or Month.of(today())


def place() -> dict[str, Any]:
    """Where somebody came from, as parameters of an address; None: not said."""
    month = Month.from_key(request.args.get("month", ""))
    return {
        "month": month.key if month else None,
        "charger": request.args.get("charger") or None,
        "from": TARIFF if request.args.get("from") == TARIFF else None,
    }


def back(anchor: str, month: Month | None = None) -> str:
    """The address of one section of the history, in the month looked at, else in `month`; or of `/tariff`."""
    here = place()
    if here.pop("from"):
        return url_for("history.show_tariff")
    here["month"] = here["month"] or (month.key if month else None)
    return url_for("history.show_history", _anchor=anchor, **here)


@dataclass(frozen=True)
class MonthPart:
    """One month: its sums, its days, its people and its sessions; `whose` is None in a home of one.

    Attributes:
        at_mean_price: what the same energy would have cost at the month's mean price, in sentences.
        waiting: what waiting for cheap hours saved, in a sentence; empty where that is nothing.
    """

    name: str
    sum: ChargeSum
    sessions: int
    whose: Whose | None
    chart: Chart
    days: list[tuple[str, ChargeSum]]
    lines: list[SessionLine]
    at_mean_price: list[str]
    waiting: str


@dataclass(frozen=True)
class YearRow:
    """One month in the table of a year; `width` is its bar's, of 100."""

    month: Month
    name: str
    sum: ChargeSum
    width: float


@dataclass(frozen=True)
class YearPart:
    """One year by its months.

    Attributes:
        at_mean_price: what each month's energy would have cost at its mean price, in sentences.
    """

    year: int
    sum: ChargeSum
    sessions: int
    rows: list[YearRow]
    at_mean_price: list[str]


@dataclass(frozen=True)
class Overview:
    """Everything on `/history`.

    Attributes:
        notes: what the figures leave out, in sentences.
    """

    scope: Scope
    month: Month
    in_month: MonthPart
    in_year: YearPart
    years: list[int]
    notes: list[str]
    progress: str
    collected: str
    currency: str | None
    prices: PriceList
    today: date

    @property
    def has_older(self) -> bool:
        return self.month.first > date(totals.FIRST_YEAR, 1, 1)

    @property
    def has_newer(self) -> bool:
        return self.month.after.first <= self.today

    def link(self, month: Month) -> str:
        """The address of this page for another month, with the same charger."""
        return url_for("history.show_history", month=month.key, charger=self.scope.charger_id)

    @property
    def place(self) -> dict[str, Any]:
        """What an address needs so that its answer returns to this page."""
        return {"month": self.month.key, "charger": self.scope.charger_id}


def overview(connection: Connection, month: Month, charger_id: str | None) -> Overview:
    """The page of a month and its year; 404 for a charger that may not be seen."""
    services, current, seen = current_services(), today(), scope(connection, charger_id)
    year = month.first.year
    days = totals.by_day(connection, seen.choice(date(year, 1, 1), date(year, 12, 31)))
    fetched = due.progress(connection, services.settings.charger_ids)
    return Overview(
        scope=seen,
        month=month,
        in_month=_month_part(connection, seen, month, days),
        in_year=_year_part(connection, seen, year, days),
        years=sorted({*totals.years(connection, seen.limited_to), current.year, year}, reverse=True),
        notes=notes(connection, seen),
        progress=price_words.under_way(cost_orders.first(connection)) or words.progress(fetched, services.now()),
        collected=words.collected(fetched, services.now()),
        currency=tariff.currency(connection),
        prices=price_list.read(connection),
        today=current,
    )


def _month_part(connection: Connection, seen: Scope, month: Month, days: dict[date, ChargeSum]) -> MonthPart:
    choice = seen.choice(month.first, month.last)
    of_month = [(day, days.get(day, ChargeSum())) for day in month.days()]
    name = formats.month(month.first)
    return MonthPart(
        name=name,
        sum=totals.total(charged for _day, charged in of_month),
        sessions=totals.count(connection, choice),
        whose=whose_page.read(connection, choice, name, seen.chosen, place()),
        chart=charts.days_chart(of_month),
        days=[(formats.calendar_day(day), charged) for day, charged in of_month if charged.energy_mwh],
        lines=session_lines.read(connection, choice, {} if seen.charger_id else seen.names),
        at_mean_price=mean_price.of_month(connection, choice),
        waiting=cost_words.waiting_saved_in(*waiting.of_period(connection, choice), tariff.currency(connection)),
    )


def _year_part(connection: Connection, seen: Scope, year: int, days: dict[date, ChargeSum]) -> YearPart:
    months = totals.by_month(days, year)
    highest = max(charged.energy_mwh for _month, charged in months)
    choice = seen.choice(date(year, 1, 1), date(year, 12, 31))
    return YearPart(
        year=year,
        sum=totals.total(days.values()),
        sessions=totals.count(connection, choice),
        rows=[
            YearRow(month, formats.month_name(month.first), charged, charts.bar_width(charged.energy_mwh, highest))
            for month, charged in months
            if month.first <= today() or charged.energy_mwh
        ],
        at_mean_price=mean_price.of_year(connection, choice),
    )


def notes(connection: Connection, seen: Scope) -> list[str]:
    """What the figures leave out: sessions whose times are unknown, and those that could not be used."""
    unknown = words.unknown_times(*totals.unknown_times(connection, seen.limited_to))
    unusable = words.unusable(totals.unusable(connection, seen.limited_to))
    return [sentence for sentence in (unknown, unusable) if sentence]


def render_history(wrong: Wrong | None = None) -> ResponseReturnValue:
    """The page of the history; with what is wrong with the form of prices, and what was typed there."""
    with current_services().database.reading() as connection:
        view = overview(connection, asked_month(), request.args.get("charger"))
    role = Role(current_user.role)
    page = render_template(
        "history/history.html",
        view=view,
        typed=TypedPrice.of(request.form) if wrong else view.prices.to_add,
        wrong=wrong,
        words=words,
        cost_words=cost_words,
        price_words=price_words,
        is_owner=role is Role.OWNER,
        is_member=role.includes(Role.MEMBER),
    )
    return page, wrong.status if wrong else 200
