"""What no charger tells: the evening, the first of the month, and what only owners can mend."""

from __future__ import annotations

import pytest

from dashboard import doors
from dashboard.history import spot_needs
from dashboard.news import NewsKind
from dashboard.tariff.sources.table import SOURCES
from dashboard.tariff.spot_prices import PriceArea
from simulator import Cloud, SimulatedCharger
from tests.notices.conftest import Told
from tests.one_charger import page

pytestmark = pytest.mark.one_database


@pytest.fixture
def anna(told: Told, charger: SimulatedCharger) -> Told:
    """No car is there; Anna hears everything, in her own evening at 18:30."""
    charger.unplug()
    told.add_way("Anna", "phone")
    told.hears("Anna", *NewsKind, tell_at=18 * 60 + 30)
    told.people.anna.get(page(charger))
    told.pass_time(minutes=3)
    told.carrier.arrived.clear()
    return told


def plan(told: Told, charger: SimulatedCharger) -> None:
    form = {"charger": charger.id, "rows": "1", "from-0": "23:00", "to-0": "06:00", "days-0": list("0123456")}
    told.people.ben.post("/plan", data=form | {"on": "yes", "do": "save"})


def test_in_the_evening_before_a_plan_it_is_told_that_no_car_is_there(
    anna: Told, charger: SimulatedCharger
) -> None:
    plan(anna, charger)
    anna.pass_time(minutes=20, step=60)
    assert anna.carrier.arrived == []
    anna.pass_time(minutes=60, step=60)
    [(_to, message)] = anna.carrier.arrived
    assert message.title == "No car is plugged in"
    assert "Charging is planned at 23:00." in message.body


@pytest.mark.parametrize("why_not", ["nothing is planned", "a car is there"])
def test_else_the_evening_is_quiet(anna: Told, charger: SimulatedCharger, why_not: str) -> None:
    if why_not == "a car is there":
        plan(anna, charger)
        charger.plug_in()
    anna.pass_time(minutes=50, step=60)
    assert "No car is plugged in" not in anna.carrier.titles("phone")


def test_owners_hear_that_zaptec_refuses_the_sign_in_once_for_each_time(
    anna: Told, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.reject_sign_in()
    cloud.expire_tokens()
    anna.pass_time(minutes=30, step=60)
    [(_to, message)] = anna.carrier.arrived
    assert message.title == "Zaptec refuses the sign-in"
    assert "Zaptec does not accept the account’s name and password." in message.body
    assert "/more?told=" in message.link


def test_owners_hear_of_a_clock_that_is_wrong(anna: Told, cloud: Cloud) -> None:
    cloud.skew_clock(600)
    anna.pass_time(hours=2, step=300)
    assert "The dashboard’s clock is wrong" in anna.carrier.titles("phone")


def test_owners_hear_of_a_new_device_of_an_owner(anna: Told) -> None:
    anna.people.sign_in("Anna")
    anna.people.sign_in("Ben")
    anna.tick()
    [(_to, message)] = anna.carrier.arrived
    assert message.title == "A new device" and "Anna signed in on a new device" in message.body


def test_owners_hear_of_a_price_source_that_fails_for_a_day(anna: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    area = PriceArea(SOURCES[1].host, SOURCES[1].areas[0])
    monkeypatch.setattr(spot_needs, "areas", lambda *_some: [area])
    with anna.people.database.writing() as connection:
        now = anna.people.clock.now()
        doors.switch(connection, area.source, True, now, "Anna")
        doors.note_failure(connection, area.source, "timed_out", now, None)
    anna.services.clock.jobs = [job for job in anna.services.clock.jobs if job.name == "notices"]
    anna.pass_time(hours=23, step=1800)
    assert "A price source fails" not in anna.carrier.titles("phone")
    anna.pass_time(hours=2, step=1800)
    message = next(message for _to, message in anna.carrier.arrived if message.title == "A price source fails")
    assert f"{area.source} has not answered for a day." in message.body and "/doors?told=" in message.link


def test_on_the_first_of_the_month_the_month_is_summed_up(anna: Told, charger: SimulatedCharger) -> None:
    anna.services.clock.jobs = [job for job in anna.services.clock.jobs if job.name == "notices"]
    while anna.people.clock.now().month == 11:
        anna.people.clock.advance(seconds=6 * 3600)
    anna.pass_time(hours=12, step=3600)
    [message] = [message for _to, message in anna.carrier.arrived if "what was charged" in message.title]
    assert message.title == "November 2026: what was charged"
    assert message.body.startswith("In total: 0.2 kWh.")
    assert "/history/statement?month=2026-11&told=" in message.link
