"""Changes that are due while Zaptec or the charger is away: done when both are back, said to be late."""

from __future__ import annotations

import pytest

from dashboard.plan.outages import OUTAGES
from dashboard.reasons import REASONS
from tests.plan.conftest import at

pytestmark = pytest.mark.one_database

GOES_ON = "It goes on as soon as the charger can be reached."


@pytest.fixture
def paused(charging_home):
    """Ben's pause runs until 19:00; it is a little before."""
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.until("18:55")
    return home


def lose(home, what: str) -> None:
    if what == "charger":
        home.charger.go_offline()
    elif what == "silence":
        home.cloud.refuse_connections()
    else:
        home.cloud.go_down()


def find(home) -> None:
    home.charger.come_online()
    home.cloud.heal()


@pytest.mark.parametrize(
    ("away", "hours"), [("charger", 0.05), ("zaptec", 0.05), ("silence", 0.5), ("zaptec", 2), ("charger", 11.5)]
)
def test_a_pause_that_ends_in_an_outage_goes_on_soon_after_it(paused, away, hours):
    home = paused
    lose(home, away)
    home.pass_time(minutes=6, hours=hours, step=60 if hours < 1 else 600)
    assert home.charger.commands == [506]
    find(home)
    home.pass_time(minutes=2, step=5)
    assert home.charger.commands == [506, 507]
    assert "Charging should have" not in home.alerts()
    assert len([line for line in home.log() if "came late" in line]) == 1


def test_what_waits_says_so_and_never_that_it_stays_paused(paused):
    home = paused
    home.charger.go_offline()
    for _hour in range(3):
        home.pass_time(hours=1, step=300)
        assert home.next() == f"Charging should have gone on at 19:00 by Ben’s timer. {GOES_ON}"
    assert sum("has to wait: no command reaches it" in line for line in home.log()) == 1
    assert not [line for line in home.log() if "asked to resume" in line]


def test_a_pause_that_has_just_ended_goes_on_in_a_moment(paused):
    home = paused
    home.go_to(at("2026-11-20T19:00:40"))
    assert home.next() == "It goes on in a moment."


def test_a_viewer_who_hears_first_that_the_charger_is_back_makes_it_due(paused):
    home = paused
    home.charger.go_offline()
    home.pass_time(hours=2, step=600)
    home.charger.come_online()
    home.look_after(20)
    home.tick()
    home.settle()
    assert home.charger.commands == [506, 507]


@pytest.mark.parametrize("away", ["charger", "zaptec"])
def test_after_twelve_hours_it_is_missed_with_an_alert(paused, away):
    home = paused
    lose(home, away)
    home.pass_time(hours=12.5, step=600)
    find(home)
    home.pass_time(minutes=30, step=60)
    assert home.charger.commands == [506]
    assert "Charging should have gone on yesterday 19:00 by Ben’s timer." in home.alerts()
    assert "That lasted twelve hours, so it was given up." in home.alerts()
    assert any(line.startswith("The start of charging of Fri 19:00 was missed: ") for line in home.log())
    home.people.ben.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert not home.alerts()


@pytest.mark.parametrize("leaves_by", ["unplug", "swap"])
def test_what_waited_is_not_done_to_another_car(paused, leaves_by):
    home = paused
    home.charger.go_offline()
    home.pass_time(hours=1, step=600)
    if leaves_by == "swap":
        home.charger.swap_car()
        home.charger.pause_elsewhere()
    else:
        home.charger.unplug()
    home.charger.come_online()
    home.pass_time(minutes=20, step=60)
    assert home.charger.commands == [506]
    assert not home.alerts()


def test_what_somebody_cancels_while_it_waits_is_not_done(paused):
    home = paused
    home.charger.go_offline()
    home.pass_time(hours=1, step=600)
    home.post(home.people.anna, "cancel-1")
    home.charger.come_online()
    home.pass_time(minutes=20, step=60)
    assert home.charger.commands == [506]
    assert home.next() == "Nothing planned: stays paused."


