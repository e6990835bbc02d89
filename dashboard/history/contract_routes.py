"""`/tariff`: what a kWh costs. The contracts, the form for one, and today and tomorrow as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity.kinds import LineKind
from dashboard.history import (
    contract_page,
    contract_words,
    cost_orders,
    price_form,
    price_list,
    price_log,
    price_words,
    recalculating,
    source_trouble,
    tariff,
)
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.history.price_form import PriceRules
from dashboard.history.tariff import FROM_THE_FIRST, Price
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.tariff import form as contract_form
from dashboard.tariff import form_words, terms
from dashboard.tariff.amounts import as_typed
from dashboard.tariff.contract import ClockPrice, Contract, ContractKind
from dashboard.tariff.contracts import PricedStretch, midnight
from dashboard.tariff.presets import presets
from dashboard.tariff.price_text import PARTS
from dashboard.tariff.typed_contract import TypedContract, TypedHours
from dashboard.web.access import Role, allow
from dashboard.web.forms import Wrong
from dashboard.web.htmx import HEADERS, is_htmx

# A field that only the form of this kind has.
OWN_FIELD: dict[str, str] = {
    ContractKind.ONE_PRICE: "price",
    ContractKind.BY_THE_CLOCK: "hours-0-begin",
    ContractKind.BY_THE_HOUR: "area",
}
FROM_HERE: dict[str, Any] = {"from": history_page.TARIFF}  # so that the pages of the price list lead back
CHANGE = "/tariff/<int(max=2147483647):price_id>/change"


@history.get("/tariff")
@allow(Role.VIEWER)
def show_tariff() -> ResponseReturnValue:
    """The contracts and the form; `?kind=` or `?preset=`, a country, opens it; `?at=` asks for a moment's price."""
    kind, preset = request.args.get("kind", ContractKind.ONE_PRICE), request.args.get("preset", "")
    return _page(_beginning(presets().get(preset) or TypedContract(kind=kind)))


def _beginning(typed: TypedContract) -> TypedContract:
    """The form before anything is typed."""
    with current_services().database.reading() as connection:
        return replace(typed, valid_from=price_list.first_day(price_list.rules_to_add(connection)))


@history.post("/tariff")
@allow(Role.OWNER)
def save_contract() -> ResponseReturnValue:
    """Save a contract; or show what it would cost, or one more row of hours: nothing typed is lost."""
    return _answer(None)


@history.get(CHANGE)
@allow(Role.OWNER)
def show_contract_change(price_id: int) -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        entry = tariff.find(connection, price_id)
        currency = tariff.currency(connection)
    if entry is None:
        return _gone()
    return _page(contract_form.as_form(entry.contract(currency), FROM_THE_FIRST), changed=price_id)


@history.post(CHANGE)
@allow(Role.OWNER)
def change_contract(price_id: int) -> ResponseReturnValue:
    """Put another contract in the place of an entry; then ask about what was booked with it, if there is any."""
    return _answer(price_id)


def _gone() -> ResponseReturnValue:
    flash(price_words.price_gone())
    return redirect(url_for("history.show_tariff"), code=303)


def _answer(changed: int | None) -> ResponseReturnValue:
    typed = TypedContract.of(request.form)
    wish = request.form.get("do") or _wish_of_enter(typed)
    if wish == "continue":
        return _page(typed if "valid_from" in request.form else _beginning(typed), changed=changed)
    if wish == "hours":
        return _page(replace(typed, hours=[*typed.hours, TypedHours()]), changed=changed)
    if wish == "grid_hours":
        return _page(replace(typed, grid_hours=[*typed.grid_hours, TypedHours()]), changed=changed)
    try:
        return _preview(typed, changed) if wish == "preview" else _save(typed, changed)
    except Wrong as wrong:
        return _page(typed, wrong, changed=changed)


def _wish_of_enter(typed: TypedContract) -> str:
    """The key Enter presses no button: it saves, or shows the fields of another kind that was chosen."""
    return "save" if OWN_FIELD.get(typed.kind, "kind") in request.form else "continue"


def _preview(typed: TypedContract, changed: int | None) -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        contract = _read(typed, _rules(connection, changed))
        lines = contract_page.preview(connection, contract, formats.zone())
    return _page(typed, changed=changed, preview=lines)


def _rules(connection: Connection, changed: int | None) -> PriceRules:
    before = tariff.find(connection, changed) if changed is not None else None
    return price_list.rules_to_change(connection, before) if before else price_list.rules_to_add(connection)


