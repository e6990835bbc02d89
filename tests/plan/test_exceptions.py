"""Exceptions from the plan: skip tonight, and what older versions called charge now; and what they end."""

from __future__ import annotations

import pytest

from dashboard.plan.rules import TimerKind
from dashboard.plan.tables import timer_table
from tests.conftest import words_of
from tests.plan.conftest import button_value

pytestmark = pytest.mark.one_database


@pytest.fixture
def let_go_by_an_older_version(home):
    """A car outside the plan's times for which Ben chose *Charge now* before the update that took it away."""
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    home.charger.resume_elsewhere()
    now = home.time.now()
    until = {"set_at": now, "starts_at": now, "ends_at": now.replace(hour=22, minute=0, second=0)}
    ben = {"member_id": 2, "member_name": "Ben"}
    with home.services.database.writing() as connection:
        values = {"charger_id": home.id, "kind": TimerKind.CHARGE_NOW.value, **until, **ben}
        connection.execute(timer_table.insert().values(values))
    home.look_after(30)
    return home


def test_what_an_older_version_let_charge_now_charges_until_the_next_change(let_go_by_an_older_version):
    home = let_go_by_an_older_version
    assert home.next().startswith("Charges now, just this once, until 23:00 (Ben). The plan pauses it")
    assert "Charge now, until 23:00 · set by Ben" in words_of(home.people.ben.get("/plan"))
    home.until("22:50")
    assert home.charger.commands == [506]
    home.until("06:05")
    assert home.charger.commands == [506, 506]
    assert "The charge until 23:00 is over" in home.log()


def test_what_an_older_version_let_charge_now_can_be_cancelled(let_go_by_an_older_version):
    home = let_go_by_an_older_version
    home.post(home.people.anna, "cancel-1")
    assert home.next() == "The plan pauses it tomorrow 06:00."


def test_charging_now_is_what_resume_does_and_no_second_button(home):
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    assert "just this once" not in words_of(home.people.ben.get(f"/chargers/{home.id}"))
    home.post(home.people.ben, "charge_now")  # from a page that was opened before the update
    home.settle()
    assert home.charger.commands == [506]
    home.people.ben.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert home.next() == "The plan pauses it tomorrow 06:00. Ben started it by hand."
    home.people.ben.post(f"/chargers/{home.id}/pause")
    assert home.next() == "Tonight’s plan: 23:00–06:00."  # while the pause takes effect: nobody has started it
    home.settle()
    home.people.ben.post(f"/chargers/{home.id}/resume")
    home.settle()
    home.until("22:50")
    assert home.charger.commands == [506, 507] * 2
    home.until("06:05")
    assert home.charger.commands == [*[506, 507] * 2, 506]


def test_skip_tonight_leaves_one_night_out(home):
    home.save()
    home.charger.plug_in(battery_kwh=300)
    home.pass_time(minutes=5)
    home.settle()
    page = home.people.ben.get("/plan")
    assert "Skip tonight leaves out 23:00–06:00" in words_of(page)
    answer = home.post(home.people.ben, button_value(page.text, "skip"), on="plan")
    assert answer.location.startswith("/plan?")
    assert home.next() == "Skipped once: 23:00–06:00 (Ben). The plan lets it charge tomorrow 23:00–06:00."
    assert "Skip tonight" not in words_of(home.people.ben.get("/plan"))
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
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "skip"}, follow_redirects=True)
    assert "There is nothing to skip: the plan does not let it charge within a day." in words_of(answer)


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
    home.look_after(120)
    answer = home.people.ben.post(f"/chargers/{home.id}/timers", data={"do": "skip"}, follow_redirects=True)
    assert "It is tried again by itself." in words_of(answer)
    home.charger.come_online()
    home.pass_time(minutes=20)
    home.settle()
    assert home.charger.commands == [506]


def test_a_skip_that_somebody_has_overruled_is_not_said_to_rule(charging_home):
    home = charging_home
    home.save(start="17:00", end="22:00")
    home.post(home.people.ben, "skip")
    home.settle()
    home.people.anna.post(f"/chargers/{home.id}/resume")
    home.settle()
    assert home.charger.commands == [506, 507]
    assert home.next() == "The plan pauses it at 22:00. Anna started it by hand."
