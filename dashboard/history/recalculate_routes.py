"""`/history/recalculate`: fixing anew what was booked by an older price list, after showing the difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.history import page as history_page
from dashboard.history import price_words, recalculating, tariff
from dashboard.history.blueprint import history
from dashboard.history.price_routes import BESIDE_THE_LIST, answer
from dashboard.history.recalculating import CostChange
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import FIRST_YEAR, LAST_YEAR, Month
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow


@dataclass(frozen=True)
class Recalculation:
    """Which sessions are meant: those of a year, or those that were booked with a price which is off the list."""

    year: int
    price_id: int | None

    @classmethod
    def asked(cls) -> Recalculation:
        """As the address or the form says; by default the year that was looked at."""
        year = request.values.get("year", type=int)
        year = year if year and FIRST_YEAR <= year <= LAST_YEAR else history_page.asked_month().first.year
        price_id = request.values.get("price", type=int)
        return cls(year, price_id if price_id and 0 < price_id < 2**31 else None)

    @property
    def last_month(self) -> Month | None:
        """Of a year that is over; None where it is not, or where no year is meant."""
        is_over = not self.price_id and self.year < history_page.today().year
        return Month(date(self.year, 12, 1)) if is_over else None

    @property
    def details(self) -> dict[str, int]:
        """What the log keeps of it."""
        return {} if self.price_id else {"year": self.year}

    def changes(self, connection: Connection, tariffs: Tariffs) -> list[CostChange]:
        """The sessions that would get another cost."""
        if self.price_id:
            return recalculating.of_price(connection, tariffs, self.price_id)
        choice = history_page.scope(connection).choice(date(self.year, 1, 1), date(self.year, 12, 31))
        return recalculating.of_period(connection, tariffs, choice)


@history.get("/history/recalculate")
@allow(Role.OWNER)
def show_recalculate() -> ResponseReturnValue:
    """What the present price list would change; `?year=` or `?price=` chooses."""
    return _difference_page(Recalculation.asked())


def _difference_page(meant: Recalculation, message: str = "") -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        tariffs = Tariffs(connection, current_services().zone)
        changes = meant.changes(connection, tariffs)
        state, currency = tariffs.state, tariff.currency(connection)
    months = recalculating.by_month(changes)
    return render_template(
        "history/recalculate.html",
        meant=meant,
        title=price_words.recalculate_year(meant.year) if not meant.price_id else price_words.recalculate_price(),
        button=price_words.recalculate_button(None if meant.price_id else meant.year, len(changes)),
        months=[(formats.month(change.month.first), change) for change in months],
        sessions=len(changes),
        before=sum(change.before_micro for change in months),
        after=sum(change.after_micro for change in months),
        state=state,
        currency=currency,
        message=message,
        place=history_page.place(),
        back=history_page.back(BESIDE_THE_LIST),
        words=price_words,
    )


@history.post("/history/recalculate")
@allow(Role.OWNER)
def recalculate() -> ResponseReturnValue:
    """Do what was shown; if the price list has changed since then, show it again instead."""
    services, meant = current_services(), Recalculation.asked()
    with services.database.writing() as connection:
        actor.confirm(connection)
        tariffs = Tariffs(connection, services.zone)
        is_as_shown = request.form.get("state", type=int) == tariffs.state
        changes = meant.changes(connection, tariffs) if is_as_shown else []
        if changes:
            recalculating.apply(connection, tariffs.state, changes)
            _record(connection, meant, len(changes))
    if not is_as_shown:
        return _difference_page(meant, price_words.prices_changed_meanwhile())
    return answer(price_words.recalculated(len(changes)), meant.last_month)


def _record(connection: Connection, meant: Recalculation, count: int) -> None:
    activity_log.record(
        connection,
        at=current_services().now(),
        kind=LineKind.COSTS_RECALCULATED,
        member=current_user,
        details=meant.details | {"count": count},
    )
    chargers.touch_all(connection)
