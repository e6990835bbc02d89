"""The sums by day are mended where a version from before them has booked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete, update

from dashboard.history.tables import charge_day, charge_share
from tests.conftest import Household
from tests.history.conftest import add_price, book, days_agree, evening, services_of, session


def mend(household: Household) -> None:
    """What the clock does at first, and now and then."""
    with household.app.app_context():
        for job in services_of(household.app).clock.jobs:
            if job.name == "days":
                job.do()


@pytest.mark.parametrize("what", ["booked", "corrected", "taken out"])
def test_what_was_booked_without_its_days_is_in_the_totals_again(household: Household, what: str) -> None:
    add_price(household)
    book(household, [evening(), session("n", 12, energy_kwh=Decimal(3))])
    with household.database.writing() as connection:
        if what == "booked":
            connection.execute(delete(charge_day).where(charge_day.c.session_id == 1))
        elif what == "corrected":
            connection.execute(update(charge_share).where(charge_share.c.session_id == 1).values(cost_micro=None))
        else:
            connection.execute(delete(charge_share).where(charge_share.c.session_id == 1))
        assert not days_agree(connection)
    mend(household)
    with household.database.reading() as connection:
        assert days_agree(connection)


def test_where_all_is_well_nothing_is_done(household: Household, caplog: pytest.LogCaptureFixture) -> None:
    add_price(household)
    book(household, [evening()])
    mend(household)
    assert "summed up anew" not in caplog.text
    with household.database.writing() as connection:
        connection.execute(delete(charge_day))
    mend(household)
    assert "the days of 1 sessions were summed up anew" in caplog.text
