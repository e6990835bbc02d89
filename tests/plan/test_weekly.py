"""The weekly plan: what it does at its changes and when a car arrives, and what holds it off."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from dashboard import leases
from dashboard.charger import freshness
from dashboard.charger.tables import snapshot_table
from tests.conftest import words_of
from tests.plan.conftest import at

pytestmark = pytest.mark.one_database


def test_a_night_plan_pauses_a_car_that_arrives_and_lets_it_charge_at_night(home):
    assert home.save().status_code == 303
    assert home.next() == "Tonight’s plan: 23:00–06:00."
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=4)
    home.settle()
    assert home.charger.commands == [506]
    shown = words_of(home.people.anna.get(f"/chargers/{home.charger.id}"))
    assert "Waits until 23:00 paused by the plan since 18:0" in shown
    assert re.search(r"The plan paused it at 18:0\d\. The charger has confirmed\.", shown)
    home.until("22:55")
    assert home.charger.commands == [506]
    home.until("23:01")
    assert home.charger.commands == [506, 507]
    assert home.next() == "The plan pauses it tomorrow 06:00."
    home.until("06:01")
    assert home.charger.commands == [506, 507, 506]
    assert home.log()[-1] == "The plan paused charging"


def test_idle_chargers_are_asked_every_two_minutes_in_a_closed_window_and_seldom_otherwise(home):
    home.cloud.forget_requests()
    home.pass_time(minutes=30, step=10)
    assert home.cloud.asked("state") == 0
    home.save()
    home.cloud.forget_requests()
    home.pass_time(minutes=20, step=10)
    assert 9 <= home.cloud.asked("state") <= 11
    home.save(start="18:00", end="23:30")
    home.until("18:55")
    home.cloud.forget_requests()
    home.pass_time(minutes=60, step=10)
    assert 5 <= home.cloud.asked("state") <= 7


def test_without_a_car_the_changes_end_as_nothing_to_do(home):
    home.save()
    home.until("06:05")
    assert home.charger.commands == []
    assert not home.alerts()
    assert [line for line in home.log() if "Nothing to do" in line] == [
        "Nothing to do for the start of charging of 23:00: nothing to pause or resume (by the plan)",
        "Nothing to do for the pause of 06:00: nothing to pause or resume (by the plan)",
    ]


def test_a_car_that_waits_for_permission_is_left_alone_until_it_has_it(home):
    home.charger.require_authorisation()
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=10)
    assert home.charger.commands == []
    home.charger.authorise()
    home.pass_time(minutes=5)
    home.settle()
    assert home.charger.commands == [506]


def test_a_persons_press_holds_until_the_next_change(home):
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.look()
    home.save()
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert "Anna started it by hand." in home.next()
    home.until("23:05")
    assert home.charger.commands == [506, 507]
    home.until("06:05")
    assert home.charger.commands == [506, 507, 506]


@pytest.fixture
def slow_look(home):
    """Every answer of Zaptec's takes a second, as with a real one."""
    home.services.on_state.insert(0, lambda *_state: home.time.advance(1))


@pytest.mark.usefixtures("slow_look")
def test_a_resume_whose_own_look_shows_a_new_car_that_charges_already_holds_for_it(home):
    home.save()
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.time.advance(60)
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.pass_time(minutes=3, step=2)
    assert home.charger.commands == []
    assert home.next() == "The plan pauses it tomorrow 06:00. Anna started it by hand."


@pytest.mark.usefixtures("slow_look")
def test_a_resume_whose_own_look_shows_a_new_car_that_is_paused_holds_for_it(home):
    home.save()
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.pass_time(minutes=3)
    home.settle()
    assert home.charger.commands == [506]
    home.charger.swap_car()
    home.charger.pause_elsewhere()
    home.time.advance(30)
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.pass_time(minutes=3, step=2)
    assert home.charger.commands == [506, 507]


def test_a_pause_over_an_opening_lets_go_when_it_ends(charging_home):
    home = charging_home
    home.save()
    home.post(home.people.ben, "until", until="23:30")
    home.until("23:10")
    assert home.charger.commands == [506]
    home.until("23:32")
    assert home.charger.commands == [506, 507]


@pytest.mark.parametrize("back_at", ["2026-11-20T20:40", "2026-11-21T07:50"])
def test_a_change_missed_by_less_than_half_a_day_is_done_and_said_to_be_late(charging_home, back_at):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.go_to(at(back_at))
    home.tick()
    home.settle()
    assert home.charger.commands == [506]
    paused, late = home.log()[-2:]
    assert paused == "The plan paused charging"
    assert late.startswith("The pause of ") and late.endswith("20:00 came late (by the plan)")


