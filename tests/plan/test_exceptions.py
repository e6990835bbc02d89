"""Exceptions from the plan: charge now, just this once, and skip tonight; and what they end."""

from __future__ import annotations

import pytest

from tests.conftest import words_of


@pytest.fixture
def charging_just_once(home):
    """A car in a closed window that was let charge all the same."""
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    home.post(home.people.ben, "charge_now")
    home.settle()
    assert home.charger.commands == [506, 507]
    return home


def test_charge_now_just_this_once_lasts_until_the_next_change(home):
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    page = home.people.ben.get(f"/chargers/{home.id}").text
    assert "Charge now, just this once" in page and "until 23:00, then the plan again" in page
    home.post(home.people.ben, "charge_now")
    home.settle()
    assert home.charger.commands == [506, 507]
    assert home.log()[-1] == "Ben resumed charging (confirmed, exception from the plan)"
    assert home.next().startswith("Charges now, just this once, until 23:00 (Ben). The plan pauses it")
    home.until("06:05")
    assert home.charger.commands == [506, 507, 506]
    assert "The exception until 23:00 is over" in home.log()


def test_charge_now_ends_when_the_car_is_unplugged(charging_just_once):
    home = charging_just_once
    home.charger.unplug()
    home.pass_time(minutes=4)
    home.charger.plug_in()
    home.pass_time(minutes=4)
    home.settle()
    assert home.charger.commands == [506, 507, 506]


def test_skip_tonight_leaves_one_night_out(home):
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    home.post(home.people.ben, "skip")
    assert home.next() == "Skipped once: 23:00–06:00 (Ben). The plan lets it charge tomorrow 23:00–06:00."
    home.until("07:00")
    assert home.charger.commands == [506]
    home.until("23:05")
    assert home.charger.commands == [506, 507]


def test_a_night_that_is_days_away_is_not_offered_as_tonight(home):
    home.save(days="0")
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    page = words_of(home.people.ben.get(f"/chargers/{home.id}"))
    assert "Skip tonight" not in page
    assert "Charge now, just this once until Mon 23:00, then the plan again" in page
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "skip"}, follow_redirects=True)
    assert "There is nothing of the plan to make an exception from right now." in words_of(answer)


def test_skip_in_the_night_pauses_at_once(home):
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.save(start="17:00", end="22:00")
    home.look()
    home.post(home.people.ben, "skip")
    home.settle()
    assert home.charger.commands == [506]
    assert home.next().startswith("The plan is skipped until 22:00 (Ben).")


def test_a_skip_that_cannot_be_done_yet_is_done_when_the_charger_is_back(charging_home):
    home = charging_home
    home.save(start="17:00", end="22:00")
    home.charger.go_offline()
    home.time.advance(120)
    home.look()
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "skip"}, follow_redirects=True)
    assert "It is tried again by itself." in words_of(answer)
    home.charger.come_online()
    home.pass_time(minutes=20)
    home.settle()
    assert home.charger.commands == [506]


def test_an_exception_that_somebody_has_overruled_is_not_said_to_rule(charging_just_once):
    home = charging_just_once
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    assert home.charger.commands == [506, 507, 506]
    assert home.next() == "Tonight’s plan: 23:00–06:00. Anna’s press holds until then."


def test_charge_now_ends_a_pause_that_was_set_before(charging_home):
    home = charging_home
    home.save()
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.post(home.people.anna, "charge_now")
    home.settle()
    assert home.charger.commands == [506, 507]
    assert home.next().startswith("Charges now, just this once, until 23:00 (Anna). The plan pauses it")
    assert any("ended, because Anna lets the car charge now" in line for line in home.log())
    home.until("19:05")
    assert home.charger.commands == [506, 507]


def test_charge_now_that_is_not_taken_leaves_the_pause_its_end(charging_home):
    home = charging_home
    home.save()
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.cloud.lose_commands()
    home.post(home.people.anna, "charge_now")
    home.pass_time(seconds=90, step=10)
    home.cloud.heal()
    assert not [line for line in home.log() if "ended, because" in line]
    home.until("19:05")
    assert home.charger.commands[-1] == 507
