"""One's own account: name, password, devices; and the reset link for who forgot theirs."""

import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import Household, words_of
from tests.household.conftest import reset_link

NEW = "seven tall ladders"
PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/156.0.0.0 Mobile Safari/537.36"


def change_password(browser: FlaskClient, old: str, new: str):  # type: ignore[no-untyped-def]
    return browser.post("/account/password", data={"old_password": old, "new_password": new})


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def test_one_may_call_oneself_something_else(household: Household) -> None:
    answer = household.ben.post("/account/name", data={"name": " Benjamin  B. "}, follow_redirects=True)
    assert "You are now called Benjamin B.." in words_of(answer)
    assert household.sign_in("benjamin b.")[1].status_code == 303
    assert household.sign_in("Ben")[1].status_code == 401
    assert "Ben is now called Benjamin B." in words_of(household.carla.get("/activity"))


@pytest.mark.parametrize("name", ["ANNA ", "", "x" * 41, "bell\x07"])
def test_a_name_that_is_taken_or_none_is_refused(household: Household, name: str) -> None:
    answer = household.ben.post("/account/name", data={"name": name})
    assert answer.status_code == 400
    assert 'id="problem"' in answer.text
    assert is_signed_in(household.ben)


def test_one_may_change_the_case_of_ones_own_name(household: Household) -> None:
    assert household.ben.post("/account/name", data={"name": "BEN"}).status_code == 303


def test_a_new_password_needs_the_old_one_and_signs_out_the_other_devices(household: Household) -> None:
    phone, _answer = household.sign_in("Ben")
    cookie = phone.get_cookie("household")
    assert cookie is not None
    assert change_password(household.ben, household.password, NEW).status_code == 303
    assert is_signed_in(household.ben)
    assert not is_signed_in(phone)
    copy = household.browser()
    copy.set_cookie("household", cookie.value)
    assert not is_signed_in(copy)
    assert household.sign_in("Ben")[1].status_code == 401
    assert household.sign_in("Ben", NEW)[1].status_code == 303
    assert "Ben changed their password" in words_of(household.anna.get("/activity"))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong horse battery", NEW, "The old password is wrong."),
        ("", "", "The old password is wrong."),
        ("five green kettles", "short", "at least 10 characters"),
        ("five green kettles", "ben ben ben ben", "must not contain the name"),
    ],
)
def test_what_will_not_do_is_refused_and_changes_nothing(
    household: Household, old: str, new: str, sentence: str
) -> None:
    phone, _answer = household.sign_in("Ben")
    answer = change_password(household.ben, old, new)
    assert answer.status_code == 400
    assert sentence in words_of(answer)
    assert is_signed_in(phone)


