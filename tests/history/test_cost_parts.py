"""A month and a year by part, and at the month's mean price: on the history and on a statement."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from dashboard.history.session_cost import cost_parts
from dashboard.history.tables import PART_COLUMNS, charge_day, charge_share
from dashboard.tariff.contract import HOUR, QUARTER, ClockPrice, SpotSupport, SpotTerms
from dashboard.tariff.contracts import cost_of
from dashboard.tariff.kwh_price import KwhPrice
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, evening, number_of, session
from tests.history.stored_contracts import AREA, DAY_AND_NIGHT, NIGHT, add_contract, set_currency, tell_prices

PAGES = ("/history?month=2026-11", "/history/statement?month=2026-11")
BY_THE_HOUR = SpotTerms(AREA.source, AREA.area, "NOK", HOUR, mark_up_micro=50_000)
WITH_ALL_PARTS = {
    "grid": ClockPrice(200_000),
    "tax_micro": 100_000,
    "vat_micro": 250_000,
    "includes_vat": False,
    "support": SpotSupport(900_000, 600_000),
}
NOVEMBER = [date(2026, 11, day) for day in range(1, 31)]


def tables(household: Household, page: str) -> list[list[tuple[str, str]]]:
    """Each table of parts on a page: names and amounts."""
    text = household.anna.get(page).text
    found = re.findall(r'<table class="parts-of-cost">.*?</table>', text, re.DOTALL)
    row = re.compile(r'<th scope="row">([^<]*)</th><td class="figure">([^<]*)</td>')
    return [row.findall(table.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")) for table in found]


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_of_a_cost_add_up_to_it_to_the_millionth(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(400):
        price = KwhPrice(*(draw.choice((0, draw.randint(-900_000, 2_000_000))) for _ in range(6)))
        energy_mwh = draw.randint(0, 90_000_000)
        parts = cost_parts(energy_mwh, price)
        assert sum(micro or 0 for micro in parts.values()) == cost_of(energy_mwh, price)
    assert set(cost_parts(1, None).values()) == {None}


def test_month_year_and_statement_tell_each_part_that_is_not_zero(household: Household) -> None:
    set_currency(household)
    add_contract(household, BY_THE_HOUR, **WITH_ALL_PARTS)
    tell_prices(household, date(2026, 11, 10), *[800_000] * 24)
    tell_prices(household, date(2026, 11, 11), *[800_000] * 24)
    book(household, [evening()])
    month, year = tables(household, PAGES[0])
    assert month == [
        ("Energy", "6.40 kr"),
        ("Mark-up", "0.40 kr"),
        ("Grid fee", "1.60 kr"),
        ("Tax", "0.80 kr"),
        ("VAT", "2.30 kr"),
        ("Support", "-1.80 kr"),
        ("Together", "9.70 kr"),
    ]
    assert year == month and tables(household, PAGES[1]) == [month]
    with household.database.reading() as connection:
        cost, *parts = connection.execute(
            select(*(func.sum(charge_share.c[column]) for column in ("cost_micro", *PART_COLUMNS)))
        ).one()
    assert cost == sum(parts)


def test_a_cost_of_one_part_is_not_taken_apart(household: Household) -> None:
    add_price(household)
    book(household, [session("one", 10)])
    assert [tables(household, page) for page in PAGES] == [[], []]


def test_what_was_booked_before_parts_were_kept_is_a_row_of_its_own(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT, grid=ClockPrice(200_000))
    book(household, [evening(), session("z", 12)])
    with household.database.writing() as connection:
        unknown = dict.fromkeys(("price", *PART_COLUMNS))
        connection.execute(update(charge_share).where(charge_share.c.session_id == 2).values(**unknown))
        del unknown["price"]
        connection.execute(update(charge_day).where(charge_day.c.session_id == 2).values(**unknown))
    assert tables(household, PAGES[1]) == [
        [
            ("Energy", "1.60 kr"),
            ("Grid fee", "1.60 kr"),
            ("Booked before its parts were kept", "5.00 kr"),
            ("Together", "8.20 kr"),
        ]
    ]


def test_the_month_says_what_waiting_for_cheap_hours_saved(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    book(household, [evening()])
    for page in PAGES:
        told = words_of(household.anna.get(page))
        assert (
            "At the month’s mean price it would have been 1.87 kr: charging when it was cheap saved 0.27 kr. "
            "The mean of all hours of the month is 0.2333 kr per kWh."
        ) in told


def test_the_year_counts_each_month_at_its_own_mean(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    add_contract(household, ClockPrice(3_000_000, (NIGHT,)), date(2026, 11, 1))
    october = datetime(2026, 10, 10, 20, tzinfo=UTC)  # 22:00 in Oslo
    readings = ((october, Decimal(0)), (october + HOUR, Decimal(10)))
    book(household, [evening(), session("o", 10, start=october, end=october + HOUR, intervals=readings)])
    told = words_of(household.anna.get(PAGES[0]))
    # 8 kWh at 2.0333 and 10 kWh at 0.2333 for what cost 12.40 and 1.00
    assert "At each month’s mean price it would have been 18.60 kr: charging when it was cheap saved 5.20" in told
    assert "Each month counts at the mean of all its hours." in told


def test_a_change_of_the_contract_is_no_cheap_hour(household: Household) -> None:
    set_currency(household)
    add_contract(household, ClockPrice(5_000_000), date(2026, 11, 1))
    add_contract(household, DAY_AND_NIGHT, date(2026, 11, 3))
    before = datetime(2026, 11, 2, 20, tzinfo=UTC)
    readings = ((before, Decimal(0)), (before + HOUR, Decimal(10)))
    book(household, [evening(), session("b", 10, start=before, end=before + HOUR, intervals=readings)])
    told = words_of(household.anna.get(PAGES[0]))
    assert "would have been 51.87 kr: charging when it was cheap saved 0.27 kr" in told  # 50.00 of it at 5.00
    assert "Each contract counts at the mean of all its hours in the month." in told


def test_charging_when_it_was_dear_is_said_as_plainly(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    book(household, [session("noon", 10)])
    told = words_of(household.anna.get(PAGES[0]))
    assert "it would have been 2.33 kr: charging when it was dear cost 0.67 kr more." in told


def test_one_price_all_the_time_is_compared_with_nothing(household: Household) -> None:
    add_price(household)
    book(household, [evening()])
    assert all("mean price" not in words_of(household.anna.get(page)) for page in PAGES)


def test_the_mean_of_the_exchange_s_prices_is_of_those_that_are_known(household: Household) -> None:
    set_currency(household)
    add_contract(household, SpotTerms(AREA.source, AREA.area, "NOK", QUARTER))
    tell_prices(household, date(2026, 11, 10), *[800_000] * 12, *[400_000] * 12)
    tell_prices(household, date(2026, 11, 11), *[400_000] * 24)
    book(household, [evening()])

    def told() -> str:
        return words_of(household.anna.get(PAGES[0]))

    assert "it would have been 4.00 kr: charging when it was cheap saved 0.80 kr." in told()
    assert "The mean of the month’s hours, as far as their prices are known, is 0.50 kr per kWh." in told()
    tell_prices(household, NOVEMBER[28], *[400_000] * 24)  # and a hole before it
    assert "is 0.4667 kr per kWh." in told()
    for day in NOVEMBER[11:]:
        tell_prices(household, day, *[400_000] * 24)
    assert "is 0.4095 kr per kWh." in told()
    for day in [date(2026, 10, 31), *NOVEMBER[:9], date(2026, 12, 1)]:
        tell_prices(household, day, *[200_000] * 24)
    assert "it would have been 2.77 kr: charging when it was dear cost 0.43 kr more." in told()
    assert "The mean of all hours of the month is 0.3467 kr per kWh." in told()


def test_a_session_is_compared_with_the_price_list_that_made_its_cost(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    book(household, [evening()])
    before = words_of(household.anna.get(PAGES[0])).partition("mean price")[2][:80]
    form = {"kind": "one price", "valid_from": "2020-01-01", "price": "0.9", "includes_vat": "yes", "do": "save"}
    assert household.anna.post("/tariff/2/change", data=form).status_code == 303
    assert before and before in words_of(household.anna.get(PAGES[0]))


def test_a_person_s_statement_compares_their_energy_only(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    start = datetime(2026, 11, 12, 22, tzinfo=UTC)
    readings = ((start, Decimal(0)), (start + timedelta(hours=1), Decimal(10)))
    book(household, [evening(), session("n", 12, start=start, end=start + timedelta(hours=1), intervals=readings)])
    s1, ben = number_of(household, "s1"), "2"
    household.anna.post(f"/history/sessions/{s1}/person", data={"person": ben})
    told = words_of(household.anna.get(f"{PAGES[1]}&person={ben}"))
    assert "it would have been 1.87 kr: charging when it was cheap saved 0.27 kr." in told
