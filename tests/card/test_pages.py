"""What stands on the charger's page: names, roles, faults, and odd readings."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    act,
    alerts,
    card_of,
    in_words,
    page,
    pass_time,
    press,
    rows,
    sentence,
    since,
    situation_of,
    tick,
    why,
    words_of,
)


def look(household: Household, charger: SimulatedCharger, seconds: int = 61) -> None:
    household.clock.advance(seconds=seconds)
    household.anna.get(page(charger))


def test_with_one_charger_the_first_page_is_its_page(household: Household, charger: SimulatedCharger) -> None:
    answer = household.anna.get("/")
    assert answer.text.count("<article") == 1
    assert f'id="charger-{charger.id}"' in answer.text
    assert sentence(answer) == "Charging with 10.9 kW"


def test_sensors_are_not_shown(household: Household, cloud: Cloud) -> None:
    tick(household.app)
    assert "Meter" not in words_of(household.anna.get("/"))
    for sensor in cloud.sensors:
        assert household.anna.get(f"/chargers/{sensor.id}").status_code == 404


def test_a_name_is_never_markup(household: Household, cloud: Cloud, charger: SimulatedCharger) -> None:
    charger.name = "<script>alert(1)</script>"
    charger.set_value(802, "<b onclick=x>")
    household.clock.advance(seconds=3600)
    household.anna.get("/")
    for address in ("/", page(charger), "/pause", page(charger, "restart"), page(charger, "observations")):
        text = household.anna.get(address).text
        assert "<script>alert" not in text
        assert "<b onclick" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_mode_nobody_knows_is_something_new(household: Household, charger: SimulatedCharger) -> None:
    charger.set_value(710, "42")
    look(household, charger)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "unknown"
    assert sentence(answer) == "The charger reports something new"
    assert "<button" not in act(answer)


@pytest.mark.parametrize("text", ["<script>", "", None, "NaN", "1e999", "x" * 5000])
def test_an_odd_value_breaks_nothing(household: Household, charger: SimulatedCharger, text: str | None) -> None:
    for number in (710, 718, 513, 553, 702, 721, 763, 804, 519, 714, 809, 911, 554, 708, 100, 151):
        charger.set_value(number, text)
        look(household, charger, 16)
        for address in (page(charger), page(charger, "observations"), page(charger, "observations.txt"), "/pause"):
            answer = household.carla.get(address)
            assert answer.status_code == 200, (number, address)
            assert answer.mimetype == "text/plain" or "<script>" not in answer.text


@pytest.mark.parametrize(
    ("energy_kwh", "minutes", "said"),
    [
        ("0.0", 5, "Charging, but no power flows yet"),
        ("14.2", 5, "Charging, but hardly any power flows any more"),
        ("14.2", 0, "Charging, but no power flows yet"),  # after a pause
    ],
)
def test_a_charge_without_power_says_whether_it_begins_or_ends(
    household: Household, charger: SimulatedCharger, energy_kwh: str, minutes: int, said: str
) -> None:
    entries = [dict(one) for one in charger.state()]
    for number, text in ((513, "3.2"), (553, energy_kwh)):
        next(entry for entry in entries if entry["StateId"] == number)["ValueAsString"] = text
    began = household.clock.now() - timedelta(minutes=minutes)
    next(entry for entry in entries if entry["StateId"] == 710)["Timestamp"] = began.isoformat()
    charger.serve_recording(entries)
    look(household, charger)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "charging"
    assert sentence(answer) == said


def test_the_reasons_behind_a_sentence_are_sentences(household: Household, charger: SimulatedCharger) -> None:
    told = why(household.anna.get(page(charger)))
    assert "The charger says: charging." in told
    assert re.search(r"10\.\d kW flow into the car\. told \d+ min ago", told)
    assert "710" not in told and "513" not in told


def test_a_question_says_to_open_it_again_rather_than_to_wait_for_it(
    household: Household, charger: SimulatedCharger
) -> None:
    press(household.anna, charger, "pause")
    answer = household.anna.get(page(charger, "restart"))
    assert "Wait a moment, then open this page again." in words_of(answer)


def test_viewers_are_told_whom_to_ask(household: Household, charger: SimulatedCharger) -> None:
    for address in (page(charger), "/pause", page(charger, "pause")):
        answer = household.carla.get(address)
        assert "Ask Anna for control." in in_words(act(answer))
        assert "<button" not in card_of(answer)
    assert "Ask Anna" not in household.ben.get(page(charger)).text


def test_owners_are_offered_what_members_are_not(household: Household, charger: SimulatedCharger) -> None:
    for action in ("deauthorize", "restart"):
        address = f'href="{page(charger, action)}"'
        assert address in household.anna.get(page(charger)).text
        assert address not in household.ben.get(page(charger)).text


def test_an_account_with_the_user_role_only_is_told_so(household: Household, cloud: Cloud) -> None:
    cloud.take_role_away()
    cloud.charger.plug_in_and_charge()
    cloud.clock.advance(seconds=60)
    tick(household.app)
    answer = household.anna.get(page(cloud.charger))
    assert situation_of(answer) == "no_access"
    assert "Zaptec does not let this account see or control the charger" in act(answer)
    assert "The charger says: charging." in why(answer)  # as the list says
    assert "Zaptec does not let this account" in words_of(press(household.anna, cloud.charger, "pause"))
    assert cloud.asked("command") == 0


def test_an_id_that_is_not_there_is_said(household: Household, cloud: Cloud, make_app: object) -> None:
    from dataclasses import replace

    from tests.one_charger import house_of

    missing = "99999999-2222-4333-8444-999999999999"
    app = make_app(replace(house_of(household.app).settings, charger_ids=(missing,)))  # type: ignore[operator]
    tick(app)
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    anna = app.test_client()
    anna.set_cookie("household", cookie.value)
    for address in ("/", "/pause"):
        words = words_of(anna.get(address))
        assert "No charger that ZAPTEC_CHARGER_ID names is in the account at Zaptec." in words


def test_an_account_without_chargers_is_said(household: Household, cloud: Cloud) -> None:
    cloud.chargers = []
    tick(household.app)
    assert "Zaptec lists no charger for this account." in words_of(household.anna.get("/"))


def test_a_dangerous_fault_takes_the_buttons_place(household: Household, charger: SimulatedCharger) -> None:
    press(household.anna, charger, "pause")
    pass_time(household, 10)
    charger.warn(1 << 21)  # a relay that does not open
    look(household, charger)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "paused"
    assert "The charger reports a dangerous fault" in alerts(answer)
    for address in (page(charger), "/resume"):
        assert "<button" not in act(household.anna.get(address))
        assert "Stop using it, unplug the car" in in_words(act(household.anna.get(address)))
    assert "The charger reports a dangerous fault." in words_of(press(household.anna, charger, "resume"))
    assert charger.commands == [506]


def test_a_warning_nobody_knows_is_told_quietly(household: Household, charger: SimulatedCharger) -> None:
    charger.warn(2**33)
    household.clock.advance(seconds=60)
    household.anna.get(page(charger))
    told = words_of(household.anna.get(page(charger)))
    assert "The charger reports a warning this page does not know." in told
    assert "33" not in alerts(household.anna.get(page(charger)))


def test_offline_is_said_with_the_last_known_situation(household: Household, charger: SimulatedCharger) -> None:
    charger.go_offline()
    look(household, charger)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "offline"
    assert sentence(answer) == "Offline. It was charging at 18:01 and probably goes on."
    assert in_words(act(answer)) == "No command reaches it Check its power and its network."
    assert words_of(answer).lower().count("offline") == 2  # in the title as well
    assert (alerts(answer), since(answer)) == ("", "")


def test_looking_at_anything_leaves_no_trace(household: Household, charger: SimulatedCharger) -> None:
    for address in ("/", page(charger), "/pause", "/resume", page(charger, "restart"), "/more", "/activity"):
        household.anna.get(address)
    assert rows(household) == []
