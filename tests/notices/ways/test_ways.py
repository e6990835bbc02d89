"""What holds for every way: sealed addresses, honest outcomes, nothing loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from dashboard.notices import ways
from dashboard.notices.message import Outcome, Result, WayKind
from dashboard.notices.ways import ntfy, reach, words
from dashboard.notices.ways.failures import WayFailure
from dashboard.notices.ways.reach import is_outside
from dashboard.notices.ways.tables import push_key
from tests.notices.ways.conftest import Sender

ROOT = Path(__file__).resolve().parents[3]
CARRIED = [kind for kind in WayKind if kind is not WayKind.PRETEND]
ADDRESS = "https://ntfy.sh/our-charger"


def test_an_address_is_sealed_with_the_secret_key_and_opens_with_no_other(
    make_sender: Callable[..., Sender],
) -> None:
    services = make_sender().services
    sealed = ways.seal(services, ADDRESS)
    assert "ntfy" not in sealed
    assert ways.seal(services, ADDRESS) != sealed  # nobody sees that two people share one
    assert ways.unseal(services, sealed) == ADDRESS
    other = make_sender(secret_key="another secret key").services
    assert ways.unseal(other, sealed) == ""
    assert ways.unseal(services, sealed[:-4] + "AAAA") == ""


@pytest.mark.parametrize("kind", CARRIED)
def test_an_address_that_cannot_be_opened_any_more_says_so_everywhere(sender: Sender, kind: WayKind) -> None:
    assert sender.send(kind, "") == Outcome(Result.FAILED, "unreadable")
    assert ways.masked(kind, "") == "an address that can no longer be read"
    assert ways.host(kind, "", sender.services) == ""


def test_the_private_key_lies_sealed_in_the_database(sender: Sender) -> None:
    ways.push_key(sender.services)
    with sender.services.database.reading() as connection:
        [row] = connection.execute(select(push_key))
    assert "PRIVATE KEY" in ways.unseal(sender.services, row.sealed)
    assert "PRIVATE" not in row.sealed and sender.services.settings.secret_key not in str(row)


def test_a_mistake_in_the_program_is_an_outcome_and_its_place_is_logged_without_its_words(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, secrets_of: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    secrets_of += [ADDRESS]

    def stumble(*_all: object) -> None:
        raise RuntimeError(f"could not send to {ADDRESS}")

    monkeypatch.setattr(ntfy, "post", stumble)
    assert sender.send(WayKind.NTFY, ADDRESS) == Outcome(Result.FAILED, "mistake")
    assert "a notice by ntfy could not be sent: RuntimeError in" in caplog.text
    assert "stumble" in caplog.text


@pytest.mark.parametrize("failure", WayFailure)
def test_every_failure_has_its_words(failure: WayFailure) -> None:
    assert failure.value in words.FAILURES
    assert words.why(failure.value).endswith((".", "?"))


def test_where_what_notices_need_is_missing_the_page_says_so(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "find_spec", lambda name: None)
    for kind in CARRIED:
        assert sender.refusal(kind, "our-charger").startswith("This machine lacks what notices need")
    assert ways.push_key(sender.services) == ""


def test_nothing_is_loaded_before_a_way_is_used() -> None:
    """Memory and start without notices are what they were."""
    program = "import sys, app, dashboard.notices.ways; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"cryptography", "py_vapid", "http_ece", "apprise", "yaml", "smtplib"} == set()


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"])
def test_the_world_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::",
        "2001::1",
        "::10.0.0.1",
    ],
)
def test_the_house_and_what_wraps_it_is_not(address: str) -> None:
    assert not is_outside(address)


def test_a_name_server_that_keeps_silent_holds_nobody_up(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "LOOKUP_S", 0.05)
    waiting = reach.threading.Event()

    def keep_silent(*_all: object, **_more: object) -> None:
        waiting.wait(30)
        raise OSError

    monkeypatch.setattr(reach.socket, "getaddrinfo", keep_silent)
    assert sender.send(WayKind.NTFY, ADDRESS) == Outcome(Result.TRY_LATER, "unreachable")
    waiting.set()
