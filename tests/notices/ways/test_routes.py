"""What a browser gets before it is added."""

from __future__ import annotations

from dashboard.notices import ways
from dashboard.services import Services
from tests.conftest import Household


def test_whoever_is_signed_in_gets_the_key_that_a_browser_subscribes_with(household: Household) -> None:
    services: Services = household.app.extensions["services"]
    keys = {person.post("/account/notices/push-key").text for person in (household.anna, household.carla)}
    assert keys == {ways.push_key(services)}
    answer = household.stranger.post("/account/notices/push-key")
    assert answer.status_code == 303 and answer.location.startswith("/login")


def test_looking_makes_no_key(household: Household) -> None:
    answer = household.anna.get("/account/notices/push-key")
    assert (answer.status_code, answer.location) == (302, "/account#being-told")
