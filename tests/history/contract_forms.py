"""Contracts as an owner enters them, for the tests of the rooms of `/tariff`."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.test import TestResponse

from dashboard.history import tariff
from dashboard.tariff.contract import Contract
from tests.conftest import Household

NBSP = " "  # as `words_of` has it
DAY_AND_NIGHT = {
    "kind": "by the clock",
    "valid_from": "2020-01-01",
    "currency": "NOK",
    "price": "0,30",
    "includes_vat": "yes",
    "hours-0-begin": "22:00",
    "hours-0-end": "06:00",
    "hours-0-price": "0.10",
}
BY_THE_HOUR = {
    "kind": "by the hour",
    "valid_from": "2020-01-01",
    "currency": "NOK",
    "source": "www.hvakosterstrommen.no",
    "area": "NO1",
    "step": "60",
    "mark_up": "0.05",
    "vat": "25",
    "includes_vat": "yes",
}


def post(household: Household, form: dict[str, Any], do: str = "save", address: str = "/tariff") -> TestResponse:
    return household.anna.post(address, data=form | {"do": do})


def contract(household: Household) -> Contract:
    """The newest contract of the list."""
    with household.database.reading() as connection:
        return tariff.prices(connection)[0].contract(tariff.currency(connection))


def value_of(page: TestResponse, name: str) -> str:
    """What a field of the form holds."""
    found = re.search(rf'<input name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]
