"""The database: its schema, many at once, and what people see when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from dashboard.charger.tables import account, charger_table, command
from dashboard.database import LOOKING_PATIENCE_MS, PRESSING_PATIENCE_MS, Database, DatabaseUnusable, metadata
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.databases import Databases
from tests.processes import PROCESSES

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
TROUBLE = "The dashboard’s database cannot be used right now, so nothing was changed. Try again in a minute."


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.migrate()
    yield database
    database.dispose()


def test_the_migrations_lead_to_the_tables_the_program_knows(household: Household, database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        assert compare_metadata(context, metadata) == []


def _migrate(url: str) -> str | None:
    database = Database(url)
    database.migrate()
    revision = database.revision()
    database.dispose()
    return revision


def test_four_processes_that_start_at_once_migrate_once(databases: Databases) -> None:
    new_database = databases.blank()
    with PROCESSES.Pool(4) as pool:
        found = pool.map(_migrate, [new_database] * 8)
    assert len(set(found)) == 1
    database = Database(new_database)
    with database.reading() as connection:
        assert connection.execute(select(account.c.id)).scalars().all() == [1]
    database.dispose()


def test_sqlite_is_set_up_for_many_readers_and_one_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'own.db'}")
    with database.reading() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000}


def test_a_read_before_a_write_loses_no_update(database: Database) -> None:
    """What BEGIN IMMEDIATE is for: each of these reads, then writes what it has read plus one."""
    with database.writing() as connection:
        connection.execute(insert(charger_table).values(id="x", name="x", record="{}", is_listed=True, revision=0))

    def count_up(_number: int) -> None:
        with database.writing() as connection:
            kept = connection.execute(select(charger_table.c.revision).with_for_update()).scalar_one()
            connection.execute(update(charger_table).values(revision=kept + 1))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(count_up, range(120)))
    with database.reading() as connection:
        assert connection.execute(select(charger_table.c.revision)).scalar() == 120


def test_what_fails_in_the_middle_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(update(account).values(skew_s=7.0))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute(select(account.c.skew_s)).scalar() is None


def test_times_come_back_as_they_went_in(database: Database, household: Household) -> None:
    now = household.clock.now()
    with database.writing() as connection:
        connection.execute(update(account).values(listed_at=now))
    with database.reading() as connection:
        back = connection.execute(select(account.c.listed_at)).scalar()
    assert back == now
    assert back is not None
    assert back.tzinfo is not None


def test_a_database_that_cannot_be_written_still_shows_the_last_known_state(
    household: Household, cloud: Cloud
) -> None:
    cloud.forget_charger(cloud.chargers[1].id)
    cloud.charger.plug_in_and_charge()
    household.clock.advance(seconds=60)
    with household.app.app_context():
        household.app.extensions["services"].clock.tick()
    household.anna.get("/")
    read_only(household)
    answer = household.anna.get("/")
    assert answer.status_code == 200
    assert "Charging with" in words_of(answer)
    for address in (f"/chargers/{cloud.charger.id}/pause", "/pause", "/logout"):
        answer = household.anna.post(address)
        assert answer.status_code == 503
        assert TROUBLE in words_of(answer)
        assert answer.headers["Retry-After"] == "30"
    answer = household.stranger.post("/login", data={"name": "Anna", "password": household.password})
    assert answer.status_code == 503
    assert cloud.asked("command") == 0
    assert household.stranger.get("/healthz").status_code == 200  # it can still show


def test_looking_while_nothing_can_be_written_says_how_old_the_news_is(household: Household, cloud: Cloud) -> None:
    cloud.forget_charger(cloud.chargers[1].id)
    with household.app.app_context():
        household.app.extensions["services"].clock.tick()
    household.anna.get("/")
    read_only(household)
    household.clock.advance(seconds=600)
    answer = household.anna.get("/")
    assert answer.status_code == 200
    assert "No car was plugged in at 18:00" in words_of(answer)


def read_only(household: Household) -> None:
    """Have every connection refuse to write, as a full or write-protected disk does."""
    refusal = "PRAGMA query_only = 1" if household.database.is_sqlite else "SET TRANSACTION READ ONLY"
    event.listen(household.database.engine, "begin", lambda connection: connection.exec_driver_sql(refusal))


def test_a_database_that_is_gone_is_one_sentence_for_everybody(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> sqlite3.Connection:
        raise OperationalError("SELECT secret", {}, sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr(household.database._reader, "connect", fails)
    for browser in (household.anna, household.stranger):
        for address in ("/", "/login", "/more"):
            answer = browser.get(address)
            if answer.status_code == 302:
                continue  # signed out: nothing was asked of the database
            assert answer.status_code == 503
            assert TROUBLE in words_of(answer)
            assert "SELECT" not in answer.text
    answer = household.stranger.get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"status": "failing", "database": "failing", "clock_ticked_s_ago": None}


def test_what_is_no_database_is_said_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(DatabaseUnusable, match="cannot be read: file is not a database"):
        Database(f"sqlite:///{tmp_path / 'x.db'}").migrate()


def test_an_index_over_some_rows_is_limited_to_them_in_either_database(databases: Databases) -> None:
    database = Database(databases.blank())
    metadata.create_all(database.engine)
    with database.writing() as connection:
        connection.execute(insert(charger_table).values(id="x", name="x", record="{}", is_listed=True, revision=0))
        ended = {"charger_id": "x", "action": "pause", "origin": "page", "asked_at": NOW, "ended_at": NOW}
        for row in (ended, ended, ended | {"ended_at": None}):
            connection.execute(insert(command).values(row))
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(command).values(ended | {"ended_at": None}))
    database.dispose()


def test_a_look_waits_for_no_lock_and_a_press_only_a_moment(household: Household) -> None:
    if not household.database.is_sqlite:
        return  # only SQLite has one lock for all
    patience: list[str] = []
    event.listen(
        household.database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_more: patience.append(statement) if "busy_timeout" in statement else None,
    )
    holder = sqlite3.connect(household.database.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        household.clock.advance(seconds=3600)  # long enough for a look to want to note that it was there
        assert household.carla.get("/history").status_code == 200
        looked, patience[:] = set(patience), []
        answer = household.anna.post("/account/password", data={"old_password": "wrong", "new_password": "x"})
    finally:
        holder.rollback()
        holder.close()
    assert answer.status_code == 503
    assert TROUBLE in words_of(answer)
    assert looked == {f"PRAGMA busy_timeout = {LOOKING_PATIENCE_MS}"}
    assert set(patience) == {f"PRAGMA busy_timeout = {PRESSING_PATIENCE_MS}"}


def test_a_full_disk_is_no_good_health(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.database.LEAST_SPACE_BYTES", 10**18)
    answer = household.stranger.get("/healthz")
    says = (503, "full") if household.database.is_sqlite else (200, "ok")  # a server's disk is its own affair
    assert (answer.status_code, answer.json["database"]) == says
