"""What is not taken: refused, lost, tried again, given up; what is said about it, and what becomes of its timer."""

from __future__ import annotations

import pytest

from dashboard.plan import quick_choices, steps
from tests.conftest import words_of
from tests.plan.conftest import at, button_value, killed

pytestmark = pytest.mark.one_database


def test_a_refused_pause_leaves_no_timer_and_says_why(home):
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "pause-1"}, follow_redirects=True)
    assert "Nothing to pause or resume. Plug the car in first." in words_of(answer)
    assert home.next() == "Nothing planned."
    assert home.charger.commands == []


def test_a_pause_while_zaptec_is_down_leaves_no_timer(charging_home):
    home = charging_home
    home.cloud.go_down()
    home.time.advance(20)
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "pause-1"}, follow_redirects=True)
    assert "Zaptec has trouble and cannot answer. No timer was set." in words_of(answer)
    assert "should have been paused" not in home.alerts()  # it has just been said
    assert home.log()[-1].endswith("was taken back: Zaptec has trouble and cannot answer")
    home.cloud.heal()
    home.pass_time(hours=2, step=60)
    assert home.charger.commands == []


@pytest.fixture
def not_taken(charging_home):
    """Ben's pause of an hour got lost on the way to the charger."""
    home = charging_home
    home.cloud.lose_commands()
    home.post(home.people.ben, "pause-1")
    home.pass_time(seconds=80, step=10)
    home.cloud.heal()
    return home


def test_a_pause_that_is_not_confirmed_promises_no_end_and_leaves_an_alert(not_taken):
    home = not_taken
    assert "Charging should have been paused at 18:00 by Ben’s timer." in home.alerts()
    assert home.next() == "Nothing planned: charges until the car is full."
    assert any("was taken back: the charger did not do it" in line for line in home.log())
    home.people.anna.post(f"/chargers/{home.id}/pause")
    home.settle()
    home.pass_time(hours=1.2, step=60)
    assert home.charger.commands == [506, 506]  # nobody resumes what Anna has paused


def test_what_was_tried_once_is_not_said_to_have_been_tried_often(not_taken):
    assert "by Ben’s timer. The charger did not do it. Press Pause charging" in not_taken.alerts()


def test_a_skip_that_is_not_taken_is_told_as_a_persons_wish(charging_home):
    home = charging_home
    home.save(start="17:00", end="22:00")
    home.cloud.lose_commands()
    home.post(home.people.anna, "skip")
    home.pass_time(minutes=30, step=30)
    assert "Charging should have been paused at 18:00, as Anna asked. It was tried several times" in home.alerts()


def test_an_offline_charger_is_said_to_be_offline_in_the_log_too(charging_home):
    home = charging_home
    home.charger.go_offline()
    home.look_after(120)
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "pause-1"}, follow_redirects=True)
    assert "No command reaches it." in words_of(answer)
    assert home.log()[-1].endswith("was taken back: no command reaches it")


@pytest.mark.both_databases
def test_a_pause_that_is_confirmed_late_ends_as_it_was_wished(not_taken):
    home = not_taken
    home.charger.pause_elsewhere()
    home.look_after(20)
    assert not home.alerts()
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."
    assert any("counts after all: the charger did it late" in line for line in home.log())
    home.until("19:02")
    assert home.charger.commands == [506, 507]


@pytest.mark.parametrize("leaves_by", ["unplug", "swap"])
def test_a_pause_that_is_confirmed_late_does_not_count_for_another_car(not_taken, leaves_by):
    home = not_taken
    if leaves_by == "unplug":
        home.charger.unplug()
        home.look_after(20)
        home.charger.plug_in_and_charge()
    else:
        home.charger.swap_car()
    home.look_after(20)
    home.charger.pause_elsewhere()
    home.look_after(20)
    assert not any("counts after all" in line for line in home.log())
    home.until("19:30")
    assert 507 not in home.charger.commands


def test_a_pause_that_is_confirmed_late_stays_taken_back_if_another_was_set_since(not_taken):
    home = not_taken
    home.charger.pause_elsewhere()
    home.time.advance(20)
    home.post(home.people.anna, "until", until="22:00")
    home.settle()
    assert home.next() == "Goes on by itself at 22:00. Set by Anna."
    home.until("21:00")
    assert home.charger.commands == [506]


