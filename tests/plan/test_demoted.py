"""Who is demoted or removed after setting a timer: what is not sent yet is void, what runs goes on."""

from __future__ import annotations

import pytest

from dashboard.household.tables import member_table
from dashboard.plan import steps, timers
from tests.plan.conftest import at


def demote_ben(home) -> None:
    with home.services.database.writing() as connection:
        is_ben = member_table.c.name.ilike("ben")
        assert connection.execute(member_table.update().where(is_ben).values(role="viewer")).rowcount == 1


@pytest.fixture
def demoted_at_once(charging_home, monkeypatch):
    """Ben is demoted when what he has just set is stored and not yet sent."""

    def demoted(*some):
        demote_ben(charging_home)
        return steps.take_at_once(*some)

    monkeypatch.setattr(timers, "take_at_once", demoted)
    return charging_home


def test_a_demotion_voids_the_first_step_of_a_timer_that_is_not_sent_yet(demoted_at_once):
    home = demoted_at_once
    home.post(home.people.ben, "pause-1")
    home.pass_time(minutes=70, step=60)
    assert home.charger.commands == []
    assert any("was taken back: whoever pressed may no longer do this" in line for line in home.log())


def test_a_demotion_voids_what_a_single_charge_does_at_once_and_it_is_not_tried_again(demoted_at_once):
    home = demoted_at_once
    home.post(home.people.ben, "tonight")
    home.pass_time(minutes=20, step=60)
    assert home.charger.commands == []
    assert "Whoever pressed may no longer do this" in home.people.anna.get(f"/chargers/{home.id}").text


def test_a_timer_that_runs_goes_on_after_its_author_was_demoted(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    demote_ben(home)
    home.until("19:05")
    assert home.charger.commands == [506, 507]


def test_who_was_removed_keeps_the_timer_they_set(charging_home):
    home = charging_home
    home.post(home.people.ben, "pause-1")
    home.settle()
    home.people.anna.post("/household/members/2/remove")
    home.go_to(at("2026-11-20T18:59"))
    home.pass_time(minutes=3)
    home.settle()
    assert home.charger.commands == [506, 507]
