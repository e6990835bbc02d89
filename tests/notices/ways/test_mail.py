"""Mail: what is in it, that nobody reads along, and what becomes of each refusal."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.notices import ways
from dashboard.notices.message import MessageLink, Outcome, Result, WayKind
from dashboard.notices.ways import mail, posting, reach
from tests.notices.ways.conftest import LINK, SAID, Sender
from tests.notices.ways.mail_house import MailHouse, certificate, open_mail_house, trusting

MAIL = WayKind.MAIL
BEN = "ben@example.org"
NAME = "mail.example.org"
FROM = "Our charger <charger@example.org>"
LINKS = (MessageLink("Tonight", f"{LINK}#tonight"),)


@pytest.fixture
def mail_house() -> Iterator[MailHouse]:
    with open_mail_house() as house:
        yield house


@pytest.fixture
def sender(make_sender: Callable[..., Sender], mail_house: MailHouse, secrets_of: list[str]) -> Sender:
    secrets_of += [BEN]
    return make_sender(smtp_url=f"smtp://127.0.0.1:{mail_house.port}", mail_from=FROM)


def test_a_notice_is_a_letter_in_plain_text_and_html(sender: Sender, mail_house: MailHouse) -> None:
    address = sender.parse(MAIL, f" {BEN} ")
    assert sender.send(MAIL, address, body="It charges <no more>.\nWhy?", links=LINKS) == Outcome(
        Result.HANDED_OVER
    )
    [letter] = mail_house.letters
    assert mail_house.recipients == [BEN]
    assert (letter["To"], letter["From"], letter["Subject"]) == (BEN, FROM, "Carport")
    assert letter["Message-ID"] == "<n-17@example.org>"
    assert letter["Date"].datetime.isoformat() == "2026-11-20T16:59:00+00:00"
    assert (letter["Auto-Submitted"], letter["Importance"]) == ("auto-generated", "high")
    plain, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain and html
    assert plain.get_content().replace("\r", "").split("\n\n") == [
        "Carport",
        "It charges <no more>.\nWhy?",
        f"{LINK}\nTonight: {LINK}#tonight\n",
    ]
    assert "It charges &lt;no more&gt;.<br>Why?" in html.get_content()
    assert f'<a href="{LINK}">' in html.get_content()
    assert f'<a href="{LINK}#tonight">Tonight</a>' in html.get_content()


def test_no_header_can_be_slipped_in(sender: Sender, mail_house: MailHouse) -> None:
    title = "Carport\r\nBcc: everybody@example.org\n\nBuy\x00\u2028this\x85now"
    body = "a\r\n.\r\nMAIL FROM:<x@example.org>\r\n"
    assert sender.send(MAIL, BEN, title=title, body=body).result is Result.HANDED_OVER
    [letter] = mail_house.letters
    assert letter["Subject"] == "Carport Bcc: everybody@example.org Buy this now"
    assert letter["Bcc"] is None
    assert mail_house.recipients == [BEN]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ben",
        "@example.org",
        "ben@",
        "ben@example.org, carla@example.org",
        "ben@example.org\nBcc: carla@example.org",
        "Ben <ben@example.org>",
        "ben@exa mple.org",
        "ben..b@example.org",
        "ben@example..org",
        "ben@-",
        "bén@example.org",
        "b" * 300 + "@example.org",
        '"ben b"@example.org',
        "ben@[127.0.0.1]",
    ],
)
def test_what_is_no_mail_address_is_refused(sender: Sender, typed: str) -> None:
    assert sender.refusal(MAIL, typed) == "That is no mail address. It looks like anna@example.org."


def test_an_address_with_a_name_of_its_language_is_written_as_mail_houses_know_it(sender: Sender) -> None:
    assert sender.parse(MAIL, "ben@überall.example") == "ben@xn--berall-2ya.example"
    assert ways.masked(MAIL, BEN) == "b…@example.org"
    assert ways.host(MAIL, BEN, sender.services) == "127.0.0.1"


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such user", Outcome(Result.FAILED, "refused")),
        ("RCPT", "451 4.7.1 greylisted", Outcome(Result.TRY_LATER, "service_trouble")),
        ("MAIL", "553 not from you", Outcome(Result.FAILED, "refused")),
        ("MAIL", "421 too busy", Outcome(Result.TRY_LATER, "service_trouble")),
        ("DATA", "554 spam", Outcome(Result.FAILED, "refused")),
        ("DATA", "452 the disk is full", Outcome(Result.TRY_LATER, "service_trouble")),
    ],
)
def test_each_refusal_has_its_outcome(
    sender: Sender, mail_house: MailHouse, command: str, answer: str, outcome: Outcome
) -> None:
    mail_house.answers[command] = answer
    assert sender.send(MAIL, BEN) == outcome
    assert mail_house.letters == []


@pytest.mark.parametrize(
    ("password", "outcome"),
    [("right", Outcome(Result.HANDED_OVER)), ("wrong", Outcome(Result.FAILED, "sign_in_rejected"))],
)
def test_the_dashboard_signs_in_where_it_has_a_name_there(
    make_sender: Callable[..., Sender], mail_house: MailHouse, secrets_of: list[str], password: str, outcome: Any
) -> None:
    secrets_of += ["me:", password]
    url = f"smtp://me:{password}@127.0.0.1:{mail_house.port}"
    assert make_sender(smtp_url=url, mail_from=FROM).send(MAIL, BEN) == outcome
    assert set(mail_house.signed_in) == {("me", password)}


@pytest.fixture
def out_in_the_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The house has a name out in the world, and a certificate that is believed."""
    certificate(tmp_path, NAME)
    monkeypatch.setattr(reach, "_look_up", lambda host, port: ["127.0.0.1"] if host == NAME else [])
    monkeypatch.setattr(mail, "trust", lambda: trusting(tmp_path))


