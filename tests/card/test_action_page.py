"""One action's own page: what it will do, what is so already, and never the opposite."""

from __future__ import annotations

import pytest

from simulator import SimulatedCharger
from tests.one_charger import (
    Household,
    act,
    htmx,
    in_words,
    page,
    pass_time,
    press,
    sentence,
    words_of,
)


@pytest.mark.parametrize("action", ["pause", "resume"])
@pytest.mark.parametrize("is_paused", [False, True])
def test_the_page_of_an_action_never_shows_the_opposite_one(
    household: Household, charger: SimulatedCharger, action: str, is_paused: bool
) -> None:
    if is_paused:
        press(household.anna, charger, "pause")
        pass_time(household, 10)
        household.clock.advance(seconds=60)
    for address in (f"/{action}", page(charger, action)):
        place = act(household.ben.get(address))
        if (action == "resume") is is_paused:
            assert f"{action.title()} charging" in place
        else:
            assert "<button" not in place
            already = "Already paused by Anna since 18:01." if is_paused else "Already charging since 18:00."
            assert already in in_words(place)
            assert f'href="{page(charger)}"' in household.ben.get(address).text


def test_the_bookmark_of_resume_says_what_a_car_that_is_not_paused_waits_for(
    household: Household, charger: SimulatedCharger
) -> None:
    charger.car_sleeps()
    household.clock.advance(seconds=600)
    place = act(household.ben.get("/resume"))
    assert "Not paused. The charger is ready, the car is not asking." in in_words(place)
    assert "unlock it, or plug it in again" in in_words(place)
    assert "already" not in in_words(place)


def test_the_page_of_an_action_says_what_it_will_do(household: Household, charger: SimulatedCharger) -> None:
    answer = household.ben.get("/pause")
    assert "This stops the charging at Carport until somebody resumes it." in words_of(answer)
    assert "autofocus" in act(answer)
    charger.fill_up()
    household.clock.advance(seconds=600)
    answer = household.ben.get("/pause")
    assert "This keeps the car at Carport from charging until somebody resumes it." in words_of(answer)
    assert "autofocus" not in htmx(household.ben, page(charger, "pause")).text


def test_a_press_on_the_page_of_an_action_comes_back_to_it(household: Household, charger: SimulatedCharger) -> None:
    answer = household.ben.post(page(charger, "pause"), data={"on": "pause"})
    assert answer.location.split("?")[0] == page(charger, "pause")
    answer = household.ben.post(page(charger, "pause"), data={"on": "restart"})
    assert answer.location.split("?")[0] == page(charger)


@pytest.mark.parametrize("is_locked", [False, True])
def test_the_page_says_before_a_pause_whether_the_cable_is_released(
    household: Household, charger: SimulatedCharger, is_locked: bool
) -> None:
    charger.set_value(151, "1" if is_locked else "0")
    household.clock.advance(seconds=20)
    assert ("anybody can pull out the cable." in words_of(household.anna.get(page(charger)))) is not is_locked
    assert ("anybody can pull out the cable." in words_of(household.anna.get("/pause"))) is not is_locked


def test_somebody_who_was_renamed_is_still_the_one_who_paused(
    household: Household, paused: SimulatedCharger
) -> None:
    household.anna.post("/account/name", data={"name": "Annika"})
    household.clock.advance(seconds=7200)
    assert sentence(household.ben.get(page(paused))) == "Paused by Anna"
    assert "Already paused by Anna since 18:01." in words_of(household.ben.get("/pause"))
    assert "<button" not in act(household.ben.get("/pause"))
