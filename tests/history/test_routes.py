"""What people see of the history, who may do what, and what leaves the house."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dashboard import formats
from dashboard.charger import chargers
from dashboard.history.tables import charge_session, charge_share, price_table
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, archived, book, collect_all, number_of, services_of, session

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize("sample", ["chargehistory.json", "sessions-archived.json"])
def test_the_first_recorded_session_is_shown_with_exactly_its_check(household: Household, sample: str) -> None:
    book(household, archived(sample))
    page = words_of(
        household.carla.get(f"/history/sessions/{number_of(household, '00000000-0000-4000-8000-000000000001')}")
    )
    assert "149.119 − 140.121 = 8.998 kWh" in page
    assert "This charger does not sign its readings" in page
    assert "The session before ended at 140.121 kWh, where this one begins." in page
    assert "verified" not in page
    assert "8.998 kWh: the session’s energy" in page
    month = words_of(household.carla.get("/history?month=2023-06"))
    assert "34.3 kWh" in month  # 8.998 + 19.117 + 6.2
    assert "times uncertain" in month


def test_a_signed_session_says_that_the_signature_is_not_checked(household: Household) -> None:
    recorded = archived("chargehistory-pro-mid.json")
    book(household, recorded)
    page = words_of(household.carla.get(f"/history/sessions/{number_of(household, recorded[0].id)}"))
    assert "1.351 − 0.842 = 0.509 kWh" in page
    assert "signed; the signature is not checked here" in page
    assert "verified" not in page


def test_a_reading_that_differs_is_said(household: Household) -> None:
    first = replace(archived("chargehistory.json")[0], energy_kwh=Decimal("9.8"))
    book(household, [first])
    page = words_of(household.carla.get(f"/history/sessions/{number_of(household, first.id)}"))
    assert "The session says 9.800 kWh, which is 0.802 kWh away from that." in page


def test_what_did_march_cost_and_who_charged(filled: Callable[[], Household], cloud: Cloud) -> None:
    cloud.add_history(years=1)
    household = filled()
    assert add_price(household).status_code == 303
    home = household.ben.get("/history").text  # the first touch
    march = re.search(r'href="([^"]*month=2026-03[^"]*)">March<', home)
    assert march  # the second
    address = march[1].replace("&amp;", "&")
    page = household.ben.get(address)
    assert "are not assigned." in words_of(page)
    form = re.search(r'action="([^"]*/person)">.*?name="next" value="([^"]*)".*?value="(\d+)"', page.text, re.S)
    assert form
    answer = household.ben.post(form[1], data={"person": form[3], "next": form[2].replace("&amp;", "&")})
    assert answer.status_code == 303 and "month=2026-03" in answer.headers["Location"]
    page_words = words_of(household.ben.get(address))
    assert "Ben" in page_words.split("Who charged")[1]
    with household.database.reading() as connection:
        rows = connection.execute(select(charge_share)).all()
    cost = sum(row.cost_micro for row in rows if (row.day.year, row.day.month) == (2026, 3))
    assert formats.money(cost, "EUR").replace("\N{NO-BREAK SPACE}", " ") in page_words.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"price": "cheap"}, "as a number, such as 0.32"),
        ({"price": "-1"}, "between 0 and"),
        ({"price": ""}, "as a number"),
        ({"price": "NaN"}, "as a number"),
        ({"valid_from": "soon"}, "Please enter the day"),
        ({"currency": "XXX"}, "choose the currency"),
    ],
)
def test_a_mistake_in_the_form_is_said_and_nothing_typed_is_lost(
    household: Household, form: dict[str, str], sentence: str
) -> None:
    typed = {"price": "0.4711", "valid_from": "2026-01-02"} | form
    answer = add_price(household, **typed)
    assert answer.status_code == 400
    assert sentence in words_of(answer)
    for name in ("price", "valid_from"):
        assert f'value="{typed[name]}"' in answer.text or not typed[name]
    with household.database.reading() as connection:
        assert connection.execute(select(price_table)).first() is None


PAGES = ("/history", "/history.csv", "/history.json", "/history/statement", "/history/sessions/1")


@pytest.mark.parametrize("page", PAGES)
def test_viewers_see_it_and_strangers_are_led_to_the_sign_in(household: Household, page: str) -> None:
    book(household, [session("one", 2)])
    assert household.carla.get(page).status_code == 200
    answer = household.stranger.get(page)
    assert answer.status_code == 302 and "/login?next=" in answer.headers["Location"]


def test_each_press_needs_its_role_and_its_own_site(household: Household) -> None:
    book(household, [session("one", 2)])
    id = number_of(household, "one")
    person = {"person": "1"}
    assert household.carla.post(f"/history/sessions/{id}/person", data=person).status_code == 403
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert household.ben.post(f"/history/sessions/{id}/person", data=person, headers=other_site).status_code == 403
    for path in ("/history/prices", "/history/prices/1/remove", "/history/recalculate"):
        assert household.ben.post(path).status_code == 403
        assert household.ben.get(path).status_code == 403
        assert household.anna.post(path, headers=other_site).status_code == 403
        assert household.stranger.post(path).status_code == 303
    assert household.ben.post(f"/history/sessions/{id}/person", data=person).status_code == 303
    assert household.ben.post("/history/sessions/999999/person", data=person).status_code == 404
    answer = household.ben.post(f"/history/sessions/{id}/person", data={"person": "77"}, follow_redirects=True)
    assert "Nothing was changed" in words_of(answer)


def test_looking_changes_nothing(filled: Callable[[], Household], cloud: Cloud) -> None:
    cloud.add_history(years=0.3)
    household = filled()
    add_price(household)

    def everything() -> list[object]:
        with household.database.reading() as connection:
            return [
                connection.execute(select(table)).all() for table in (charge_session, charge_share, price_table)
            ]

    before = everything()
    for page in (*PAGES, "/history/prices", "/history/prices/1/remove", "/history/recalculate"):
        household.anna.get(page)
        household.anna.head(page)
    assert everything() == before


def test_who_authorised_it_is_for_owners_only_and_in_no_file(household: Household) -> None:
    recorded = archived("chargehistory.json")
    book(household, recorded)
    page = f"/history/sessions/{number_of(household, recorded[1].id)}"
    assert "Example Driver" in words_of(household.anna.get(page))
    assert "Example Driver" not in household.ben.get(page).text
    for file in (
        "/history.csv?from=2023-01-01",
        "/history.json?from=2023-01-01",
        "/history/statement?month=2023-06",
    ):
        text = household.anna.get(file).text
        assert not any(
            secret in text for secret in ("Example Driver", "Key fob", "driver@", "ZAP000001", recorded[1].id)
        )
    assert "(private)" in household.anna.get("/history.csv?from=2023-01-01").text


def test_a_statement_is_for_a_charger_and_a_person_and_adds_up(household: Household) -> None:
    book(household, [session("one", 2), session("two", 3)])
    add_price(household)
    household.ben.post(f"/history/sessions/{number_of(household, 'two')}/person", data={"person": "2"})
    page = words_of(household.carla.get("/history/statement?month=2026-11"))
    assert "20.000" in page and "5.00" in page and "Not assigned" in page
    page = words_of(household.carla.get("/history/statement?month=2026-11&person=2"))
    assert "Name Ben" in page and "10.000" in page and "20.000" not in page


def test_it_fills_by_itself_when_the_page_is_opened(household: Household, cloud: Cloud) -> None:
    cloud.add_history(years=0.1)
    chargers.read_list(services_of(household.app))
    household.carla.get("/history")
    assert "session" in words_of(household.carla.get("/history"))
    collect_all(household.app)
