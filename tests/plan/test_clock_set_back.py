"""A clock that was ahead and is set back: what was written meanwhile blocks nothing, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from dashboard.plan import clock_set_back
from dashboard.plan.tables import stay, step_table, timer_table
from simulator import ManualClock
from tests.conftest import words_of
from tests.plan.conftest import at


@dataclass
class OurClock:
    """The dashboard's clock, which may be ahead of the charger's and Zaptec's."""

    right: ManualClock
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return self.right.now() + self.ahead


@pytest.fixture
def our_clock(clock) -> OurClock:
    return OurClock(clock)


@pytest.fixture
def app(make_app, settings, our_clock):
    return make_app(settings, our_clock.now)


@pytest.fixture(params=[1, 120], ids=["a day", "120 days"])
def ahead(request, charging_home, our_clock):
    """A car charges, and our clock is ahead."""
    our_clock.ahead = timedelta(days=request.param)
    charging_home.look()
    return charging_home


def set_back(home, our_clock) -> None:
    our_clock.ahead = timedelta()
    home.tick()


def test_a_pause_lasts_as_long_as_it_was_meant_to(ahead, our_clock):
    home = ahead
    home.post(home.people.ben, "pause-1")
    home.settle()
    set_back(home, our_clock)
    assert home.next().startswith("Goes on by itself at 19:0") and home.next().endswith("Set by Ben.")
    home.pass_time(minutes=50, step=300)
    assert home.charger.commands == [506]
    home.pass_time(minutes=15, step=60)
    assert home.charger.commands == [506, 507]


def test_a_single_charge_comes_after_as_long_a_wait_as_it_was_meant_to(ahead, our_clock):
    home = ahead
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "03:00"})
    home.settle()
    set_back(home, our_clock)
    page = words_of(home.people.ben.get("/plan"))
    assert "Charge 23:00–03:00, then pause · set by Ben" in page
    home.until("23:05")
    assert home.charger.commands == [506, 507]


def test_the_end_of_a_timer_that_was_given_up_meanwhile_comes_in_its_time(charging_home, our_clock):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.charger.go_offline()
    our_clock.ahead = timedelta(days=300)
    home.pass_time(seconds=10, step=5)
    assert "should have gone on" in home.alerts()
    home.charger.come_online()
    set_back(home, our_clock)
    home.look()
    assert "should have gone on" not in home.alerts()
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."
    home.until("19:02")
    assert home.charger.commands == [506, 507]


def test_a_step_that_waited_meanwhile_is_looked_at_again(charging_home):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.until("19:55")
    home.charger.go_offline()
    home.pass_time(minutes=10)
    with home.services.database.writing() as connection:
        waiting = step_table.c.ended_at.is_(None)
        far = home.time.now().replace(year=2036)
        connection.execute(step_table.update().where(waiting).values(look_at=far, claimed_at=far))
    home.charger.come_online()
    home.pass_time(minutes=3, step=20)
    assert home.charger.commands == [506]


def test_a_press_from_ahead_does_not_rule_for_years(ahead, our_clock):
    home = ahead
    home.save(start="17:00", end="20:00")
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    set_back(home, our_clock)
    home.until("20:02")
    assert home.charger.commands == [506]


def test_a_car_that_came_while_the_clock_was_ahead_hears_whoever_presses(home, our_clock):
    home.save()
    our_clock.ahead = timedelta(days=300)
    home.look()
    home.charger.plug_in_and_charge(battery_kwh=300)
    home.look_after(20)
    set_back(home, our_clock)
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    with home.services.database.reading() as connection:
        assert connection.scalar(select(stay.c.changed_at)) <= home.time.now()
    assert "Anna started it by hand." in home.next()


def test_the_changes_of_the_plan_come_at_their_times(ahead, our_clock):
    home = ahead
    home.save(start="17:00", end="20:00")
    home.pass_time(hours=3, step=600)
    done = len(home.charger.commands)
    set_back(home, our_clock)
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    before = len(home.charger.commands)
    assert before in (done, done + 1)
    home.until("20:02")
    assert home.charger.commands[before:] == [506]


def test_an_exception_from_ahead_is_over(home, our_clock):
    home.save()
    our_clock.ahead = timedelta(days=30)
    home.look()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=4)
    home.settle()
    home.post(home.people.ben, "skip")
    assert home.next().startswith("Skipped once")
    set_back(home, our_clock)
    assert "skip" not in home.next().lower()


def test_a_clock_that_is_right_has_nothing_put_right(charging_home, monkeypatch):
    home = charging_home
    home.save()
    home.post(home.people.ben, "pause-1")
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "03:00"})
    monkeypatch.setattr(clock_set_back, "_mend", lambda *_some: pytest.fail("nothing was wrong"))
    for _hour in range(10):
        home.pass_time(hours=1, step=600)
        clock_set_back.mend(home.services)


def test_what_took_the_place_of_another_is_still_known_to_have(ahead, our_clock):
    home = ahead
    home.post(home.people.ben, "pause-2")
    home.settle()
    home.cloud.lose_commands()
    home.charger.resume_elsewhere()
    home.look_after(20)
    home.post(home.people.anna, "until", until="23:30")
    set_back(home, our_clock)
    home.pass_time(minutes=4, step=10)
    with home.services.database.reading() as connection:
        live = connection.execute(select(timer_table).where(timer_table.c.ended_at.is_(None))).all()
    assert [row.member_name for row in live] == ["Ben"]
    assert live[0].ends_at < at("2026-11-20T21:00")