def _read(typed: TypedContract, rules: PriceRules) -> Contract:
    """The contract that was typed, for the list as it stands.

    Raises:
        Wrong: something of it cannot be taken.
    """
    valid_from = price_form.read_day(typed.valid_from, rules)
    return contract_form.read(typed, valid_from, price_form.read_currency(typed.currency, rules))


def _save(typed: TypedContract, changed: int | None) -> ResponseReturnValue:
    services = current_services()
    with services.database.writing() as connection:
        owner = actor.confirm(connection)
        rules = _rules(connection, changed)
        contract = _read(typed, rules)
        price_form.check_amounts(typed, rules, contract.currency)
        if changed is not None and tariff.remove(connection, changed) is None:
            return _gone()
        ordered = _add(connection, contract, owner.name)
        price_log.record_contract(connection, LineKind.CONTRACT_SAVED, contract)
    fixed = cost_orders.begin(services, ordered)
    if changed is not None and _is_outdone(changed):
        return redirect(url_for("history.show_recalculate", price=changed, **FROM_HERE), code=303)
    for sentence in (contract_words.saved(fixed), *contract_page.overlaps(contract)):
        flash(sentence)
    return redirect(url_for("history.show_tariff"), code=303)


def _is_outdone(price_id: int) -> bool:
    services = current_services()
    with services.database.reading() as connection:
        return recalculating.is_price_outdone(connection, tariff.Tariffs(connection, services.zone), price_id)


def _add(connection: Connection, contract: Contract, who: str) -> int | None:
    """Put a contract on the list; the order for the costs of the sessions that have waited for it."""
    tariff.choose_currency(connection, contract.currency)
    try:
        micro_per_kwh, text = _stored(contract)
        tariff.add(connection, contract.valid_from, micro_per_kwh, current_services().now(), who, text)
    except tariff.DayHasPrice as error:
        since = price_words.since(error.there.valid_from)
        raise Wrong(contract_words.day_taken(since), "valid_from") from None
    return cost_orders.order_open(connection)


def _stored(contract: Contract) -> tuple[int, str]:
    """One price and nothing else is a price of the short form; everything else has terms."""
    energy = contract.energy
    if isinstance(energy, ClockPrice):
        plain = Price(0, contract.valid_from, energy.base_micro).contract(contract.currency)
        if replace(contract, includes_vat=True) == plain:
            return energy.base_micro, ""
    return 0, terms.to_text(contract)


def _page(
    typed: TypedContract,
    wrong: Wrong | None = None,
    *,
    changed: int | None = None,
    preview: list[str] | None = None,
) -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        form = contract_page.form(connection, typed)
        lines = price_list.lines(connection)
        price_now = contract_page.price_now(connection, current_services().now())
        chart = contract_page.hours_to_come(connection, current_services().now())
        reason = contract_page.reason(connection, current_services().now(), request.args.get("at", ""))
        trouble = source_trouble.sentence(connection, current_services().now())
    address = url_for("history.change_contract", price_id=changed) if changed else url_for("history.save_contract")
    page = render_template(
        "fragments/contract_fields.html" if is_htmx() else "history/tariff.html",
        lines=lines,
        price_now=price_now,
        chart=chart,
        reason=reason,
        presets={code: form_words.country(code) for code in presets()},
        source_trouble=trouble,
        form=form,
        changed=changed,
        from_here=FROM_HERE,
        preview=preview or [],
        wrong=wrong,
        address=address,
        is_owner=current_user.role is Role.OWNER,
    )
    return page, wrong.status if wrong else 200, HEADERS


@history.get("/tariff.json")
@allow(Role.VIEWER)
def tariff_json() -> ResponseReturnValue:
    """What a kWh costs today and tomorrow, without gaps; `[]` where there is no contract."""
    zone, now = formats.zone(), current_services().now()
    today = now.astimezone(zone).date()
    begin, end = (midnight(today + timedelta(days=n), zone) for n in (0, 2))
    with current_services().database.reading() as connection:
        prices = tariff.tariff(connection, zone).contracts
        stretches = prices.between(begin, end) if prices.contract_at(end - timedelta(seconds=1)) else []
    return [_as_json(stretch) for stretch in stretches]


def _as_json(stretch: PricedStretch) -> dict[str, Any]:
    price, zone = stretch.price, formats.zone()
    told: dict[str, Any] = {
        "begin": stretch.begin.astimezone(zone).isoformat(),
        "end": stretch.end.astimezone(zone).isoformat(),
        "per_kwh": None,
        "parts": {},
    }
    if price is not None:
        told["per_kwh"] = as_typed(price.micro_per_kwh)
        told["parts"] = {part: as_typed(getattr(price, part)) for part in PARTS}
    return told
