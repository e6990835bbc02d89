"""What is moved on `/demo` shows on the charger's page at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from dashboard import leases
from dashboard.charger import freshness, snapshots
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import Household, MakeApp, alerts, page, situation_of, words_of

REJECTED = "Zaptec does not accept the account’s name and password"


@pytest.fixture
def visitor(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> FlaskClient:
    """Anna in the demo, whose cloud repeats what it says for 15 s as the real one does."""
    cloud.state_cache_s = 15
    browser = make_app(replace(settings, is_demo=True)).test_client()
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    browser.set_cookie("demo", cookie.value)
    move(browser, "heal")  # and so signs in at Zaptec, for a day
    return browser


def move(visitor: FlaskClient, name: str) -> None:
    assert "Done:" in words_of(visitor.post("/demo", data={"move": name}, follow_redirects=True))


def test_a_move_shows_when_one_goes_back_to_the_charger(visitor: FlaskClient, charger: SimulatedCharger) -> None:
    assert situation_of(visitor.get(page(charger))) == "charging"
    for verb, situation in (
        ("unplug", "disconnected"),
        ("plug_in_and_charge", "charging"),
        ("go_offline", "offline"),
    ):
        charger.clock.advance(seconds=1)
        move(visitor, verb)
        assert situation_of(visitor.get(page(charger))) == situation


def test_a_refused_sign_in_shows_although_a_token_lives_a_day(
    visitor: FlaskClient, charger: SimulatedCharger
) -> None:
    move(visitor, "reject_sign_in")
    assert REJECTED in alerts(visitor.get(page(charger)))
    move(visitor, "heal")
    answer = visitor.get(page(charger))
    assert REJECTED not in alerts(answer) and situation_of(answer) == "charging"


def test_trouble_in_the_cloud_shows_too(visitor: FlaskClient, charger: SimulatedCharger) -> None:
    move(visitor, "go_down")
    move(visitor, "unplug")
    assert situation_of(visitor.get(page(charger))) == "charging"  # the last known
    move(visitor, "heal")
    assert situation_of(visitor.get(page(charger))) == "disconnected"


def test_a_move_while_zaptec_is_being_asked_shows_when_that_is_over(
    visitor: FlaskClient, charger: SimulatedCharger
) -> None:
    services = visitor.application.extensions["services"]
    with services.database.writing() as connection:
        leases.take(connection, charger.id, "another process", charger.clock.now(), freshness.LEASE)
    services.sleep = lambda seconds: snapshots.release(services, "another process")
    move(visitor, "unplug")
    assert situation_of(visitor.get(page(charger))) == "disconnected"
