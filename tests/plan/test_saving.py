"""A plan that is saved or switched on rules at once, as the newest word of a person; the answer says it."""

from __future__ import annotations

import re

import pytest

from dashboard.plan import steps, weekly
from dashboard.plan.tables import weekly_plan
from tests.conftest import words_of
from tests.plan.conftest import killed


def saved(home, **fields) -> str:
    """The page that answers a plan of 23:00 to 06:00, in words."""
    form = {"charger": home.id, "rows": "1", "from-0": "23:00", "to-0": "06:00", "days-0": list("0123456")}
    form |= {"on": "yes", "do": "save"} | fields
    return words_of(home.people.ben.post("/plan", data=form, follow_redirects=True))


def outcomes(home) -> list[str | None]:
    with home.people.database.reading() as connection:
        return [row.outcome for row in connection.execute(steps.step_table.select())]


def test_a_car_that_charges_outside_the_times_is_paused_at_once_and_goes_on_at_night(charging_home):
    home = charging_home
    assert "Saved. The car is being paused until 23:00." in saved(home)
    home.settle()
    assert home.charger.commands == [506]
    assert home.log()[-2:] == ["Ben saved the weekly plan", "The plan paused charging"]
    home.until("22:55")
    assert home.charger.commands == [506]
    home.until("23:01")
    assert home.charger.commands == [506, 507]


def test_a_plan_that_is_switched_on_rules_at_once(charging_home):
    home = charging_home
    assert "Saved. The plan is off." in saved(home, on="")
    home.pass_time(minutes=5)
    assert home.charger.commands == []
    assert "Saved. The car is being paused until 23:00." in saved(home)
    home.settle()
    assert home.charger.commands == [506]


def test_saving_is_the_newest_word_and_a_press_after_it_is_newer(charging_home):
    home = charging_home
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    assert "Saved. The car may charge until 22:00." in saved(home, **{"from-0": "17:00", "to-0": "22:00"})
    home.settle()
    assert home.charger.commands == [506, 507]
    assert home.next() == "The plan pauses it at 22:00."
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    assert "Anna paused it by hand." in home.next()
    home.pass_time(hours=2, step=600)
    assert home.charger.commands == [506, 507, 506]


def test_resume_is_at_hand_after_saving_and_counts_until_the_next_change(charging_home):
    home = charging_home
    saved(home)
    page = home.people.ben.get("/plan").text
    assert f'href="/chargers/{home.id}/resume">Resume charging</a>' in page  # while it is being paused
    home.settle()
    page = home.people.ben.get("/plan").text
    assert re.search(rf'action="/chargers/{home.id}/resume">\s*<button id="plan-resume"[^>]*>Resume charging', page)
    assert "It then charges until tomorrow 06:00." in page
    assert "Resume charging" not in home.people.carla.get("/plan").text
    home.people.ben.post(f"/chargers/{home.id}/resume")
    home.settle()
    home.until("22:50")
    assert home.charger.commands == [506, 507]


def test_resume_on_the_page_of_the_plan_names_the_end_also_without_a_weekly_plan(charging_home):
    home = charging_home
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "03:00"})
    home.settle()
    assert "It then charges until tomorrow 03:00." in words_of(home.people.ben.get("/plan"))


def test_saving_the_same_plan_again_rules_again(charging_home):
    home = charging_home
    saved(home)
    home.settle()
    home.people.ben.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert "Saved. The car is being paused until 23:00." in saved(home)
    home.settle()
    assert home.charger.commands == [506, 507, 506]
    assert [line for line in home.log() if "weekly plan" in line] == ["Ben saved the weekly plan"]


def test_a_paused_car_outside_the_times_stays_so(charging_home):
    home = charging_home
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    assert "Saved. The car stays paused until 23:00." in saved(home)
    home.settle()
    assert home.charger.commands == [506]


def test_a_timer_counts_before_the_plan_that_is_saved(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    page = saved(home, **{"from-0": "17:00", "to-0": "22:00"})
    assert "Saved. First the timer counts: Pause until 19:00 · set by Ben." in page
    home.until("18:50")
    assert home.charger.commands == [506]
    home.until("19:01")
    assert home.charger.commands == [506, 507]


def test_a_pause_that_ends_outside_the_times_of_a_plan_saved_meanwhile_lets_nothing_go(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    saved(home)
    home.until("19:05")
    assert home.charger.commands == [506]
    home.until("23:01")
    assert home.charger.commands == [506, 507]


def test_without_a_car_saving_says_no_more_than_that_the_plan_is_on(home):
    assert "Saved. The plan is on." in saved(home)
    home.settle()
    assert home.charger.commands == [] and not home.alerts()
    assert home.log() == ["Ben saved the weekly plan"]


def test_what_cannot_be_done_at_once_is_done_when_the_charger_is_back(charging_home):
    home = charging_home
    home.charger.go_offline()
    home.look_after(120)
    assert "Saved. No command reaches it. It is tried again by itself." in saved(home)
    home.charger.come_online()
    home.pass_time(minutes=5)
    home.settle()
    assert home.charger.commands == [506]


def test_switching_the_plan_off_leaves_a_paused_car_paused_and_says_so(charging_home):
    home = charging_home
    saved(home)
    home.settle()
    assert "Saved. The plan is off. The car stays paused." in saved(home, on="")
    home.pass_time(hours=6, step=600)
    assert home.charger.commands == [506]


def test_a_program_killed_in_the_middle_of_saving_has_saved_nothing(charging_home):
    home = charging_home
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(weekly, "_rule_at_once", killed)
        home.save()
    with home.people.database.reading() as connection:
        assert connection.execute(weekly_plan.select()).first() is None
    assert home.log() == []
    home.pass_time(minutes=10)
    assert home.charger.commands == []


@pytest.mark.parametrize("place", ["take", "_carry_out", "_note"])
def test_a_program_killed_at_the_first_step_of_a_saved_plan_does_it_once(charging_home, place):
    home = charging_home
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(steps, place, killed)
        home.save()
    home.pass_time(minutes=6)
    home.settle()
    assert home.charger.commands == [506]
    assert outcomes(home) == ["done"]
    assert home.log() == ["Ben saved the weekly plan", "The plan paused charging"]
