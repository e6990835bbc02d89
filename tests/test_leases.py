"""Leases: one of all processes gets a thing, a dead one loses it, and a clock that was wrong blocks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dashboard import leases
from dashboard.database import Database
from dashboard.leases import BackOff, lease_table

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
LENGTH = timedelta(seconds=40)
BACK_OFF = BackOff(timedelta(seconds=5), timedelta(seconds=60), seldom=timedelta(minutes=10))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def take(database: Database, holder: str, at: datetime = NOW, name: str = "a thing") -> bool:
    with database.writing() as connection:
        return leases.take(connection, name, holder, at, LENGTH)


def test_of_many_at_once_one_gets_it(database: Database) -> None:
    with ThreadPoolExecutor(12) as pool:
        got = list(pool.map(lambda number: take(database, f"process {number}"), range(40)))
    assert got.count(True) == 1


def test_who_has_it_may_hold_it_longer_and_others_wait_until_it_lapses(database: Database) -> None:
    assert take(database, "first")
    assert not take(database, "second", NOW + timedelta(seconds=30))
    assert take(database, "first", NOW + timedelta(seconds=30))
    assert not take(database, "second", NOW + timedelta(seconds=69))
    assert take(database, "second", NOW + timedelta(seconds=70))


def test_whoever_looked_at_the_clock_a_moment_earlier_does_not_take_it_too(database: Database) -> None:
    assert take(database, "first", NOW + timedelta(milliseconds=1))
    assert not take(database, "second", NOW)


def test_what_is_let_go_is_free_and_others_things_stay_theirs(database: Database) -> None:
    assert take(database, "first") and take(database, "second", name="another thing")
    with database.writing() as connection:
        leases.release(connection, "first")
        assert not leases.is_ours(connection, "a thing", "first")
        assert leases.is_ours(connection, "another thing", "second")
        assert leases.is_taken(connection, "another thing", NOW, LENGTH)
        assert not leases.is_taken(connection, "a thing", NOW, LENGTH)
    assert take(database, "second")


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=3650)])
def test_what_was_taken_while_the_clock_was_ahead_counts_as_over(database: Database, ahead: timedelta) -> None:
    assert take(database, "while the clock was ahead", NOW + ahead)
    with database.reading() as connection:
        assert not leases.is_taken(connection, "a thing", NOW, LENGTH)
        held = select(lease_table.c.name).where(leases.holds(lease_table.c.until, NOW, LENGTH))
        assert connection.execute(held).first() is None
    assert take(database, "afterwards")


def test_a_column_is_judged_as_a_moment_is(database: Database) -> None:
    for seconds in (-1, 0, 1, 39, 40, 41, 99, 100, 101, 86400):
        until = NOW + timedelta(seconds=seconds)
        with database.writing() as connection:
            connection.execute(lease_table.delete().where(lease_table.c.name == "x"))
            connection.execute(lease_table.insert().values(name="x", until=until))
            query = select(lease_table.c.name).where(leases.holds(lease_table.c.until, NOW, LENGTH))
            found = connection.execute(query).first() is not None
        assert found is leases.still_holds(until, NOW, LENGTH), seconds


def test_a_pause_doubles_until_it_is_long_enough() -> None:
    seconds = [BACK_OFF.pause("unavailable", failures).total_seconds() for failures in (0, 1, 2, 3, 4, 5, 1000)]
    for pause, planned in zip(seconds, (5, 10, 20, 40, 60, 60, 60), strict=True):
        assert planned <= pause <= planned * 1.1


@pytest.mark.parametrize("code", sorted(leases.ONLY_A_PERSON_HELPS))
def test_where_only_a_person_can_help_it_is_asked_seldom(code: str) -> None:
    assert BACK_OFF.pause(code, 0) >= timedelta(minutes=10)


@pytest.mark.parametrize("wish_s", [120.0, 3600.0, 90_000.0, None])
def test_zaptecs_own_wish_is_kept_within_reason_and_no_pause_is_longer_than_the_longest(
    wish_s: float | None,
) -> None:
    for code in ("rate_limited", "no_access"):
        pause = BACK_OFF.pause(code, 99, wish_s)
        assert min(wish_s or 0.0, 3600.0) <= pause.total_seconds()
        assert pause <= BACK_OFF.longest