def test_a_new_pause_that_is_refused_leaves_the_one_before_its_end(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.cloud.go_down()
    home.time.advance(20)
    home.post(home.people.anna, "until", until="22:00")
    home.time.advance(20)
    home.post(home.people.anna, "pause-2")
    home.cloud.heal()
    home.look()
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."
    home.until("19:02")
    assert home.charger.commands == [506, 507]


def test_a_new_pause_given_up_after_the_end_of_the_one_before_lets_that_end_now(charging_home, monkeypatch):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.go_to(at("2026-11-20T18:59"))
    home.cloud.go_down()
    with monkeypatch.context() as patch:  # the program is killed with the press in its hands
        patch.setattr(home.services.presses, "start", killed)
        with pytest.raises(KeyboardInterrupt):
            home.post(home.people.anna, "pause-2")
    home.pass_time(minutes=3)
    home.cloud.heal()
    home.pass_time(minutes=6)
    home.settle()
    assert home.charger.commands == [506, 507]


def test_a_second_press_before_the_first_was_taken_gives_back_what_was_there_before_both(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.cloud.lose_commands()
    home.charger.resume_elsewhere()
    home.look_after(20)
    home.post(home.people.anna, "until", until="21:00")
    home.time.advance(4)
    home.post(home.people.anna, "until", until="22:00")
    home.pass_time(minutes=4, step=5)
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."


@pytest.mark.both_databases
def test_a_pause_that_is_confirmed_late_takes_the_place_of_the_one_before_after_all(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.charger.resume_elsewhere()
    home.look_after(20)
    home.cloud.lose_commands()
    home.post(home.people.anna, "until", until="22:00")
    home.pass_time(seconds=80, step=10)
    home.cloud.heal()
    assert "until 19:00 · set by Ben" in words_of(home.people.ben.get("/plan"))
    home.charger.pause_elsewhere()
    home.look_after(20)
    assert home.next() == "Goes on by itself at 22:00. Set by Anna."
    assert "set by Ben" not in words_of(home.people.ben.get("/plan"))


def test_a_pause_that_is_refused_after_the_answer_promises_no_end(charging_home, monkeypatch):
    home = charging_home
    home.cloud.go_down()
    home.time.advance(20)
    monkeypatch.setattr(quick_choices, "said", lambda *some: "")  # as if it took longer than the answer waits
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.cloud.heal()
    home.look()
    assert "Goes on by itself" not in home.next()
    home.pass_time(hours=1.2, step=60)
    assert home.charger.commands == []


@pytest.fixture
def given_up(charging_home):
    """A charger on its own did not take the end of Ben's pause, however often it was tried."""
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.charger.stand_alone()
    home.pass_time(minutes=55)
    assert "Charging should have gone on" not in home.next() + home.alerts()
    home.pass_time(minutes=10, step=20)
    assert home.next().startswith("Charging should have gone on at 19:00 by Ben’s timer. It is tried again at 19:0")
    home.pass_time(minutes=25)
    return home


def test_an_end_that_is_not_taken_is_tried_again_then_stays_as_an_alert(given_up):
    home = given_up
    assert "Charging should have gone on at 19:00 by Ben’s timer. It was tried several times" in home.alerts()
    assert home.charger.commands == [506] + [507] * (1 + len(steps.TRY_AGAIN_AFTER))


def test_what_a_timer_could_not_send_in_time_asks_nobody_to_press_again(charging_home, monkeypatch):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    presses, start = home.services.presses, home.services.presses.start
    monkeypatch.setattr(presses, "start", lambda *some: home.time.advance(20) or start(*some))
    home.pass_time(minutes=90, step=60)
    page = words_of(home.people.ben.get(f"/chargers/{home.id}"))
    assert "nothing was sent. Press Resume charging if it should charge now." in home.alerts()
    assert "Ben’s timer asked to resume it" in page and "Press again" not in page


@pytest.mark.both_databases
def test_an_alert_goes_when_what_it_wanted_has_come_about(given_up):
    home = given_up
    home.charger.stand_alone(False)
    home.look_after(120)
    assert "Charging should have gone on" in home.alerts()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert "Charging should have gone on" not in home.alerts()


def test_an_alert_can_be_put_away(given_up):
    home = given_up
    page = home.people.ben.get(f"/chargers/{home.id}").text
    home.post(home.people.ben, button_value(page, "seen-"))
    assert "Charging should have gone on" not in home.alerts()


def test_a_lost_command_is_sent_again_a_few_minutes_later(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.cloud.lose_commands()
    home.pass_time(minutes=61, step=10)
    home.cloud.heal()
    home.pass_time(minutes=5, step=10)
    assert home.charger.commands == [506, 507, 507]
    assert "Nothing planned" in home.next()
    assert not home.alerts()


def test_a_car_that_cannot_be_held_back_yet_is_when_the_charger_is_back(charging_home):
    home = charging_home
    home.charger.go_offline()
    home.look_after(120)
    form = {"charger": home.id, "start": "23:00", "end": "03:00"}
    answer = home.people.ben.post("/plan/once", data=form, follow_redirects=True)
    assert "No command reaches it. It is tried again by itself." in words_of(answer)
    home.charger.come_online()
    home.pass_time(minutes=20)
    home.settle()
    assert home.charger.commands == [506]
    assert not home.alerts()
    assert home.next() == "Charges once, 23:00–03:00. Set by Ben."


def test_a_car_that_can_never_be_held_back_leaves_an_alert_and_keeps_the_charge(charging_home):
    home = charging_home
    home.charger.stand_alone()
    home.time.advance(20)
    form = {"charger": home.id, "start": "23:00", "end": "03:00"}
    home.people.ben.post("/plan/once", data=form)
    home.pass_time(minutes=40)
    assert "Charging should have been paused at 18:00 by Ben’s timer." in home.alerts()
    assert "Charge 23:00–03:00, then pause" in words_of(home.people.ben.get("/plan"))
