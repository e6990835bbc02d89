"""Bad weather on the way to Zaptec: what the page says, when it asks again, and how it heals by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    act,
    alerts,
    house_of,
    htmx,
    page,
    pass_time,
    press,
    receipt,
    seen,
    sentence,
    situation_of,
    tick,
    words_of,
)

pytestmark = pytest.mark.one_database


@dataclass(frozen=True)
class Weather:
    """One kind of trouble.

    Attributes:
        words: what it is called on the page.
        tries: how many requests a question takes in it.
        at_sign_in: what it is called where it meets the sign-in already; empty for the same.
    """

    begin: Callable[[Cloud], None]
    words: str
    tries: int = 3
    at_sign_in: str = ""

    def __str__(self) -> str:
        return self.words


def fails(status: int, body: str = "", **more: int) -> Callable[[Cloud], None]:
    return lambda cloud: cloud.fail_next(times=10_000, status=status, body=body, **more)


TROUBLE = "Zaptec has trouble and cannot answer"
KINDS = {
    "429": Weather(fails(429), "Zaptec asks us to wait"),
    "500 without a body": Weather(fails(500), TROUBLE),
    "500 with a body": Weather(fails(500, '{"Code":500,"Details":null,"StackTrace":"at X"}'), TROUBLE),
    "502": Weather(fails(502, "<html>Bad gateway</html>"), TROUBLE),
    "503": Weather(lambda cloud: cloud.go_down(503), TROUBLE),
    "504": Weather(lambda cloud: cloud.go_down(504), TROUBLE),
    "reset": Weather(lambda cloud: cloud.reset_connections(), "Zaptec cannot be reached"),
    "nobody there": Weather(lambda cloud: cloud.refuse_connections(), "Zaptec cannot be reached", 0),
    "html": Weather(lambda cloud: cloud.answer_html(), "Zaptec’s answer could not be understood", 1),
    "half a json": Weather(lambda cloud: cloud.answer_half_json(), "Zaptec’s answer could not be understood", 1),
    "an empty list": Weather(fails(200, "[]"), "Zaptec’s answer could not be understood", 1),
    "a redirect": Weather(
        fails(302),
        "Zaptec’s answer could not be understood",
        1,
        at_sign_in="Zaptec no longer lets this dashboard sign in the way it does",
    ),
}
in_each_weather = pytest.mark.parametrize("kind", KINDS)


@in_each_weather
def test_the_last_known_state_stays_with_its_age_and_heals(
    household: Household, charger: SimulatedCharger, cloud: Cloud, kind: str
) -> None:
    weather = KINDS[kind]
    weather.begin(cloud)
    household.clock.advance(seconds=20)
    answer = household.anna.get(page(charger))
    assert answer.status_code == 200
    assert situation_of(answer) == "charging"
    assert sentence(answer) == "Charging with 10.9 kW"
    assert weather.words not in answer.text  # once may be chance
    household.clock.advance(seconds=6)
    answer = household.anna.get(page(charger))
    assert weather.words in alerts(answer)
    assert "This page keeps trying by itself." in alerts(answer)
    assert cloud.asked("state") == 2 * weather.tries
    assert "StackTrace" not in answer.text
    assert "at X" not in answer.text
    cloud.heal()
    household.clock.advance(seconds=15)
    answer = household.anna.get(page(charger))
    assert weather.words not in answer.text
    assert "as of <time" in answer.text


def test_of_news_too_old_to_act_on_it_says_why_there_is_none_newer(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.rate_limit(1800)  # so that nobody asks a second time
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    household.clock.advance(seconds=100)
    answer = household.anna.get(page(charger))
    assert sentence(answer).startswith("Was charging")
    assert "Zaptec asks us to wait" in alerts(answer)


@in_each_weather
def test_without_a_first_state_the_reason_stands_where_the_button_would_be(
    household: Household, cloud: Cloud, kind: str
) -> None:
    tick(household.app)
    weather = KINDS[kind]
    weather.begin(cloud)
    answer = household.anna.get(page(cloud.charger))
    assert situation_of(answer) == "no_data"
    assert sentence(answer) == "Nothing known about this charger yet"
    assert weather.words in act(answer)
    assert "<button" not in act(answer)


@pytest.mark.both_databases
@in_each_weather
def test_at_the_start_it_says_why_there_is_no_charger_yet(household: Household, cloud: Cloud, kind: str) -> None:
    weather = KINDS[kind]
    weather.begin(cloud)
    tick(household.app)
    answer = household.anna.get("/")
    assert answer.status_code == 200
    assert (weather.at_sign_in or weather.words) in words_of(answer)
    asked = len(cloud.requests)
    pass_time(household, 55, step=5)
    household.anna.get("/")
    assert len(cloud.requests) == asked
    cloud.heal()
    # What ends a way of signing in is tried again once an hour.
    household.clock.advance(seconds=4000 if weather.at_sign_in else 12)
    household.anna.get("/")
    assert "Carport" in words_of(household.anna.get("/"))


@pytest.mark.both_databases
def test_it_asks_less_and_less_often(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    """After 5, 10, 20, 40, then every 60 s, each up to a tenth later."""
    cloud.answer_html()
    started = household.clock.now()
    address = seen(household.anna.get(page(charger)))
    for _ in range(420):
        household.clock.advance(seconds=1)
        answer = htmx(household.anna, address)
        address = seen(answer) if answer.status_code == 200 else address
    moments = [(one.at - started).total_seconds() for one in cloud.requests]
    waits = [b - a for a, b in pairwise(moments)]
    assert moments[0] == 15
    for wait, planned in zip(waits, (5, 10, 20, 40, 60, 60, 60), strict=False):
        assert planned <= wait <= planned * 1.1 + 1


@pytest.mark.parametrize("retry_after", [30, 300, 1800])
def test_zaptecs_own_wish_to_be_left_alone_is_respected(
    household: Household, charger: SimulatedCharger, cloud: Cloud, retry_after: int
) -> None:
    cloud.rate_limit(retry_after)
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    asked = cloud.asked("state")
    assert asked == 1  # not even the client tries again
    household.clock.advance(seconds=retry_after - 1)
    household.anna.get(page(charger))
    assert cloud.asked("state") == asked
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec asks us to wait." in receipt(answer)
    assert cloud.asked("state") == asked  # by a press neither
    cloud.heal()
    household.clock.advance(seconds=retry_after // 10 + 2)
    household.anna.get(page(charger))
    assert cloud.asked("state") == asked + 1


def test_a_press_does_not_wait_for_the_back_off(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.go_down()
    for _ in range(60):
        household.clock.advance(seconds=5)
        household.anna.get(page(charger))
    cloud.heal()
    assert "accepted" in receipt(press(household.anna, charger, "pause"))


def test_a_time_out_is_called_one(
    household: Household, charger: SimulatedCharger, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = house_of(household.app).account.client._requester.transport
    monkeypatch.setattr(transport, "timeout_s", 0.05)
    cloud.be_slow(60)
    household.clock.advance(seconds=20)
    answer = press(household.anna, charger, "pause")
    assert "Refused: Zaptec did not answer in time." in receipt(answer)
    assert charger.commands == []


def test_a_name_that_does_not_resolve_is_said(
    household: Household, charger: SimulatedCharger, make_app: MakeApp, settings: Settings
) -> None:
    other = make_app(replace(settings, zaptec_api_url="https://zaptec.invalid"))
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    anna = other.test_client()
    anna.set_cookie("household", cookie.value)
    household.clock.advance(seconds=20)
    assert "Refused: Zaptec cannot be reached." in receipt(press(anna, charger, "pause"))


def test_an_expired_token_is_nobodys_concern(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    cloud.expire_tokens()
    household.clock.advance(seconds=20)
    answer = household.anna.get(page(charger))
    assert "as of <time" in answer.text
    assert alerts(answer) == ""
    assert [one.status for one in cloud.requests] == [401, 200, 200]


def test_a_role_that_is_too_low_is_said_and_tried_every_two_minutes_while_somebody_looks(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.take_role_away()
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "no_access"
    assert "<button" not in act(answer)
    assert "Ask whoever owns the charger for owner or service rights." in act(answer)
    asked = cloud.asked("state")
    for _ in range(60):
        household.clock.advance(seconds=10)
        household.anna.get(page(charger))
    assert cloud.asked("state") == asked + 5
    cloud.give_role()
    household.clock.advance(seconds=120)
    assert situation_of(household.anna.get(page(charger))) == "charging"


@pytest.mark.both_databases
def test_a_charger_that_left_the_account_says_so_without_buttons(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    kept = charger
    cloud.chargers = [cloud.add_charger("Another")]
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))  # 404, so that the list is wanted again
    household.anna.get(page(charger))  # and read
    answer = household.anna.get(page(charger))
    assert words_of(answer).count("no longer in the account") == 1
    assert "no longer in the account" in act(answer)
    assert "<button" not in act(answer)
    assert all(f"{page(charger)}/{action}" not in answer.text for action in ("pause", "resume", "restart"))
    assert "no longer in the account" in words_of(press(household.anna, charger, "pause"))
    assert cloud.asked("command") == 0
    cloud.chargers.append(kept)
    household.clock.advance(seconds=3600)
    household.anna.get(page(charger))
    assert situation_of(household.anna.get(page(charger))) == "charging"


def test_a_clock_that_is_wrong_is_told_to_owners(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    said = "This computer’s clock is 1"
    for skew_s, is_said in ((0, False), (25, False), (120, True), (28, False)):
        cloud.skew_clock(skew_s)
        household.clock.advance(seconds=61)
        tick(household.app)
        household.anna.get(page(charger))
        assert (said in words_of(household.anna.get(page(charger)))) is is_said
        assert said not in words_of(household.carla.get(page(charger)))
