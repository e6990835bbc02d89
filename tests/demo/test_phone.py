"""The demo's phone: what would have been pushed, without https and without anybody outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.conftest import words_of
from tests.one_charger import Household, page, pass_time, press


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, is_demo=True)


def test_the_phone_shows_what_its_owner_is_told_and_leads_to_the_page(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    anna, carla = household.anna, household.carla
    form = {"kind": "pretend", "address": "", "next": "/demo"}
    assert anna.post("/account/notices/ways", data=form).location == "/demo"
    assert "Nothing yet." in words_of(anna.get("/demo")) and "Have it told" in words_of(carla.get("/demo"))
    assert "the demo’s phone" in words_of(anna.get("/account"))
    cloud.lose_commands()
    press(anna, charger, "pause")
    pass_time(household, 90, step=5)
    shown = anna.get("/demo")
    assert "The pause did not get through" in words_of(shown)
    assert f'href="{page(charger, "pause")}?told=' in shown.text
    assert "The pause did not get through" not in words_of(carla.get("/demo"))
    assert 'data-way="pretend" data-stage="handed_over"' in anna.get("/account").text
    assert "pretend" not in words_of(anna.get("/doors"))
    anna.post("/account/notices", data={"hear": ["plugged_in"]})
    charger.unplug()
    pass_time(household, 180, step=30)
    charger.plug_in_and_charge()
    pass_time(household, 180, step=30)
    shown = anna.get("/demo")
    assert "A car was plugged in" in words_of(shown) and "Charge now · Tonight" in words_of(shown)
    assert f'href="{page(charger, "resume")}?told=' in shown.text
