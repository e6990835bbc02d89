"""From the press to Zaptec: checked, written down, then sent once, whatever happens to the answer."""

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
    situation_of,
    tick,
    words_of,
)
from zaptec import transport

# 1. The check.


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


# 2. Written down, then sent once.


def test_the_receipt_is_written_before_the_command_is_sent(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    kept = []
    cloud.on_command = lambda *_: kept.extend(rows(household))
    household.ben.post(page(charger, "pause"))
    assert [(one.member_name, one.origin, one.action) for one in kept] == [("Ben", "page", "pause")]
    assert kept[0].sent_at == household.clock.now()
    assert kept[0].accepted_at is None


def test_after_a_401_it_signs_in_and_sends_once_more(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.expire_tokens()
    answer = press(household.anna, charger, "pause")
    assert "accepted" in receipt(answer)
    assert [(one.path.split("/")[-1], one.status) for one in cloud.requests] == [
        ("506", 401),
        ("token", 200),
        ("506", 200),
    ]
    assert charger.commands == [506]


def test_a_401_twice_is_a_refusal(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    cloud.fail_next(times=5, status=401, path_contains="sendCommand")
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec has trouble and cannot answer" in receipt(answer)
    assert cloud.asked("command") == 2


def test_a_malformed_request_is_called_our_mistake_and_not_the_chargers_refusal(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.fail_next(status=400, path_contains="sendCommand")
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec found the request malformed: a mistake of this dashboard" in receipt(answer)
    assert charger.commands == []


@pytest.fixture
def slept(household: Household) -> list[float]:
    """The waits of a press, which pass on the shared clock instead."""
    seconds: list[float] = []

    def sleep(duration: float) -> None:
        seconds.append(duration)
        household.clock.advance(seconds=duration)

    house_of(household.app).sleep = sleep
    return seconds


def test_after_a_429_it_waits_checks_and_sends_once_more(
    household: Household, charger: SimulatedCharger, cloud: Cloud, slept: list[float]
) -> None:
    household.clock.advance(seconds=10)  # fresh enough now, no longer so after the wait
    cloud.fail_next(status=429, retry_after=6, path_contains="sendCommand")
    answer = press(household.anna, charger, "pause")
    assert slept == [6]
    assert [(one.path.split("/")[-1], one.status) for one in cloud.requests] == [
        ("506", 429),
        ("state", 200),
        ("506", 200),
    ]
    assert "accepted" in receipt(answer)
    assert rows(household)[0].sent_at == household.clock.now()
    pass_time(household, 10)
    assert "confirmed" in receipt(household.anna.get(page(charger)))


def test_after_a_429_it_is_not_sent_when_it_makes_no_sense_any_more(
    household: Household, charger: SimulatedCharger, cloud: Cloud, slept: list[float]
) -> None:
    household.clock.advance(seconds=10)
    cloud.fail_next(status=429, retry_after=6, path_contains="sendCommand")
    charger.unplug()
    answer = press(household.anna, charger, "pause")
    assert "Refused: Nothing to pause or resume" in receipt(answer)
    assert charger.commands == []


def test_a_second_429_is_a_refusal(
    household: Household, charger: SimulatedCharger, cloud: Cloud, slept: list[float]
) -> None:
    cloud.fail_next(times=9, status=429, retry_after=1, path_contains="sendCommand")
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec asks us to wait." in receipt(answer)
    assert cloud.asked("command") == 2


def test_a_429_that_asks_for_long_patience_is_a_refusal_at_once(
    household: Household, charger: SimulatedCharger, cloud: Cloud, slept: list[float]
) -> None:
    cloud.fail_next(status=429, retry_after=120, path_contains="sendCommand")
    assert "Refused: Zaptec asks us to wait." in receipt(press(household.anna, charger, "pause"))
    assert slept == []
    assert cloud.asked("command") == 1


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


# After the command was carried out: never again, the state decides.


def test_a_lost_answer_is_never_followed_by_a_second_command(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.swallow_answers()
    answer = press(household.anna, charger, "pause")
    assert "accepted" not in receipt(answer)
    assert "Zaptec’s answer got lost; the charger itself will show whether it was done." in receipt(answer)
    assert situation_of(answer) == "pausing"
    cloud.heal()
    pass_time(household, 8)
    assert "Anna paused it at 18:01. The charger has confirmed." in receipt(household.anna.get(page(charger)))
    pass_time(household, 120)
    assert charger.commands == [506]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("is_carried_out", [True, False])
def test_after_any_5xx_the_state_is_read_and_nothing_sent_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud, status: int, is_carried_out: bool
) -> None:
    cloud.fail_next(status=status, body="<html>Bad gateway</html>", path_contains="sendCommand")
    if is_carried_out:
        charger.pause_elsewhere()  # what the command did before its answer broke
    answer = press(household.anna, charger, "pause")
    assert "asked" in receipt(answer)
    pass_time(household, 62)
    said = receipt(household.anna.get(page(charger)))
    assert said.startswith("confirmed:") is is_carried_out
    assert said.startswith("not confirmed:") is not is_carried_out
    assert cloud.asked("command") == 1


@pytest.mark.parametrize("answer", ["{", "<html></html>", "[]", '{"Code": "x"}'])
def test_a_500_that_explains_nothing_is_no_refusal(
    household: Household, charger: SimulatedCharger, cloud: Cloud, answer: str
) -> None:
    cloud.fail_next(status=500, body=answer, path_contains="sendCommand")
    said = receipt(press(household.anna, charger, "pause"))
    assert "refused" not in said
    assert "got lost" in said


def test_connecting_counts_among_the_fifteen_seconds() -> None:
    assert timedelta(seconds=transport.LONGEST_CONNECT_S) <= account.CONNECTING
