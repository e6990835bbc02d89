"""What happens at a charger is noticed and told: with nobody looking, once, and only while it is so."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from dashboard.news import NewsKind
from dashboard.notices import message_words
from simulator import Cloud, SimulatedCharger
from tests.conftest import words_of
from tests.history.stored_contracts import DAY_AND_NIGHT, add_contract, set_currency
from tests.notices.conftest import Told
from tests.one_charger import page, pass_time, press

pytestmark = pytest.mark.one_database

ALL = tuple(NewsKind)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def anna(told: Told, charger: SimulatedCharger) -> Told:
    """Anna hears everything."""
    told.add_way("Anna", "phone")
    told.hears("Anna", *ALL)
    told.tick()
    return told


def plan(told: Told, charger: SimulatedCharger, start: str, end: str) -> None:
    form = {"charger": charger.id, "rows": "1", "from-0": start, "to-0": end, "days-0": list("0123456")}
    told.people.ben.post("/plan", data=form | {"on": "yes", "do": "save"})


def test_a_car_that_comes_is_told_with_what_will_happen(anna: Told, charger: SimulatedCharger) -> None:
    charger.unplug()
    anna.pass_time(minutes=3)
    anna.carrier.arrived.clear()
    plan(anna, charger, "23:00", "06:00")
    charger.plug_in_and_charge()
    anna.pass_time(minutes=5)
    message = next(message for _to, message in anna.carrier.arrived if message.title == "A car was plugged in")
    assert "Outside the plan’s times" in message.body or "23:00" in message.body
    assert f"/chargers/{charger.id}?told=" in message.link
    assert anna.carrier.titles("phone").count("A car was plugged in") == 1
    pages = {link.label: link.address.replace(f"told={message.tag}", "told") for link in message.links}
    assert pages == {
        "Charge now": f"http://localhost/chargers/{charger.id}/resume?told",
        "Tonight": f"http://localhost/plan?charger={charger.id}&told#once-start",
    }
    told_page = anna.people.ben.get(f"/plan?charger={charger.id}&told={message.tag}").text
    assert 'id="once-start"' in told_page and f'id="ready-by-{charger.id}"' in told_page


def test_cheapest_hours_are_offered_where_there_are_cheaper_ones_and_nothing_to_whoever_may_not_press(
    anna: Told, charger: SimulatedCharger
) -> None:
    set_currency(anna.people)
    add_contract(anna.people, DAY_AND_NIGHT)
    anna.add_way("Carla", "Carlas phone")
    anna.hears("Carla", NewsKind.PLUGGED_IN)
    charger.unplug()
    anna.pass_time(minutes=3)
    charger.plug_in_and_charge()
    anna.pass_time(minutes=5)
    came = {to: message for to, message in anna.carrier.arrived if message.title == "A car was plugged in"}
    assert [link.label for link in came["phone"].links] == ["Charge now", "Tonight", "Cheapest hours"]
    assert came["phone"].body.endswith("Nothing planned: charges until the car is full.")
    assert came["phone"].links[2].address.endswith(f"#ready-by-{charger.id}")
    assert came["Carlas phone"].links == ()


def test_a_car_that_has_gone_again_before_it_could_be_told_is_not_told(
    anna: Told, charger: SimulatedCharger
) -> None:
    charger.unplug()
    anna.pass_time(minutes=3)
    anna.carrier.arrived.clear()
    anna.people.anna.post("/doors", data={"host": "ntfy.example"})
    anna.report(NewsKind.PLUGGED_IN, charger_id=charger.id)
    anna.people.anna.post("/doors", data={"host": "ntfy.example", "open": "yes"})
    anna.tick()
    assert anna.carrier.titles("phone") == []


def test_the_end_of_a_charge_is_told_once_with_what_it_came_to(anna: Told, charger: SimulatedCharger) -> None:
    price = {"price": "2", "currency": "NOK", "valid_from": ""}
    anna.people.anna.post("/history/prices", data=price)
    anna.pass_time(minutes=60, step=60)
    charger.fill_up()
    anna.pass_time(minutes=5, step=60)
    charger.unplug()
    anna.pass_time(minutes=12, step=60)
    [message] = [message for _to, message in anna.carrier.arrived if message.title == "Charging has ended"]
    assert re.search("kWh, [0-9.]+.kr, 1:0[0-9] h.$", message.body)


def test_a_pause_for_an_hour_is_told_with_its_end(anna: Told, charger: SimulatedCharger) -> None:
    anna.people.ben.post(page(charger, "timers"), data={"do": "pause-1"})
    anna.pass_time(minutes=2)
    [message] = [message for _to, message in anna.carrier.arrived if message.title == "Ben paused charging"]
    assert message.body.endswith("It goes on by itself at 19:01.")
    anna.pass_time(minutes=70, step=60)
    assert [title for title in anna.carrier.titles("phone") if "charging" in title] == ["Ben paused charging"]


@pytest.mark.parametrize("is_unplugged", [False, True])
def test_what_a_charge_cost_is_told_by_the_hours_in_which_it_was_charged(
    anna: Told, charger: SimulatedCharger, is_unplugged: bool
) -> None:
    set_currency(anna.people)
    add_contract(anna.people, DAY_AND_NIGHT)
    charger.unplug()
    anna.pass_time(hours=3, step=1200)
    charger.plug_in_and_charge()  # at nine in the evening: the night's price begins in the middle
    anna.pass_time(hours=2, step=600)
    anna.carrier.arrived.clear()
    charger.unplug() if is_unplugged else charger.fill_up()
    anna.pass_time(minutes=3, step=60)
    [message] = [message for _to, message in anna.carrier.arrived if message.title == "Charging has ended"]
    told = re.search(r"([\d.]+) kWh, ([\d.]+)\skr", message.body)
    assert told, message.body
    per_kwh = float(told[2]) / float(told[1])
    assert per_kwh == pytest.approx((0.3 + 0.1) / 2, abs=0.02)


def test_a_cost_that_is_not_known_for_certain_is_told_as_about(app: Flask) -> None:
    facts = {"energy_kwh": 8.0, "cost_micro": 2_000_000, "currency": "NOK"}
    with app.test_request_context():
        for is_about, told in ((False, "8.0 kWh, 2.00 kr."), (True, "8.0 kWh, about 2.00 kr.")):
            _title, text = message_words.finished(facts | {"is_cost_about": is_about}, NOON)
            assert text.replace("\N{NO-BREAK SPACE}", " ") == told


def test_whoever_pauses_is_told_to_everybody_else_once_it_is_confirmed(
    anna: Told, charger: SimulatedCharger
) -> None:
    anna.add_way("Ben", "Bens phone")
    anna.hears("Ben", NewsKind.PRESSED)
    press(anna.people.ben, charger, "pause")
    anna.tick()
    assert anna.carrier.arrived == []
    pass_time(anna.people, 20)
    assert anna.carrier.titles("phone") == ["Ben paused charging"]
    assert anna.carrier.titles("Bens phone") == []
    charger.resume_elsewhere()
    anna.pass_time(minutes=3)
    assert "Charging was resumed outside this page" in anna.carrier.titles("phone")
    assert anna.carrier.titles("Bens phone") == ["Charging was resumed outside this page"]


def test_a_car_that_does_not_charge_in_the_plans_times_is_told_after_five_minutes_with_why(
    anna: Told, charger: SimulatedCharger
) -> None:
    charger.unplug()
    anna.pass_time(minutes=3)
    plan(anna, charger, "17:00", "23:00")
    charger.require_authorisation()
    charger.plug_in()
    anna.carrier.arrived.clear()
    anna.pass_time(minutes=4)
    assert "The car does not charge" not in anna.carrier.titles("phone")
    anna.pass_time(minutes=5)
    [message] = [message for _to, message in anna.carrier.arrived if message.title == "The car does not charge"]
    assert "Nobody has allowed this charge yet. Hold your card to the charger" in message.body
    assert f"/chargers/{charger.id}/resume?told=" in message.link
    anna.pass_time(minutes=30, step=60)
    assert anna.carrier.titles("phone").count("The car does not charge") == 1


def test_a_car_that_is_full_or_paused_by_a_person_is_no_trouble(anna: Told, charger: SimulatedCharger) -> None:
    plan(anna, charger, "17:00", "23:00")
    anna.pass_time(minutes=20, step=60)
    charger.fill_up()
    anna.pass_time(minutes=20, step=60)
    assert "The car does not charge" not in anna.carrier.titles("phone")


@pytest.mark.both_databases
def test_a_charger_that_is_offline_while_a_car_charges_is_told_after_15_min_and_when_it_is_back(
    anna: Told, charger: SimulatedCharger
) -> None:
    charger.go_offline()
    anna.pass_time(minutes=14, step=60)
    assert anna.carrier.titles("phone") == []
    anna.pass_time(minutes=4, step=60)
    assert anna.carrier.titles("phone") == ["The charger is offline"]
    assert "It was charging and probably goes on." in anna.carrier.arrived[0][1].body
    charger.come_online()
    anna.pass_time(minutes=12, step=60)
    assert anna.carrier.titles("phone")[:2] == ["The charger is offline", "The charger is back"]


def test_a_charger_without_a_car_and_without_a_plan_may_be_offline(anna: Told, charger: SimulatedCharger) -> None:
    charger.unplug()
    anna.pass_time(minutes=3)
    charger.go_offline()
    anna.carrier.arrived.clear()
    anna.pass_time(minutes=40, step=60)
    assert anna.carrier.titles("phone") == []


def test_a_dangerous_fault_is_told_to_whoever_wants_it_also_at_night(anna: Told, charger: SimulatedCharger) -> None:
    anna.hears("Anna", NewsKind.WARNING, quiet_from=0, quiet_to=0)
    charger.warn(1 << 49)
    anna.pass_time(minutes=2)
    [(_to, message)] = anna.carrier.arrived
    assert message.title == "Stop using the charger" and message.is_urgent
    assert "Stop using it, unplug the car and call an electrician." in message.body
    anna.pass_time(minutes=30, step=60)
    assert len(anna.carrier.arrived) == 1


def test_nobody_looking_the_charger_is_asked_as_often_as_somebody_wants_to_be_told(
    told: Told, charger: SimulatedCharger, cloud: Cloud
) -> None:
    def asked_in_an_hour() -> int:
        cloud.forget_requests()
        told.pass_time(minutes=60, step=30)
        return cloud.asked("state")

    charger.unplug()
    told.people.ben.get(page(charger))
    told.pass_time(minutes=2)
    assert asked_in_an_hour() == 0
    told.add_way("Anna", "phone")
    told.hears("Anna", NewsKind.FINISHED)
    assert 5 <= asked_in_an_hour() <= 7
    assert "as somebody wants to be told what happens there" in words_of(told.people.anna.get("/more"))
    told.hears("Anna", NewsKind.PLUGGED_IN)
    assert 28 <= asked_in_an_hour() <= 31
    told.hears("Anna", NewsKind.MONTH)
    assert asked_in_an_hour() <= 1
    told.hears("Anna", NewsKind.FINISHED)
    charger.plug_in_and_charge(battery_kwh=500)
    told.people.ben.get(page(charger))
    assert 55 <= asked_in_an_hour() <= 61