def test_guessing_the_old_password_at_an_open_phone_is_throttled(household: Household) -> None:
    answers = [change_password(household.ben, "wrong horse battery", NEW) for _try in range(7)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "30"


def test_devices_are_named_in_words_and_this_one_is_marked(household: Household) -> None:
    phone = household.browser()
    form = {"name": "Ben", "password": household.password}
    phone.post("/login", data=form, headers={"User-Agent": PIXEL})
    household.clock.advance(seconds=20 * 3600)
    page = words_of(household.ben.get("/account"))
    assert "Firefox on Android this device · signed in since yesterday 18:00" in page
    other = "Chrome on Android signed in since yesterday 18:00 · last seen yesterday 18:00"
    assert f"{other} Sign out Chrome on Android" in page
    log = words_of(household.anna.get("/activity?topic=people"))
    assert "Ben signed in on a new device: Chrome on Android" in log


def test_two_devices_that_are_called_the_same_are_told_apart(household: Household) -> None:
    for hours in (1, 2):
        household.clock.advance(seconds=hours * 3600)
        phone = household.browser()
        form = {"name": "Ben", "password": household.password}
        phone.post("/login", data=form, headers={"User-Agent": PIXEL})
    page = words_of(household.ben.get("/account"))
    older, newer = "Chrome on Android signed in since 19:00", "Chrome on Android (2) signed in since 21:00"
    assert page.index("this device") < page.index(newer) < page.index(older)  # last seen first
    assert "Sign out Chrome on Android (2)" in page


def test_a_known_device_signing_in_again_is_no_news(household: Household) -> None:
    phone, _answer = household.sign_in("Ben")
    phone.post("/logout")
    phone.post("/login", data={"name": "Ben", "password": household.password})
    assert words_of(household.anna.get("/activity?topic=people")).count("Ben signed in on a new device") == 1


def test_one_device_can_be_signed_out(household: Household) -> None:
    phone, _answer = household.sign_in("Ben")
    form = re.search(r"/account/devices/\d+/sign-out", household.ben.get("/account").text)
    assert form
    assert household.anna.post(form[0]).status_code == 303  # not hers: nothing happens
    assert is_signed_in(phone)
    household.ben.post(form[0])
    assert not is_signed_in(phone)
    assert is_signed_in(household.ben)
    answer = household.ben.post(form[0], follow_redirects=True)
    assert "not signed in any more" in words_of(answer)


def test_all_others_can_be_signed_out(household: Household) -> None:
    phones = [household.sign_in("Ben")[0] for _phone in range(2)]
    answer = household.ben.post("/account/devices/sign-out-others", follow_redirects=True)
    assert "2 other devices are signed out." in words_of(answer)
    assert not any(is_signed_in(phone) for phone in phones)
    assert is_signed_in(household.anna)
    answer = household.ben.post("/account/devices/sign-out-others", follow_redirects=True)
    assert "No other device was signed in." in words_of(answer)


def test_a_reset_link_sets_a_new_password_once(household: Household) -> None:
    path = reset_link(household, 2)
    browser = household.browser()
    assert "A new password for Ben" in words_of(browser.get(path))
    assert "A new password for Ben" in words_of(browser.get(path))
    answer = browser.post(path, data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Your new password is set. You are signed in here" in words_of(browser.get("/"))
    assert is_signed_in(browser)
    assert not is_signed_in(household.ben)
    assert household.sign_in("Ben", NEW)[1].status_code == 303
    late = household.browser()
    for answer in (late.get(path), late.post(path, data={"password": "nine quiet harbours"})):
        assert answer.status_code == 410
        assert "has been used or has expired" in words_of(answer)
    page = words_of(household.anna.get("/activity"))
    assert "Anna made a reset link for Ben" in page
    assert "Ben set a new password with a reset link" in page


def test_a_reset_link_lasts_a_day_and_the_newest_counts(household: Household) -> None:
    first, second = reset_link(household, 2), reset_link(household, 2)
    assert household.stranger.get(first).status_code == 410
    household.clock.advance(seconds=86399)
    assert household.stranger.get(second).status_code == 200
    household.clock.advance(seconds=1)
    assert household.stranger.post(second, data={"password": NEW}).status_code == 410


def test_a_reset_link_made_while_the_clock_was_a_year_ahead_is_void_when_it_is_right(household: Household) -> None:
    household.clock.advance(seconds=364 * 86400)
    path = reset_link(household, 2)
    household.clock.advance(seconds=-364 * 86400)
    assert household.stranger.get(path).status_code == 410


def test_a_weak_password_does_not_use_the_reset_link_up(household: Household) -> None:
    path = reset_link(household, 2)
    for password in ("", "short", "benbenbenben"):
        assert household.stranger.post(path, data={"password": password}).status_code == 400
    assert household.stranger.post(path, data={"password": NEW}).status_code == 303


def test_a_new_password_voids_the_reset_link(household: Household) -> None:
    path = reset_link(household, 2)
    change_password(household.ben, household.password, NEW)
    assert household.stranger.get(path).status_code == 410


def test_somebody_else_who_opens_a_reset_link_is_told_whose_it_is(household: Household) -> None:
    page = words_of(household.anna.get(reset_link(household, 2)))
    assert "You are signed in as Anna; this link is for Ben." in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PIXEL, "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.5", "an unknown browser"),
        ("", "an unknown browser"),
        ("<script>Firefox/1", "Firefox"),
    ],
)
def test_browsers_and_systems_have_names(agent: str, words: str) -> None:
    from dashboard.household.devices import describe
    from dashboard.household.words import device_name

    assert device_name(*describe(agent)) == words
