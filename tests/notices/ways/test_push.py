"""This browser: what its push service gets, and what becomes of each of its answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from dashboard.notices import ways
from dashboard.notices.message import MessageLink, Outcome, Result, WayKind
from dashboard.notices.ways import push, reach
from dashboard.settings import Settings
from simulator import ManualClock
from tests.databases import Databases
from tests.notices.fake_house import FakeHouse
from tests.notices.push_browser import PushBrowser, signed_claims
from tests.notices.ways.conftest import LINK, SAID, Sender, message

BROWSER = WayKind.BROWSER
PATH = "/wpush/a-secret-place"


@pytest.fixture
def browser(house: FakeHouse, secrets_of: list[str]) -> PushBrowser:
    browser = PushBrowser(house.url + PATH)
    secrets_of += [PATH, browser.endpoint, *browser.keys.values()]
    return browser


@pytest.fixture
def address(sender: Sender, browser: PushBrowser) -> str:
    return sender.parse(BROWSER, browser.subscription())


def test_a_push_can_be_read_by_its_browser_alone_and_is_signed_by_the_key_it_subscribed_with(
    sender: Sender, house: FakeHouse, browser: PushBrowser, address: str
) -> None:
    links = (MessageLink("Tonight", LINK + "#tonight"),)
    assert sender.send(BROWSER, address, links=links) == Outcome(Result.HANDED_OVER)
    [posted] = house.posted
    assert posted.path == PATH
    said = browser.read(posted)
    assert said["web_push"] == 8030
    shown = said["notification"]
    assert (shown["title"], shown["body"], shown["navigate"], shown["tag"]) == ("Carport", SAID, LINK, "n-17")
    tonight = links[0].address
    assert shown["actions"] == [{"action": tonight, "title": "Tonight", "navigate": tonight}]
    with pytest.raises(InvalidTag):
        PushBrowser(browser.endpoint, auth=b"another browser!").read(posted)
    claims = signed_claims(posted, ways.push_key(sender.services))
    assert claims["aud"] == house.url
    assert claims["sub"] == "https://car.example"
    assert 0 < claims["exp"] - sender.services.now().timestamp() <= timedelta(hours=24).total_seconds()
    assert posted.headers["Topic"] == "n-17"
    assert posted.headers["Urgency"] == "high"
    assert int(posted.headers["TTL"]) == 2 * 60 * 60 - 60  # it is a minute old already


def test_a_push_that_may_wait_says_so_and_one_that_is_late_on_purpose_has_time(
    sender: Sender, house: FakeHouse, clock: ManualClock, address: str
) -> None:
    clock.advance(3 * 60 * 60)
    sender.send(BROWSER, address, is_urgent=False)
    assert house.posted[0].headers["Urgency"] == "normal"
    assert house.posted[0].headers["TTL"] == "7200"


def test_what_is_too_long_for_push_services_is_cut(
    sender: Sender, house: FakeHouse, browser: PushBrowser, address: str
) -> None:
    assert sender.send(BROWSER, address, body="🚗 Österreich\n" * 1000).result is Result.HANDED_OVER
    shown = browser.read(house.posted[0])["notification"]
    assert shown["body"].startswith("🚗 Österreich\n🚗") and shown["body"].endswith("…")
    assert shown["navigate"] == LINK
    assert len(house.posted[0].body) < 3000


WEATHER = {
    200: Outcome(Result.HANDED_OVER),
    202: Outcome(Result.HANDED_OVER),
    301: Outcome(Result.FAILED, "redirected"),
    307: Outcome(Result.FAILED, "redirected"),
    400: Outcome(Result.FAILED, "refused"),
    403: Outcome(Result.FAILED, "sign_in_rejected"),
    404: Outcome(Result.GONE, "retired"),
    410: Outcome(Result.GONE, "retired"),
    413: Outcome(Result.FAILED, "too_large"),
    429: Outcome(Result.TRY_LATER, "rate_limited"),
    500: Outcome(Result.TRY_LATER, "service_trouble"),
    503: Outcome(Result.TRY_LATER, "service_trouble"),
}


@pytest.mark.parametrize("status", WEATHER)
def test_each_answer_of_a_push_service_has_its_outcome(
    sender: Sender, house: FakeHouse, address: str, status: int
) -> None:
    house.answer_with(status, Location=house.url + "/elsewhere")
    assert sender.send(BROWSER, address) == WEATHER[status]
    assert len(house.posted) == 1  # nothing is sent a second time, nor to another place


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("120", timedelta(seconds=120)),
        ("999999", timedelta(hours=1)),  # longer than is believed
        ("Fri, 01 Jan 2100 00:00:00 GMT", timedelta(hours=1)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
    ],
)
def test_how_long_it_wants_to_be_left_alone_is_handed_on(
    sender: Sender, house: FakeHouse, address: str, said: str, meant: timedelta | None
) -> None:
    house.answer_with(429, Retry_After=said)
    assert sender.send(BROWSER, address) == Outcome(Result.TRY_LATER, "rate_limited", meant)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    "weather", [FakeHouse.keep_silent, FakeHouse.drip, FakeHouse.reset, FakeHouse.talk_nonsense]
)
def test_an_answer_that_does_not_come_is_asked_for_again_later(
    sender: Sender, house: FakeHouse, address: str, weather: Callable[[FakeHouse], None]
) -> None:
    weather(house)
    assert sender.send(BROWSER, address) == Outcome(Result.TRY_LATER, "no_answer")


def test_a_push_service_that_is_away_is_asked_again_later(sender: Sender) -> None:
    with FakeHouse() as gone:
        browser = PushBrowser(gone.url + PATH)
    address = sender.parse(BROWSER, browser.subscription())
    assert sender.send(BROWSER, address) == Outcome(Result.TRY_LATER, "unreachable")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/x",
        "https://jmt17.google.com/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-par02p.notify.windows.com/w/?token=x",
        "https://fcm.googleapis.com:443/x",
    ],
)
def test_the_push_services_of_browsers_are_known(make_sender: Callable[..., Sender], endpoint: str) -> None:
    sender = make_sender(push_hosts=())
    found = sender.parse(BROWSER, PushBrowser(endpoint).subscription())
    assert json.loads(found)["endpoint"] == endpoint
    assert ways.host(BROWSER, found, sender.services) in endpoint
    assert not push._read(found).origin.endswith(":443")
    assert ways.masked(BROWSER, found).endswith(endpoint[-4:])


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8000/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://192.168.1.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.example.org/x",
        "https://fcm.googleapis.com@example.org/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://notify.windows.com.example.org/x",
        "https://evil-notify.windows.com/x",
        "https://push.example.org/x",
        "ftp://fcm.googleapis.com/x",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x\r\nHost: example.org",
        "https://fcm.googleapis.com/" + "x" * 2000,
        "https://[fcm/x",
        "",
    ],
)
def test_a_hostile_endpoint_is_refused(make_sender: Callable[..., Sender], endpoint: str) -> None:
    sender = make_sender(push_hosts=())
    assert sender.refusal(BROWSER, PushBrowser(endpoint).subscription()).startswith("This browser")
    kept = {"endpoint": endpoint, "keys": PushBrowser(endpoint).keys}
    assert sender.send(BROWSER, json.dumps(kept)).result is Result.FAILED  # wherever it came from


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "null",
        "[]",
        "[" * 3000,
        '{"endpoint": 5, "keys": {}}',
        '{"endpoint": "https://fcm.googleapis.com/x"}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": null, "auth": 7}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "ä", "auth": "ä"}}',
    ],
)
def test_what_is_no_subscription_is_refused(make_sender: Callable[..., Sender], typed: str) -> None:
    assert make_sender(push_hosts=()).refusal(BROWSER, typed).startswith("This browser was not added")


@pytest.mark.parametrize("found", ["10.0.0.7", "127.0.0.1", "::1", "fd00::7", "169.254.169.254"])
def test_a_known_name_that_leads_into_the_house_gets_nothing(
    make_sender: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    sender = make_sender(push_hosts=())
    address = sender.parse(BROWSER, PushBrowser("https://fcm.googleapis.com/x").subscription())
    monkeypatch.setattr(reach, "_look_up", lambda host, port: ["203.0.113.7", found])
    monkeypatch.setattr(socket, "create_connection", lambda *_all: pytest.fail("it was connected to"))
    assert sender.send(BROWSER, address) == Outcome(Result.FAILED, "inside_the_house")


def test_a_browser_that_the_settings_no_longer_allow_gets_nothing(
    make_sender: Callable[..., Sender], house: FakeHouse, address: str
) -> None:
    outcome = make_sender(push_hosts=("push.example.org",)).send(BROWSER, address)
    assert outcome == Outcome(Result.FAILED, "not_allowed")
    assert house.posted == []


def test_two_instances_sign_with_one_pair_of_keys_and_another_secret_key_has_its_own(
    make_sender: Callable[..., Sender], databases: Databases
) -> None:
    url = databases.migrated()
    first, second = make_sender(database_url=url), make_sender(database_url=url)
    key = ways.push_key(first.services)
    assert ways.push_key(second.services) == key
    other = make_sender(database_url=url, secret_key="another secret key")
    assert ways.push_key(other.services) != key
    assert ways.push_key(first.services) == key  # the first has not been lost


@pytest.mark.parametrize(
    ("settings", "link", "sender"),
    [
        ({"public_url": "https://car.example"}, "https://car.example/", "https://car.example"),
        ({"public_url": "https://car.example:8443"}, "https://x.example/", "https://car.example:8443"),
        ({"mail_from": "Car <car@example.org>"}, "http://192.168.1.7/", "mailto:car@example.org"),
        ({"public_url": "http://car.local", "mail_from": "car@example.org"}, "", "mailto:car@example.org"),
        ({}, "https://car.example/pause", "https://car.example"),
        ({}, "https://localhost:8000/pause", "mailto:nobody@example.invalid"),
        ({}, "http://192.168.1.7:8000/pause", "mailto:nobody@example.invalid"),
    ],
)
def test_a_push_service_is_told_whom_to_turn_to_and_never_this_machine(
    settings: dict[str, str], link: str, sender: str
) -> None:
    assert push.sender(Settings(**settings), link) == sender  # type: ignore[arg-type]


def test_a_sender_with_a_port_is_signed_too(
    make_sender: Callable[..., Sender], house: FakeHouse, address: str
) -> None:
    sender = make_sender(public_url="https://car.example:8443")
    assert sender.send(BROWSER, address).result is Result.HANDED_OVER
    assert signed_claims(house.posted[0], ways.push_key(sender.services))["sub"] == "https://car.example:8443"


def test_a_repeat_says_the_same_tag_so_that_it_takes_the_place_of_the_first(
    sender: Sender, house: FakeHouse, address: str
) -> None:
    sender.send(BROWSER, address)
    sender.send(BROWSER, address)
    assert [posted.headers["Topic"] for posted in house.posted] == [message().tag] * 2
    assert ways.can_replace(BROWSER)
