"""The price list: one price for a day, said in full; what looks like a slip is asked about."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from dashboard import formats
from dashboard.history.tables import history_book, price_table
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, cost_of, price_ids, session

NBSP = "\N{NO-BREAK SPACE}"


def test_a_second_price_for_a_day_is_refused_and_nothing_typed_is_lost(household: Household) -> None:
    assert add_price(household, "0.2999999999", "2026-03-01").status_code == 303
    answer = add_price(household, "0.17", "2026-03-01")
    assert answer.status_code == 400
    assert "There is a price from Sun 1 March 2026 already: 0.30 €/kWh." in words_of(answer)
    assert "Change that one." in words_of(answer)
    assert 'value="0.17"' in answer.text and 'value="2026-03-01"' in answer.text
    with household.database.reading() as connection:
        [kept] = connection.execute(select(price_table)).all()
        state = connection.execute(select(history_book.c.prices_state)).scalar_one()
    assert kept.micro_per_kwh == 300_000 and state == kept.added_in


def test_after_removing_a_day_s_price_another_may_take_its_place(household: Household) -> None:
    book(household, [session("one", 2)])
    add_price(household, "0.30", "2026-11-01")
    household.anna.post("/history/prices/1/remove")
    assert add_price(household, "0.40", "2026-11-01").status_code == 303
    book(household, [session("two", 3)])
    assert (cost_of(household, "one"), cost_of(household, "two")) == (3_000_000, 4_000_000)


def test_of_two_prices_that_an_older_version_took_for_a_day_the_list_says_which_counts(
    household: Household,
) -> None:
    add_price(household, "0.30", "2026-11-01")
    with household.database.writing() as connection:
        again = select(price_table.c.valid_from, 450_000, 2, price_table.c.added_at)
        connection.execute(
            insert(price_table).from_select(["valid_from", "micro_per_kwh", "added_in", "added_at"], again)
        )
        connection.execute(update(history_book).values(prices_state=2))
    book(household, [session("one", 2)])
    assert cost_of(household, "one") == 4_500_000
    page = words_of(household.carla.get("/history"))
    day = "from Sun 1 November 2026"
    assert f"{day} 0.45 €/kWh {day} (does not count: the price added later for the same day does) 0.30" in page
    assert "already: 0.45 €/kWh" in words_of(add_price(household, "0.20", "2026-11-01"))
    household.anna.post("/history/prices/2/remove")
    assert "does not count" not in household.carla.get("/history").text


def prices(household: Household) -> str:
    """The words of the section of prices, as an owner sees it."""
    page = household.anna.get("/history").text
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index('id="prices"') :]).replace(NBSP, " ").split())


def test_the_first_price_is_valid_from_the_first_session_on(household: Household) -> None:
    book(household, [session("one", 2), session("old", 3, **last_year())])
    page = household.anna.get("/history").text
    assert 'name="valid_from" value=""' in page and "Empty: from the first session on." in page
    add_price(household, "0.25", "")
    assert (cost_of(household, "one"), cost_of(household, "old")) == (2_500_000, 2_500_000)
    assert "from the first session on 0.25 €/kWh" in prices(household)
    log = words_of(household.anna.get("/activity")).replace(NBSP, " ")
    assert "Anna added a price: 0.25 € per kWh from the first session on" in log
    assert "Valid from" in prices(household) and "Empty" not in prices(household)
    assert add_price(household, "0.30", "").status_code == 400  # only the first needs no day
    assert add_price(household, "0.30", "2026-11-20").status_code == 303


def last_year() -> dict[str, datetime]:
    return {"start": datetime(2025, 3, 1, 12, tzinfo=UTC), "end": datetime(2025, 3, 1, 13, tzinfo=UTC)}


def test_the_first_price_counts_from_the_day_that_was_said(household: Household) -> None:
    book(household, [session("one", 2), session("two", 5)])
    add_price(household, "0.25", "2026-11-04")
    assert (cost_of(household, "one"), cost_of(household, "two")) == (None, 2_500_000)


@pytest.mark.parametrize(
    ("currency", "last", "typed", "is_asked"),
    [
        ("NOK", "", "145", True),
        ("NOK", "", "10", False),
        ("NOK", "", "10,01", True),
        ("NOK", "1,45", "14,5", True),
        ("NOK", "1.45", "14.49", True),
        ("EUR", "0,32", "3,2", True),
        ("EUR", "0.32", "3.19", False),
        ("EUR", "0", "0.30", False),
        ("JPY", "", "31", False),
        ("JPY", "31", "310", True),
    ],
)
def test_a_price_that_looks_like_a_slip_of_the_decimal_mark_is_asked_about(
    household: Household, currency: str, last: str, typed: str, is_asked: bool
) -> None:
    if last:
        add_price(household, last, currency=currency)
    answer = add_price(household, typed, "2026-11-01", currency=currency)
    assert (answer.status_code == 400) is is_asked
    assert (" per kWh right?" in words_of(answer)) is is_asked
    if is_asked:
        assert f'value="{typed}"' in answer.text and 'value="2026-11-01"' in answer.text
    assert len(price_ids(household)) == bool(last) + (not is_asked)


def test_whoever_means_an_unusual_price_ticks_a_box_that_is_about_that_price_only(household: Household) -> None:
    answer = add_price(household, "145", currency="NOK")
    asked = words_of(answer).replace(NBSP, " ")
    assert "Is 145.00 kr per kWh right? A charge of 20 kWh would cost 2900.00 kr." in asked
    sure = re.search(r'name="sure" value="(\d+)"> Yes, 145.00.kr per kWh is right', answer.text)
    assert sure
    assert add_price(household, "1450", currency="NOK", sure=sure[1]).status_code == 400
    assert add_price(household, "145", currency="NOK", sure=sure[1]).status_code == 303
    assert "145.00 kr/kWh" in prices(household)


def change(household: Household, price: str, valid_from: str = "2020-01-01", id: int = 1) -> TestResponse:
    form = {"price": price, "valid_from": valid_from}
    return household.anna.post(f"/history/prices/{id}/change?month=2026-03", data=form)


def test_a_price_is_changed_in_one_step_and_what_was_booked_with_it_is_asked_about(household: Household) -> None:
    book(household, [session("one", 2), session("two", 3)])
    add_price(household, "14.5", "2020-01-01", currency="NOK", sure="14500000")
    add_price(household, "2", "2026-11-10", currency="NOK")
    book(household, [session("later", 12)])
    page = household.anna.get("/history/prices/1/change").text
    assert 'value="14.5"' in page and 'value="2020-01-01"' in page
    asked = change(household, "1.45")
    assert asked.status_code == 303 and "price=1" in asked.headers["Location"]
    assert "1.45 kr/kWh" in prices(household) and "14.50" not in prices(household)
    assert cost_of(household, "one") == 145_000_000
    question = household.anna.get(asked.headers["Location"])
    shown = words_of(question).replace(NBSP, " ")
    assert "Recalculate what was booked with the old one?" in shown
    assert "November 2026 2 sessions 290.00 kr → 29.00 kr -261.00 kr" in shown
    address, form = form_of(question)
    answer = household.anna.post(address, data=form)
    assert answer.headers["Location"] == "/history?month=2026-03#prices"
    assert "The cost of 2 sessions was changed." in prices(household)
    costs = [cost_of(household, name) for name in ("one", "two", "later")]
    assert costs == [14_500_000, 14_500_000, 20_000_000]
    log = words_of(household.anna.get("/activity")).replace(NBSP, " ")
    assert "Anna changed a price to 1.45 kr per kWh from Wed 1 January 2020; it was 14.50 kr" in log
    assert "recalculated the costs booked with a price that was changed (sessions changed: 2)" in log


def form_of(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and what it sends."""
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', answer.text, re.DOTALL)
    assert form
    return unescape(form[1]), dict(re.findall(r'name="(\w+)" value="(\w+)"', form[2]))


