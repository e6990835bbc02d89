"""`/tariff`: the contracts, the form for one kind after the other, and today and tomorrow as JSON."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from dashboard.history import recalculating, tariff
from dashboard.tariff.contract import ClockPrice, ContractKind, FixedInsteadOfSpot, SpotSupport, SpotTerms
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, cost_of, evening
from tests.history.contract_forms import BY_THE_HOUR, DAY_AND_NIGHT, NBSP, contract, post, value_of


def test_each_kind_has_only_its_fields(household: Household) -> None:
    for kind, has, has_not in (
        ("one price", "Price per kWh", "Price then"),
        ("one price", "Grid fee", "Holidays of"),
        ("by the clock", "Price then", "Price area"),
        ("by the hour", "Price area", "Price then"),
    ):
        page = post(household, {"kind": kind}, "continue")
        assert page.status_code == 200
        assert has in page.text and has_not not in page.text


def test_htmx_receives_the_fields_alone(household: Household) -> None:
    form = {"kind": "by the hour", "do": "continue"}
    answer = household.anna.post("/tariff", data=form, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div class="stack" id="fields">') and "Price area" in answer.text
    assert answer.text.strip() in household.anna.get("/tariff?kind=by+the+hour").text
    assert "HX-Request" in answer.headers["Vary"]


def test_day_and_night_prices_are_saved_and_booked_by(household: Household) -> None:
    book(household, [evening()])
    answer = post(household, DAY_AND_NIGHT)
    assert answer.status_code == 303
    page = words_of(household.carla.get("/tariff"))
    assert "sessions that have got a cost by it: 1" in words_of(household.anna.get("/tariff"))
    assert f"from Wed 1 January 2020 by the clock, 0.10–0.30{NBSP}kr/kWh" in page
    assert f"Now 0.30{NBSP}kr per kWh, until 22:00." in page
    assert cost_of(household, "s1") == 1_600_000
    assert "Anna saved a contract from Wed 1 January 2020 on: by the clock" in words_of(
        household.anna.get("/activity")
    )


def test_a_contract_by_the_hour_keeps_all_its_parts(household: Household) -> None:
    support = {"support": "share of the spot above a price", "share": "90", "above": "0.9125"}
    assert post(household, BY_THE_HOUR | support | {"factor": "1,05", "tax": "0.16"}).status_code == 303
    held = contract(household)
    assert held.kind is ContractKind.BY_THE_HOUR
    assert isinstance(held.energy, SpotTerms)
    assert (held.energy.area, held.energy.currency, held.energy.factor_micro) == ("NO1", "NOK", 1_050_000)
    assert (held.vat_micro, held.tax_micro, held.support) == (250_000, 160_000, SpotSupport(900_000, 912_500))
    assert "by the hour, NO1" in words_of(household.anna.get("/history"))


def test_the_source_follows_from_the_area_where_none_is_chosen(household: Household) -> None:
    post(household, BY_THE_HOUR | {"source": ""})
    energy = contract(household).energy
    assert isinstance(energy, SpotTerms) and energy.source == "www.hvakosterstrommen.no"


def test_a_grid_fee_that_is_typed_counts_though_its_kind_was_not_chosen(household: Household) -> None:
    post(household, DAY_AND_NIGHT | {"grid": "0.62"})
    assert contract(household).grid == ClockPrice(620_000)


def test_norgespris_is_a_fixed_price_in_the_place_of_the_spot(household: Household) -> None:
    post(household, BY_THE_HOUR | {"support": "fixed price instead of the spot", "fixed": "0.50"})
    assert contract(household).support == FixedInsteadOfSpot(500_000)
    assert f"Now 0.55{NBSP}kr per kWh." in words_of(household.anna.get("/tariff"))


def test_one_price_and_nothing_else_is_a_price_of_the_history(household: Household) -> None:
    form = {"kind": "one price", "valid_from": "2020-01-01", "currency": "NOK", "price": "0.2875"}
    assert post(household, form | {"includes_vat": "yes"}).status_code == 303
    assert f"from Wed 1 January 2020 0.2875{NBSP}kr/kWh" in words_of(household.anna.get("/history"))
    with household.database.reading() as connection:
        assert not tariff.prices(connection)[0].terms


def test_a_price_of_the_history_can_be_changed_into_a_contract(household: Household) -> None:
    add_price(household, "0.30", "2020-01-01", currency="NOK")
    book(household, [evening()])
    page = household.anna.get("/tariff/1/change")
    assert value_of(page, "price") == "0.3" and value_of(page, "valid_from") == "2020-01-01"
    answer = post(household, DAY_AND_NIGHT, address="/tariff/1/change")
    assert answer.status_code == 303 and "/history/recalculate?price=1" in answer.location
    assert cost_of(household, "s1") == 2_400_000
    difference = words_of(household.anna.get(answer.location))
    assert f"2.40{NBSP}kr" in difference and f"1.60{NBSP}kr" in difference


def test_a_contract_comes_back_into_its_form_as_it_was_typed(household: Household) -> None:
    form = DAY_AND_NIGHT | {"hours-0-days": ["working days"], "hours-0-months": ["1", "12"], "vat": "21"}
    grid = {"grid_kind": "by the clock", "grid": "0.2", "grid_hours-0-begin": "17", "grid_hours-0-end": "19:30"}
    post(household, form | grid | {"grid_hours-0-price": "0.4", "holidays_of": "NL"})
    page = household.anna.get("/tariff/1/change")
    for name, value in {
        "price": "0.3", "hours-0-begin": "22:00", "hours-0-end": "06:00", "hours-0-price": "0.1", "vat": "21",
        "grid": "0.2", "grid_hours-0-begin": "17:00", "grid_hours-0-end": "19:30", "grid_hours-0-price": "0.4",
    }.items():  # fmt: skip
        assert value_of(page, name) == value
    assert 'value="working days" checked' in page.text
    assert re.findall(r'<option value="(\d+)" selected>', page.text) == ["1", "12"]


@pytest.mark.parametrize(
    ("form", "wrong", "field", "said"),
    [
        (DAY_AND_NIGHT, {"price": ""}, "price", "Please enter a number"),
        (DAY_AND_NIGHT, {"price": "much"}, "price", "Please enter a number"),
        (DAY_AND_NIGHT, {"hours-0-begin": "late"}, "hours-0-begin", "Please enter a time of day"),
        (DAY_AND_NIGHT, {"hours-0-price": "-1"}, "hours-0-price", "Please enter a number"),
        (DAY_AND_NIGHT, {"vat": "250"}, "vat", "between 0 and 100"),
        (DAY_AND_NIGHT, {"valid_from": "soon"}, "valid_from", "Please enter the day"),
        (DAY_AND_NIGHT, {"currency": "XXX"}, "currency", "Please choose the currency"),
        (DAY_AND_NIGHT, {"grid_kind": "one price"}, "grid", "Please enter a number"),
        (DAY_AND_NIGHT, {"kind": "by the moon"}, "kind", "Please choose one of these"),
        (
            DAY_AND_NIGHT,
            {"hours-0-begin": "", "hours-0-end": "", "hours-0-price": ""},
            "hours-0-begin",
            "Please enter the hours",
        ),
        (BY_THE_HOUR, {"area": "SE3"}, "area", "www.hvakosterstrommen.no tells prices for NO1, NO2"),
        (BY_THE_HOUR, {"source": "", "area": ""}, "source", "Please choose one of these"),
        (BY_THE_HOUR, {"share": "90"}, "support", "Please choose which support it is"),
        (BY_THE_HOUR, {"currency": "SEK"}, "rate", "Enter how many SEK one NOK is."),
        (BY_THE_HOUR, {"support": "share of the spot above a price"}, "share", "Please enter a number"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field_and_nothing_is_lost(
    household: Household, form: dict[str, Any], wrong: dict[str, str], field: str, said: str
) -> None:
    answer = post(household, form | wrong | {"tax": "0.123"})
    assert answer.status_code == 400
    assert said in words_of(answer)
    assert re.search(rf'name="{field}"[^>]*aria-describedby="[^"]*problem', answer.text), field
    after = answer.text.partition(f'name="{field}"')[2].partition('id="problem"')
    assert after[1] and after[0].count("<label") <= 1 and answer.text.count('id="problem"') == 1
    assert value_of(answer, "tax") == "0.123"
    with household.database.reading() as connection:
        assert tariff.prices(connection) == []


def test_two_contracts_from_one_day_are_refused(household: Household) -> None:
    post(household, DAY_AND_NIGHT)
    answer = post(household, BY_THE_HOUR)
    assert answer.status_code == 400
    assert "There is a price or a contract from Wed 1 January 2020 already." in words_of(answer)


def test_a_rate_is_taken_where_the_source_s_money_is_another(household: Household) -> None:
    post(household, BY_THE_HOUR | {"currency": "SEK", "rate": "0,95"})
    energy = contract(household).energy
    assert isinstance(energy, SpotTerms) and (energy.currency, energy.rate_micro) == ("NOK", 950_000)


def test_removing_a_contract_asks_first_and_is_in_the_log(household: Household) -> None:
    post(household, DAY_AND_NIGHT)
    question = words_of(household.anna.get("/history/prices/1/remove"))
    assert "by the clock, from Wed 1 January 2020." in question
    household.anna.post("/history/prices/1/remove")
    with household.database.reading() as connection:
        assert tariff.prices(connection) == []
    assert "Anna removed the contract from Wed 1 January 2020 on: by the clock" in words_of(
        household.anna.get("/activity")
    )


def test_the_change_of_a_contract_leads_to_its_own_form(household: Household) -> None:
    post(household, DAY_AND_NIGHT)
    assert household.anna.get("/history/prices/1/change").location.endswith("/tariff/1/change")
    assert household.anna.get("/tariff/9/change").location.endswith("/tariff")
    assert post(household, DAY_AND_NIGHT, address="/tariff/9/change").location.endswith("/tariff")


@pytest.mark.parametrize("person", ["ben", "carla"])
def test_others_see_the_contracts_and_no_form(household: Household, person: str) -> None:
    post(household, DAY_AND_NIGHT)
    browser = getattr(household, person)
    page = browser.get("/tariff")
    assert "by the clock" in words_of(page) and "Kind of contract" not in page.text
    assert browser.post("/tariff", data=DAY_AND_NIGHT).status_code == 403
    assert browser.get("/tariff/1/change").status_code == 403


def told(household: Household) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = household.carla.get("/tariff.json").get_json()
    return answer


def test_without_a_contract_the_json_is_an_empty_list(household: Household) -> None:
    assert told(household) == []


def test_the_json_covers_today_and_tomorrow_without_gaps_and_its_parts_add_up(household: Household) -> None:
    post(household, DAY_AND_NIGHT | {"vat": "25", "grid_kind": "one price", "grid": "0.2"})
    rows = told(household)
    assert rows[0]["begin"] == "2026-11-20T00:00:00+01:00" and rows[-1]["end"] == "2026-11-22T00:00:00+01:00"
    assert all(row["end"] == later["begin"] for row, later in pairwise(rows))
    for row in rows:
        assert set(row["parts"]) == {"energy", "mark_up", "grid", "tax", "vat", "support"}
        assert sum(Decimal(part) for part in row["parts"].values()) == Decimal(row["per_kwh"])
    assert [row["per_kwh"] for row in rows[:2]] == ["0.3", "0.5"]


def test_the_json_says_null_where_there_is_no_price(household: Household) -> None:
    post(household, BY_THE_HOUR)
    assert {row["per_kwh"] for row in told(household)} == {None}
    assert len(told(household)) == 48


def test_recalculating_knows_what_was_booked_with_a_contract(household: Household) -> None:
    post(household, DAY_AND_NIGHT)
    book(household, [evening()])
    with household.app.app_context(), household.database.reading() as connection:
        tariffs = tariff.Tariffs(connection, household.app.extensions["services"].zone)
        meant = recalculating.made_by(connection, tariffs, 1)
        assert recalculating.next_sessions(connection, meant, 0, 10) == [1]
