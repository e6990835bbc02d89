"""What is said at the start: where people open the dashboard, and why it cannot listen."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import greeting
from dashboard.settings import Settings

HOME = Settings(is_demo=False)
OWN_ADDRESS = greeting.own_address


@pytest.fixture(autouse=True)
def _a_home_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "own_address", lambda: "192.168.1.20")
    monkeypatch.setattr(greeting, "MDNS", Path(__file__))
    monkeypatch.setattr(socket, "gethostname", lambda: "raspberrypi")


def test_on_this_machine_alone_there_is_one_address() -> None:
    assert greeting.greeting(HOME, None) == "The dashboard is at http://127.0.0.1:8000 – end it with Ctrl-C."


def test_phones_get_an_address_of_the_home_network_and_the_setup_is_named_by_it() -> None:
    said = greeting.greeting(replace(HOME, host="0.0.0.0"), "AAAA-BBBB")
    assert "at http://127.0.0.1:8000" in said
    assert "http://192.168.1.20:8000 or http://raspberrypi.local:8000" in said
    assert "http://192.168.1.20:8000/setup and enter this setup code: AAAA-BBBB" in said


def test_an_account_that_was_left_a_comment_is_said_where_the_demo_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env, hint = tmp_path / ".env", "remove the # before ZAPTEC_USERNAME and ZAPTEC_PASSWORD"
    monkeypatch.setattr(greeting, "ENV_FILE", env)
    demo = Settings(is_demo=True)
    assert hint not in greeting.greeting(demo, None)
    env.write_text((greeting.ROOT / ".env.example").read_text())
    assert hint not in greeting.greeting(demo, None)
    env.write_text("#ZAPTEC_USERNAME=\n# ZAPTEC_PASSWORD=secret\n")
    assert hint in greeting.greeting(demo, None)
    assert hint not in greeting.greeting(replace(demo, is_demo_wanted=True), None)
    assert hint not in greeting.greeting(HOME, None)


def test_without_a_name_server_of_its_own_the_name_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "MDNS", Path("/nowhere/at/all"))
    assert greeting.addresses(replace(HOME, host="::")) == ["http://127.0.0.1:8000", "http://192.168.1.20:8000"]


def test_a_containers_address_which_only_its_machine_knows_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "SIGNS_OF_A_CONTAINER", (Path(__file__),))
    assert OWN_ADDRESS() == ""


def test_a_public_address_is_the_only_one() -> None:
    settings = replace(HOME, host="0.0.0.0", public_url="https://charger.example.org")
    assert greeting.addresses(settings) == ["https://charger.example.org"]


def test_an_ipv6_address_is_written_in_brackets() -> None:
    assert greeting.addresses(replace(HOME, host="::1", port=80)) == ["http://[::1]:80"]


def test_a_port_of_another_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "SECONDS", 0.05)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        why = greeting.why_not_to_listen("127.0.0.1", port)
    assert why == f"Another program listens on port {port}. Choose another: make run PORT={port + 1}"
    assert greeting.why_not_to_listen("127.0.0.1", port) == ""


def test_an_address_of_another_machine_is_said_to_be_one() -> None:
    why = greeting.why_not_to_listen("192.0.2.7", 8000)
    assert why == "HOST=192.0.2.7 is not an address of this machine. For the home network: HOST=0.0.0.0"
