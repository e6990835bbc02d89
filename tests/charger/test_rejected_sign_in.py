"""A rejected sign-in stops all further tries, in every process, until an owner or a new setting says otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection

from dashboard.charger.account import Account
from dashboard.household import actor
from dashboard.household.members import Member
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    alerts,
    house_of,
    page,
    pass_time,
    press,
    receipt,
    situation_of,
    tick,
    words_of,
)

pytestmark = pytest.mark.one_database

REJECTED = "Zaptec does not accept the account’s name and password"


@pytest.fixture
def rejected(household: Household, charger: SimulatedCharger, cloud: Cloud) -> SimulatedCharger:
    """The password is no longer right, and Zaptec has said so once."""
    cloud.reject_sign_in()
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    assert cloud.asked("token") == 1
    return charger


def signed_in(browser: FlaskClient, app: object) -> FlaskClient:
    cookie = browser.get_cookie("household")
    assert cookie is not None
    copy: FlaskClient = app.test_client()  # type: ignore[attr-defined]
    copy.set_cookie("household", cookie.value)
    return copy


def try_again(browser: FlaskClient) -> str:
    return words_of(browser.post("/more/try-again", follow_redirects=True))


def test_everybody_is_told_and_owners_are_shown_the_way(household: Household, rejected: SimulatedCharger) -> None:
    for browser in (household.ben, household.carla):
        assert f"{REJECTED}. It is not tried again by itself. Whoever runs the dashboard" in alerts(
            browser.get(page(rejected))
        )
    answer = household.anna.get(page(rejected))
    assert REJECTED in alerts(answer)
    assert 'href="/more"' in answer.text
    assert situation_of(answer) == "charging"  # the last known
    assert "Try again" in words_of(household.anna.get("/more"))
    assert "Try again" not in words_of(household.ben.get("/more"))


@pytest.mark.both_databases
def test_nobody_tries_again_for_hours(household: Household, rejected: SimulatedCharger, cloud: Cloud) -> None:
    for _ in range(48):
        household.clock.advance(seconds=300)
        tick(household.app)
        household.anna.get(page(rejected))
    answer = press(household.anna, rejected, "pause")
    assert f"Refused: {REJECTED}" in receipt(answer)
    assert cloud.asked("token") == 1


def test_neither_does_another_process_nor_one_after_a_restart(
    household: Household, rejected: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    for _ in range(3):
        other = make_app(settings)
        household.clock.advance(seconds=4000)
        tick(other)
        anna = signed_in(household.anna, other)
        anna.get(page(rejected))
        assert f"Refused: {REJECTED}" in receipt(press(anna, rejected, "pause"))
    assert cloud.asked("token") == 1


@pytest.mark.both_databases
def test_an_owner_tries_again_and_it_heals_in_every_process(
    household: Household, rejected: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    other = make_app(settings)
    cloud.accept_sign_in()
    assert "Zaptec has accepted the sign-in." in try_again(household.anna)
    for browser in (household.anna, signed_in(household.anna, other)):
        answer = browser.get(page(rejected))
        assert REJECTED not in words_of(answer)
        assert "This news is" not in words_of(answer)
    assert "accepted" in receipt(press(signed_in(household.anna, other), rejected, "pause"))


def test_trying_again_in_vain_asks_once(household: Household, rejected: SimulatedCharger, cloud: Cloud) -> None:
    assert f"{REJECTED}." in try_again(household.anna)
    household.clock.advance(seconds=4000)
    household.anna.get(page(rejected))
    assert cloud.asked("token") == 2


def test_only_owners_try_again(household: Household, rejected: SimulatedCharger, cloud: Cloud) -> None:
    for browser in (household.ben, household.carla):
        assert browser.post("/more/try-again").status_code == 403
    assert cloud.asked("token") == 1


def test_whether_an_owner_still_is_one_is_asked_in_the_transaction_that_forgets_the_rejection(
    household: Household, rejected: SimulatedCharger, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Demoted the moment after they were asked: in a transaction of its own that would come too late."""
    confirm = actor.confirm

    def note_where(connection: Connection) -> Member:
        asked_in.append(connection)
        return confirm(connection)

    asked_in: list[Connection] = []
    monkeypatch.setattr(actor, "confirm", note_where)
    monkeypatch.setattr(Account, "try_again", lambda _account, connection: asked_in.append(connection))
    try_again(household.anna)
    assert asked_in[0] is asked_in[1]


def test_a_new_password_heals_at_once(
    household: Household, rejected: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    cloud.heal()
    cloud.accounts[0].password = "a new one"
    app = make_app(replace(settings, zaptec_password="a new one"))
    household.clock.advance(seconds=61)
    tick(app)
    anna = signed_in(household.anna, app)
    anna.get(page(rejected))
    answer = anna.get(page(rejected))
    assert REJECTED not in words_of(answer)
    assert "Try again" not in words_of(anna.get("/more"))
    assert "accepted" in receipt(press(anna, rejected, "pause"))


def test_a_wrong_password_from_the_start_is_said_on_the_page_and_in_the_log_at_each_start(
    household: Household,
    cloud: Cloud,
    make_app: MakeApp,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _start in range(2):
        caplog.clear()
        app = make_app(replace(settings, zaptec_password="wrong"))
        tick(app)
        assert f"{REJECTED}. It is not tried again by itself." in caplog.text
    anna = signed_in(household.anna, app)
    answer = anna.get("/")
    assert REJECTED in words_of(answer)
    for _ in range(20):
        household.clock.advance(seconds=600)
        tick(app)
        anna.get("/")
    assert cloud.asked("token") == 1
    assert "wrong" not in answer.text


def test_the_memory_holds_neither_name_nor_password(household: Household, rejected: SimulatedCharger) -> None:
    from sqlalchemy import select

    from dashboard.charger.tables import account

    with household.database.reading() as connection:
        kept = connection.execute(select(account.c.rejected_key)).scalar()
    settings = house_of(household.app).settings
    assert len(kept) == 64
    assert settings.zaptec_password not in kept


def test_a_sign_in_that_only_fails_for_now_is_not_a_rejection(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.expire_tokens()
    cloud.fail_next(times=10, status=503, path_contains="oauth")
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    cloud.heal()
    pass_time(household, 70)
    household.anna.get(page(charger))
    answer = household.anna.get(page(charger))
    assert REJECTED not in words_of(answer)
    assert "This news is" not in words_of(answer)
