"""A command on its way to Zaptec: what is sent once more, what never again, and what is no refusal."""

from __future__ import annotations

import pytest

from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    alerts,
    house_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    situation_of,
)


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


# What answers mean.


def test_a_528_is_a_refusal_with_the_reason_the_state_gives(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    charger.unplug()  # since the last look
    answer = press(household.anna, charger, "pause")
    said = "Anna asked to pause it at 18:01. Refused: Nothing to pause or resume. Plug the car in first."
    assert said in receipt(answer)
    assert situation_of(answer) == "disconnected"
    assert [one.status for one in charger.received] == [500]


def test_a_528_because_somebody_was_first_is_no_failure(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    charger.pause_elsewhere()
    cloud.clock.advance(seconds=10)  # done, and not seen by us
    answer = press(household.anna, charger, "pause")
    assert charger.commands == [506]
    assert situation_of(answer) == "paused"
    assert "not confirmed" not in receipt(answer)


def test_a_resume_may_be_refused_with_528(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    charger.pause_elsewhere()
    household.clock.advance(seconds=30)
    household.anna.get(page(charger))
    charger.resume_elsewhere()
    household.clock.advance(seconds=12)
    answer = press(household.anna, charger, "resume")
    assert charger.commands == [507]
    assert [one.status for one in charger.received] == [500]
    assert situation_of(answer) == "charging"
    assert "not confirmed" not in receipt(answer)


def test_the_500_that_always_answers_a_deauthorize_is_no_refusal(
    household: Household, charger: SimulatedCharger
) -> None:
    answer = press(household.anna, charger, "deauthorize")
    assert [one.status for one in charger.received] == [500]
    assert "accepted" in receipt(answer)
    pass_time(household, 10)
    assert "The charger has confirmed." in receipt(household.anna.get(page(charger)))


def test_a_role_lost_since_is_said_with_what_helps(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.take_role_away()
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec does not let this account see or control the charger." in receipt(answer)
    assert "owner" in receipt(answer)
    assert charger.commands == []
    assert "Zaptec does not accept" not in alerts(answer)
