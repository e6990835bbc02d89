"""What a receipt leads to: no flip-back, and a resume that is followed to real power."""

from __future__ import annotations

import pytest

from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    log_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    situation_of,
)

pytestmark = pytest.mark.one_database

# No flip-back.


def test_an_older_copy_cannot_take_back_what_was_achieved(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    before = charger.state()
    press(household.anna, charger, "pause")
    pass_time(household, 10)
    charger.serve_recording(before)  # a copy from before the press
    for seconds in (50, 60, 60):
        household.clock.advance(seconds=seconds)
        answer = household.anna.get(page(charger))
        assert situation_of(answer) == "paused"
    assert "outside this page" not in log_of(household)


def test_a_newer_reading_does_take_it_back(household: Household, paused: SimulatedCharger) -> None:
    paused.resume_elsewhere()
    household.clock.advance(seconds=61)
    assert situation_of(household.anna.get(page(paused))) == "charging"


def test_an_older_copy_in_between_is_not_taken_for_somebody_elses_doing(
    household: Household, charger: SimulatedCharger
) -> None:
    before = charger.state()
    press(household.anna, charger, "pause")
    pass_time(household, 10)
    household.clock.advance(seconds=900)  # our own command explains nothing any more
    for recording in (None, before, None):
        charger.serve_recording(recording)
        household.clock.advance(seconds=61)
        household.anna.get(page(charger))
    assert "Charging was paused outside this page" not in log_of(household)


# A resume is followed to real power.


def test_a_confirmed_resume_says_when_power_flows(household: Household, paused: SimulatedCharger) -> None:
    answer = press(household.ben, paused, "resume")
    assert situation_of(answer) == "resuming"
    pass_time(household, 7)
    assert "The charger has confirmed." in receipt(household.anna.get(page(paused)))
    pass_time(household, 30)
    answer = household.anna.get(page(paused))
    assert "Power is flowing." in receipt(answer)
    assert situation_of(answer) == "charging"


def test_nobody_is_told_to_unlock_a_car_that_has_had_no_time_to_wake_up(
    household: Household, paused: SimulatedCharger
) -> None:
    paused.car_sleeps()
    household.clock.advance(seconds=20)
    press(household.ben, paused, "resume")
    pass_time(household, 15)
    assert receipt(household.anna.get(page(paused))).endswith("The charger has confirmed.")
    pass_time(household, 40)
    assert "unlock the car" in receipt(household.anna.get(page(paused)))


def test_a_car_that_does_not_ask_is_said_with_what_to_do(household: Household, paused: SimulatedCharger) -> None:
    paused.car_sleeps()
    household.clock.advance(seconds=20)
    press(household.ben, paused, "resume")
    pass_time(household, 60)
    answer = household.anna.get(page(paused))
    assert "The charger has confirmed." in receipt(answer)
    assert "the car is not asking: unlock the car, plug it in again, or look at its own timer" in receipt(answer)
    household.clock.advance(seconds=60)
    paused.car_wakes()
    household.clock.advance(seconds=60)
    assert "Power is flowing." in receipt(household.anna.get(page(paused)))


def test_after_five_minutes_the_line_changes_no_more_and_goes_when_untrue(
    household: Household, paused: SimulatedCharger
) -> None:
    paused.car_sleeps()
    household.clock.advance(seconds=20)
    press(household.ben, paused, "resume")
    pass_time(household, 60)
    assert "the car is not asking" in receipt(household.anna.get(page(paused)))
    household.clock.advance(seconds=301)
    paused.car_wakes()
    household.clock.advance(seconds=60)
    answer = household.anna.get(page(paused))
    assert situation_of(answer) == "charging"
    assert "the car is not asking" not in receipt(answer)
    assert rows(household)[-1].flow == "car_not_asking"


def test_power_that_flowed_is_not_claimed_once_the_car_has_gone(
    household: Household, paused: SimulatedCharger
) -> None:
    press(household.ben, paused, "resume")
    pass_time(household, 60)
    assert "Power is flowing." in receipt(household.anna.get(page(paused)))
    paused.unplug()
    household.clock.advance(seconds=60)
    answer = household.anna.get(page(paused))
    assert situation_of(answer) == "disconnected"
    assert "flowing" not in receipt(answer)
