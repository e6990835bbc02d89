"""Months, days, pages and people that nobody means get a page or a sentence, never a mistake of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from dashboard.settings import Settings
from simulator import ManualClock
from tests.conftest import Household, household_of, words_of
from tests.history.conftest import add_price, book, session

HUGE = "9" * 5000  # Python itself refuses to make a number of it
MONTHS = ("9999-12", "0001-01", "1968-12", "2200-12", "2201-01", "0000-00", "2026-13", "-001-01", "nonsense", HUGE)
DAYS = ("0001-01-01", "9999-12-31", "1968-12-31", "2200-12-31", "2026-02-30", "x", HUGE)


@pytest.fixture(params=["Europe/Oslo", "America/Los_Angeles", "Pacific/Kiritimati", "Etc/GMT+12"])
def anywhere(
    request: pytest.FixtureRequest, settings: Settings, make_app: Callable[[Settings], Flask], clock: ManualClock
) -> Household:
    """A household with one session, in a time zone before or after Greenwich."""
    household = household_of(make_app(replace(settings, time_zone=request.param)), clock)
    book(household, [session("one", 20)])
    return household


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_that_nobody_means_is_the_present_one_or_a_sentence(anywhere: Household, month: str) -> None:
    for page in ("/history", "/history/statement"):
        answer = anywhere.carla.get(page, query_string={"month": month})
        assert answer.status_code == 200
        assert month == "2200-12" or "November 2026" in words_of(answer)
    for file in ("/history.csv", "/history.json"):
        answer = anywhere.carla.get(file, query_string={"month": month})
        assert answer.status_code == (200 if month == "2200-12" else 400)
        assert month == "2200-12" or "such as 2026-03" in words_of(answer)


def test_no_link_leads_before_the_first_month(anywhere: Household) -> None:
    assert "month=1969-01" in anywhere.carla.get("/history?month=1969-02").text
    assert 'rel="prev"' not in anywhere.carla.get("/history?month=1969-01").text


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_nobody_means_is_a_sentence(anywhere: Household, day: str) -> None:
    for file in ("/history.csv", "/history.json"):
        for what in ("sessions", "intervals"):
            for days in ({"from": day}, {"to": day}, {"from": day, "to": day}, {"from": "2026-11-30", "to": day}):
                answer = anywhere.carla.get(file, query_string={"what": what, **days})
                assert answer.status_code == (200 if days == {"to": "2200-12-31"} or _is_read(days) else 400), days
                assert answer.status_code == 200 or "two days" in words_of(answer)


def _is_read(days: dict[str, str]) -> bool:
    return set(days.values()) <= {"2026-11-30", "2200-12-31"} and "to" in days


@pytest.mark.parametrize("number", ["-1", "0", "99999999999999999999", HUGE, "x", ""])
def test_pages_people_and_years_that_do_not_exist_are_no_mistake(anywhere: Household, number: str) -> None:
    for address, name in (
        ("/activity", "page"),
        ("/activity", "person"),
        ("/history/statement", "person"),
        ("/history/recalculate", "year"),
    ):
        assert anywhere.anna.get(address, query_string={name: number}).status_code == 200, address
    for address in ("/history", "/history/statement", "/history.csv", "/history.json"):
        answer = anywhere.anna.get(address, query_string={"charger": number})
        assert answer.status_code == (404 if number else 200)
    form = {"year": number, "state": number}
    assert anywhere.anna.post("/history/recalculate", data=form).status_code in (200, 303)
    assert anywhere.anna.post("/history/sessions/1/person", data={"person": number}).status_code == 303


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1968-12-31", "x", HUGE])
def test_a_price_from_a_day_that_nobody_means_is_refused(anywhere: Household, day: str) -> None:
    answer = add_price(anywhere, valid_from=day)
    assert answer.status_code == 400 and "the day from which the price is valid" in words_of(answer)


def test_a_price_may_hold_from_the_first_or_last_day_that_is_meant(anywhere: Household) -> None:
    for day in ("1969-01-01", "2200-12-31"):
        assert add_price(anywhere, valid_from=day).status_code == 303
    assert anywhere.anna.get("/history").status_code == 200


@pytest.mark.parametrize("price", ["1e999999", "-1e999999", "1e-999999", "nan", "inf", HUGE, "-0", "0x10", ""])
def test_a_price_that_nobody_means_is_no_mistake(anywhere: Household, price: str) -> None:
    assert add_price(anywhere, price=price).status_code in (303, 400)
    assert anywhere.anna.get("/history").status_code == 200


def test_the_files_say_once_how_they_are_written(household: Household) -> None:
    assert household.carla.get("/history.csv").headers["Content-Type"] == "text/csv; charset=utf-8"
    assert household.carla.get("/history.json").headers["Content-Type"] == "application/json"
