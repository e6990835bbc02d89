"""What leaves the house: doors that are shut until an owner opens them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import doors
from dashboard.database import Database
from dashboard.doors import Door
from tests.conftest import Household

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
HOST = "prices.example"


@pytest.fixture
def database(household: Household) -> Database:
    return household.database


def test_a_door_is_shut_until_somebody_opens_it(database: Database) -> None:
    with database.writing() as connection:
        assert doors.find(connection, HOST) == Door(HOST)
        assert doors.switch(connection, HOST, True, NOW, "Anna")
        assert doors.open_hosts(connection) == {HOST}
        assert doors.find(connection, HOST).switched_by == "Anna"
        assert doors.switch(connection, HOST, False, NOW, "Anna")
        assert doors.open_hosts(connection) == set()


def test_switching_to_what_is_so_already_does_nothing(database: Database) -> None:
    with database.writing() as connection:
        assert not doors.switch(connection, HOST, False, NOW, "Anna")
        doors.switch(connection, HOST, True, NOW, "Anna")
        assert not doors.switch(connection, HOST, True, NOW, "Dora")
        assert doors.find(connection, HOST).switched_by == "Anna"


def test_failures_are_counted_until_an_answer_comes(database: Database) -> None:
    later = NOW + timedelta(minutes=5)
    with database.writing() as connection:
        doors.switch(connection, HOST, True, NOW, "Anna")
        for count in (1, 2):
            doors.note_failure(connection, HOST, "timed_out", NOW, later)
            assert doors.find(connection, HOST).failures == count
        assert doors.find(connection, HOST).again_at == later
        doors.note_answer(connection, HOST, later)
        found = doors.find(connection, HOST)
    assert (found.failures, found.failure, found.again_at, found.answered_at) == (0, None, None, later)


def test_opening_a_door_forgets_what_went_wrong_before(database: Database) -> None:
    with database.writing() as connection:
        doors.note_failure(connection, HOST, "timed_out", NOW, NOW + timedelta(hours=1))
        doors.switch(connection, HOST, True, NOW, "Anna")
        found = doors.find(connection, HOST)
    assert (found.failure, found.failures, found.again_at) == (None, 0, None)