def test_a_change_missed_by_more_than_half_a_day_is_marked_and_stays_as_an_alert(charging_home):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.go_to(at("2026-11-21T08:10"))
    home.tick()
    home.settle()
    assert home.charger.commands == []
    assert "Charging should have been paused yesterday 20:00 by the plan. It was missed" in home.alerts()
    assert "The pause of Fri 20:00 was missed: the dashboard was not running (by the plan)" in home.log()
    home.people.ben.post(f"/chargers/{home.id}/pause")
    home.settle()
    assert not home.alerts()


def test_a_change_that_comes_about_only_when_tried_again_is_said_to_be_late_once(charging_home):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.until("19:55")
    home.cloud.go_down()
    home.pass_time(minutes=11, step=30)
    home.cloud.heal()
    home.pass_time(minutes=10, step=30)
    assert home.charger.commands == [506]
    assert [line for line in home.log() if "late" in line] == ["The pause of 20:00 came late (by the plan)"]


def test_after_days_away_only_the_last_change_counts_and_the_log_tells_of_the_others(charging_home):
    home = charging_home
    home.save()
    home.go_to(at("2026-11-23T06:20"))
    home.tick()
    home.settle()
    assert home.charger.commands == [506]
    assert "Changes of the plan were missed, because the dashboard was not running: 5, the first due Fri 23:00" in (
        " ".join(home.log())
    )


@pytest.mark.long
def test_a_clock_that_jumps_ahead_and_back_loses_nothing(charging_home):
    home = charging_home
    home.save()
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    now = home.time.now()
    home.time.advance(40 * 86400)
    home.tick()
    home.settle()
    home.time.advance((now - home.time.now()).total_seconds())
    home.tick()
    done = len(home.charger.commands)
    home.until("23:05")
    home.until("06:05")
    assert len(home.charger.commands) >= done + 1
    assert home.charger.commands[-1] == 506


@pytest.mark.parametrize("column", ["fetched_at", "lease", "ask_again_at"])
def test_a_clock_that_was_set_back_does_not_keep_the_plan_from_looking(home, column):
    home.save()
    later = home.time.now() + timedelta(hours=5)
    with home.services.database.writing() as connection:
        connection.execute(snapshot_table.update().values(fetched_at=home.time.now() - timedelta(hours=1)))
        if column == "lease":
            leases.take(connection, home.id, "who set the clock back", later, freshness.LEASE)
        else:
            connection.execute(snapshot_table.update().values({column: later}))
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    assert home.charger.commands == [506]


@pytest.mark.parametrize(
    ("day", "opens"), [("2027-03-27T18:00", "2027-03-28T03:00"), ("2027-10-30T18:00", "2027-10-31T02:30")]
)
def test_half_past_two_in_the_night_of_the_clock_change(home, day, opens):
    home.go_to(at(day))
    home.charger.plug_in(battery_kwh=300)
    home.look()
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    home.save(start="02:30", end="05:00")
    home.go_to(at(opens) - timedelta(minutes=1))
    home.tick()
    assert home.charger.commands == [506]
    home.pass_time(minutes=2, step=30)
    home.settle()
    assert home.charger.commands == [506, 507]
    home.pass_time(hours=1.5, step=300)
    assert home.charger.commands == [506, 507]


def test_every_day_all_day_never_acts(charging_home):
    home = charging_home
    home.save(start="00:00", end="00:00")
    assert home.next() == "The plan lets it charge at all times."
    home.pass_time(hours=30, step=600)
    assert home.charger.commands == []


def test_another_time_zone_moves_the_changes_once(charging_home, settings, make_app):
    from dataclasses import replace

    home = charging_home
    home.save(start="17:00", end="20:00")
    moved = make_app(replace(settings, time_zone="Asia/Tokyo"))  # there it is 02:00
    home.app = moved
    home.tick()
    home.settle()
    home.tick()
    assert home.charger.commands == []
    home.pass_time(hours=14, step=600)
    assert home.charger.commands == []
    home.pass_time(hours=4.1, step=300)  # 20:00 in Tokyo
    home.settle()
    assert home.charger.commands == [506]


def test_switching_the_plan_off_drops_what_it_still_had_to_do(home):
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    home.save(on="")
    assert "The plan is off." in words_of(home.people.ben.get("/plan"))
    home.until("23:30")
    assert home.charger.commands == [506]
    assert home.next() == "Nothing planned: stays paused."


def test_a_change_that_fails_is_tried_again_then_an_alert_stays(charging_home):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.until("19:50")
    home.charger.stand_alone()
    home.pass_time(minutes=45, step=30)
    assert "Charging should have been paused at 20:00 by the plan." in home.alerts()
    assert home.alerts().count("Charging should have been paused") == 1
    assert len(home.charger.commands) == 4
    home.charger.stand_alone(False)
    home.pass_time(minutes=30)
    assert len(home.charger.commands) == 4  # given up: somebody decides
