"""`/history/recalculate`: fixing anew what was booked by an older price list, after showing the difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import formats
from dashboard.history import comparing, cost_orders, price_words, tariff
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.history.comparing import Comparison
from dashboard.history.cost_orders import CostOrder, WhichCosts
from dashboard.history.price_routes import BESIDE_THE_LIST, answer
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
    def which(self) -> WhichCosts:
        return WhichCosts(None, self.price_id) if self.price_id else WhichCosts(self.year)

    @property
    def title(self) -> str:
        return price_words.recalculate_price() if self.price_id else price_words.recalculate_year(self.year)

    def address(self, *, ordered: int | None) -> str:
        """Of this page; with `ordered` where the change is under way."""
        year = None if self.price_id else self.year
        place = history_page.place()
        return url_for("history.show_recalculate", year=year, price=self.price_id, ordered=ordered, **place)


@history.get("/history/recalculate")
@allow(Role.OWNER)
def show_recalculate() -> ResponseReturnValue:
    """What the present price list would change, or how far the change is; `?year=` or `?price=` chooses."""
    meant = Recalculation.asked()
    with current_services().database.reading() as connection:
        ordered = cost_orders.find(connection, meant.which)
    if ordered is not None:
        return _progress_page(meant, price_words.fixing(ordered.done, ordered.sessions), ordered, is_ordered=True)
    if "ordered" in request.args:  # it was under way when this page was shown last
        return answer(price_words.costs_are_done(), meant.last_month)
    return _difference_page(meant)


def _progress_page(
    meant: Recalculation, sentence: str, how_far: CostOrder | Comparison, *, is_ordered: bool
) -> ResponseReturnValue:
    """How far it is; the page comes again by itself."""
    return render_template(
        "history/recalculating.html",
        title=meant.title,
        sentence=sentence,
        how_far=how_far,
        again=meant.address(ordered=1 if is_ordered else None),
        back=history_page.back(BESIDE_THE_LIST),
    )


def _difference_page(meant: Recalculation, message: str = "") -> ResponseReturnValue:
    services = current_services()
    comparison = comparing.compare(services, meant.which)
    if not comparison.is_over:
        sentence = price_words.comparing(comparison.done, comparison.sessions)
        return _progress_page(meant, sentence, comparison, is_ordered=False)
    with services.database.reading() as connection:
        currency = tariff.currency(connection)
    months = comparison.months
    sessions = sum(change.sessions for change in months)
    return render_template(
        "history/recalculate.html",
        meant=meant,
        title=meant.title,
        button=price_words.recalculate_button(None if meant.price_id else meant.year, sessions),
        months=[(formats.month(change.month.first), change) for change in months],
        sessions=sessions,
        before=sum(change.before_micro for change in months),
        after=sum(change.after_micro for change in months),
        state=comparison.state,
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
        owner = actor.confirm(connection)
        is_as_shown = request.form.get("state", type=int) == tariff.state_of_list(connection)
        ordered = cost_orders.order(services, connection, meant.which, owner) if is_as_shown else None
    if ordered is None:
        return _difference_page(meant, price_words.prices_changed_meanwhile())
    fixed = cost_orders.begin(services, ordered)
    if not fixed.is_all:
        return redirect(meant.address(ordered=1), code=303)
    return answer(price_words.recalculated(fixed.changed), meant.last_month)
