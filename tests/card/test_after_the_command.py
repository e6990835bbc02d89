"""What a receipt leads to: no flip-back, a resume followed to real power, and what others did meanwhile."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    act,
    alerts,
    htmx,
    log_of,
    page,
    pass_time,
    press,
    receipt,
    rows,
    seen,
    sentence,
    situation_of,
    words_of,
)


@pytest.fixture
def paused(household: Household, charger: SimulatedCharger) -> SimulatedCharger:
    """Paused by Anna at 18:01:07, seen by everybody."""
    press(household.anna, charger, "pause")
    pass_time(household, 7)
    return charger


# 6. No flip-back.


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


# 7. A resume is followed to real power.


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


def test_a_receipt_of_yesterday_says_so_and_one_of_long_ago_is_left_to_the_log(
    household: Household, paused: SimulatedCharger
) -> None:
    household.clock.advance(seconds=5 * 3600)  # 23:01 in Oslo
    press(household.ben, paused, "resume")
    pass_time(household, 60)
    address = seen(household.anna.get(page(paused)))
    household.clock.advance(seconds=3600)
    answer = household.anna.get(page(paused))
    assert re.search(r"Ben resumed it at yesterday 23:\d\d", receipt(answer))
    assert "yesterday 23:" in words_of(answer).split("Lately")[1]
    address = seen(answer)
    household.clock.advance(seconds=11 * 3600)
    answer = htmx(household.anna, address)
    assert receipt(answer) == ""
    assert "Ben resumed charging" in words_of(answer)


# 8. The cable.


@pytest.mark.parametrize("is_locked", [False, True])
def test_the_page_says_before_a_pause_whether_the_cable_is_released(
    household: Household, charger: SimulatedCharger, is_locked: bool
) -> None:
    charger.set_value(151, "1" if is_locked else "0")
    household.clock.advance(seconds=20)
    assert ("anybody can pull out the cable." in words_of(household.anna.get(page(charger)))) is not is_locked
    assert ("anybody can pull out the cable." in words_of(household.anna.get("/pause"))) is not is_locked


# 9. A receipt goes with what it brought about; a press that came to nothing stays until it was seen.


def test_a_receipt_speaks_and_stays_while_it_explains_what_is_so(
    household: Household, charger: SimulatedCharger
) -> None:
    press(household.anna, charger, "pause")
    pass_time(household, 7)
    said = "confirmed: Anna paused it at 18:01. The charger has confirmed."
    assert receipt(household.ben.get(page(charger))) == said
    household.clock.advance(seconds=3600)
    household.ben.get(page(charger))
    assert "Anna paused it at 18:01." in receipt(household.ben.get(page(charger)))
    charger.resume_elsewhere()
    household.clock.advance(seconds=61)
    household.ben.get(page(charger))
    assert receipt(household.ben.get(page(charger))) == ""


def test_a_receipt_goes_with_the_car(household: Household, paused: SimulatedCharger) -> None:
    assert receipt(household.anna.get(page(paused)))
    paused.unplug()
    household.clock.advance(seconds=61)
    household.anna.get(page(paused))
    assert receipt(household.anna.get(page(paused))) == ""


def test_a_press_that_came_to_nothing_is_an_alert_until_whoever_pressed_has_seen_it(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.ben.post(page(charger, "pause"))
    pass_time(household, 60)
    said = "Still charging: the pause did not get through."

    def look(browser: FlaskClient, wait_s: int = 0) -> str:
        household.clock.advance(seconds=wait_s)
        browser.get(page(charger))
        return alerts(browser.get(page(charger)))

    answer = household.ben.get(page(charger))
    assert f"{said} Try again" in alerts(answer)
    assert '<div class="alert" role="alert"' in answer.text
    assert "Try again" not in look(household.carla)
    number = str(rows(household)[0].id)
    for browser in (household.anna, household.carla):
        assert browser.post(page(charger, "seen"), data={"receipt": number}).status_code == 303
    assert said in look(household.ben, 3600)
    household.ben.post(page(charger, "seen"), data={"receipt": number})
    assert said in look(household.ben, 59)  # it does not go while it is being read
    assert said not in look(household.ben, 1)
    assert receipt(household.ben.get(page(charger))) == ""


def test_that_alert_ends_when_it_is_no_longer_so(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.ben.post(page(charger, "pause"))
    pass_time(household, 60)
    charger.pause_elsewhere()
    household.clock.advance(seconds=600)
    household.ben.get(page(charger))
    assert "get through" not in alerts(household.ben.get(page(charger)))


# 10. From outside this page.


def test_a_pause_from_elsewhere_is_noticed_once_with_the_chargers_own_time(
    household: Household, charger: SimulatedCharger
) -> None:
    charger.pause_elsewhere()  # it takes 1.5 s to reach the charger
    household.clock.advance(seconds=3600)
    for _ in range(3):
        household.clock.advance(seconds=61)
        answer = household.anna.get(page(charger))
    assert sentence(answer) == "Paused outside this page"
    assert log_of(household).count("Charging was paused outside this page") == 1
    assert "18:01 Charging was paused outside this page" in log_of(household)
    charger.resume_elsewhere()
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))
    assert "Charging was resumed outside this page" in log_of(household)


def test_an_older_copy_does_not_make_it_happen_twice(household: Household, charger: SimulatedCharger) -> None:
    before = charger.state()
    charger.pause_elsewhere()
    for recording in (None, before, None):
        household.clock.advance(seconds=61)
        charger.serve_recording(recording)
        household.anna.get(page(charger))
    assert log_of(household).count("Charging was paused outside this page") == 1


def test_what_a_command_of_ours_explains_was_not_outside(household: Household, paused: SimulatedCharger) -> None:
    press(household.anna, paused, "resume")
    pass_time(household, 30)
    household.anna.get(page(paused))
    assert "outside this page" not in log_of(household)


def test_a_resume_elsewhere_soon_after_our_pause_is_outside(household: Household, paused: SimulatedCharger) -> None:
    paused.resume_elsewhere()
    household.clock.advance(seconds=61)
    household.anna.get(page(paused))
    assert "Charging was resumed outside this page" in log_of(household)


def test_another_session_says_nothing_about_a_pause(household: Household, paused: SimulatedCharger) -> None:
    paused.unplug()
    paused.plug_in_and_charge()
    household.clock.advance(seconds=61)
    assert situation_of(household.anna.get(page(paused))) == "charging"
    assert "outside this page" not in log_of(household)


def test_somebody_who_was_renamed_is_still_the_one_who_paused(
    household: Household, paused: SimulatedCharger
) -> None:
    household.clock.advance(seconds=7200)
    assert sentence(household.ben.get(page(paused))) == "Paused by Anna"
    assert "Already paused by Anna since 18:01." in words_of(household.ben.get("/pause"))
    assert "<button" not in act(household.ben.get("/pause"))


@pytest.mark.parametrize("at", ["1970-01-01T00:00:12", "2031-03-09T18:00:00", "2026-11-20T23:30:00"])
def test_a_pause_from_elsewhere_whose_time_cannot_be_is_told_once_as_seen_now(
    household: Household, charger: SimulatedCharger, at: str
) -> None:
    """The charger has no sure clock."""
    entries = [dict(entry) for entry in charger.state()]
    for entry in entries:
        if entry["StateId"] in (710, 718):
            entry |= {"ValueAsString": "5" if entry["StateId"] == 710 else "1", "Timestamp": at}
    before = [entry | {"Timestamp": "1970-01-01T00:00:01"} for entry in charger.state()]
    for recording in (before, entries, entries):
        household.clock.advance(seconds=61)
        charger.serve_recording(recording)
        answer = household.anna.get(page(charger))
    assert sentence(answer) == "Paused outside this page"
    assert "since" not in words_of(answer).split("Paused outside this page")[2].split("Resume charging")[0]
    assert log_of(household).count("Charging was paused outside this page") == 1
    assert "18:03 Charging was paused outside this page" in log_of(household)
    assert "tomorrow" not in words_of(answer)
    assert "1970" not in words_of(answer)
