"""Backups: made by the day, kept by age, and put back without losing what was there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, insert, select

from dashboard import backups, running, sqlite_backups
from dashboard.backup_files import BackupFailed
from dashboard.database import Database
from dashboard.household.tables import member_table
from dashboard.running import say_that_we_run, sqlite_file
from dashboard.settings import Settings
from tests.databases import Databases
from tests.real_server import Server

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 28, 7, 0, 5, tzinfo=UTC)
TODAY = NOW.date()


def names_in(database: Database) -> list[str]:
    with database.reading() as connection:
        return sorted(connection.execute(select(member_table.c.name)).scalars())


def add(database: Database, name: str) -> None:
    person = {"name": name, "name_key": name.lower(), "role": "owner", "password_hash": "x", "created_at": NOW}
    with database.writing() as connection:
        connection.execute(insert(member_table).values(person))


@pytest.fixture
def database(databases: Databases) -> Database:
    """One of its own with Anna in it, also on PostgreSQL, where the first is shared with other tests."""
    databases.migrated()
    database = Database(databases.migrated())
    add(database, "Anna")
    return database


@pytest.fixture
def backup(database: Database, tmp_path: Path) -> Path:
    """A backup from when only Anna was there; Ben has come since."""
    file = tmp_path / "backup"
    backups.make(database, file)
    add(database, "Ben")
    database.dispose()
    return file


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'house' / 'dashboard.db'}")
    database.migrate()
    add(database, "Anna")
    return database


def test_a_backup_is_put_back_and_what_was_there_is_kept(database: Database, backup: Path, tmp_path: Path) -> None:
    kept = backups.put_back(database, backup, tmp_path, NOW)
    assert names_in(database) == ["Anna"]
    assert kept
    assert kept.stem == "before-2026-11-28-070005"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    database.dispose()
    backups.put_back(database, kept, tmp_path, NOW + timedelta(minutes=1))
    assert names_in(database) == ["Anna", "Ben"]
    add(database, "Carla")  # numbers go on where they ended
    database.migrate()
    database.dispose()


def test_a_file_that_is_no_backup_changes_nothing(database: Database, backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear Anna, " * 2000)
    half = tmp_path / "half"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    reasons = {other: "not a backup of this dashboard", half: "Nothing was changed", tmp_path / "no": "no file"}
    for file, why in reasons.items():
        with pytest.raises(BackupFailed, match=why):
            backups.put_back(database, file, tmp_path, NOW)
    assert names_in(database) == ["Anna", "Ben"]
    assert not list(tmp_path.glob("before-*"))
    database.dispose()


def test_a_backup_of_a_newer_program_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    backups.make(database, tmp_path / "newer")
    with pytest.raises(BackupFailed, match=r"newer \(9999\) than this program"):
        backups.put_back(database, tmp_path / "newer", tmp_path, NOW)
    database.dispose()


def test_an_sqlite_file_of_another_program_is_no_backup(sqlite: Database, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE photo (name TEXT)")
    with pytest.raises(BackupFailed, match="not a backup of this dashboard"):
        backups.put_back(sqlite, tmp_path / "other.db", tmp_path, NOW)


def test_nothing_is_put_back_under_a_running_dashboard(database: Database, backup: Path, tmp_path: Path) -> None:
    if database.is_sqlite:
        held = say_that_we_run(sqlite_file(str(database.url)))
        assert held
        end = held.close
    else:
        end = create_engine(database.url, poolclass=NullPool).connect().close
    with pytest.raises(BackupFailed, match="is running on this database: stop it first"):
        backups.put_back(database, backup, tmp_path, NOW)
    end()
    assert names_in(database) == ["Anna", "Ben"]
    database.dispose()


def test_a_server_holds_the_lock_as_long_as_it_lives(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(DEMO="1")
    server.wait_until_it_serves()
    file = tmp_path / "instance" / "demo.db"
    with pytest.raises(running.StillRunning), running.while_stopped(file):
        pass
    server.end()
    with running.while_stopped(file):
        pass


def test_an_end_in_the_middle_leaves_the_old_database(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make(sqlite, tmp_path / "backup")
    add(sqlite, "Ben")

    def end(*_files: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sqlite_backups, "_replace", end)
    with pytest.raises(KeyboardInterrupt):
        backups.put_back(sqlite, tmp_path / "backup", tmp_path, NOW)
    assert names_in(sqlite) == ["Anna", "Ben"]
    monkeypatch.undo()
    backups.put_back(sqlite, tmp_path / "backup", tmp_path, NOW)
    assert names_in(sqlite) == ["Anna"]


def test_a_broken_database_gets_its_backup_from_the_shell(sqlite: Database, tmp_path: Path) -> None:
    """With it the other commands say what is wrong, instead of a traceback."""
    backups.make(sqlite, tmp_path / "backup")
    sqlite.dispose()
    file = sqlite_file(str(sqlite.url))
    file.write_bytes(b"broken by a worn out card " * 1000)
    said = shell(sqlite, "list")
    assert said.returncode == 1
    assert said.stderr.startswith("Error: the database cannot be read")
    said = shell(sqlite, "restore", str(tmp_path / "backup"))
    assert said.returncode == 0, said.stderr
    assert "What was there before is kept in" in said.stdout
    assert shell(sqlite, "list").stdout.split() == ["owner", "Anna"]
    assert shell(sqlite, "restore", str(tmp_path / "nowhere")).stderr.startswith("Error: There is no file")


def shell(database: Database, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {"DATABASE_URL": str(database.url), "SECRET_KEY": "a key only for this test"}
    account = {"ZAPTEC_USERNAME": "somebody", "ZAPTEC_PASSWORD": "something"}
    command = [sys.executable, "-m", "flask", "--app", "app", "household", *words]
    environ = os.environ | settings | account
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def test_backups_are_kept_by_age() -> None:
    days = {TODAY - timedelta(number) for number in range(100)}
    kept: set[date] = set()
    for number in range(100):  # each night after the deleting of the night before
        today = TODAY + timedelta(number)
        kept = set(backups.worth_keeping(kept | {today}, today))
    last = TODAY + timedelta(99)
    assert {last - timedelta(number) for number in range(7)} <= kept
    mondays = {last - timedelta(last.weekday() + 7 * week) for week in range(4)}
    assert mondays <= kept
    assert len(kept) <= 7 + 4
    assert set(backups.worth_keeping(days, TODAY)) <= days


def test_a_daily_backup_takes_the_place_of_the_one_before_and_touches_no_other_file(
    sqlite: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    for number in (60, 1, 0, 0):
        backups.make_of_today(sqlite, folder, TODAY - timedelta(number))
    (folder / "holiday.db").write_text("mine")
    (folder / f"{TODAY}.unfinished").write_text("of a power cut")
    add(sqlite, "Ben")
    backups.make_of_today(sqlite, folder, TODAY)
    assert sorted(file.name for file in folder.iterdir()) == ["2026-11-27.db", "2026-11-28.db", "holiday.db"]
    shutil.copy(folder / "2026-11-28.db", tmp_path / "copy.db")
    assert names_in(Database(f"sqlite:///{tmp_path / 'copy.db'}")) == ["Anna", "Ben"]


def test_a_daily_backup_that_fails_deletes_nothing(sqlite: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    backups.make_of_today(sqlite, folder, TODAY - timedelta(60))
    sqlite.dispose()
    sqlite_file(str(sqlite.url)).write_bytes(b"broken " * 1000)
    with pytest.raises(BackupFailed):
        backups.make_of_today(sqlite, folder, TODAY)
    assert [file.name for file in folder.iterdir()] == [f"{TODAY - timedelta(60)}.db"]


def test_an_owner_makes_a_daily_backup_in_the_shell(app: Flask, settings: Settings, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["household", "backup", "--daily", str(tmp_path / "kept")])
    assert result.exit_code == 0, result.output
    [file] = (tmp_path / "kept").iterdir()
    assert str(file) in result.output
