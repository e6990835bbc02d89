"""The price list as pages show it, and the forms that add to it and change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard import formats
from dashboard.history import contract_words, price_words, tariff
from dashboard.history.price_form import PriceRules, TypedPrice
from dashboard.history.tariff import FROM_THE_FIRST, Price
from dashboard.services import current_services


@dataclass(frozen=True)
class PriceLine:
    """One price or contract of the list; `note` says of one that does not count why."""

    id: int
    since: str
    what: str
    note: str


@dataclass(frozen=True)
class PriceList:
    """The prices that were entered, newest first.

    Attributes:
        rules: for one more.
        to_add: what the form for one more holds to begin with.
    """

    lines: list[PriceLine]
    rules: PriceRules
    to_add: TypedPrice


def read(connection: Connection) -> PriceList:
    rules = rules_to_add(connection)
    to_add = TypedPrice(valid_from=first_day(rules), currency=rules.currency or "")
    return PriceList(lines(connection), rules, to_add)


def lines(connection: Connection) -> list[PriceLine]:
    """The price list, newest first; of two for one day the one that counts comes first."""
    currency, told, seen = tariff.currency(connection), list[PriceLine](), set[date]()
    for entry in tariff.prices(connection):
        note = price_words.outdone() if entry.valid_from in seen else ""
        what = contract_words.in_list(entry.contract(currency))
        told.append(PriceLine(entry.id, price_words.since(entry.valid_from), what, note))
        seen.add(entry.valid_from)
    return told


def first_day(rules: PriceRules) -> str:
    """From when one more is valid unless said otherwise: today; the first, from the first session on."""
    return "" if rules.may_be_first else formats.local(current_services().now()).date().isoformat()


def rules_to_add(connection: Connection) -> PriceRules:
    """What one more price has to keep to."""
    currency, entered = tariff.currency(connection), tariff.prices(connection)
    return PriceRules(
        currency=currency,
        is_currency_open=currency is None or tariff.is_currency_open(connection),
        last_micro=entered[0].typed_micro if entered else None,
        may_be_first=not entered,
    )


def rules_to_change(connection: Connection, price: Price) -> PriceRules:
    """What another price in the place of this one has to keep to."""
    return PriceRules(
        currency=tariff.currency(connection),
        is_currency_open=False,
        last_micro=price.typed_micro,
        may_be_first=all(row.valid_from >= price.valid_from for row in tariff.entered(connection)),
    )


def as_typed(price: Price) -> TypedPrice:
    """A price as its form shows it."""
    day = "" if price.valid_from == FROM_THE_FIRST else price.valid_from.isoformat()
    return TypedPrice(f"{price.per_kwh.normalize():f}", day)
