"""Wrong tries cost a guesser time and the household nothing."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from threading import Barrier, Event

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
    make_slow(household)
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


def make_slow(household: Household) -> None:
    """Twenty wrong tries from everywhere."""
    for number in range(20):
        guess(household.stranger, address=f"192.0.2.{number}")


def test_slow_answers_leave_threads_to_everybody_else(household: Household) -> None:
    make_slow(household)
    services = household.app.extensions["services"]
    answers: list[TestResponse] = []
    services.sleep = lambda _s: answers.append(guess(household.browser(), address=f"192.0.2.{200 + len(answers)}"))
    guess(household.stranger, address="192.0.2.100")
    slow = services.settings.threads // 2
    assert [answer.status_code for answer in answers] == [429] + [401] * (slow - 1)
    assert answers[0].headers["Retry-After"] == "2"
    assert "Too many people are signing in just now" in words_of(answers[0])  # nobody was wrong here


def test_those_who_wait_for_their_turn_leave_threads_to_everybody_else(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One network guesses one name with as many tries at once as there are threads."""
    is_comparing, may_end = Event(), Event()

    def compare(_password: str, _kept_hash: str | None) -> bool:
        is_comparing.set()
        return not may_end.wait(30)

    monkeypatch.setattr(passwords, "is_right", compare)
    threads = household.app.extensions["services"].settings.threads
    with ThreadPoolExecutor(threads) as pool:
        first = pool.submit(guess, household.browser())
        assert is_comparing.wait(30)
        others = [pool.submit(guess, household.browser()) for _try in range(threads - 1)]
        busy = list(islice(as_completed(others), threads - 1 - threads // 2))
        may_end.set()
        assert first.result().status_code == 401
    assert [answer.result().status_code for answer in busy] == [429] * len(busy)
    assert sorted(answer.result().status_code for answer in others) == [401] * (threads // 2) + [429] * len(busy)


def test_guessers_from_many_networks_make_a_right_sign_in_slow_and_do_not_shut_it_out(household: Household) -> None:
    make_slow(household)
    guessing, all_slow = Barrier(4), Event()

    def sleep(_seconds: float) -> None:
        guessing.wait(30)
        all_slow.wait(30)

    household.app.extensions["services"].sleep = sleep
    with ThreadPoolExecutor(4) as threads:
        wrong = [threads.submit(guess, household.browser(), address=f"198.51.{n}.1") for n in range(3)]
        anna = threads.submit(right, household, household.browser(), address="203.0.113.1")
        all_slow.set()
        assert anna.result().status_code == 303
        assert [answer.result().status_code for answer in wrong] == [401] * 3


@pytest.mark.parametrize("count", [2, 4])
def test_nobody_who_was_never_wrong_is_told_of_wrong_tries(household: Household, count: int) -> None:
    """Right sign-ins at the same moment, by clocks that differ by a hair."""
    services, hairs = household.app.extensions["services"], cycle((0, 0.003, 0.001, 0.002))
    services.now = lambda: household.clock.now() + timedelta(seconds=next(hairs))
    with ThreadPoolExecutor(count) as threads:
        answers = list(threads.map(lambda _n: right(household, household.browser()), range(count)))
    assert [answer.status_code for answer in answers] == [303] * count


def test_a_wait_further_ahead_than_any_is_over(household: Household) -> None:
    """The clock was ten years ahead when it began."""
    household.clock.advance(seconds=10 * 365 * 86400)
    for _try in range(6):
        guess(household.stranger)
    household.clock.advance(seconds=-10 * 365 * 86400)
    assert right(household, household.stranger).status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "203.0.113.9:{port}",
        "[2001:db8::7]:{port}",
        "[2001:db8::{port}]",
        "::ffff:203.0.113.9",
        "unknown{port}",
        "203.0.113.9.{port}",
        " 203.0.113.9:{port} ",
        "fe80::1%eth{port}",
        ":{port}",
    ],
)
def test_a_port_or_what_is_no_address_makes_no_other_place(household: Household, address: str) -> None:
    answers = [guess(household.stranger, address=address.format(port=4000 + number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


def test_a_proxy_may_tell_the_port_as_well(household: Household, make_app, settings) -> None:
    browser = make_app(replace(settings, trusted_proxies=1)).test_client()
    form = {"name": "Anna", "password": "wrong horse battery"}
    for number in range(6):
        answer = browser.post("/login", data=form, headers={"X-Forwarded-For": f"203.0.113.9:{4001 + number}"})
    assert answer.status_code == 429


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
    with ThreadPoolExecutor(4) as pool:  # no more than may wait
        answers = list(pool.map(lambda _n: guess(household.browser()).status_code, range(16)))
    assert answers.count(401) == 5
    assert answers.count(429) == 11