def test_a_changed_price_with_which_nothing_was_booked_asks_nothing(household: Household) -> None:
    add_price(household)
    answer = change(household, "0,26", "")
    assert answer.headers["Location"] == "/history?month=2026-03#prices"
    assert "The price is changed." in prices(household)
    assert "from the first session on 0.26 €/kWh" in prices(household)
    assert 'name="valid_from" value=""' in household.anna.get("/history/prices/2/change").text


def test_a_change_that_moves_a_price_back_prices_what_had_none(household: Household) -> None:
    book(household, [session("one", 2)])
    add_price(household, "0.25", "2026-11-10")
    assert change(household, "0.25", "2026-11-01").status_code == 303
    assert cost_of(household, "one") == 2_500_000


@pytest.mark.parametrize(
    ("price", "day", "sentence"),
    [
        ("cheap", "2020-01-01", "as a number"),
        ("2.5", "2020-01-01", "per kWh right?"),
        ("0.26", "2026-11-10", "There is a price from Tue 10 November 2026 already"),
    ],
)
def test_a_change_that_cannot_be_taken_changes_nothing_and_keeps_what_was_typed(
    household: Household, price: str, day: str, sentence: str
) -> None:
    add_price(household)
    add_price(household, "0.28", "2026-11-10")
    answer = change(household, price, day)
    assert answer.status_code == 400 and sentence in words_of(answer)
    assert f'value="{price}"' in answer.text and f'value="{day}"' in answer.text
    assert price_ids(household) == [1, 2]