@pytest.mark.usefixtures("out_in_the_world")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_out_in_the_world_the_connection_is_secure_before_a_word_is_said(
    make_sender: Callable[..., Sender], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    tls = certificate(tmp_path, NAME)
    with open_mail_house(tls, at_once=scheme == "smtps") as house:
        sender = make_sender(smtp_url=f"{scheme}://me:right@{NAME}:{house.port}", mail_from=FROM)
        assert sender.send(MAIL, BEN) == Outcome(Result.HANDED_OVER)
        assert house.signed_in == [("me", "right")]
        monkeypatch.setattr(mail, "trust", posting.trust)  # as on a machine that knows nothing of that certificate
        assert sender.send(MAIL, BEN) == Outcome(Result.FAILED, "not_secure")
        assert len(house.letters) == len(house.signed_in) == 1


@pytest.mark.usefixtures("out_in_the_world")
def test_a_certificate_of_another_name_is_not_believed(make_sender: Callable[..., Sender], tmp_path: Path) -> None:
    with open_mail_house(certificate(tmp_path, "other.example.org")) as house:
        sender = make_sender(smtp_url=f"smtp://me:right@{NAME}:{house.port}", mail_from=FROM)
        assert sender.send(MAIL, BEN) == Outcome(Result.FAILED, "not_secure")
        assert (house.letters, house.signed_in) == ([], [])


@pytest.mark.usefixtures("out_in_the_world")
def test_a_house_that_offers_no_encryption_gets_neither_password_nor_letter(
    make_sender: Callable[..., Sender], mail_house: MailHouse
) -> None:
    sender = make_sender(smtp_url=f"smtp://me:right@{NAME}:{mail_house.port}", mail_from=FROM)
    assert sender.send(MAIL, BEN) == Outcome(Result.FAILED, "not_secure")
    assert (mail_house.letters, mail_house.signed_in) == ([], [])


def test_silence_resets_and_nobody_at_home_are_tried_again_later(
    make_sender: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        sender = make_sender(smtp_url=f"smtp://127.0.0.1:{port}", mail_from=FROM)
        assert sender.send(MAIL, BEN) == Outcome(Result.TRY_LATER, "no_answer")
        closing = threading.Thread(target=lambda: [silent.accept()[0].close() for _ in range(2)])
        closing.start()
        assert sender.send(MAIL, BEN) == Outcome(Result.TRY_LATER, "no_answer")
        closing.join()
    assert sender.send(MAIL, BEN) == Outcome(Result.TRY_LATER, "unreachable")


def test_without_a_mail_house_no_mail_can_be_chosen_and_what_was_chosen_waits_for_one(
    make_sender: Callable[..., Sender],
) -> None:
    sender = make_sender()
    assert sender.refusal(MAIL, BEN).startswith("No mail can be sent from here")
    assert sender.send(MAIL, BEN) == Outcome(Result.FAILED, "not_set_up")
    assert ways.host(MAIL, BEN, sender.services) == ""


def test_one_letter_takes_the_place_of_another_with_its_id(sender: Sender, mail_house: MailHouse) -> None:
    sender.send(MAIL, BEN)
    sender.send(MAIL, BEN, body=SAID + " at all")
    assert len({letter["Message-ID"] for letter in mail_house.letters}) == 1
    assert ways.can_replace(MAIL)
