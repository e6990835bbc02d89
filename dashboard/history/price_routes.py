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
from dashboard.history import recalculating, tariff, words
from dashboard.history.blueprint import history
from dashboard.history.booking import Booking
from dashboard.history.tables import history_book
from dashboard.history.totals import FIRST_YEAR, LAST_YEAR, Choice
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow


class Mistyped(Exception):
    """What is wrong with the form, in a sentence for the page; and with which field."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@history.get("/history/prices")
@allow(Role.OWNER)
def lead_to_prices() -> ResponseReturnValue:
    return redirect(url_for("history.show_history", _anchor="prices"))


@history.post("/history/prices")
@allow(Role.OWNER)
def add_price() -> ResponseReturnValue:
    """Add a price; sessions without a cost get theirs, the others keep it."""
    form = {name: request.form.get(name, "").strip() for name in ("price", "valid_from", "currency")}
    with current_services().database.reading() as connection:
        is_open = tariff.currency(connection) is None or tariff.is_currency_open(connection)
    try:
        micro, valid_from = _price(form["price"]), _day(form["valid_from"])
        if is_open and form["currency"] not in words.CURRENCIES:
            raise Mistyped(words.currency_missing(), "currency")
        priced = _add(micro, valid_from, form["currency"])
    except Mistyped as mistake:
        return history_page.render_history(400, error=str(mistake), wrong=mistake.field, **form)
    flash(words.price_added(priced))
    return redirect(url_for("history.show_history", _anchor="prices"), code=303)


def _add(micro: int, valid_from: date, currency: str) -> int:
    """Add the price; how many sessions have got a cost by it."""
    services, zone = current_services(), formats.zone()
    try:
        with services.database.writing() as connection:
            owner = actor.confirm(connection)
            if tariff.currency(connection) is None or tariff.is_currency_open(connection):
                tariff.ensure_book(connection)
                connection.execute(update(history_book).values(currency=currency))
            tariff.add(connection, valid_from, micro, services.now(), owner.name)
            priced = Booking(connection, zone, services.now()).price_what_has_no_price()
            _record(connection, LineKind.PRICE_ADDED, micro, valid_from)
            _touch_all(connection)
    except tariff.DayHasPrice as taken:
        with services.database.reading() as connection:
            there = formats.price(taken.there.micro_per_kwh, tariff.currency(connection))
        raise Mistyped(words.day_has_price(formats.calendar_day(valid_from), there), "valid_from") from None
    return priced


def _price(text: str) -> int:
    micro = tariff.read_price(text)
    if micro is None:
        raise Mistyped(words.price_out_of_range() if _is_number(text) else words.price_unreadable(), "price")
    return micro


def _is_number(text: str) -> bool:
    return text.replace(",", ".", 1).replace(".", "", 1).lstrip("-").isdecimal()


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Mistyped(words.date_unreadable(), "valid_from") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Mistyped(words.date_unreadable(), "valid_from")
    return day


@history.get("/history/prices/<int(max=2147483647):price_id>/remove")
@allow(Role.OWNER)
def lead_to_removal(price_id: int) -> ResponseReturnValue:
    return lead_to_prices()


@history.post("/history/prices/<int(max=2147483647):price_id>/remove")
@allow(Role.OWNER)
def remove_price(price_id: int) -> ResponseReturnValue:
    """Take a price off the list; what was booked by it stays booked."""
    services = current_services()
    with services.database.writing() as connection:
        actor.confirm(connection)
        gone = tariff.remove(connection, price_id)
        if gone is not None:
            _record(connection, LineKind.PRICE_REMOVED, gone.micro_per_kwh, gone.valid_from)
            _touch_all(connection)
    flash(words.price_removed())
    return redirect(url_for("history.show_history", _anchor="prices"), code=303)


def _record(connection: Connection, kind: LineKind, micro: int, valid_from: date) -> None:
    currency = tariff.currency(connection)
    details = {"micro_per_kwh": micro, "currency": currency, "day": valid_from.isoformat()}
    activity_log.record(connection, at=current_services().now(), kind=kind, member=current_user, details=details)


def _touch_all(connection: Connection) -> None:
    for one in chargers.all_chargers(connection):
        chargers.touch(connection, one.id)


@history.get("/history/recalculate")
@allow(Role.OWNER)
def show_recalculate() -> ResponseReturnValue:
    """What the present price list would change in a year; `?year=` chooses."""
    return _difference_page(request.args.get("year", type=int))


def _difference_page(year: int | None, message: str = "") -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        choice = _year(connection, year)
        prices_now = tariff.tariff(connection, formats.zone())
        months = recalculating.by_month(recalculating.changes(connection, prices_now, choice))
        currency = tariff.currency(connection)
    return render_template(
        "history/recalculate.html",
        year=choice.first.year,
        months=[(formats.month(one.month.first), one) for one in months],
        sessions=sum(one.sessions for one in months),
        before=sum(one.before_micro for one in months),
        after=sum(one.after_micro for one in months),
        state=prices_now.state,
        currency=currency,
        message=message,
        words=words,
    )


def _year(connection: Connection, year: int | None) -> Choice:
    year = year if year and FIRST_YEAR <= year <= LAST_YEAR else history_page.today().year
    return history_page.scope(connection).choice(date(year, 1, 1), date(year, 12, 31))


@history.post("/history/recalculate")
@allow(Role.OWNER)
def recalculate() -> ResponseReturnValue:
    """Do what was shown; if the price list has changed since then, show it again instead."""
    services, zone = current_services(), formats.zone()
    year, state = request.form.get("year", type=int), request.form.get("state", type=int)
    with services.database.writing() as connection:
        actor.confirm(connection)
        choice, prices_now = _year(connection, year), tariff.tariff(connection, zone)
        found = []
        if state == prices_now.state:
            found = recalculating.changes(connection, prices_now, choice)
            recalculating.apply(connection, prices_now, found)
        if found:
            details = {"year": choice.first.year, "count": len(found)}
            now = services.now()
            activity_log.record(
                connection, at=now, kind=LineKind.COSTS_RECALCULATED, member=current_user, details=details
            )
            _touch_all(connection)
    if state != prices_now.state:
        return _difference_page(year, words.prices_changed_meanwhile())
    flash(words.recalculated(len(found)))
    return redirect(url_for("history.show_history", month=f"{choice.last:%Y-%m}"), code=303)
