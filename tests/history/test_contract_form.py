"""The form of a contract: its fields are there at once, and what looks like a slip is asked about."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select

from dashboard.history.tables import price_table
from tests.conftest import Household, words_of
from tests.history.conftest import add_price

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize("address", ["/tariff", "/tariff?kind=one+price", "/tariff?preset=XX"])
def test_the_fields_of_one_price_are_there_before_anything_is_chosen(household: Household, address: str) -> None:
    page = household.anna.get(address).text
    assert '<input name="price"' in page and ">Save contract<" in page
    assert re.search(r"<noscript>.*Continue.*</noscript>", page)


def test_enter_shows_the_fields_of_another_kind_and_saves_only_once_they_are_there(household: Household) -> None:
    typed = {"kind": "by the hour", "valid_from": "2026-11-01", "currency": "NOK", "price": "", "tax": "0.16"}
    answer = household.anna.post("/tariff", data=typed)
    assert answer.status_code == 200 and "Price area" in words_of(answer) and 'value="0.16"' in answer.text
    assert household.anna.post("/tariff", data=typed | {"area": "NO1"}).status_code == 303


def test_every_field_has_an_id_by_which_it_is_the_same_one_whatever_is_chosen(household: Household) -> None:
    for kind in ("one price", "by the clock", "by the hour"):
        page = household.anna.get("/tariff", query_string={"kind": kind}).text
        fields = re.findall(r"<(?:input|select) [^>]*>", page[page.index('id="fields"') :])
        assert len(fields) > 6
        assert all(' id="' in field for field in fields if '-days"' not in field)


def test_the_list_says_here_too_which_of_two_prices_for_a_day_counts(household: Household) -> None:
    add_price(household, "0.30", "2026-11-01")
    with household.database.writing() as connection:  # as older versions took them
        again = select(price_table.c.valid_from, 450_000, 2, price_table.c.added_at)
        connection.execute(
            insert(price_table).from_select(["valid_from", "micro_per_kwh", "added_in", "added_at"], again)
        )
    day = "from Sun 1 November 2026"
    told = f"{day} 0.45 €/kWh {day} (does not count: the price added later for the same day does) 0.30"
    assert told in words_of(household.carla.get("/tariff")).replace(NBSP, " ")
