"""What the files hold: the same sums as the pages, and nothing twice."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from dashboard.charger import chargers
from dashboard.history.tables import charge_share
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, session

pytestmark = pytest.mark.one_database


def test_the_files_add_up_to_the_pages_and_harm_no_spreadsheet(
    filled: Callable[[], Household], cloud: Cloud
) -> None:
    cloud.add_history(years=1)
    household = filled()
    add_price(household)
    with household.database.writing() as connection:
        chargers.arrange(connection, {cloud.charger.id: (1, "=HYPERLINK(1)")})
    text = household.carla.get("/history.csv?from=2025-01-01&to=2026-12-31").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    with household.database.reading() as connection:
        shares = connection.execute(select(charge_share)).all()
    assert sum(Decimal(row["counted_kwh"]) for row in rows) * 1_000_000 == sum(share.energy_mwh for share in shares)
    assert sum(Decimal(row["cost"] or 0) for row in rows) * 1_000_000 == sum(share.cost_micro for share in shares)
    assert {row["charger"] for row in rows} == {"'=HYPERLINK(1)", "Guest place"}
    for row in rows:
        assert datetime.fromisoformat(row["end_utc"]) >= datetime.fromisoformat(row["start_utc"])
    text = household.carla.get("/history.csv?from=2025-01-01&to=2026-12-31&what=intervals").text
    readings = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    told = json.loads(household.carla.get("/history.json?from=2025-01-01&to=2026-12-31").text)
    assert len(told["sessions"]) == len(rows) and len(readings) > len(rows)
    ids = [(row["session"], row["begin_utc"]) for row in readings]
    assert len(ids) == len(set(ids))


def test_a_range_that_cannot_be_read_is_a_sentence(household: Household) -> None:
    for query in ("from=x", "from=2026-02-01&to=2026-01-01", "to=2026-13-01"):
        answer = household.carla.get(f"/history.csv?{query}")
        assert answer.status_code == 400 and "two days" in words_of(answer)
    assert household.carla.get("/history?month=nonsense").status_code == 200
    assert household.carla.get("/history?charger=unknown").status_code == 404


def readings(household: Household, days: str) -> tuple[Decimal, Decimal]:
    """The energy in a range's file of readings, as CSV and as JSON."""
    text = household.carla.get(f"/history.csv?what=intervals&{days}").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    told = json.loads(household.carla.get(f"/history.json?what=intervals&{days}").text)["intervals"]
    assert [row["begin_utc"] for row in rows] == [reading["begin_utc"] for reading in told]
    return sum((Decimal(row["energy_kwh"]) for row in rows), Decimal(0)), Decimal(
        str(sum(reading["energy_kwh"] for reading in told))
    )


def test_each_reading_of_a_night_is_in_the_file_of_the_day_on_which_it_begins(household: Household) -> None:
    start = datetime(2026, 10, 31, 20, 30, tzinfo=UTC)  # 21:30 in Oslo
    at = [start + timedelta(hours=number) for number in range(7)]
    night = tuple((moment, Decimal(4 if number else 0)) for number, moment in enumerate(at))
    book(household, [session("night", 1, start=start, end=at[-1], energy_kwh=Decimal(24), intervals=night)])
    book(household, [session("untold", 1, intervals=())])  # counts in the sessions, has no readings
    assert readings(household, "month=2026-10") == (12, 12)  # the third began at 23:30
    assert readings(household, "month=2026-11") == (12, 12)
    assert readings(household, "from=2026-10-31&to=2026-11-01") == (24, 24)
    assert readings(household, "from=2026-11-01&to=2026-11-30") == (12, 12)
    assert readings(household, "from=2026-11-02&to=2026-11-30") == (0, 0)


def test_a_reading_whose_energy_counts_on_the_next_day_is_still_where_it_begins(household: Household) -> None:
    start = datetime(2026, 10, 31, 22, 59, 58, tzinfo=UTC)  # two seconds before midnight in Oslo
    end = start + timedelta(hours=1)
    little = Decimal("0.001")
    book(household, [session("late", 1, start=start, end=end, energy_kwh=little, intervals=((end, little),))])
    assert readings(household, "month=2026-10") == (little, little)
    assert readings(household, "month=2026-11") == (0, 0)
