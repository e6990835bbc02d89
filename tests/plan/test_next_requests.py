"""What timers and the plan will ask Zaptec next, as they tell the pages above them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard import leases
from dashboard.charger import freshness
from dashboard.charger import press as pressing
from dashboard.charger.press import Asker
from dashboard.charger.tables import snapshot_table
from dashboard.plan.next_requests import next_requests
from tests.plan.conftest import Home, at
from zaptec.commands import Action

NEWS, CHANGE = "Garage: its state, for the plan or a timer", "Garage: a change by the plan or a timer"


def planned(home: Home) -> list[tuple[str, datetime]]:
    """The next requests about the first charger, with when they are due."""
    with home.app.app_context(), home.services.database.reading() as connection:
        requests = list(next_requests(connection, {home.id: "Garage"}, home.time.now()))
    return [(request.why, request.at) for request in requests if request.at]


def test_where_nothing_is_planned_nothing_is_asked(charging_home):
    assert planned(charging_home) == []


@pytest.mark.parametrize(
    ("start", "plugs_in", "minutes"), [("23:00", False, 2), ("17:00", False, 10), ("17:00", True, 1)]
)
def test_a_plan_needs_news_every_two_minutes_while_it_is_closed_and_every_minute_of_a_car_that_charges(
    home, start, plugs_in, minutes
):
    if plugs_in:
        home.charger.plug_in_and_charge()
        home.look()
    home.save(start=start)
    now = home.time.now()
    (why, asked_at), (what, change_at) = planned(home)
    assert (why, what) == (NEWS, CHANGE)
    assert timedelta(minutes=minutes - 1) < asked_at - now <= timedelta(minutes=minutes)
    assert change_at in (at("2026-11-20T23:00"), at("2026-11-21T06:00"))


def test_a_timer_is_looked_at_when_it_ends(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    assert (CHANGE, at("2026-11-20T19:00")) in [(why, when.replace(second=0)) for why, when in planned(home)]


@pytest.mark.parametrize("column", ["fetched_at", "ask_again_at", "lease"])
def test_news_from_a_clock_that_was_set_back_is_asked_for_now(home, column):
    home.save()
    later = home.time.now() + timedelta(days=400)
    with home.services.database.writing() as connection:
        connection.execute(snapshot_table.update().values(fetched_at=home.time.now() - timedelta(hours=1)))
        if column == "lease":
            leases.take(connection, home.id, "who set the clock back", later, freshness.LEASE)
        else:
            connection.execute(snapshot_table.update().values({column: later}))
    assert (NEWS, home.time.now()) in planned(home)


def test_the_clock_sleeps_until_the_next_change_and_no_longer(home):
    home.go_to(at("2026-11-20T22:59:48"))
    home.save()
    home.tick()
    home.look()
    assert home.services.clock.tick() == pytest.approx(12, abs=0.1)
    home.time.advance(12)
    home.services.clock.tick()
    assert planned(home)[0] != (CHANGE, at("2026-11-20T23:00"))


def test_a_car_that_comes_and_a_charger_that_is_back_wake_the_clock(home):
    home.save(start="23:00")
    home.tick()
    home.services.clock.alarm.clear()
    home.look_after(60)
    assert not home.services.clock.alarm.is_set()  # nothing has happened
    home.charger.plug_in(battery_kwh=300)
    home.look_after(180)
    assert home.services.clock.alarm.is_set()


def test_what_was_taken_in_hand_lets_the_clock_look_when_it_has_gone_on(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.services.clock.alarm.clear()
    home.tick()
    assert not home.services.clock.alarm.is_set()  # nothing was due
    home.time.advance(3600)
    home.tick()
    assert home.services.clock.alarm.is_set()


def test_a_press_lets_the_clock_follow_it(charging_home):
    clock = charging_home.services.clock
    clock.alarm.clear()
    pressing.press(charging_home.services, charging_home.id, Action.PAUSE, Asker("Ben", origin="timer"))
    assert clock.alarm.is_set()
    assert clock.tick() == 1
