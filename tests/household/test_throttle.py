"""Wrong tries cost a guesser time and the household nothing."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.household import passwords, throttle
from dashboard.household.tables import throttle_table as counted
from dashboard.household.tables import wrong_try
from tests.conftest import Household, words_of


def guess(browser: FlaskClient, name: str = "Anna", address: str = "192.0.2.7") -> TestResponse:
    form = {"name": name, "password": "wrong horse battery"}
    return browser.post("/login", data=form, environ_base={"REMOTE_ADDR": address})


def right(
    household: Household, browser: FlaskClient, name: str = "Anna", address: str = "192.0.2.7"
) -> TestResponse:
    form = {"name": name, "password": household.password}
    return browser.post("/login", data=form, environ_base={"REMOTE_ADDR": address})


def test_from_the_sixth_wrong_try_on_one_waits_and_ever_longer(household: Household) -> None:
    waits = []
    for _try in range(13):
        answer = guess(household.stranger)
        wait = int(answer.headers.get("Retry-After", 0))
        assert answer.status_code == (429 if wait else 401)
        waits.append(wait)
        if wait:
            household.clock.advance(seconds=wait - 1)
            assert guess(household.stranger).status_code == 429  # a second too early
            household.clock.advance(seconds=1)
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_while_one_waits_the_right_password_is_not_tried_either(household: Household) -> None:
    for _try in range(6):
        guess(household.stranger)
    answer = right(household, household.stranger)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "too many wrong tries. Please try again in 30 seconds." in words_of(answer)
    household.clock.advance(seconds=30)
    assert right(household, household.stranger).status_code == 303


def test_a_long_wait_is_told_in_minutes(household: Household) -> None:
    for _try in range(11):
        household.clock.advance(seconds=900)
        answer = guess(household.stranger)
    assert "try again in 15 minutes." in words_of(answer)


def test_the_right_password_in_time_forgets_the_wrong_ones(household: Household) -> None:
    for _round in range(3):
        for _try in range(5):
            assert guess(household.stranger).status_code == 401
        assert right(household, household.browser()).status_code == 303


def test_the_sixth_try_may_be_the_right_one(household: Household) -> None:
    for _try in range(5):
        guess(household.stranger)
    assert right(household, household.stranger).status_code == 303


def test_another_name_or_another_address_is_not_kept_waiting(household: Household) -> None:
    for _try in range(7):
        guess(household.stranger)
    assert guess(household.stranger, name="Ben").status_code == 401
    assert right(household, household.browser(), address="192.0.2.8").status_code == 303
    assert guess(household.stranger, name=" aNNa").status_code == 429  # the same name


def test_a_forged_header_is_not_another_address(household: Household) -> None:
    for number in range(7):
        form = {"name": "Anna", "password": "wrong horse battery"}
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
        answer = household.stranger.post("/login", data=form, headers=headers)
    assert answer.status_code == 429


def test_a_trusted_proxys_word_is_taken(household: Household, make_app, settings) -> None:
    browser = make_app(replace(settings, trusted_proxies=1)).test_client()
    for number in range(7):
        form = {"name": "Anna", "password": "wrong horse battery"}
        headers = {"X-Forwarded-For": f"203.0.113.9, 198.51.100.{number}"}  # the last is the proxy's own word
        assert browser.post("/login", data=form, headers=headers).status_code == 401


def test_a_machine_with_many_ipv6_addresses_is_one(household: Household) -> None:
    for number in range(6):
        answer = guess(household.stranger, address=f"2001:db8:1:2::{number:x}")
    assert answer.status_code == 429
    assert guess(household.stranger, address="2001:db8:1:3::1").status_code == 401


def test_fifty_wrong_passwords_cost_a_guesser_behind_the_same_address_time_and_the_household_nothing(
    household: Household,
) -> None:
    phone, _answer = household.sign_in("Anna")
    phone.post("/logout")
    began = household.clock.now()
    for _try in range(50):
        while (answer := guess(household.stranger, address="127.0.0.1")).status_code == 429:
            household.clock.advance(seconds=int(answer.headers["Retry-After"]))
            if "The name or the password is wrong" in words_of(answer):
                break
    assert (household.clock.now() - began).total_seconds() > 10 * 3600
    household.slept.clear()
    assert guess(household.stranger, address="127.0.0.1").status_code == 429
    assert right(household, phone, address="127.0.0.1").status_code == 303
    assert household.slept == []
    assert household.anna.get("/account").status_code == 200


def test_a_known_browser_is_throttled_by_itself(household: Household) -> None:
    phone, _answer = household.sign_in("Anna")
    phone.post("/logout")
    assert [guess(phone).status_code for _try in range(6)] == [401] * 5 + [429]
    assert right(household, household.browser()).status_code == 303  # the address is free


def test_a_browser_is_known_only_to_those_who_signed_in_with_it(household: Household) -> None:
    phone, _answer = household.sign_in("Ben")
    for _try in range(6):
        guess(household.stranger, name="Anna")
    assert guess(phone, name="Anna").status_code == 429
    invented = household.browser()
    invented.set_cookie(throttle.KNOWN_COOKIE, "invented")
    assert guess(invented, name="Anna").status_code == 429


def test_from_the_twenty_first_wrong_try_from_anywhere_answers_are_slow(household: Household) -> None:
    phone, _answer = household.sign_in("Anna")
    for number in range(20):
        guess(household.stranger, address=f"192.0.2.{number}")
    assert household.slept == []
    guess(household.stranger, address="192.0.2.100")
    assert household.slept == [2]
    right(household, household.browser(), address="192.0.2.101")
    assert household.slept == [2, 2]
    assert right(household, phone, address="192.0.2.100").status_code == 303  # a known browser
    guess(household.stranger, name="Ben", address="192.0.2.100")  # another name
    assert household.slept == [2, 2]
    household.clock.advance(seconds=3601)
    guess(household.stranger, address="192.0.2.100")
    assert household.slept == [2, 2]


def test_slow_answers_do_not_take_all_threads(household: Household) -> None:
    for number in range(20):
        guess(household.stranger, address=f"192.0.2.{number}")
    answers = []
    household.app.extensions["services"].sleep = lambda _s: answers.append(
        guess(household.browser(), address=f"192.0.2.{200 + len(answers)}")
    )
    guess(household.stranger, address="192.0.2.100")
    assert [(a.status_code, a.headers.get("Retry-After")) for a in answers] == [(429, "2"), (401, None)]


def test_no_more_than_two_passwords_are_hashed_at_once(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    with passwords._turn(), passwords._turn():
        answers = [right(household, household.stranger) for _try in range(8)]
    answer = answers[-1]  # none of them was compared, so none of them counted
    assert answer.status_code == 429
    assert "Too many people are signing in just now" in words_of(answer)
    assert right(household, household.stranger).status_code == 303


def test_neither_names_nor_addresses_are_kept_and_all_is_forgotten(household: Household) -> None:
    guess(household.stranger, name="Secretive")
    with household.database.reading() as connection:
        rows = [*connection.execute(select(counted)), *connection.execute(select(wrong_try))]
    assert len(rows) == 2
    assert not [row for row in rows if "192.0.2.7" in str(row) or "ecretive" in str(row)]
    household.clock.advance(seconds=25 * 3600)
    guess(household.stranger, name="Other")
    with household.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(counted)).scalar() == 1
        assert connection.execute(select(func.count()).select_from(wrong_try)).scalar() == 1


def test_tries_at_once_are_all_counted(household: Household) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: guess(household.browser()).status_code, range(16)))
    assert answers.count(401) == 5
    assert answers.count(429) == 11
