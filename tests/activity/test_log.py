"""The log itself: kept for a year, and written only for what happened."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dashboard.activity import lines, log
from dashboard.activity.kinds import LineKind
from tests.activity.conftest import Write
from tests.conftest import Household, words_of


def test_the_last_lines_about_a_charger_are_for_its_page(household: Household, write: Write) -> None:
    for action in ("pause", "resume", "pause", "resume"):
        household.clock.advance(seconds=60)
        write(LineKind.COMMAND, member="Anna", charger_id="a", details={"action": action})
    write(LineKind.COMMAND, member="Anna", charger_id="b", details={"action": "pause"})
    with household.database.reading() as connection:
        last = lines.latest(connection, "a")
        assert [line.words for line in last] == [
            "Anna resumed charging",
            "Anna paused charging",
            "Anna resumed charging",
        ]
        assert last[0].at == household.clock.now()
        assert len(lines.latest(connection, "a", count=10)) == 4


def test_what_happened_outside_is_known_by_its_moment(household: Household, write: Write) -> None:
    at = household.clock.now()
    write(LineKind.OUTSIDE, charger_id="a", origin="outside", details={"action": "pause"})
    with household.database.reading() as connection:
        assert log.was_outside(connection, "a", at)
        assert not log.was_outside(connection, "b", at)
        assert not log.was_outside(connection, "a", at + timedelta(seconds=1))
        assert not log.was_outside(connection, "a", None)


def test_lines_older_than_a_year_are_forgotten(household: Household, write: Write) -> None:
    write(LineKind.PASSWORD_CHANGED)
    household.clock.advance(seconds=365 * 86400)
    write(LineKind.PASSWORD_CHANGED)
    with household.database.writing() as connection:
        assert log.forget_old(connection, household.clock.now()) == 0
    household.clock.advance(seconds=1)
    with household.database.writing() as connection:
        assert log.forget_old(connection, household.clock.now()) == 1
        assert connection.execute(select(func.count()).select_from(log.activity_log)).scalar() == 1


def test_what_did_not_happen_leaves_no_line(household: Household) -> None:
    class Changed(Exception):
        pass

    with pytest.raises(Changed), household.database.writing() as connection:
        log.record(connection, at=household.clock.now(), kind=LineKind.PASSWORD_CHANGED)
        raise Changed
    assert "Nothing has happened yet." in words_of(household.anna.get("/activity"))
