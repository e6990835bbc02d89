"""Several people, several processes, one charger: a press sees the others', and one command is sent."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard import background
from dashboard.charger import receipts
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    act,
    house_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    situation_of,
    tick,
    words_of,
)


@pytest.fixture
def other_app(make_app: MakeApp, settings: Settings, charger: SimulatedCharger) -> Flask:
    """A second process, or a second host, on the same database."""
    return make_app(settings)


def on_another_host(browser: FlaskClient, app: Flask) -> FlaskClient:
    """The same person's browser, answered by another process."""
    cookie = browser.get_cookie("household")
    assert cookie is not None
    copy = app.test_client()
    copy.set_cookie("household", cookie.value)
    return copy


def test_a_second_press_sees_the_first(household: Household, charger: SimulatedCharger) -> None:
    press(household.anna, charger, "pause")
    answer = press(household.ben, charger, "pause")
    assert "Anna has just asked for this." in words_of(answer)
    assert "Anna asked to pause it" in receipt(answer)
    assert "This has just been asked for." in words_of(press(household.anna, charger, "pause"))
    assert len(rows(household)) == 1
    assert charger.commands == [506]


def test_the_opposite_is_impossible_until_the_first_has_ended(
    household: Household, charger: SimulatedCharger
) -> None:
    press(household.anna, charger, "pause")
    answer = press(household.ben, charger, "resume")
    assert "Something else is still under way; try again when it has ended." in words_of(answer)
    assert "Anna asked to pause it" in receipt(answer)  # the receipt under way stays
    answer = household.ben.get(page(charger, "resume"))
    assert "Resume charging" not in act(answer)
    pass_time(household, 10)
    press(household.ben, charger, "resume")
    assert charger.commands == [506, 507]


def test_a_refused_press_does_not_replace_the_receipt(household: Household, charger: SimulatedCharger) -> None:
    press(household.anna, charger, "pause")
    pass_time(household, 10)
    answer = press(household.ben, charger, "pause")
    assert "Already paused by Anna since 18:01." in words_of(answer)
    assert "confirmed" in receipt(answer)
    assert [one.sent_at is not None for one in rows(household)] == [True, False]  # a wish of Ben's, not a receipt
    assert charger.commands == [506]


def test_an_already_paused_charger_keeps_its_receipt_when_it_has_to_be_asked_first(
    household: Household, charger: SimulatedCharger
) -> None:
    press(household.anna, charger, "pause")
    pass_time(household, 10)
    household.clock.advance(seconds=30)
    answer = press(household.ben, charger, "pause")
    assert "Already paused by Anna since 18:01." in words_of(answer)
    assert "refused" not in receipt(answer)


def all_at_once(presses: list[tuple[FlaskClient, str]]) -> list[int]:
    """Press from as many threads, as nearly at once as can be; the statuses."""
    gate = threading.Barrier(len(presses))

    def one(browser: FlaskClient, address: str) -> int:
        gate.wait()
        return browser.post(address).status_code

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(lambda each: one(*each), presses))


@pytest.mark.parametrize("age_s", [0, 20])
def test_two_members_at_once_send_one_command(
    household: Household, charger: SimulatedCharger, cloud: Cloud, age_s: int
) -> None:
    household.clock.advance(seconds=age_s)
    cloud.be_slow(0.1, path_contains="sendCommand")
    address = page(charger, "pause")
    assert all_at_once([(household.anna, address), (household.ben, address)]) == [303, 303]
    assert charger.commands == [506]
    assert len(rows(household)) == 1


def test_two_hosts_at_once_send_one_command(
    household: Household, charger: SimulatedCharger, cloud: Cloud, other_app: Flask
) -> None:
    ben = on_another_host(household.ben, other_app)
    cloud.be_slow(0.1, path_contains="sendCommand")
    address = page(charger, "pause")
    for _ in range(3):
        assert all_at_once([(household.anna, address), (ben, address), (household.anna, address)]) == [303] * 3
    assert charger.commands == [506]


def test_two_presses_that_both_found_nothing_under_way_send_one_command(
    household: Household, charger: SimulatedCharger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The closest race there is: the second has looked before the first has written."""
    household.anna.post(page(charger, "pause"))
    looked_before = iter([None])
    latest = receipts.latest
    monkeypatch.setattr(receipts, "latest", lambda *args: next(looked_before, latest(*args)))
    answer = press(household.ben, charger, "pause")
    assert "Anna has just asked for this." in words_of(answer)
    assert charger.commands == [506]
    assert len(rows(household)) == 1


def test_a_pause_and_a_resume_at_once_send_one_command(
    household: Household, charger: SimulatedCharger, cloud: Cloud, other_app: Flask
) -> None:
    charger.hold_by_schedule()  # both are possible
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))
    ben = on_another_host(household.ben, other_app)
    cloud.be_slow(0.1, path_contains="sendCommand")
    all_at_once([(household.anna, page(charger, "pause")), (ben, page(charger, "resume"))])
    assert len(charger.commands) == 1


def test_a_press_of_two_tabs_on_two_chargers_sends_both(household: Household, cloud: Cloud) -> None:
    for one in cloud.chargers:
        one.plug_in_and_charge()
    household.clock.advance(seconds=60)
    tick(household.app)
    household.anna.get("/")
    assert all_at_once([(household.anna, page(one, "pause")) for one in cloud.chargers]) == [303, 303]
    assert [one.commands for one in cloud.chargers] == [[506], [506]]


def test_either_host_watches_and_both_show_the_end(
    household: Household, charger: SimulatedCharger, cloud: Cloud, other_app: Flask
) -> None:
    household.anna.post(page(charger, "pause"))
    cloud.forget_requests()
    for _ in range(12):
        household.clock.advance(seconds=1)
        tick(other_app)
        tick(household.app)
    assert cloud.asked("state") == 2  # at 2 and 7 s: once, not once for each host
    for browser in (household.ben, on_another_host(household.ben, other_app)):
        assert "The charger has confirmed." in receipt(browser.get(page(charger)))


@pytest.mark.parametrize("seconds", [0.0, 30.0])
def test_a_press_waits_at_most_a_second_for_zaptec(
    household: Household,
    charger: SimulatedCharger,
    cloud: Cloud,
    threads: object,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
) -> None:
    monkeypatch.setattr(background, "A_PAGE_WAITS_S", 0.1)
    household.clock.advance(seconds=seconds)
    cloud.be_slow(3600)
    answer = household.anna.post(page(charger, "pause"))
    assert answer.status_code == 303
    assert "after=" in answer.location
    answer = household.anna.get(answer.location)
    assert "asked" in receipt(answer)
    assert "accepted" not in receipt(answer)
    assert situation_of(answer) == "pausing"
    assert '<noscript><meta http-equiv="refresh"' in answer.text
    cloud.heal()
    house_of(household.app).background.stop()  # what was begun ends
    assert "accepted" in receipt(household.anna.get(page(charger)))
    assert charger.commands == [506]


def test_the_seconds_that_a_press_and_a_first_look_wait() -> None:
    assert background.A_PAGE_WAITS_S == 1.0


def test_another_account_on_the_same_database_is_another_matter(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    """After the account was changed, its list is read at the start: what it does not hold is no longer offered."""
    cloud.add_account("other@example.invalid", "secret").roles.clear()
    other = make_app(
        replace(settings, zaptec_username="other@example.invalid", zaptec_password="secret"),
    )
    household.clock.advance(seconds=61)
    tick(other)
    answer = on_another_host(household.anna, other).get(page(charger))
    assert "This charger is no longer in the account at Zaptec" in words_of(answer)
    assert "<button" not in act(answer)
