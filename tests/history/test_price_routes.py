"""The price list: one price for a day, said in full."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from dashboard import formats
from dashboard.history.tables import history_book, price_table
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, cost_of, session

NBSP = "\N{NO-BREAK SPACE}"


def test_a_second_price_for_a_day_is_refused_and_nothing_typed_is_lost(household: Household) -> None:
    assert add_price(household, "0.2999999999", "2026-03-01").status_code == 303
    answer = add_price(household, "0.17", "2026-03-01")
    assert answer.status_code == 400
    assert "There is a price from Sun 1 March 2026 already: 0.30 €/kWh." in words_of(answer)
    assert "remove it first" in words_of(answer)
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
