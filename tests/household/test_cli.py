"""The shell commands, as typed: `flask --app app household …`."""

import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from dashboard.household.setup import prepare_setup_code
from dashboard.household.setup_code import new_code
from dashboard.household.tables import member_table
from tests.conftest import Household, words_of

NEW = "seven tall ladders"


def shell(app: Flask, *words: str, stdin: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["household", *words], input=stdin)


def test_somebody_can_be_added_with_a_password_from_standard_input(household: Household) -> None:
    result = shell(household.app, "add", "Dora", "--role", "viewer", stdin=f"{NEW}\n")
    assert result.exit_code == 0, result.output
    assert "Dora is now a viewer." in result.output
    assert NEW not in result.output
    browser, answer = household.sign_in("dora", NEW)
    assert answer.status_code == 303
    assert "Dora was added as a viewer (by whoever runs the dashboard)" in words_of(browser.get("/activity"))


@pytest.mark.parametrize(
    ("words", "stdin", "sentence"),
    [
        (("add", "ANNA", "--role", "viewer"), f"{NEW}\n", "There is already somebody called ANNA."),
        (("add", "Dora", "--role", "viewer"), "short\n", "at least 10 characters"),
        (("add", "Dora", "--role", "viewer"), "", "at least 10 characters"),
        (("add", "  ", "--role", "viewer"), f"{NEW}\n", "Please enter a name."),
        (("password", "Nobody"), f"{NEW}\n", "There is nobody called Nobody."),
        (("password", "Ben"), "password123\n", "Many people use this password"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_1(
    household: Household, words: tuple[str, ...], stdin: str, sentence: str
) -> None:
    result = shell(household.app, *words, stdin=stdin)
    assert result.exit_code == 1
    assert sentence in result.output
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output


def test_a_role_nobody_knows_is_refused(household: Household) -> None:
    assert shell(household.app, "add", "Dora", "--role", "admin", stdin=NEW).exit_code == 2
    assert shell(household.app, "add", "Dora", stdin=NEW).exit_code == 2


def test_a_new_password_signs_out_all_devices(household: Household) -> None:
    result = shell(household.app, "password", " ben", stdin=f"{NEW}\n")
    assert result.exit_code == 0, result.output
    assert household.ben.get("/").location == "/login?next=/"
    assert household.sign_in("Ben")[1].status_code == 401
    assert household.sign_in("Ben", NEW)[1].status_code == 303
    line = "Ben was given a new password (by whoever runs the dashboard)"
    assert line in words_of(household.anna.get("/activity"))


def test_everybody_is_listed_with_their_role(household: Household) -> None:
    result = shell(household.app, "list")
    assert result.output.split() == ["owner", "Anna", "member", "Ben", "viewer", "Carla"]


def test_an_owner_made_in_the_shell_closes_the_setup(app: Flask) -> None:
    services = app.extensions["services"]
    assert "Nobody yet." in shell(app, "list").output
    code = prepare_setup_code(services.database, new_code())
    shell(app, "add", "Anna", "--role", "owner", stdin=f"{NEW}\n")
    answer = app.test_client().post("/setup", data={"code": code, "name": "Emil", "password": NEW})
    assert answer.status_code == 404


def test_migrating_what_is_up_to_date_changes_nothing(household: Household) -> None:
    result = shell(household.app, "migrate")
    assert (result.exit_code, result.output) == (0, "")


def test_a_backup_is_a_whole_database_that_only_its_owner_may_read(household: Household, tmp_path: Path) -> None:
    file = tmp_path / "copy of it.db"
    result = shell(household.app, "backup", str(file))
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    if not household.database.is_sqlite:
        assert file.read_bytes().startswith(b"PGDMP")
        return
    copy = sqlite3.connect(file)
    assert copy.execute("SELECT name FROM member ORDER BY id").fetchall() == [("Anna",), ("Ben",), ("Carla",)]
    copy.close()


def test_a_backup_overwrites_nothing(household: Household, tmp_path: Path) -> None:
    if not household.database.is_sqlite:
        return
    file = tmp_path / "precious"
    file.write_text("precious")
    result = shell(household.app, "backup", str(file))
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert file.read_text() == "precious"
    result = shell(household.app, "backup", str(tmp_path / "no" / "such" / "folder"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_the_backup_of_the_docs_works_from_any_folder(household: Household, tmp_path: Path) -> None:
    if not household.database.is_sqlite:
        return
    root = Path(__file__).resolve().parent.parent.parent
    lines = (root / "docs" / "deploy.md").read_text().splitlines()
    # `sudo zaptec-dashboard` is `flask --app …/app.py` as its user.
    [line] = [line for line in lines if line.startswith("    sudo zaptec-dashboard household backup")]
    arguments = ["--app", str(root / "app.py"), *line.split()[2:-1], str(tmp_path / "copy.db")]
    settings = {"DATABASE_URL": str(household.database.url), "SECRET_KEY": "a key only for this test"}
    account = {"ZAPTEC_USERNAME": "somebody", "ZAPTEC_PASSWORD": "something"}
    command = [sys.executable, "-m", "flask", *arguments]
    result = subprocess.run(
        command, cwd=tmp_path, env=os.environ | settings | account, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "copy.db").exists()


def test_a_clone_beside_an_installed_dashboard_says_whose_household_it_is(
    household: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.household import cli

    settings = household.app.extensions["services"].settings
    clone = replace(settings, database_url=f"sqlite:///{settings.instance}/dashboard.db")
    monkeypatch.setattr(household.app.extensions["services"], "settings", clone)
    assert "installed" not in shell(household.app, "list").stderr
    installed = tmp_path / "zaptec-dashboard" / "current"
    installed.mkdir(parents=True)
    monkeypatch.setattr(cli, "INSTALLED", installed)
    result = shell(household.app, "list")
    assert f"This is another one, in {cli.ROOT}." in result.stderr
    assert result.stderr.endswith("For the installed one: sudo zaptec-dashboard household list\n")
    assert "installed" not in result.stdout
    monkeypatch.setattr(cli, "ROOT", installed.parent / "releases" / "one")
    assert "installed" not in shell(household.app, "list").stderr
    monkeypatch.undo()


def test_the_password_is_asked_for_twice_at_a_terminal(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.household import cli

    asked = []

    def prompt(text: str, **options: bool) -> str:
        asked.append((text, options))
        return NEW

    monkeypatch.setattr(cli, "_is_terminal", lambda: True)
    monkeypatch.setattr(cli.click, "prompt", prompt)
    assert shell(household.app, "password", "Ben").exit_code == 0
    assert asked == [("Password", {"hide_input": True, "confirmation_prompt": True})]
    with household.database.reading() as connection:
        assert connection.execute(select(member_table.c.id)).all()
