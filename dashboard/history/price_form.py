"""What is typed as a price: how it is read, and when it looks like a slip and is asked about.

Knows nothing of pages and of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard import formats
from dashboard.history import price_words
from dashboard.history.tariff import FROM_THE_FIRST
from dashboard.history.totals import FIRST_YEAR, LAST_YEAR
from dashboard.tariff.amounts import read_amount
from dashboard.tariff.contract import MICRO
from dashboard.tariff.typed_contract import TypedContract
from dashboard.web.forms import Wrong

TIMES_THE_LAST = 10
# What a kWh hardly costs anywhere: more is asked about. Of some currencies ten do not buy a kWh.
USUAL_AT_MOST = {"CZK": 30, "HUF": 300, "INR": 50, "ISK": 100, "JPY": 150}
USUAL_AT_MOST_ELSE = 10
EXAMPLE_KWH = 20


class Improbable(Wrong):
    """The price may be a slip; whoever sends it again with `sure` set to `micro_per_kwh` means it."""

    def __init__(self, micro_per_kwh: int, currency: str | None, field: str = "price") -> None:
        price = formats.price(micro_per_kwh, currency)
        example = formats.money(EXAMPLE_KWH * micro_per_kwh, currency)
        super().__init__(price_words.improbable(price, EXAMPLE_KWH, example), field)
        self.micro_per_kwh = micro_per_kwh
        self.yes = price_words.yes_it_is(price)


@dataclass(frozen=True)
class TypedPrice:
    """The fields of the form, as they were typed."""

    price: str = ""
    valid_from: str = ""
    currency: str = ""
    sure: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> TypedPrice:
        return cls(**{name: form.get(name, "").strip() for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class PriceRules:
    """What a typed price has to keep to.

    Attributes:
        is_currency_open: the currency is chosen along with the price.
        last_micro: the price before, which a slip of the decimal mark is told by; None where there is none.
        may_be_first: without a day it is valid from the first session on.
    """

    currency: str | None
    is_currency_open: bool
    last_micro: int | None
    may_be_first: bool

    @property
    def currencies(self) -> dict[str, str]:
        """What may be chosen, as value and text."""
        return {"": price_words.please_choose()} | {code: code for code in price_words.CURRENCIES}


@dataclass(frozen=True)
class EnteredPrice:
    """A price that may be taken as it is."""

    micro_per_kwh: int
    valid_from: date
    currency: str


def read(typed: TypedPrice, rules: PriceRules) -> EnteredPrice:
    """The price that was typed.

    Raises:
        Improbable: it looks like a slip, and nobody has said yet that it is none.
        Wrong: it cannot be read.
    """
    micro, valid_from = _amount(typed.price), read_day(typed.valid_from, rules)
    currency = read_currency(typed.currency, rules)
    if is_improbable(micro, rules.last_micro, currency) and typed.sure != str(micro):
        raise Improbable(micro, currency)
    return EnteredPrice(micro, valid_from, currency)


def check_amounts(typed: TypedContract, rules: PriceRules, currency: str) -> None:
    """Ask about the highest amount per kWh of a contract that looks like a slip.

    Raises:
        Improbable: there is one, and nobody has said yet that it is none.
    """
    last_micro = {"price": rules.last_micro}
    doubtful = [
        (micro, name)
        for name, micro in typed.amounts().items()
        if is_improbable(micro, last_micro.get(name), currency)
    ]
    highest, field = max(doubtful, default=(0, ""))
    if doubtful and typed.sure != str(highest):
        raise Improbable(highest, currency, field)


def is_improbable(micro: int, last_micro: int | None, currency: str | None) -> bool:
    """Whether it looks as if the decimal mark was forgotten: 145 for 1,45."""
    if micro > USUAL_AT_MOST.get(currency or "", USUAL_AT_MOST_ELSE) * MICRO:
        return True
    return bool(last_micro) and micro >= TIMES_THE_LAST * (last_micro or 0)


def _amount(text: str) -> int:
    micro = read_amount(text)
    if micro is None:
        sentence = price_words.price_out_of_range() if _is_number(text) else price_words.price_unreadable()
        raise Wrong(sentence, "price")
    return micro


def _is_number(text: str) -> bool:
    return text.replace(",", ".", 1).replace(".", "", 1).lstrip("-").isdecimal()


def read_currency(text: str, rules: PriceRules) -> str:
    """The currency that was chosen, where it is open; else that of the list.

    Raises:
        Wrong: none was chosen.
    """
    if not rules.is_currency_open:
        return rules.currency or ""
    if text not in price_words.CURRENCIES:
        raise Wrong(price_words.currency_missing(), "currency")
    return text


def read_day(text: str, rules: PriceRules) -> date:
    """From when a price is valid.

    Raises:
        Wrong: it is no day.
    """
    if not text and rules.may_be_first:
        return FROM_THE_FIRST
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong(price_words.date_unreadable(), "valid_from") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(price_words.date_unreadable(), "valid_from")
    return day
