"""`/doors`: what leaves the house, seen by all and switched by owners."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard import doors
from dashboard.tariff import words as tariff_words
from dashboard.tariff.sources.answer import SourceFailure
from dashboard.tariff.sources.table import SOURCES
from simulator import ManualClock
from tests.conftest import Household, words_of

HOST = SOURCES[1].host


def is_open(household: Household) -> bool:
    with household.database.reading() as connection:
        return doors.find(connection, HOST).is_open


def test_everything_is_off_and_on_the_list_with_what_it_is_for(household: Household) -> None:
    page = words_of(household.anna.get("/doors"))
    assert "What leaves the house" in page
    for source in SOURCES:
        assert source.host in page and f"Switch on {source.host}" in page
    assert page.count("nobody has switched it on yet") == len(SOURCES)
    towns = "Oslo NO1, Kristiansand NO2, Trondheim NO3, Tromsø NO4, Bergen NO5"
    assert f"Tells what electricity costs on the exchange in Norway ({towns})." in page
    assert "on the exchange in Estonia, Finland, Latvia, Lithuania." in page
    assert "SE3" in page and "DE-LU" not in page
    assert page.count("nothing about you, the car or the charger") == 1
    assert "What leaves the house" in words_of(household.carla.get("/more"))


def test_an_owner_switches_one_on_and_off(household: Household) -> None:
    answer = household.anna.post("/doors", data={"host": HOST, "open": "yes"}, follow_redirects=True)
    page = words_of(answer)
    assert f"{HOST} is on." in page and f"Switch off {HOST}" in page
    assert "On, switched on by Anna: 18:00." in page
    assert is_open(household)
    page = words_of(household.anna.post("/doors", data={"host": HOST}, follow_redirects=True))
    assert f"{HOST} is off. It is not asked any more." in page
    assert "Off, switched off by Anna: 18:00." in page
    assert not is_open(household)
    log = words_of(household.carla.get("/activity"))
    assert f"Anna switched on {HOST}" in log and f"Anna switched off {HOST}" in log


def test_switching_to_what_is_so_already_says_so_and_leaves_no_line(household: Household) -> None:
    page = words_of(household.anna.post("/doors", data={"host": HOST}, follow_redirects=True))
    assert f"{HOST} was off already." in page
    assert "switched off" not in words_of(household.anna.get("/activity"))


@pytest.mark.parametrize("person", ["ben", "carla"])
def test_others_see_the_list_without_switches(household: Household, person: str) -> None:
    browser = getattr(household, person)
    page = browser.get("/doors")
    assert "<button" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert "Ask Anna" in words_of(page)
    assert browser.post("/doors", data={"host": HOST, "open": "yes"}).status_code == 403
    assert not is_open(household)


def test_a_host_that_is_not_on_the_list_cannot_be_opened(household: Household) -> None:
    assert household.anna.post("/doors", data={"host": "other.example", "open": "yes"}).status_code == 404
    assert household.anna.post("/doors").status_code == 404


def test_a_stranger_sees_nothing_of_it(household: Household) -> None:
    assert household.stranger.get("/doors").status_code == 302


def test_the_last_answer_the_last_failure_and_the_next_try_are_said(
    household: Household, clock: ManualClock
) -> None:
    now = clock.now()
    with household.database.writing() as connection:
        doors.switch(connection, HOST, True, now, "Anna")
        doors.note_answer(connection, HOST, now - timedelta(days=1))
        doors.note_failure(connection, HOST, "timed_out", now, now + timedelta(minutes=30))
    page = words_of(household.carla.get("/doors"))
    assert "Last answer of use: yesterday 18:00." in page
    assert "Without success: 18:00, it did not answer in time." in page
    assert "Asked again: 18:30 at the earliest." in page


def test_every_failure_has_its_words() -> None:
    assert set(tariff_words.FAILURES) == {failure.value for failure in SourceFailure}
    assert tariff_words.failure("of a later version") == tariff_words.failure("unreadable")
