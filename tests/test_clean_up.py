"""What is kept for a time is forgotten in time, but never by a clock that is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dashboard.activity import log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.household.tables import device_table, invitation_table
from simulator import Cloud
from tests.conftest import Household

YEAR_AND_MORE = timedelta(days=400).total_seconds()


@pytest.fixture
def line(household: Household) -> None:
    """A line of the log of today."""
    with household.database.writing() as connection:
        log.record(connection, at=household.clock.now(), kind=LineKind.PASSWORD_CHANGED)


def count(household: Household, table=log.activity_log) -> int:
    with household.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def ask_zaptec(household: Household) -> None:
    chargers.read_list(household.app.extensions["services"], force=True)


def clean_up(household: Household) -> None:
    """What the clock does once in a while."""
    services = household.app.extensions["services"]
    for job in services.clock.jobs:
        if job.name == "clean up":
            with household.app.app_context():
                job.do()


@pytest.mark.usefixtures("line")
def test_after_a_year_a_line_is_forgotten(household: Household) -> None:
    ask_zaptec(household)
    clean_up(household)
    assert count(household) == 1
    household.clock.advance(seconds=YEAR_AND_MORE)
    ask_zaptec(household)
    clean_up(household)
    assert count(household) == 0


@pytest.mark.usefixtures("line")
def test_a_clock_that_was_ahead_for_nine_seconds_has_cost_nothing(household: Household, cloud: Cloud) -> None:
    ask_zaptec(household)
    household.clock.advance(seconds=YEAR_AND_MORE)
    clean_up(household)  # Zaptec was not asked yet: what is known of the clock is a year old
    assert count(household) == 1
    cloud.skew_clock(-YEAR_AND_MORE)
    ask_zaptec(household)  # now it is known that the clock is wrong
    clean_up(household)
    assert count(household) == 1
    household.clock.advance(seconds=9 - YEAR_AND_MORE)
    cloud.skew_clock(0)
    clean_up(household)  # what is known of the clock lies in the future
    ask_zaptec(household)
    clean_up(household)
    assert count(household) == 1


def test_nobody_is_signed_out_for_good_by_a_clock_that_is_wrong(household: Household, cloud: Cloud) -> None:
    ask_zaptec(household)
    devices = count(household, device_table)
    household.clock.advance(seconds=YEAR_AND_MORE)
    household.sign_in("Ben")
    household.clock.advance(seconds=-YEAR_AND_MORE)
    assert count(household, device_table) == devices + 1
    assert household.anna.get("/activity").status_code == 200


def test_no_invitation_is_lost_by_a_clock_that_is_wrong(household: Household) -> None:
    ask_zaptec(household)
    household.anna.post("/household", data={"role": "member"})
    household.clock.advance(seconds=YEAR_AND_MORE)
    browser, _answer = household.sign_in("Anna")
    browser.post("/household", data={"role": "member"})
    assert count(household, invitation_table) == 2
    ask_zaptec(household)
    browser.post("/household", data={"role": "member"})  # a year has really passed
    assert count(household, invitation_table) == 2


def test_lapsed_devices_are_forgotten_by_a_clock_that_is_right(household: Household) -> None:
    household.clock.advance(seconds=YEAR_AND_MORE)
    ask_zaptec(household)
    household.sign_in("Ben")
    assert count(household, device_table) == 1


def test_the_clock_is_not_trusted_before_zaptec_has_said_the_time(household: Household) -> None:
    services = household.app.extensions["services"]
    with household.database.reading() as connection:
        assert not services.account.is_clock_right(connection)
    ask_zaptec(household)
    with household.database.reading() as connection:
        assert services.account.is_clock_right(connection)
    household.clock.advance(seconds=3 * 86400)
    with household.database.reading() as connection:
        assert not services.account.is_clock_right(connection)
