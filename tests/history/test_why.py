"""*Why this price* on the page of a session: its shares, their prices and the parts of these."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import update

from dashboard.history.tables import charge_share
from dashboard.tariff.contract import HOUR, QUARTER, ClockPrice, SpotSupport, SpotTerms
from tests.conftest import Household
from tests.history.conftest import add_price, book, evening, number_of, session
from tests.history.stored_contracts import AREA, DAY_AND_NIGHT, add_contract, set_currency, tell_prices

DAY = date(2026, 11, 10)
BY_THE_QUARTER = SpotTerms(AREA.source, AREA.area, "NOK", QUARTER)
BY_THE_HOUR = SpotTerms(AREA.source, AREA.area, "NOK", HOUR, mark_up_micro=50_000)


def page_of(household: Household, id: str = "s1") -> str:
    return unescape(household.anna.get(f"/history/sessions/{number_of(household, id)}").text)


def why(household: Household, id: str = "s1") -> list[str]:
    """The rows of the table as text, without spaces at their ends."""
    details = page_of(household, id).partition('<details id="why">')[2].partition("</details>")[0]
    rows = re.findall(r"<tr.*?</tr>", details.partition("</thead>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_each_share_says_when_how_much_and_what_a_kwh_cost(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    book(household, [evening()])
    assert why(household) == [
        "Tue 10, 20:00 4.000 kWh 0.30 kr /kWh 1.20 kr",
        "Tue 10, 22:00 4.000 kWh 0.10 kr /kWh 0.40 kr",
    ]


def test_the_parts_of_a_price_are_told_with_the_exchange_s_price_behind_them(household: Household) -> None:
    set_currency(household)
    parts = {
        "grid": ClockPrice(200_000),
        "tax_micro": 100_000,
        "vat_micro": 250_000,
        "includes_vat": False,
        "support": SpotSupport(900_000, 600_000),
    }
    add_contract(household, BY_THE_HOUR, **parts)
    tell_prices(household, DAY, *[800_000] * 24)
    tell_prices(household, DAY + timedelta(days=1), *[800_000] * 24)
    book(household, [evening()])
    assert why(household)[1] == (
        "energy 0.80 kr · mark-up 0.05 kr · grid fee 0.20 kr · tax 0.10 kr · VAT 0.2875 kr · support -0.225 kr · "
        "on the exchange 0.80 kr in the mean of the hour (NO1, www.hvakosterstrommen.no)"
    )
    assert why(household)[0] == "Tue 10, 20:00 2.000 kWh 1.2125 kr /kWh 2.42 kr"
    page = page_of(household)
    assert page.index("2.42") > page.index('id="why"') and page.index('id="why"') < page.index('class="chart"')


def test_what_was_booked_keeps_its_parts_when_the_exchange_tells_another_price(household: Household) -> None:
    set_currency(household)
    add_contract(household, BY_THE_HOUR)
    tell_prices(household, DAY, *[800_000] * 24)
    book(household, [evening()])
    before = why(household)
    tell_prices(household, DAY, *[900_000] * 24)
    assert why(household) == before != []


@pytest.mark.parametrize(("price", "told"), [(0, "0.00 kr /kWh 0.00 kr"), (-50_000, "-0.05 kr /kWh -0.10 kr")])
def test_no_price_is_no_zero_and_less_than_zero_is_told(household: Household, price: int, told: str) -> None:
    set_currency(household)
    add_contract(household, SpotTerms(AREA.source, AREA.area, "NOK", HOUR))
    book(household, [evening()])
    assert why(household) == []
    tell_prices(household, DAY, *[price] * 24)
    assert why(household)[0] == f"Tue 10, 20:00 2.000 kWh {told}"


def test_a_reading_under_several_prices_tells_how_far_its_cost_may_be_off(household: Household) -> None:
    set_currency(household)
    add_contract(household, BY_THE_QUARTER)
    start = datetime(2026, 11, 10, 18, 30, tzinfo=UTC)
    tell_prices(household, DAY, *[100_000] * 20, *[500_000] * 4)
    hourly = ((start, Decimal(0)), (start + HOUR, Decimal(8)))
    book(household, [session("s1", 10, start=start, end=start + HOUR, energy_kwh=Decimal(8), intervals=hourly)])
    page = page_of(household)
    assert "2.40\N{NO-BREAK SPACE}kr <small>±\N{NO-BREAK SPACE}1.60</small>" in page
    assert "± because the price changes more often" in page
    assert len([row for row in why(household) if "/kWh" in row]) == 4


def test_a_cost_that_is_certain_has_no_bound(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    book(household, [evening()])
    assert "±" not in page_of(household)


def test_an_old_booking_says_its_price_and_that_no_more_was_kept(household: Household) -> None:
    add_price(household, "0.2875")
    book(household, [session("s1", 10)])
    with household.database.writing() as connection:
        connection.execute(update(charge_share).values(price=None))
    assert why(household) == ["Tue 10, 13:00 10.000 kWh 0.2875 € /kWh 2.88 €"]
    assert "was not kept when this session was booked" in page_of(household)


def test_without_a_price_there_is_nothing_to_explain(household: Household) -> None:
    book(household, [session("s1", 10)])
    assert "Why this price" not in page_of(household)


@pytest.mark.parametrize(("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (DAY, 96)])
def test_a_whole_day_is_told_by_its_quarters(household: Household, day: date, quarters: int) -> None:
    set_currency(household)
    add_contract(household, BY_THE_QUARTER)
    tell_prices(household, day, *[700_000] * 25)
    start = datetime.combine(day, datetime.min.time(), tzinfo=UTC) - (HOUR if day.month in (3, 11) else 2 * HOUR)
    readings = tuple((start + n * QUARTER, Decimal("0.5") if n else Decimal(0)) for n in range(quarters + 1))
    end, energy = start + quarters * QUARTER, Decimal(quarters) / 2
    book(household, [session("s1", 10, start=start, end=end, energy_kwh=energy, intervals=readings)])
    rows = [row for row in why(household) if "/kWh" in row]
    assert len(rows) == quarters
    assert all(row.endswith("0.500 kWh 0.70 kr /kWh 0.35 kr") for row in rows)


def test_without_readings_the_energy_may_have_flowed_at_any_price_of_the_stay(household: Household) -> None:
    set_currency(household)
    add_contract(household, DAY_AND_NIGHT)
    at_noon, evening = session("s1", 10, intervals=()), datetime(2026, 11, 10, 19, tzinfo=UTC)
    until_midnight = session("s2", 10, start=evening, end=evening + 4 * HOUR, intervals=())
    book(household, [at_noon, until_midnight])
    assert why(household) == ["Tue 10, 13:59 10.000 kWh 0.30 kr /kWh 3.00 kr"]
    assert "±" not in page_of(household)
    assert why(household, "s2") == ["Tue 10, 23:59 10.000 kWh 0.10 kr /kWh 1.00 kr"]
    page = page_of(household, "s2")
    assert "1.00\N{NO-BREAK SPACE}kr <small>±\N{NO-BREAK SPACE}2.00</small>" in page
    assert "± because nothing tells when in this time the energy flowed" in page