def test_what_the_plan_does_not_want_any_more_when_it_is_back_is_not_done_and_told_as_missed(charging_home):
    home = charging_home
    home.save(start="20:00", end="21:00")
    home.people.ben.post(f"/chargers/{home.id}/pause")
    home.settle()
    home.until("19:55")
    home.charger.go_offline()
    home.pass_time(minutes=30, step=60)
    assert home.next().startswith("Charging should have gone on at 20:00 by the plan.")
    assert home.next().endswith("The plan pauses it at 21:00.")
    home.pass_time(hours=1.5, step=600)
    home.charger.come_online()
    home.pass_time(minutes=20, step=60)
    assert home.charger.commands == [506]
    assert any(line.startswith("The start of charging of 20:00 was missed: no command") for line in home.log())
    assert not home.alerts()


@pytest.mark.parametrize("away", ["charger", "zaptec"])
def test_an_edge_of_the_plan_in_an_outage_is_done_when_it_is_over(charging_home, away):
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.until("19:55")
    lose(home, away)
    home.pass_time(hours=3, step=600)
    waits = "Charging should have been paused at 20:00 by the plan. It is paused as soon as"
    assert home.next().startswith(waits)
    find(home)
    home.pass_time(minutes=2, step=5)
    assert home.charger.commands == [506]
    assert "The pause of 20:00 came late (by the plan)" in home.log()


@pytest.mark.parametrize("away", ["charger", "zaptec"])
def test_without_a_car_nothing_waits_in_an_outage_and_one_that_comes_meanwhile_is_seen_to_arrive(home, away):
    home.save(start="19:00", end="20:00")
    lose(home, away)
    home.pass_time(hours=2.5, step=600)
    assert not [line for line in home.log() if "has to wait" in line]
    assert home.next() == "The plan lets it charge tomorrow 19:00–20:00."
    home.charger.plug_in_and_charge(battery_kwh=300)
    find(home)
    home.pass_time(minutes=15, step=60)
    assert home.charger.commands == [506]
    assert not home.alerts()


def test_while_a_change_waits_zaptec_is_asked_once_a_minute(paused):
    home = paused
    home.charger.go_offline()
    home.pass_time(minutes=20, step=60)
    home.cloud.forget_requests()
    home.pass_time(minutes=10, step=10)
    assert 8 <= home.cloud.asked("state") <= 12


def test_a_program_that_starts_in_an_outage_waits_for_its_end_too(paused, settings, make_app):
    home = paused
    home.charger.go_offline()
    home.go_to(at("2026-11-20T21:00"))
    home.app = make_app(settings)
    home.pass_time(minutes=30, step=60)
    assert home.next() == f"Charging should have gone on at 19:00 by Ben’s timer. {GOES_ON}"
    home.charger.come_online()
    home.pass_time(minutes=2, step=5)
    assert home.charger.commands == [506, 507]


def test_a_command_whose_answer_got_lost_is_looked_at_seldom_and_done_when_zaptec_is_back(paused):
    home = paused
    home.cloud.lose_commands()
    home.go_to(at("2026-11-20T19:00:40"))
    home.tick()
    home.cloud.go_down()
    home.pass_time(hours=1, step=600)
    assert home.charger.commands == [506, 507]
    home.cloud.heal()
    home.pass_time(minutes=8, step=5)
    assert home.charger.commands == [506, 507, 507]
    assert "Nothing planned: charges" in home.next()


def test_every_reason_to_wait_has_words():
    assert set(REASONS) >= OUTAGES


@pytest.fixture
def late_news(charging_home):
    """From the plan's pause of 20:00 on Zaptec answers with what it knew before, for twenty minutes and more."""
    home = charging_home
    home.save(start="17:00", end="20:00")
    home.until("19:58")
    known = home.cloud.state_of(home.charger)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home.cloud, "state_of", lambda _device: known)
        home.pass_time(minutes=24, step=30)
    return home


def test_while_the_news_is_older_than_the_plans_pause_it_is_not_sent_again(late_news):
    home = late_news
    assert home.charger.commands == [506]
    home.pass_time(minutes=5, step=30)
    assert home.charger.commands == [506]
    assert not home.alerts()
    assert any(line == "The plan paused charging" for line in home.log())
