"""A lasting refusal of the sign-in that is not about name and password: once an hour, and the owner is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import Household, MakeApp, alerts, house_of, page, tick, words_of
from zaptec.errors import SignInEnded

pytestmark = pytest.mark.one_database

ENDED = "Zaptec no longer lets this dashboard sign in the way it does"
REFUSALS = [
    (400, '{"error": "unsupported_grant_type"}'),
    (400, '{"error": "invalid_client"}'),
    (401, ""),
    (403, "<html>no</html>"),
    (404, ""),
    (410, ""),
]


def let_an_hour_pass(household: Household, charger: SimulatedCharger) -> None:
    for _ in range(12):
        household.clock.advance(seconds=300)
        tick(household.app)
        household.anna.get(page(charger))


@pytest.mark.parametrize(("status", "body"), REFUSALS)
def test_it_is_tried_once_an_hour_and_everybody_is_told_what_helps(
    household: Household, charger: SimulatedCharger, cloud: Cloud, status: int, body: str
) -> None:
    cloud.answer_sign_in(status, body)
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    before = cloud.asked("token")
    let_an_hour_pass(household, charger)
    assert cloud.asked("token") - before <= 1
    for browser in (household.anna, household.carla):
        said = alerts(browser.get(page(charger)))
        assert f"{ENDED}. It is tried again once an hour." in said
        assert "ZAPTEC_SCOPE=openid" in said
        assert "keeps trying by itself" not in said
    assert ENDED in words_of(household.anna.get("/more"))
    let_an_hour_pass(household, charger)
    assert 1 <= cloud.asked("token") - before <= 2


def test_another_process_and_a_restart_keep_to_the_hour(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp
) -> None:
    cloud.withdraw_password_grant()
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    before = cloud.asked("token")
    other = make_app(house_of(household.app).settings)
    for _ in range(5):
        household.clock.advance(seconds=300)
        tick(other)
    assert cloud.asked("token") == before


def test_two_processes_share_the_one_try_of_an_hour(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp
) -> None:
    cloud.withdraw_password_grant()
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    before = cloud.asked("token")
    house = house_of(household.app)
    other = house_of(make_app(house.settings))
    household.clock.advance(seconds=3601)
    seen_by_both = house.account._refusal()  # type: ignore[attr-defined]
    for services in (house, other):
        services.account._refusal = lambda: seen_by_both  # type: ignore[attr-defined]
        with pytest.raises(SignInEnded):
            services.account.client.login.token()
    assert cloud.asked("token") == before + 1


@pytest.mark.parametrize("refusal", ["rejected", "ended"])
def test_another_scope_in_the_settings_is_tried_at_once(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, refusal: str
) -> None:
    """Some accounts without the scope they need are told that name and password are wrong."""
    if refusal == "rejected":
        cloud.reject_sign_in()
    else:
        cloud.withdraw_password_grant()
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    cloud.accept_sign_in()
    tick(household.app)
    assert "ZAPTEC_SCOPE" in alerts(household.anna.get(page(charger)))
    restarted = make_app(replace(house_of(household.app).settings, zaptec_scope="openid"))
    tick(restarted)
    assert "ZAPTEC_SCOPE" not in alerts(household.anna.get(page(charger)))


def test_it_heals_by_itself_when_zaptec_lets_us_in_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.withdraw_password_grant()
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    assert ENDED in alerts(household.anna.get(page(charger)))
    cloud.accept_sign_in()
    let_an_hour_pass(household, charger)
    household.anna.get(page(charger))
    assert ENDED not in alerts(household.anna.get(page(charger)))


def test_the_scope_that_an_account_needs_is_sent(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    cloud.require_scope("openid")
    cloud.expire_tokens()
    app = make_app(replace(settings, zaptec_scope="openid"))
    household.clock.advance(seconds=3700)
    tick(app)
    assert house_of(app).account.client.chargers()
