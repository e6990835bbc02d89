"""What row 4 says will happen, where a plan, timers and exceptions come together; and that it does."""

from __future__ import annotations

import pytest

from tests.conftest import words_of

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("start", "end", "answer", "next"),
    [
        (
            "23:00",
            "01:30",
            "Set: charges 23:00–01:30, then stays paused.",
            "Charges 22:00–01:30, then stays paused, because of Ben’s single charge.",
        ),
        (
            "05:00",
            "07:30",
            "Set: charges tomorrow 05:00–07:30, then stays paused.",
            "Charges 22:00–07:30, by the plan and Ben’s single charge.",
        ),
        (
            "20:00",
            "23:00",
            "Set: charges 20:00–23:00, then the plan lets it go on.",
            "Charges 20:00–06:00, by the plan and Ben’s single charge.",
        ),
        ("19:00", "20:00", "Set: charges 19:00–20:00, then stays paused.", "Charges once, 19:00–20:00."),
        ("10:00", "11:00", "Set: charges tomorrow 10:00–11:00, then stays paused.", "Tonight’s plan: 22:00–06:00."),
    ],
)
def test_a_single_charge_beside_the_plan_is_told_by_what_comes_of_both(home, start, end, answer, next):
    home.save(start="22:00")
    form = {"charger": home.id, "start": start, "end": end}
    page = words_of(home.people.ben.post("/plan/once", data=form, follow_redirects=True))
    assert answer in page and next in page
    assert home.next() == next


def test_what_was_told_of_a_single_charge_that_cuts_the_plan_comes_about(home):
    home.save(start="22:00")
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "01:30"})
    home.charger.plug_in(battery_kwh=300)
    home.until("22:05")
    assert home.next() == "Charges until tomorrow 01:30, then stays paused."
    home.until("23:05")
    home.until("01:25")
    assert home.charger.commands == [506, 507]
    home.until("01:35")
    home.until("07:00")
    assert home.charger.commands == [506, 507, 506]


def test_a_pause_that_ends_when_the_plan_has_closed_is_said_to_end_in_vain(charging_home):
    home = charging_home
    home.save(days="0134", start="22:00", end="07:00")
    home.post(home.people.ben, "until", until="17:30")
    home.settle()
    assert home.next() == (
        "It stays paused when Ben’s pause ends tomorrow 17:30. The plan lets it charge Mon 22:00–07:00."
    )
    home.until("17:40")
    assert home.charger.commands == [506]
    assert home.next() == "The plan lets it charge Mon 22:00–07:00."


def test_a_pause_before_a_skipped_night_says_whether_it_goes_on_at_its_end(charging_home):
    home = charging_home
    home.save(days="0134", start="22:00", end="07:00")
    home.post(home.people.anna, "skip")
    home.post(home.people.ben, "until", until="23:30")
    home.settle()
    assert home.next() == (
        "Skipped once: 22:00–07:00 (Anna). It stays paused when Ben’s pause ends at 23:30. "
        "The plan lets it charge Mon 22:00–07:00."
    )
    home.post(home.people.ben, "until", until="21:00")
    assert home.next() == "Skipped once: 22:00–07:00 (Anna). Goes on by itself at 21:00. Set by Ben."


@pytest.mark.parametrize(
    ("days", "summary", "next"),
    [
        ("0", "Mon 06:00 for 24 hours, until Tue 06:00", "The plan lets it charge Mon 06:00–Tue 06:00."),
        ("6", "Sun 06:00 for 24 hours, until Mon 06:00", "The plan lets it charge Sun 06:00–Mon 06:00."),
        ("02", "Mon, Wed 06:00 for 24 hours", "The plan lets it charge Mon 06:00–Tue 06:00."),
    ],
)
def test_equal_times_are_told_as_a_whole_day(home, days, summary, next):
    home.save(days=days, start="06:00", end="06:00")
    assert home.next() == next
    page = words_of(home.people.ben.get("/plan"))
    assert f"Weekly plan: {summary}." in page and next in page


def test_a_car_that_has_just_come_in_a_closed_window_is_said_to_be_paused_soon(home):
    home.save()
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.look_after(60)
    soon = "Outside the plan’s times: the plan pauses it within two minutes."
    assert home.next() == soon
    assert soon in words_of(home.people.ben.get("/plan"))
    home.settle()
    assert home.charger.commands == [506]
    assert home.next() == "Tonight’s plan: 23:00–06:00."


def test_a_car_that_has_just_come_and_was_let_go_by_a_person_is_not_said_to_be_paused_soon(home):
    home.save()
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.time.advance(60)
    home.people.anna.post(f"/chargers/{home.id}/resume")
    assert home.next() == "The plan pauses it tomorrow 06:00. Anna started it by hand."


def test_a_pause_before_a_single_charge_is_said_to_leave_the_car_waiting(charging_home):
    home = charging_home
    home.people.anna.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "00:00"})
    home.post(home.people.ben, "until", until="21:00")
    home.settle()
    assert home.next() == "It stays paused when Ben’s pause ends at 21:00. Charges once, 23:00–00:00."
    home.until("21:05")
    assert home.charger.commands == [506]
    assert home.next() == "Charges once, 23:00–00:00. Set by Anna."
