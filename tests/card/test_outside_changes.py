"""Pauses and resumes from outside this page: noticed once, with the charger's own time, never taken for ours."""

from __future__ import annotations

import pytest

from simulator import SimulatedCharger
from tests.one_charger import (
    Household,
    log_of,
    page,
    pass_time,
    press,
    sentence,
    situation_of,
    words_of,
)

pytestmark = pytest.mark.one_database


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
