"""What the page of a contract shows: how its form begins, the preview of tomorrow, and what is in the way."""

from __future__ import annotations

import re
from datetime import date

from dashboard.history import tariff
from tests.conftest import Household, words_of
from tests.history.contract_forms import BY_THE_HOUR, DAY_AND_NIGHT, NBSP, post, value_of
from tests.history.stored_contracts import tell_prices


def test_the_form_begins_with_today_or_the_first_session_and_with_vat_included(household: Household) -> None:
    page = post(household, {"kind": "by the clock"}, "continue")
    assert value_of(page, "valid_from") == ""
    post(household, DAY_AND_NIGHT)
    page = post(household, {"kind": "by the hour"}, "continue")
    assert value_of(page, "valid_from") == "2026-11-20"
    box = re.search(r'<input type="checkbox" name="includes_vat"[^>]*>', page.text)
    assert box and "checked" in box[0]
    page = post(household, {"kind": "by the hour", "valid_from": "2027-01-01", "vat": "25"}, "continue")
    assert value_of(page, "valid_from") == "2027-01-01"
    box = re.search(r'<input type="checkbox" name="includes_vat"[^>]*>', page.text)
    assert box and "checked" not in box[0]


def test_a_contract_whose_source_is_off_says_what_to_do(household: Household) -> None:
    post(household, BY_THE_HOUR)
    told = "Its prices come once www.hvakosterstrommen.no is switched on"
    assert told in words_of(household.carla.get("/tariff"))
    household.anna.post("/doors", data={"host": "www.hvakosterstrommen.no", "open": "yes"})
    assert told not in words_of(household.anna.get("/tariff"))


def test_the_preview_shows_tomorrow_with_the_grid_fee_and_saves_nothing(household: Household) -> None:
    grid = {"grid_kind": "one price", "grid": "0.62", "vat": "25"}
    page = words_of(post(household, DAY_AND_NIGHT | grid, "preview"))
    assert f"Tomorrow 06:00–22:00: 0.92{NBSP}kr, of which grid fee 0.62{NBSP}kr" in page
    assert f"Tomorrow 00:00–06:00: 0.72{NBSP}kr" in page
    with household.database.reading() as connection:
        assert tariff.prices(connection) == []


def test_the_hours_to_come_are_drawn_where_the_price_goes_by_the_time(household: Household) -> None:
    post(household, {"kind": "one price", "valid_from": "", "currency": "NOK", "price": "0.3"})
    assert '<table id="hours"' not in household.carla.get("/tariff").text
    post(household, DAY_AND_NIGHT)
    page = household.carla.get("/tariff")
    assert '<table id="hours"' in page.text
    assert f"tomorrow 06:00 – 22:00 0.30{NBSP}kr" in words_of(page)


def test_of_any_moment_the_page_says_what_makes_up_the_price(household: Household) -> None:
    assert 'id="why"' not in household.carla.get("/tariff").text
    grid = {"grid_kind": "one price", "grid": "0.62", "vat": "25"}
    post(household, DAY_AND_NIGHT | grid | {"valid_from": "2026-01-01"})

    def told(at: str) -> str:
        page = household.carla.get("/tariff", query_string={"at": at})
        assert ('<details id="why" open>' in page.text) == bool(at)
        said = words_of(page).replace(NBSP, " ").partition("Why this price")[2]
        return said.partition("Another moment")[0].strip()

    now = "Fri 20 November 2026, 18:00: 0.92 kr per kWh energy 0.24 kr · grid fee 0.496 kr · VAT 0.184 kr"
    assert told("") == now and told("soon") == now and told("9999-12-31T23:59") == now
    at_night = "Sat 14 March 2026, 02:30: 0.72 kr per kWh energy 0.08 kr · grid fee 0.496 kr · VAT 0.144 kr"
    assert told("2026-03-14T02:30") == at_night
    assert told("2025-12-31T12:00") == "Wed 31 December 2025, 12:00: the price is not known"


def test_a_price_holds_until_it_reads_otherwise(household: Household) -> None:
    cheaper_by_a_little = {"hours-1-begin": "19:00", "hours-1-end": "20:00", "hours-1-price": "0.301"}
    post(household, DAY_AND_NIGHT | cheaper_by_a_little)
    assert f"Now 0.30{NBSP}kr per kWh, until 22:00." in words_of(household.carla.get("/tariff"))


def test_the_preview_of_prices_that_nobody_knows_says_so(household: Household) -> None:
    page = words_of(post(household, BY_THE_HOUR, "preview"))
    assert "Tomorrow 00:00–00:00: not known yet" in page
    assert "Its prices come once www.hvakosterstrommen.no is switched on" in page
    tell_prices(household, date(2026, 11, 20), *[800_000] * 24)
    page = words_of(post(household, BY_THE_HOUR, "preview"))
    assert f"Today 00:00–00:00: 1.05{NBSP}kr" in page and "not known" not in page


def test_hours_that_overlap_are_shown(household: Household) -> None:
    more = {"hours-1-begin": "05:00", "hours-1-end": "08:00", "hours-1-price": "0.2"}
    page = words_of(post(household, DAY_AND_NIGHT | more, "preview"))
    assert "Hours 1 and hours 2 overlap: where both hold, hours 1 count." in page
    saved = household.anna.get(post(household, DAY_AND_NIGHT | more).location)
    assert "The contract is saved." in words_of(saved) and "Hours 1 and hours 2 overlap" in words_of(saved)
    apart = {"hours-1-begin": "06:00", "hours-1-end": "08:00", "hours-1-price": "0.2"}
    assert "overlap" not in words_of(post(household, DAY_AND_NIGHT | apart, "preview"))


def test_one_more_row_of_hours_loses_nothing(household: Household) -> None:
    page = post(household, DAY_AND_NIGHT, "hours")
    assert value_of(page, "hours-0-begin") == "22:00" and value_of(page, "hours-1-begin") == ""
    page = post(household, DAY_AND_NIGHT | {"grid_kind": "by the clock"}, "grid_hours")
    assert value_of(page, "hours-0-begin") == "22:00" and value_of(page, "grid_hours-0-begin") == ""


def test_the_areas_are_those_of_the_source_that_is_chosen(household: Household) -> None:
    def areas(**chosen: str) -> list[str]:
        page = post(household, {"kind": "by the hour", "currency": "NOK"} | chosen, "continue").text
        return re.findall(r'<option value="([A-Z0-9-]+)"', page.partition('id="area"')[2].partition("</select>")[0])

    norway = ["NO1", "NO2", "NO3", "NO4", "NO5"]
    assert areas(source="www.hvakosterstrommen.no") == norway
    assert areas(source="www.hvakosterstrommen.no", area="SE3") == [*norway, "SE3"]  # so that it is not lost
    assert set(norway) < set(areas(source=""))


def test_a_country_fills_the_form(household: Household) -> None:
    assert 'href="/tariff?preset=NO#contract">Norway</a>' in household.anna.get("/tariff").text
    page = household.anna.get("/tariff?preset=NO")
    assert value_of(page, "grid_hours-0-begin") == "22:00"
    for chosen in ("www.hvakosterstrommen.no", "by the hour", "NOK", "share of the spot above a price"):
        assert f'<option value="{chosen}" selected>' in page.text
    assert '<option value="NO" selected>Norway</option>' in page.text  # whose holidays
    assert "Price source" not in household.anna.get("/tariff?preset=XX").text
