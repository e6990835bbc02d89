"""Everything else, by Apprise: who may enter what, and that it keeps within our limits."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest

from dashboard.notices import ways
from dashboard.notices.message import Outcome, Result, WayKind
from dashboard.notices.ways import another
from tests.notices.fake_house import FakeHouse
from tests.notices.ways.conftest import LINK, SAID, Sender

ANOTHER = WayKind.ANOTHER
KEY = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"


@pytest.fixture
def address(sender: Sender, house: FakeHouse, secrets_of: list[str]) -> str:
    secrets_of += [KEY, house.url]
    typed = f"json://127.0.0.1:{house.port}/{KEY}?redirect=yes&retry=3&cto=90&rto=90"
    return sender.parse(ANOTHER, typed, is_owner=True)


def test_apprise_says_it_where_the_address_wants(sender: Sender, house: FakeHouse, address: str) -> None:
    assert sender.send(ANOTHER, address, body=SAID + " {{ title }} \\n :smile:") == Outcome(Result.HANDED_OVER)
    [posted] = house.posted
    assert posted.path == f"/{KEY}"
    said = json.loads(posted.body)
    assert said["title"] == "Carport"
    assert said["message"] == SAID + " {{ title }} \\n :smile:\n" + LINK  # nothing in it means anything


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, Outcome(Result.FAILED, "redirected")),
        (404, Outcome(Result.FAILED, "refused")),
        (413, Outcome(Result.FAILED, "too_large")),
        (429, Outcome(Result.TRY_LATER, "rate_limited")),
        (500, Outcome(Result.TRY_LATER, "service_trouble")),
    ],
)
def test_each_answer_has_its_outcome_whatever_the_address_asks_for(
    sender: Sender, house: FakeHouse, address: str, status: int, outcome: Outcome
) -> None:
    house.answer_with(status, Location=house.url + "/elsewhere")
    assert sender.send(ANOTHER, address) == outcome
    assert len(house.posted) == 1


def test_a_lost_answer_is_the_end_of_it_as_nothing_replaces_the_first(
    sender: Sender, house: FakeHouse, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(another, "READ_S", 0.2)
    house.keep_silent()
    assert sender.send(ANOTHER, address) == Outcome(Result.FAILED, "no_answer")
    house.reset()
    assert sender.send(ANOTHER, address) == Outcome(Result.FAILED, "no_answer")
    assert not ways.can_replace(ANOTHER)


def test_a_house_that_is_away_is_asked_again_later(sender: Sender) -> None:
    with FakeHouse() as gone:
        address = sender.parse(ANOTHER, f"json://127.0.0.1:{gone.port}/x", is_owner=True)
    assert sender.send(ANOTHER, address) == Outcome(Result.TRY_LATER, "unreachable")


def test_a_member_may_enter_pushover_and_nothing_that_could_reach_into_the_house(sender: Sender) -> None:
    user, app = "u" * 30, "a" * 30
    assert sender.parse(ANOTHER, f"pover://{user}@{app}") == f"pover://{user}@{app}"
    assert ways.host(ANOTHER, f"pover://{user}@{app}", sender.services) == "api.pushover.net"
    assert sender.refusal(ANOTHER, "json://192.168.1.7/x").startswith("Only an owner may add such an address")


def test_in_the_demo_nobody_is_an_owner(make_sender: Callable[..., Sender]) -> None:
    said = make_sender(is_demo=True).refusal(ANOTHER, "json://192.168.1.7/x", is_owner=True)
    assert said.startswith("Only an owner may add such an address")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "just words",
        "https://example.org",
        "nosuch://x/y",
        "pover://",
        "syslog://",
        "dbus://",
        "json://one.example json://two.example",
        "gotify://house",
        "json://x/" + "y" * 600,
        "json://[x/",
    ],
)
def test_what_apprise_does_not_know_is_refused(sender: Sender, typed: str, secrets_of: list[str]) -> None:
    secrets_of += [typed] if typed else []
    assert sender.refusal(ANOTHER, typed, is_owner=True).startswith("That is no address")


def test_what_may_be_a_key_is_not_shown_as_a_host(sender: Sender) -> None:
    hosts = {
        "gotify://gotify.example.org/AbCdEf": "gotify.example.org",
        "matrixs://ben:word@matrix.example.org/#room": "matrix.example.org",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ": "slack",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js": "discord",
    }
    for address, host in hosts.items():
        assert ways.host(ANOTHER, address, sender.services) == host
        assert ways.masked(ANOTHER, address) == address.partition("://")[0] + "://…"


def test_what_apprise_and_its_requests_say_goes_nowhere(sender: Sender, address: str) -> None:
    assert not logging.getLogger("apprise").propagate
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.WARNING)
