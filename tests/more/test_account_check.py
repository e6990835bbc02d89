"""What the account at Zaptec may do, as an owner's check finds it."""

from __future__ import annotations

from tests.conftest import words_of


def test_the_account_check_says_that_nothing_stands_in_the_way(household, listed):
    page = words_of(household.anna.get("/more/account"))
    assert "The account has owner rights." in page
    assert "Its state can be read." in page


def test_the_account_check_names_what_stands_in_the_way(household, listed, cloud):
    first, second = listed
    first.stand_alone(True)
    first.limit_current(0)
    cloud.take_role_away(second)
    page = words_of(household.anna.get("/more/account"))
    assert "Pause and resume may have no effect while it runs without Zaptec." in page
    assert "The limit is 0 A; a car needs at least 6 A to charge." in page
    assert "The account has user rights only. Ask whoever owns the charger for owner or service rights." in page


def test_the_account_check_says_why_nothing_can_be_found(household, listed, cloud):
    cloud.go_down()
    assert "Zaptec has trouble and cannot answer." in words_of(household.anna.get("/more/account"))


def test_the_account_check_does_not_wait_for_a_slow_zaptec_and_is_made_once(household, listed, cloud, threads):
    cloud.forget_requests()
    cloud.be_slow(3600)
    page = words_of(household.anna.get("/more/account"))
    assert "Asking Zaptec… Look again in a moment." in page
    cloud.heal()
    while "Asking Zaptec…" in page:
        page = words_of(household.anna.get("/more/account"))
    assert page.count("Its state can be read.") == 2
    assert cloud.asked("chargers") == 1
    assert "Its state can be read." in words_of(household.anna.get("/more/account"))
    assert cloud.asked("chargers") == 2  # what was shown is not shown again
