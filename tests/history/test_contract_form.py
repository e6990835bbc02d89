"""The form of a contract: its fields are there at once, and what looks like a slip is asked about."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select

from dashboard.history.tables import price_table
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, evening, price_ids

NBSP = "\N{NO-BREAK SPACE}"
PLAIN = {"kind": "one price", "valid_from": "2026-11-01", "currency": "NOK", "price": "1.45", "includes_vat": "yes"}


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


def sent_from(page: str) -> dict[str, str]:
    """What a browser would send from the form as it stands."""
    form = page[page.index('id="contract"') :]
    typed = dict(re.findall(r'<input (?:type="hidden" )?name="([^"]+)" value="([^"]*)"', form))
    chosen = re.findall(r'<select name="([^"]+)"(?:(?!</select>).)*?<option value="([^"]*)" selected', form, re.S)
    ticked = re.findall(r'<input type="checkbox" name="([^"]+)"(?: id="\w+")? value="([^"]*)" checked', form)
    return typed | dict(chosen) | dict(ticked)


def test_what_was_typed_under_another_kind_is_there_again_with_it(household: Household) -> None:
    hour = {"mark_up": "50", "support": "share of the spot above a price", "share": "90", "area": "NO1"}
    row = {"grid_hours-0-begin": "22", "grid_hours-0-end": "6", "grid_hours-0-price": "1"}
    grid = row | {"grid_kind": "by the clock"}
    form = PLAIN | hour | grid | {"kind": "by the clock", "hours-0-begin": "7", "hours-0-days": "monday"}
    for change in ({"kind": "by the hour"}, {"kind": "one price", "grid_kind": "none"}):
        form = sent_from(household.anna.post("/tariff", data=form | change | {"do": "continue"}).text)
    assert household.anna.post("/tariff", data=form | {"do": "preview"}).status_code == 200  # nobody asks about 50
    for change in ({"kind": "by the clock"}, {"grid_kind": "by the clock"}):
        page = household.anna.post("/tariff", data=form | change | {"do": "continue"}).text
        form = sent_from(page)
    assert (form["hours-0-begin"], form["grid_hours-0-end"], form["grid_hours-0-price"]) == ("7", "6", "1")
    assert 'name="hours-0-days" value="monday" checked' in page
    form = sent_from(household.anna.post("/tariff", data=form | {"kind": "by the hour", "do": "continue"}).text)
    assert form["mark_up"] == "50" and form["support"] == hour["support"] and form["area"] == "NO1"


@pytest.mark.parametrize(("source", "currency", "is_asked"), [
    ("", "SEK", True), ("www.hvakosterstrommen.no", "SEK", True), ("", "NOK", False), ("", "EUR", False),
])  # fmt: skip
def test_a_rate_is_asked_for_as_soon_as_the_source_s_money_is_another(
    household: Household, source: str, currency: str, is_asked: bool
) -> None:
    chosen = {"kind": "by the hour", "source": source, "area": "NO1", "currency": currency, "do": "continue"}
    page = household.anna.post("/tariff", data=PLAIN | chosen).text
    assert ('name="rate"' in page) is is_asked


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


@pytest.mark.parametrize(
    ("typed", "field", "asked"),
    [
        ({"price": "145"}, "price", "145.00 kr"),
        ({"grid_kind": "one price", "grid": "62"}, "grid", "62.00 kr"),
        ({"tax": "16", "price": "1450"}, "price", "1450.00 kr"),
        ({"kind": "by the hour", "area": "NO1", "mark_up": "50"}, "mark_up", "50.00 kr"),
        (
            {"kind": "by the clock", "hours-0-begin": "22", "hours-0-end": "6", "hours-0-price": "85"},
            "hours-0-price",
            "85.00 kr",
        ),
    ],
)
def test_an_amount_of_a_contract_that_looks_like_a_slip_is_asked_about_before_it_is_saved(
    household: Household, typed: dict[str, str], field: str, asked: str
) -> None:
    answer = household.anna.post("/tariff", data=PLAIN | typed)
    assert answer.status_code == 400
    assert f"Is {asked} per kWh right?" in words_of(answer).replace(NBSP, " ")
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
    after = answer.text.partition(f'name="{field}"')[2]
    assert after.index('name="sure"') < after.index("<button")
    sure = re.search(r'name="sure" value="(\d+)"', answer.text)
    assert sure and price_ids(household) == []
    assert household.anna.post("/tariff", data=PLAIN | typed | {"sure": sure[1]}).status_code == 303


def test_ten_times_the_price_of_the_contract_before_is_asked_about(household: Household) -> None:
    hours = {"kind": "by the clock", "hours-0-begin": "22", "hours-0-end": "6", "hours-0-price": "0.1"}
    household.anna.post("/tariff", data=PLAIN | hours | {"price": "0.30"})
    later = PLAIN | {"valid_from": "2026-11-10"}
    assert household.anna.post("/tariff", data=later | {"price": "3.5"}).status_code == 400
    assert household.anna.post("/tariff", data=later | {"price": "2.9"}).status_code == 303


@pytest.mark.parametrize(
    ("more", "thing"), [({}, "price"), ({"grid_kind": "one price", "grid": "0.1"}, "contract")]
)
def test_removing_from_the_list_of_tariff_leads_back_there(
    household: Household, more: dict[str, str], thing: str
) -> None:
    household.anna.post("/tariff", data=PLAIN | more)
    asks = re.search(r'href="([^"]*/remove[^"]*)"', household.anna.get("/tariff").text)
    assert asks
    question = household.anna.get(asks[1])
    assert 'href="/tariff">Back, change nothing' in question.text
    assert f"Remove the {thing}?" in words_of(question)
    form = re.search(r'<form method="post" action="([^"]+)"', question.text)
    assert form
    answer = household.anna.post(form[1], follow_redirects=True)
    assert answer.request.path == "/tariff" and f"The {thing} is removed." in words_of(answer)


def test_recalculating_after_a_change_of_the_contract_leads_back_to_tariff(household: Household) -> None:
    household.anna.post("/tariff", data=PLAIN | {"valid_from": "2020-01-01"})
    book(household, [evening()])
    asks = household.anna.post("/tariff/1/change", data=PLAIN | {"valid_from": "2020-01-01", "price": "1.20"})
    question = household.anna.get(asks.location)
    assert 'href="/tariff">Leave them as they are' in question.text
    form = re.search(r'action="([^"]+)"', question.text)
    state = re.search(r'name="state" value="(\d+)"', question.text)
    assert form and state
    address = form[1].replace("&amp;", "&")
    answer = household.anna.post(address, data={"price": "1", "state": state[1]}, follow_redirects=True)
    assert answer.request.path == "/tariff" and "The cost of 1 session was changed." in words_of(answer)
