"""ntfy and Telegram: what is posted, who may enter which address, and what becomes of each answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.notices import ways
from dashboard.notices.message import MessageLink, Outcome, Result, WayKind
from dashboard.notices.ways import posting, reach, telegram
from dashboard.notices.ways.reach import Reach
from tests.notices.fake_house import FakeHouse
from tests.notices.ways.conftest import LINK, SAID, Sender
from tests.notices.ways.mail_house import certificate, trusting

NTFY, TELEGRAM = WayKind.NTFY, WayKind.TELEGRAM
TOPIC = "our-charger-7c2f9"
SECONDS = timedelta(seconds=9)
BOT = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOO"


@pytest.fixture
def topic(sender: Sender, house: FakeHouse, secrets_of: list[str]) -> str:
    """An owner's, at a house of her own."""
    secrets_of += [TOPIC, house.url]
    return sender.parse(NTFY, f"{house.url}/{TOPIC}", is_owner=True)


def test_a_notice_is_published_with_its_link_and_with_what_lets_a_second_replace_it(
    sender: Sender, house: FakeHouse, topic: str
) -> None:
    assert sender.send(NTFY, topic) == Outcome(Result.HANDED_OVER)
    [posted] = house.posted
    assert posted.path == "/"
    assert json.loads(posted.body) == {
        "topic": TOPIC,
        "title": "Carport",
        "message": SAID,
        "click": LINK,
        "priority": 4,
        "sequence_id": "n-17",
    }
    assert "Authorization" not in posted.headers
    assert ways.can_replace(NTFY)


def test_more_links_are_buttons_of_the_notice(sender: Sender, house: FakeHouse, topic: str) -> None:
    sender.send(NTFY, topic, links=(MessageLink("Tonight", LINK + "#tonight"),))
    [posted] = house.posted
    assert json.loads(posted.body)["actions"] == [{"action": "view", "label": "Tonight", "url": LINK + "#tonight"}]


