"""The owners' price list: adding, changing and removing a price."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity.kinds import LineKind
from dashboard.history import (
    contract_words,
    cost_orders,
    price_form,
    price_list,
    price_log,
    price_words,
    recalculating,
    tariff,
)
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.history.price_form import EnteredPrice, TypedPrice
from dashboard.history.tariff import Price
from dashboard.history.totals import Month
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong

PRICE = "/history/prices/<int(max=2147483647):price_id>"
BESIDE_THE_LIST = "prices"  # the section of the history, and where its page shows an answer


def answer(sentence: str, month: Month | None = None) -> ResponseReturnValue:
    """Back to the price list, with the answer beside it, in the month that was looked at, else in `month`."""
    flash(sentence, "message" if history_page.place()["from"] else BESIDE_THE_LIST)
    return redirect(history_page.back(BESIDE_THE_LIST, month), code=303)


@history.post("/history/prices")
@allow(Role.OWNER)
@button_on("history.show_history", BESIDE_THE_LIST)
def add_price() -> ResponseReturnValue:
    """Add a price; sessions without a cost get theirs, the others keep it."""
    services = current_services()
    try:
        with services.database.writing() as connection:
            owner = actor.confirm(connection)
            rules = price_list.rules_to_add(connection)
            entered = price_form.read(TypedPrice.of(request.form), rules)
            if rules.is_currency_open:
                tariff.choose_currency(connection, entered.currency)
            ordered = _add(connection, entered, owner.name)
            price_log.record_price(connection, LineKind.PRICE_ADDED, entered)
    except Wrong as wrong:
        return history_page.render_history(wrong)
    return answer(price_words.price_added(cost_orders.begin(services, ordered)))


def _add(connection: Connection, entered: EnteredPrice, who: str) -> int | None:
    """Add the price; the order for the costs of the sessions that have waited for it.

    Raises:
        Wrong: there is one from that day on already.
    """
    try:
        tariff.add(connection, entered.valid_from, entered.micro_per_kwh, current_services().now(), who)
    except tariff.DayHasPrice as error:
        there = formats.price(error.there.micro_per_kwh, tariff.currency(connection))
        raise Wrong(price_words.day_has_price(entered.valid_from, there), "valid_from") from None
    return cost_orders.order_open(connection)


@history.get(f"{PRICE}/change")
@allow(Role.OWNER)
def show_change(price_id: int) -> ResponseReturnValue:
    """A price in its form, to be changed."""
    return _change_page(price_id)


def _change_page(price_id: int, wrong: Wrong | None = None) -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        price = tariff.find(connection, price_id)
        if price is None:
            return answer(price_words.price_gone())
        if price.terms:  # more than a price: it has a form of its own
            return redirect(url_for("history.show_contract_change", price_id=price_id))
        rules = price_list.rules_to_change(connection, price)
    page = render_template(
        "history/change_price.html",
        price=price,
        since=price_words.since(price.valid_from),
        per_kwh=formats.price(price.micro_per_kwh, rules.currency),
        rules=rules,
        typed=TypedPrice.of(request.form) if wrong else price_list.as_typed(price),
        wrong=wrong,
        place=history_page.place(),
        back=history_page.back(BESIDE_THE_LIST),
    )
    return page, wrong.status if wrong else 200


@history.post(f"{PRICE}/change")
@allow(Role.OWNER)
def change_price(price_id: int) -> ResponseReturnValue:
    """Put another price in the place of one; then ask about the sessions that were booked with it, if there are."""
    services = current_services()
    try:
        with services.database.writing() as connection:
            owner = actor.confirm(connection)
            before = tariff.remove(connection, price_id)
            ordered = _change(connection, before, owner.name) if before is not None else None
    except Wrong as wrong:
        return _change_page(price_id, wrong)
    if before is None:
        return answer(price_words.price_gone())
    cost_orders.begin(services, ordered)
    with services.database.reading() as connection:
        if not recalculating.is_price_outdone(connection, tariff.Tariffs(connection, services.zone), price_id):
            return answer(price_words.price_changed())
    return redirect(url_for("history.show_recalculate", price=price_id, **history_page.place()), code=303)


def _change(connection: Connection, before: Price, who: str) -> int | None:
    """Add what was typed in the place of a price that has just been taken off the list; what it orders.

    Raises:
        Wrong: it cannot be taken.
    """
    rules = price_list.rules_to_change(connection, before)
    entered = price_form.read(TypedPrice.of(request.form), rules)
    ordered = _add(connection, entered, who)
    price_log.record_price(connection, LineKind.PRICE_CHANGED, entered, before_micro=before.micro_per_kwh)
    return ordered


@history.get(f"{PRICE}/remove")
@allow(Role.OWNER)
def show_price_removal(price_id: int) -> ResponseReturnValue:
    """What removing a price means, with the button that does it."""
    services = current_services()
    with services.database.reading() as connection:
        price = tariff.find(connection, price_id)
        if price is None:
            return answer(price_words.price_gone())
        tariffs = tariff.Tariffs(connection, services.zone)
        booked = recalculating.count(connection, recalculating.made_by(connection, tariffs, price_id))
        currency = tariff.currency(connection)
    return render_template(
        "history/remove_price.html",
        price=price,
        means=price_words.what_removal_means(
            contract_words.what(price.contract(currency)), price.valid_from, booked
        ),
        place=history_page.place(),
        back=history_page.back(BESIDE_THE_LIST),
    )


@history.post(f"{PRICE}/remove")
@allow(Role.OWNER)
def remove_price(price_id: int) -> ResponseReturnValue:
    """Take a price off the list; what was booked by it stays booked."""
    with current_services().database.writing() as connection:
        actor.confirm(connection)
        removed = tariff.remove(connection, price_id)
        if removed is not None and removed.terms:
            price_log.record_contract(connection, LineKind.CONTRACT_REMOVED, removed.contract())
        elif removed is not None:
            price_log.record_price(connection, LineKind.PRICE_REMOVED, removed)
    return answer(price_words.removed(is_contract=bool(removed.terms)) if removed else price_words.price_gone())
