"""Charge once: held back, charged and paused again; what is offered for tonight, and what contradicts it."""

from __future__ import annotations

import pytest

from tests.conftest import words_of

pytestmark = pytest.mark.one_database


def test_charge_once_waits_charges_and_stays_paused(charging_home):
    home = charging_home
    form = {"charger": home.id, "start": "23:00", "end": "03:00"}
    answer = home.people.ben.post("/plan/once", data=form, follow_redirects=True)
    assert "Set: charges 23:00–03:00, then stays paused." in words_of(answer)
    home.settle()
    assert home.charger.commands == [506]
    assert home.next() == "Charges once, 23:00–03:00. Set by Ben."
    home.until("23:01")
    assert home.charger.commands == [506, 507]
    assert home.next() == "Charges until tomorrow 03:00, then stays paused. Set by Ben."
    home.until("03:01")
    assert home.charger.commands == [506, 507, 506]
    assert home.next() == "Nothing planned: stays paused."


def test_a_car_that_arrives_before_a_single_charge_waits_for_it(home):
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "00:00"})
    home.pass_time(minutes=30)
    home.charger.plug_in()
    home.look_after(60)
    assert home.next() == "This car is to wait for a timer: it is paused within two minutes."
    home.pass_time(minutes=4)
    home.settle()
    assert home.charger.commands == [506]
    home.until("23:01")
    home.until("00:01")
    assert home.charger.commands == [506, 507, 506]


def test_a_single_charge_of_a_full_car_ends_as_nothing_to_do(home):
    home.charger.plug_in_full()
    home.look()
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "19:00", "end": "20:00"})
    home.pass_time(hours=3, step=60)
    assert home.charger.commands == []
    assert not home.alerts()
    assert [line.split(":")[0] for line in home.log()] == [
        "Ben set a timer",
        "Nothing to do for the start of charging of 19",
        "Nothing to do for the pause of 20",
    ]


def test_a_contradiction_is_named_before_it_is_saved(charging_home):
    home = charging_home
    home.post(home.people.anna, "until", until="23:30")
    home.settle()
    form = {"charger": home.id, "start": "23:00", "end": "02:00"}
    answer = home.people.ben.post("/plan/once", data=form)
    assert answer.status_code == 409
    assert "This contradicts another timer: Pause until 23:30 · set by Anna." in words_of(answer)
    assert 'value="23:00"' in answer.text and 'value="02:00"' in answer.text
    home.people.ben.post("/plan/once", data=form | {"anyway": "yes"})
    home.until("23:10")
    assert home.charger.commands == [506]
    page = words_of(home.people.ben.get("/plan"))
    assert "These timers contradict each other" in page
    home.until("23:32")
    assert home.charger.commands == [506, 507]


@pytest.mark.parametrize("end", ["", "25:00", "many", "-1", "nan"])
def test_an_end_that_is_no_time_is_said_and_what_was_typed_stays(charging_home, end):
    home = charging_home
    answer = home.people.ben.post("/plan/once", data={"charger": home.id, "start": "21:15", "end": end})
    assert answer.status_code == 400
    assert "Write it like 22:00." in words_of(answer) and 'value="21:15"' in answer.text
    assert home.charger.commands == []


@pytest.mark.parametrize(
    ("end", "said"),
    [("06:00", "23:00–06:00"), ("23:30", "23:00–23:30"), ("24", "23:00–00:00"), ("23", "23:00–tomorrow 23:00")],
)
def test_a_single_charge_ends_when_the_clock_next_shows_its_end(home, end, said):
    form = {"charger": home.id, "start": "23:00", "end": end}
    answer = words_of(home.people.ben.post("/plan/once", data=form, follow_redirects=True))
    assert f"Set: charges {said}, then stays paused." in answer


def test_charge_tonight_is_one_touch_on_the_chargers_page(charging_home):
    home = charging_home
    page = words_of(home.people.ben.get(f"/chargers/{home.id}"))
    assert "Charge tonight 23:00–06:00, then stays paused" in page
    address = f"/chargers/{home.id}/timers"
    answer = words_of(home.people.ben.post(address, data={"do": "tonight"}, follow_redirects=True))
    assert "Set: charges 23:00–06:00, then stays paused." in answer and "Charge tonight" not in answer
    home.settle()
    assert home.charger.commands == [506]
    home.until("23:01")
    home.until("06:01")
    assert home.charger.commands == [506, 507, 506]


def test_charge_tonight_is_not_offered_where_the_plan_rules_or_in_the_night(home):
    home.save()
    assert "Charge tonight" not in words_of(home.people.ben.get(f"/chargers/{home.id}"))
    home.post(home.people.ben, "tonight")
    shown = words_of(home.people.ben.get("/plan")).split("Ready by a time")[0]
    assert "Charge " not in shown.replace("Charges", "")
    home.save(on="")
    home.until("23:30")
    assert "Charge tonight" not in words_of(home.people.ben.get(f"/chargers/{home.id}"))
    home.until("05:30")
    assert "Charge tonight" not in words_of(home.people.ben.get(f"/chargers/{home.id}"))
    home.until("06:30")
    assert "Charge tonight" in words_of(home.people.ben.get(f"/chargers/{home.id}"))


def test_a_single_charge_that_replaces_another_stays_paused_afterwards(charging_home):
    home = charging_home
    for start, end in (("23:00", "03:00"), ("22:00", "00:00")):
        form = {"charger": home.id, "start": start, "end": end}
        answer = home.people.ben.post("/plan/once", data=form, follow_redirects=True)
    assert "Set: charges 22:00–00:00, then stays paused." in words_of(answer)