def test_a_house_with_a_password_gets_it_and_nobody_else_sees_it(
    sender: Sender, house: FakeHouse, secrets_of: list[str]
) -> None:
    secrets_of += [TOPIC, "tk_secret"]
    address = sender.parse(NTFY, f"http://:tk_secret%21@127.0.0.1:{house.port}/{TOPIC}", is_owner=True)
    sender.send(NTFY, address)
    assert house.posted[0].headers["Authorization"] == "Basic OnRrX3NlY3JldCE="
    assert house.posted[0].headers["Host"] == f"127.0.0.1:{house.port}"
    assert ways.masked(NTFY, address) == "127.0.0.1/ou…"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome(Result.HANDED_OVER)),
        (302, Outcome(Result.FAILED, "redirected")),
        (401, Outcome(Result.FAILED, "sign_in_rejected")),
        (404, Outcome(Result.FAILED, "refused")),
        (410, Outcome(Result.FAILED, "refused")),
        (413, Outcome(Result.FAILED, "too_large")),
        (429, Outcome(Result.TRY_LATER, "rate_limited", timedelta(seconds=7))),
        (500, Outcome(Result.TRY_LATER, "service_trouble", timedelta(seconds=7))),
    ],
)
def test_each_answer_has_its_outcome(
    sender: Sender, house: FakeHouse, topic: str, status: int, outcome: Outcome
) -> None:
    house.answer_with(status, Location=house.url + "/elsewhere", **({"Retry_After": "7"} if status > 413 else {}))
    assert sender.send(NTFY, topic) == outcome
    assert len(house.posted) == 1


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    "weather", [FakeHouse.keep_silent, FakeHouse.drip, FakeHouse.reset, FakeHouse.talk_nonsense]
)
def test_a_lost_answer_is_tried_again_as_the_second_replaces_the_first(
    sender: Sender, house: FakeHouse, topic: str, weather: Callable[[FakeHouse], None]
) -> None:
    weather(house)
    assert sender.send(NTFY, topic) == Outcome(Result.TRY_LATER, "no_answer")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names stand for in this test."""
    found = {"ntfy.sh": ["1.1.1.1"], "home.example": ["192.168.1.7"], "both.example": ["1.1.1.1", "10.0.0.1"]}
    monkeypatch.setattr(reach, "_look_up", lambda host, port: found.get(host, []))
    return found


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (f" {TOPIC} ", f"https://ntfy.sh/{TOPIC}"),
        (f"ntfy.sh/{TOPIC}", f"https://ntfy.sh/{TOPIC}"),
        (f"https://user:word@ntfy.sh/{TOPIC}", f"https://user:word@ntfy.sh/{TOPIC}"),
    ],
)
@pytest.mark.usefixtures("names")
def test_a_topic_is_enough(sender: Sender, typed: str, address: str) -> None:
    assert sender.parse(NTFY, typed) == address
    assert ways.masked(NTFY, address) == "ntfy.sh/ou…"
    assert ways.host(NTFY, address, sender.services) == "ntfy.sh"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "That is no topic"),
        ("our charger", "That is no topic"),
        ("https://ntfy.sh/", "That is no topic"),
        ("https://ntfy.sh/a/b", "That is no topic"),
        ("https://ntfy.sh/a?b=c", "That is no topic"),
        ("https://ntfy.sh:99999/a", "That is no topic"),
        ("https://[ntfy/a", "That is no topic"),
        ("file:///etc/passwd", "That is no topic"),
        ("https://ntfy.sh/a\r\nX-Evil: yes", "That is no topic"),
        ("http://ntfy.sh/topic", "The address must begin with https://"),
        ("https://home.example/topic", "This address leads into the house"),
        ("https://both.example/topic", "This address leads into the house"),
        ("https://nowhere.example/topic", "This address cannot be found now"),
    ],
)
@pytest.mark.usefixtures("names")
def test_what_a_member_may_not_enter_is_refused_with_the_reason(sender: Sender, typed: str, said: str) -> None:
    assert sender.refusal(NTFY, typed).startswith(said)


def test_a_members_address_that_comes_to_lead_into_the_house_gets_nothing(
    sender: Sender, house: FakeHouse, names: dict[str, list[str]]
) -> None:
    address = sender.parse(NTFY, f"https://ntfy.sh:{house.port}/{TOPIC}")
    names["ntfy.sh"] = ["127.0.0.1"]
    assert sender.send(NTFY, address) == Outcome(Result.FAILED, "inside_the_house")
    assert house.posted == []


def test_in_the_demo_nobody_is_an_owner_who_may_reach_into_the_house(make_sender: Callable[..., Sender]) -> None:
    said = make_sender(is_demo=True).refusal(NTFY, f"https://127.0.0.1/{TOPIC}", is_owner=True)
    assert said.startswith("This address leads into the house")


def test_nothing_is_sent_in_the_clear_out_into_the_world(
    sender: Sender, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_all: pytest.fail("it was connected to"))
    address = sender.parse(NTFY, "http://ntfy.sh/topic", is_owner=True)
    assert sender.send(NTFY, address) == Outcome(Result.FAILED, "not_secure")


def test_the_connection_goes_to_the_address_that_was_checked(
    sender: Sender, house: FakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for another address a moment later leads nowhere else."""
    real, answers = socket.getaddrinfo, ["127.0.0.1", "127.0.0.2", "127.0.0.3"]

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        return real(answers.pop(0) if host == "ntfy.example.org" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    address = sender.parse(NTFY, f"http://ntfy.example.org:{house.port}/{TOPIC}", is_owner=True)
    assert sender.send(NTFY, address) == Outcome(Result.HANDED_OVER)
    assert house.posted[0].headers["Host"] == f"ntfy.example.org:{house.port}"
    assert len(answers) == 2


def test_a_certificate_is_checked_against_the_name(
    sender: Sender, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with FakeHouse(tls=certificate(tmp_path, "ntfy.example.org")) as house:
        names |= {"ntfy.example.org": ["127.0.0.1"], "other.example.org": ["127.0.0.1"]}
        ours, other = (
            sender.parse(NTFY, f"https://{name}:{house.port}/{TOPIC}", is_owner=True)
            for name in ("ntfy.example.org", "other.example.org")
        )
        assert sender.send(NTFY, ours) == Outcome(Result.FAILED, "not_secure")  # nobody here knows who signed it
        monkeypatch.setattr(posting, "trust", lambda: trusting(tmp_path))
        assert sender.send(NTFY, other) == Outcome(Result.FAILED, "not_secure")
        assert house.posted == []
        assert sender.send(NTFY, ours) == Outcome(Result.HANDED_OVER)


@pytest.fixture
def chat(sender: Sender, house: FakeHouse, monkeypatch: pytest.MonkeyPatch, secrets_of: list[str]) -> str:
    monkeypatch.setattr(telegram, "HOUSE", house.url)
    monkeypatch.setattr(telegram, "REACH", Reach.THIS_MACHINE)
    secrets_of += [BOT, "987654"]
    return sender.parse(TELEGRAM, f" bot{BOT} / 987654\n")


def test_a_bot_says_it_in_the_chat(sender: Sender, house: FakeHouse, chat: str) -> None:
    assert sender.send(TELEGRAM, chat) == Outcome(Result.HANDED_OVER)
    [posted] = house.posted
    assert posted.path == f"/bot{BOT}/sendMessage"
    said = json.loads(posted.body)
    assert (said["chat_id"], said["text"]) == ("987654", f"Carport\n{SAID}\n{LINK}")
    assert ways.masked(TELEGRAM, chat) == "123…/…654"
    assert ways.host(TELEGRAM, chat, sender.services) == "api.telegram.org"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, b"", Outcome(Result.FAILED, "sign_in_rejected")),
        (401, b"", Outcome(Result.FAILED, "sign_in_rejected")),
        (400, b'{"description": "chat not found"}', Outcome(Result.FAILED, "refused")),
        (429, b'{"parameters": {"retry_after": 9}}', Outcome(Result.TRY_LATER, "rate_limited", SECONDS)),
        (429, b"not now", Outcome(Result.TRY_LATER, "rate_limited")),
        (502, b"", Outcome(Result.TRY_LATER, "service_trouble")),
    ],
)
def test_each_answer_of_telegram_has_its_outcome(
    sender: Sender, house: FakeHouse, chat: str, status: int, body: bytes, outcome: Outcome
) -> None:
    house.answer_with(status, body)
    assert sender.send(TELEGRAM, chat) == outcome


@pytest.mark.usefixtures("_impatient")
def test_where_nothing_replaces_the_first_a_lost_answer_is_the_end_of_it(
    sender: Sender, house: FakeHouse, chat: str
) -> None:
    house.keep_silent()
    assert sender.send(TELEGRAM, chat) == Outcome(Result.FAILED, "no_answer")
    assert not ways.can_replace(TELEGRAM)


@pytest.mark.parametrize("typed", ["", "987654", f"{BOT}", f"{BOT}/", f"{BOT}/../x", "123:abc/5", f"{BOT}/5?x=y"])
def test_what_is_no_bot_and_chat_is_refused(sender: Sender, typed: str) -> None:
    assert sender.refusal(TELEGRAM, typed).startswith("It needs the bot’s key and the chat")