def test_removing_a_price_asks_first_on_a_page_with_one_button(household: Household) -> None:
    book(household, [session("one", 2), session("two", 3)])
    add_price(household)
    page = household.anna.get("/history/prices/1/remove?month=2026-03&charger=")
    assert "2 sessions were booked with it and keep their cost." in words_of(page)
    assert page.text.count("<button") == 1 and price_ids(household) == [1]
    address, form = form_of(page)
    answer = household.anna.post(address, data=form)
    assert answer.headers["Location"] == "/history?month=2026-03#prices"
    assert price_ids(household) == [] and cost_of(household, "one") == 2_500_000
    assert "The price is removed." in prices(household)


def test_a_price_that_is_gone_meanwhile_is_said(household: Household) -> None:
    for press in (
        lambda: household.anna.get("/history/prices/7/remove"),
        lambda: household.anna.post("/history/prices/7/remove"),
        lambda: household.anna.get("/history/prices/7/change"),
        lambda: change(household, "0.30", id=7),
    ):
        assert press().headers["Location"].endswith("#prices")
        assert "is not on the list any more" in prices(household)


def test_the_answer_stands_beside_the_prices_in_the_month_that_was_looked_at(household: Household) -> None:
    form = {"price": "0.25", "valid_from": "", "currency": "EUR"}
    [address] = re.findall(r'action="(/history/prices[^"]*)"', household.anna.get("/history?month=2026-03").text)
    assert address == "/history/prices?month=2026-03"
    wrong = household.anna.post(address, data=form | {"price": "cheap"})
    assert '<h1 id="month">March 2026' in wrong.text
    answer = household.anna.post(address, data=form)
    assert answer.headers["Location"] == "/history?month=2026-03#prices"
    page = household.anna.get("/history?month=2026-03").text
    assert page.index('id="prices"') < page.index("The price is added") and page.count("The price is added") == 1


@pytest.mark.parametrize(
    ("place", "year", "month"),
    [("?month=2026-03", 2026, "?month=2026-03"), ("", 2026, ""), ("", 2025, "?month=2025-12")],
)
def test_recalculating_a_year_lands_where_one_was_and_never_in_the_future(
    household: Household, place: str, year: int, month: str
) -> None:
    book(household, [session("one", 2), session("old", 3, **last_year())])
    add_price(household, "0.25")
    add_price(household, "0.50", "2020-01-02")
    address, form = form_of(household.anna.get(f"/history/recalculate{place or '?'}&year={year}"))
    answer = household.anna.post(address, data=form)
    assert answer.headers["Location"] == f"/history{month}#prices"
    assert "The cost of 1 session was changed." in prices(household)


@pytest.mark.parametrize(
    ("micro", "currency", "words"),
    [
        (300_000, "EUR", "0.30 €"),
        (287_500, "EUR", "0.2875 €"),
        (0, "EUR", "0.00 €"),
        (1, "GBP", "0.000001 £"),
        (100_000_000, "NOK", "100.00 kr"),
        (31_000_000, "JPY", "31 JPY"),
        (31_500_000, "JPY", "31.5 JPY"),
        (300_000, None, "0.30 "),
    ],
)
def test_a_price_is_shown_as_entered_with_at_least_the_currency_s_digits(
    micro: int, currency: str | None, words: str
) -> None:
    assert formats.price(micro, currency) == words.replace(" ", NBSP)
