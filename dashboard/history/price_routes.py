"""The owners' price list, and recalculating what was booked by an older one."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection, update

from dashboard import formats
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.history import page as history_page
from dashboard.history import price_words, recalculating, tariff
from dashboard.history.blueprint import history
from dashboard.history.booking import Booking
from dashboard.history.tables import history_book
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import FIRST_YEAR, LAST_YEAR, Choice
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong


@history.post("/history/prices")
@allow(Role.OWNER)
@button_on("history.show_history", "prices")
def add_price() -> ResponseReturnValue:
    """Add a price; sessions without a cost get theirs, the others keep it."""
    typed = history_page.typed_price()
    with current_services().database.reading() as connection:
        is_open = tariff.currency(connection) is None or tariff.is_currency_open(connection)
    try:
        micro, valid_from = _price(typed["price"]), _day(typed["valid_from"])
        if is_open and typed["currency"] not in price_words.CURRENCIES:
            raise Wrong(price_words.currency_missing(), "currency")
        priced = _add(micro, valid_from, typed["currency"])
    except Wrong as wrong:
        return history_page.render_history(wrong)
    flash(price_words.price_added(priced))
    return redirect(url_for("history.show_history", _anchor="prices"), code=303)


def _add(micro: int, valid_from: date, currency: str) -> int:
    """Add the price; how many sessions have got a cost by it.

    Raises:
        Wrong: there is one from that day on already.
    """
    services = current_services()
    try:
        with services.database.writing() as connection:
            owner = actor.confirm(connection)
            if tariff.currency(connection) is None or tariff.is_currency_open(connection):
                tariff.ensure_book(connection)
                connection.execute(update(history_book).values(currency=currency))
            tariff.add(connection, valid_from, micro, services.now(), owner.name)
            priced = Booking(connection, services.zone, services.now()).price_what_has_no_price()
            _record(connection, LineKind.PRICE_ADDED, micro, valid_from)
            _touch_all(connection)
    except tariff.DayHasPrice as error:
        with services.database.reading() as connection:
            there = formats.price(error.there.micro_per_kwh, tariff.currency(connection))
        sentence = price_words.day_has_price(formats.calendar_day(valid_from), there)
        raise Wrong(sentence, "valid_from") from None
    return priced


def _price(text: str) -> int:
    micro = tariff.read_price(text)
    if micro is None:
        sentence = price_words.price_out_of_range() if _is_number(text) else price_words.price_unreadable()
        raise Wrong(sentence, "price")
    return micro


def _is_number(text: str) -> bool:
    return text.replace(",", ".", 1).replace(".", "", 1).lstrip("-").isdecimal()


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong(price_words.date_unreadable(), "valid_from") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(price_words.date_unreadable(), "valid_from")
    return day


@history.post("/history/prices/<int(max=2147483647):price_id>/remove")
@allow(Role.OWNER)
@button_on("history.show_history", "prices")
def remove_price(price_id: int) -> ResponseReturnValue:
    """Take a price off the list; what was booked by it stays booked."""
    with current_services().database.writing() as connection:
        actor.confirm(connection)
        removed = tariff.remove(connection, price_id)
        if removed is not None:
            _record(connection, LineKind.PRICE_REMOVED, removed.micro_per_kwh, removed.valid_from)
            _touch_all(connection)
    flash(price_words.price_removed())
    return redirect(url_for("history.show_history", _anchor="prices"), code=303)


def _record(connection: Connection, kind: LineKind, micro: int, valid_from: date) -> None:
    currency, now = tariff.currency(connection), current_services().now()
    details = {"micro_per_kwh": micro, "currency": currency, "day": valid_from.isoformat()}
    activity_log.record(connection, at=now, kind=kind, member=current_user, details=details)


def _touch_all(connection: Connection) -> None:
    for charger in chargers.all_chargers(connection):
        chargers.touch(connection, charger.id)


@history.get("/history/recalculate")
@allow(Role.OWNER)
def show_recalculate() -> ResponseReturnValue:
    """What the present price list would change in a year; `?year=` chooses."""
    return _difference_page(request.args.get("year", type=int))


def _difference_page(year: int | None, message: str = "") -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        choice, tariffs = _year(connection, year), Tariffs(connection, current_services().zone)
        months = recalculating.by_month(recalculating.changes(connection, tariffs, choice))
        state, currency = tariffs.state, tariff.currency(connection)
    return render_template(
        "history/recalculate.html",
        year=choice.first.year,
        months=[(formats.month(change.month.first), change) for change in months],
        sessions=sum(change.sessions for change in months),
        before=sum(change.before_micro for change in months),
        after=sum(change.after_micro for change in months),
        state=state,
        currency=currency,
        message=message,
        words=price_words,
    )


def _year(connection: Connection, year: int | None) -> Choice:
    year = year if year and FIRST_YEAR <= year <= LAST_YEAR else history_page.today().year
    return history_page.scope(connection).choice(date(year, 1, 1), date(year, 12, 31))


@history.post("/history/recalculate")
@allow(Role.OWNER)
def recalculate() -> ResponseReturnValue:
    """Do what was shown; if the price list has changed since then, show it again instead."""
    services = current_services()
    year, state = request.form.get("year", type=int), request.form.get("state", type=int)
    with services.database.writing() as connection:
        actor.confirm(connection)
        choice, tariffs = _year(connection, year), Tariffs(connection, services.zone)
        is_as_shown = state == tariffs.state
        changes = recalculating.changes(connection, tariffs, choice) if is_as_shown else []
        if changes:
            recalculating.apply(connection, tariffs.state, changes)
            _record_recalculation(connection, choice.first.year, len(changes))
    if not is_as_shown:
        return _difference_page(year, price_words.prices_changed_meanwhile())
    flash(price_words.recalculated(len(changes)))
    return redirect(url_for("history.show_history", month=f"{choice.last:%Y-%m}"), code=303)


def _record_recalculation(connection: Connection, year: int, count: int) -> None:
    activity_log.record(
        connection,
        at=current_services().now(),
        kind=LineKind.COSTS_RECALCULATED,
        member=current_user,
        details={"year": year, "count": count},
    )
    _touch_all(connection)
