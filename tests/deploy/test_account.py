"""The account is asked for at a terminal, tried at Zaptec at once, and written for nobody else to read."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from dotenv import dotenv_values

from deploy import account
from deploy.machine import Machine
from simulator import Cloud, serve

PASSWORD = 'it\'s a \\ $HOME #1 "pass"'


class Here(Machine):
    """This machine's Python, and none of its users."""

    def run(self, *command: str | Path, env: dict[str, str] | None = None) -> str:
        if str(command[0]) == "chown":
            return ""
        words = [sys.executable, *command[1:]]
        return super().run(*words, env=env)


ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def here(tmp_path: Path) -> Here:
    here = Here(tmp_path)
    here.settings.parent.mkdir(parents=True)
    return here


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody at the terminal, who types names and passwords in turn."""

    def type(*pairs: Iterable[str]) -> None:
        names, passwords = (iter(column) for column in zip(*pairs, strict=True))
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda _prompt: next(names))
        monkeypatch.setattr(account, "getpass", lambda _prompt: next(passwords))

    return type


def test_a_wrong_password_is_said_and_asked_for_again(
    here: Here,
    answers: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cloud = Cloud(username="anna@example.invalid", password=PASSWORD)
    cloud.add_charger("Garage")
    answers((cloud.username, "wrong"), (f" {cloud.username} ", PASSWORD))
    with serve(cloud) as url:
        monkeypatch.setenv("ZAPTEC_API_URL", url)
        account.write_settings(here, ROOT)
    said = capsys.readouterr().out
    assert "Zaptec does not accept this name and password." in said
    assert "Zaptec knows it: Garage." in said
    assert PASSWORD not in said
    written = dotenv_values(here.settings, interpolate=False)
    assert written == {"HOST": "0.0.0.0", "ZAPTEC_USERNAME": cloud.username, "ZAPTEC_PASSWORD": PASSWORD}
    assert stat.S_IMODE(here.settings.stat().st_mode) == 0o600


def test_without_an_answer_from_zaptec_the_account_is_taken_as_it_is(
    here: Here, answers: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAPTEC_API_URL", "http://127.0.0.1:9")
    answers(("anna@example.invalid", "secret words"))
    account.write_settings(here, ROOT)
    assert "could not be asked now" in capsys.readouterr().out
    assert dotenv_values(here.settings)["ZAPTEC_PASSWORD"] == "secret words"


def test_only_enter_leaves_the_simulated_charger(here: Here, answers: Callable[..., None]) -> None:
    answers(("", ""))
    account.write_settings(here, ROOT)
    assert dotenv_values(here.settings) == {"HOST": "0.0.0.0"}


def test_settings_that_are_there_stay(here: Here) -> None:
    here.settings.write_text("PORT=9000\n")
    account.write_settings(here, ROOT)
    assert here.settings.read_text() == "PORT=9000\n"
    assert here.port == 9000
