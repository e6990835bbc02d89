"""Chargers in two countries: each one's plan, timers and pages by its own clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.charger import chargers
from tests.conftest import household_of, words_of
from tests.plan.conftest import Home


@pytest.fixture
def homes(make_app, settings, cloud, clock) -> tuple[Home, str]:
    """It is 18:00 at home, 19:00 at the cabin, where a car charges; the cabin's charger beside it."""
    cabin = cloud.add_charger("Cabin", installation=cloud.add_installation("Cabin", "Europe/Helsinki"))
    app = make_app(replace(settings, time_zone=""))
    home = Home(app, household_of(app, clock), cloud, clock)
    with app.app_context():
        chargers.read_list(home.services, force=True)
    cabin.plug_in_and_charge(battery_kwh=50_000)
    for charger in (home.id, cabin.id):
        home.look(charger)
    return home, cabin.id


def test_a_plan_acts_and_is_told_by_the_clock_of_its_charger(homes):
    home, cabin = homes
    home.save(charger=cabin, start="18:00", end="23:00")
    page = words_of(home.people.ben.get(f"/plan?charger={cabin}"))
    assert "The plan pauses it at 23:00." in page and "Times are those of Europe/Helsinki." in page
    home.pass_time(hours=3, minutes=50, step=600)
    charger = home.cloud.find_charger(cabin)
    assert charger.commands == []
    home.pass_time(minutes=12)
    assert charger.commands == [506]


def test_a_timer_is_set_and_told_by_the_clock_of_its_charger(homes):
    home, cabin = homes
    home.people.ben.post(f"/chargers/{cabin}/timers", data={"do": "until", "until": "21:00"})
    home.settle()
    assert "Goes on by itself at 21:00." in words_of(home.people.ben.get(f"/chargers/{cabin}"))
    home.pass_time(hours=1, minutes=50, step=600)
    assert home.cloud.find_charger(cabin).commands == [506]
    home.pass_time(minutes=12)
    assert home.cloud.find_charger(cabin).commands == [506, 507]


def test_a_single_charge_is_told_by_the_clock_of_its_charger(homes):
    home, cabin = homes
    form = {"charger": cabin, "start": "23:00", "end": "03:00"}
    answer = home.people.ben.post("/plan/once", data=form, follow_redirects=True)
    assert "Set: charges 23:00–03:00, then stays paused." in words_of(answer)
    assert 'value="23:00"' in home.people.ben.get(f"/plan?charger={cabin}").text


def test_a_site_that_moves_to_another_zone_moves_the_changes_of_its_plan(homes):
    home, cabin = homes
    home.save(charger=cabin, start="18:00", end="22:00")
    home.cloud.installations[-1] = replace(home.cloud.installations[-1], time_zone="Atlantic/Azores")
    with home.app.app_context():
        chargers.read_list(home.services, force=True)
    home.pass_time(hours=3.5, step=600)
    assert home.cloud.find_charger(cabin).commands == []
    home.pass_time(hours=2.6, step=600)
    assert home.cloud.find_charger(cabin).commands == [506]
