"""A press of a button: checked, written down, then sent once, and no later than it may be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dashboard.background import Threads
from dashboard.charger import account
from dashboard.charger.receipt import SEND_WITHIN
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    house_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    tick,
    words_of,
)
from zaptec import transport

# The check.


def test_a_press_is_checked_against_what_was_heard_within_15_s(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    household.clock.advance(seconds=14)
    household.anna.post(page(charger, "pause"))
    assert [one.path.split("/")[-1] for one in cloud.requests] == ["506"]


def test_older_news_is_asked_for_again_before_a_command(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    household.clock.advance(seconds=15)
    household.anna.post(page(charger, "pause"))
    assert [one.path.split("/")[-1] for one in cloud.requests] == ["state", "506"]


def test_what_has_changed_since_is_seen_by_the_check(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    charger.unplug()
    household.clock.advance(seconds=16)
    answer = press(household.anna, charger, "pause")
    assert "Refused: Nothing to pause or resume. Plug the car in first." in receipt(answer)
    assert cloud.asked("command") == 0


@pytest.mark.parametrize(("seconds", "action"), [(5, "resume"), (16, "resume"), (5, "pause"), (16, "pause")])
def test_what_is_already_so_is_not_sent(
    household: Household, charger: SimulatedCharger, cloud: Cloud, seconds: int, action: str
) -> None:
    if action == "pause":
        press(household.anna, charger, "pause")
        pass_time(household, 10)
        household.anna.get(page(charger))
    cloud.forget_requests()
    household.clock.advance(seconds=seconds)
    answer = press(household.ben, charger, action)
    words = "Already paused by Anna since 18:01" if action == "pause" else "Already charging since 18:00"
    assert words in words_of(answer)
    assert cloud.asked("command") == 0


@pytest.mark.parametrize("seconds", [5, 30])
def test_a_resume_of_a_car_that_is_not_asking_leaves_no_refusal_behind(
    household: Household, charger: SimulatedCharger, cloud: Cloud, seconds: int
) -> None:
    charger.car_sleeps()
    household.clock.advance(seconds=600)
    household.anna.get(page(charger))
    household.clock.advance(seconds=seconds)
    answer = press(household.ben, charger, "resume")
    assert "Not paused. The charger is ready, the car is not asking. To charge more:" in words_of(answer)
    assert receipt(answer) == ""
    assert "Ben" not in words_of(household.anna.get(page(charger)))
    assert cloud.asked("command") == 0


# Written down, then sent once.


def test_the_receipt_is_written_before_the_command_is_sent(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    kept = []
    cloud.on_command = lambda *_: kept.extend(rows(household))
    household.ben.post(page(charger, "pause"))
    assert [(one.member_name, one.origin, one.action) for one in kept] == [("Ben", "page", "pause")]
    assert kept[0].sent_at == household.clock.now()
    assert kept[0].accepted_at is None


# No later than 15 s after the press.

TOO_LATE = "Refused: It could not be sent within 15 seconds; nothing was sent."


def taking(household: Household, seconds: float, deed: Callable[..., Any]) -> Callable[..., Any]:
    """The same, only that it takes so long."""

    def slowly(*args: Any) -> Any:
        household.clock.advance(seconds=seconds)
        return deed(*args)

    return slowly


@pytest.mark.parametrize(("seconds", "is_sent"), [(11, True), (16, False), (42, False), (3600, False)])
@pytest.mark.parametrize("slow", ["check", "sign-in", "queue"])
def test_what_has_taken_too_long_is_not_sent(
    household: Household,
    charger: SimulatedCharger,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    slow: str,
    seconds: float,
    is_sent: bool,
) -> None:
    household.clock.advance(seconds=20)
    services = house_of(household.app)
    client = services.account.client
    if slow == "check":
        monkeypatch.setattr(client, "charger_state", taking(household, seconds, client.charger_state))
    elif slow == "sign-in":
        household.anna.get(page(charger))
        monkeypatch.setattr(client.login, "token", taking(household, seconds, client.login.token))
    else:
        monkeypatch.setattr(services.presses, "start", taking(household, seconds, services.presses.start))
    answer = press(household.anna, charger, "pause")
    assert (charger.commands == [506]) is is_sent
    assert (TOO_LATE in receipt(answer)) is not is_sent


def test_a_check_that_hangs_is_told_to_be_too_late_while_it_hangs(
    household: Household,
    charger: SimulatedCharger,
    cloud: Cloud,
    threads: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    household.clock.advance(seconds=20)
    services = house_of(household.app)
    client, goes_on = services.account.client, threading.Event()
    ask = client.charger_state
    monkeypatch.setattr(client, "charger_state", lambda charger_id: goes_on.wait(30) and ask(charger_id))
    household.anna.post(page(charger, "pause"))
    household.clock.advance(seconds=SEND_WITHIN.total_seconds() + 1)
    tick(household.app)
    assert (rows(household)[0].outcome, rows(household)[0].reason) == ("refused", "too_late")
    goes_on.set()
    services.presses.stop()
    assert charger.commands == []
    assert cloud.asked("command") == 0


def test_a_press_that_waits_behind_others_is_told_to_be_too_late_while_it_waits(
    household: Household, charger: SimulatedCharger, threads: Threads
) -> None:
    goes_on = threading.Event()
    for _thread in range(4):
        threads.start(lambda: goes_on.wait(30))
    household.anna.post(page(charger, "pause"))
    for seconds in (SEND_WITHIN.total_seconds() + 1, 20):
        household.clock.advance(seconds=seconds)
        tick(household.app)
        assert (rows(household)[0].outcome, rows(household)[0].reason) == ("refused", "too_late")
    goes_on.set()
    house_of(household.app).presses.stop()
    assert charger.commands == []


def test_a_press_is_not_sent_when_the_clock_was_set_back_during_the_check(
    household: Household, charger: SimulatedCharger, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows then how old the press is."""
    household.clock.advance(seconds=20)
    client = house_of(household.app).account.client
    monkeypatch.setattr(client, "charger_state", taking(household, -3600, client.charger_state))
    assert TOO_LATE in receipt(press(household.anna, charger, "pause"))
    assert charger.commands == []


def test_connecting_counts_among_the_fifteen_seconds() -> None:
    assert timedelta(seconds=transport.LONGEST_CONNECT_S) <= account.CONNECTING
