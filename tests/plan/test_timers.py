"""Pause for a while: stored, done, ended, shown, forgotten after a year."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from dashboard.plan import queries, steps
from dashboard.plan.rules import TimerKind
from dashboard.plan.tables import step_table, timer_table
from tests.conftest import words_of
from tests.plan.conftest import button_value, killed
from zaptec.commands import Action


def test_a_pause_for_an_hour_goes_on_by_itself(charging_home):
    home = charging_home
    answer = home.post(home.people.ben, "pause-1")
    assert answer.status_code == 303
    home.settle()
    assert home.charger.commands == [506]
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."
    home.pass_time(minutes=58)
    assert home.charger.commands == [506]
    home.pass_time(minutes=3)
    home.settle()
    assert home.charger.commands == [506, 507]
    assert "Nothing planned" in home.next()
    assert home.log()[-3:] == [
        "Ben set a timer: pause until 19:00",
        "Ben’s timer paused charging",
        "Ben’s timer resumed charging",
    ]


def test_a_pause_until_a_time_that_has_passed_means_tomorrow_and_is_said_to(charging_home):
    home = charging_home
    form = {"do": "until", "until": "17:00"}
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data=form, follow_redirects=True)
    assert "The pause lasts until tomorrow 17:00, because it is later than 17:00 today." in words_of(answer)
    home.settle()
    assert home.next() == "Goes on by itself tomorrow 17:00. Set by Ben."


def test_a_long_pause_that_ends_today_is_not_told_as_one_until_tomorrow(charging_home):
    home = charging_home
    home.until("08:30")
    answer = home.post(home.people.ben, "until", until="21:00")
    assert "because it is later than" not in words_of(answer)
    assert home.next() == "Goes on by itself at 21:00. Set by Ben."


def test_a_pause_until_the_morning_needs_no_such_words(charging_home):
    home = charging_home
    form = {"do": "until", "until": "06:00"}
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data=form, follow_redirects=True)
    assert "The pause lasts" not in words_of(answer)


def test_a_new_pause_takes_the_place_of_the_one_before(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-2")
    home.settle()
    home.post(home.people.anna, "until", until="22:00")
    home.settle()
    assert home.next() == "Goes on by itself at 22:00. Set by Anna."
    home.until("21:30")
    assert home.charger.commands == [506]
    home.until("22:01")
    assert home.charger.commands == [506, 507]


def test_any_member_may_cancel_and_the_charger_stays_as_it_is(charging_home):
    home = charging_home
    home.post(home.people.anna, "pause-1")
    home.settle()
    page = home.people.ben.get(f"/chargers/{home.id}").text
    assert ">Cancel</button>" in page
    answer = home.people.ben.post(
        f"/chargers/{home.id}/timers", data={"do": button_value(page, "cancel-")}, follow_redirects=True
    )
    assert "stays as it is until somebody changes it" in words_of(answer)
    assert home.next() == "Nothing planned: stays paused."
    home.pass_time(hours=2, step=300)
    assert home.charger.commands == [506]
    assert "Ben cancelled the timer until 19:00" in home.log()


def test_pausing_what_is_paused_only_adds_its_end(charging_home):
    home = charging_home
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    home.post(home.people.ben, "pause-1")
    assert home.log()[-1].startswith("Ben set a timer: pause until")
    assert home.next().startswith("Goes on by itself at")
    home.pass_time(minutes=62)
    home.settle()
    assert home.charger.commands == [506, 507]


def test_who_presses_resume_ends_the_pause(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert "Nothing planned" in home.next()
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.pass_time(hours=2, step=60)
    assert home.charger.commands == [506, 507, 506]
    assert "The timer until 19:00 ended, because Anna resumed charging" in home.log()


def test_a_resume_that_is_not_taken_leaves_the_pause_its_end(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.cloud.lose_commands()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.pass_time(seconds=90, step=10)
    assert "Goes on by itself at 19:00" in home.next()
    assert not [line for line in home.log() if "ended, because" in line]


def test_a_pause_set_while_a_resume_is_under_way_is_not_taken_for_done(charging_home):
    home = charging_home
    home.people.ben.post(f"/chargers/{home.id}/pause")
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    answer = home.post(home.people.ben, "pause-1")
    assert answer.status_code == 303
    assert not [line for line in home.log() if "already paused" in line]
    home.settle()
    assert home.charger.commands == [506, 507]
    assert "Goes on by itself" not in home.next()  # nothing was paused, so nothing promises an end


def test_unplugging_ends_a_pause(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.charger.unplug()
    home.pass_time(minutes=11)
    assert "because the car was unplugged" in home.log()[-1]
    home.charger.plug_in()
    home.pass_time(hours=1)
    assert home.charger.commands == [506]


@pytest.mark.parametrize("typed", ["", "25:00", "ten", "22:60", "<u>"])
def test_a_time_that_is_none_is_said_and_kept(charging_home, typed):
    home = charging_home
    answer = home.post(home.people.ben, "until", until=typed)
    assert answer.status_code == 400
    assert "Write it like 22:00." in words_of(answer)
    assert home.charger.commands == []
    assert "<u>" not in answer.text
    htmx = home.people.ben.post(
        f"/chargers/{home.id}/timers", data={"do": "until", "until": typed}, headers={"HX-Request": "true"}
    )
    assert htmx.status_code == 200 and "Write it like 22:00." in words_of(htmx)


def test_a_program_killed_before_the_pause_does_it_when_the_claim_lapses(charging_home):
    home = charging_home
    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:
        patch.setattr(home.services.presses, "start", killed)
        home.post(home.people.ben, "pause-2")
    home.pass_time(minutes=1)
    assert home.charger.commands == []
    home.pass_time(minutes=2)
    home.settle()
    assert home.charger.commands == [506]


def test_a_program_killed_after_the_press_does_not_press_again(charging_home):
    home = charging_home
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "_note", killed)
        with pytest.raises(KeyboardInterrupt):
            home.post(home.people.ben, "pause-1")
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    home.pass_time(minutes=5)
    assert home.charger.commands == [506, 507]
    with home.people.database.reading() as connection:
        outcomes = connection.execute(step_table.select().with_only_columns(step_table.c.outcome)).scalars().all()
    assert outcomes
    assert None not in outcomes


def test_what_ended_over_a_year_ago_is_forgotten_but_no_alert_that_stands(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.charger.stand_alone()
    home.pass_time(minutes=90)
    assert "Charging should have gone on" in home.alerts()
    home.charger.go_offline()
    home.time.advance(60)
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "03:00", "end": "04:00"})
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "04:00", "end": "05:00"})
    assert _kept(home) == ([TimerKind.PAUSE, TimerKind.CHARGE, TimerKind.CHARGE], 2 + 3 + 3)
    home.time.advance(366 * 86400)
    with home.services.database.writing() as connection:
        queries.forget_old(connection, home.time.now())
        assert [one.action for one in queries.trouble(connection, home.id)] == [Action.RESUME]
    assert _kept(home) == ([TimerKind.PAUSE, TimerKind.CHARGE], 1 + 3)  # the alert's, and one that has not ended


def test_the_clock_forgets_what_is_old(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.until("19:05")
    assert _kept(home) == ([TimerKind.PAUSE], 2)
    home.charger.unplug()  # a year of charging would take the simulated cloud longer than an answer may
    home.time.advance(366 * 86400)
    home.look()  # Zaptec, too, says that a year has gone by
    home.tick()
    assert _kept(home) == ([], 0)


def _kept(home) -> tuple[list[str], int]:
    """The kinds of timers, and how many steps there are."""
    with home.people.database.reading() as connection:
        kinds = connection.execute(select(timer_table.c.kind).order_by(timer_table.c.id)).scalars().all()
        return list(kinds), len(connection.execute(select(step_table.c.id)).all())


@pytest.mark.parametrize("age_s", [3, 20])
def test_whoever_wants_it_to_charge_ends_a_pause_though_it_charges_already(charging_home, age_s):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.charger.resume_elsewhere()
    home.look_after(20)
    home.time.advance(age_s)
    answer = home.people.anna.post(f"/chargers/{home.id}/resume", follow_redirects=True)
    assert "Already charging since" in words_of(answer)
    home.look_after(20)
    assert "Set by Ben" not in home.next()
    assert 507 not in home.charger.commands
