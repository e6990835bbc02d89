"""A database from before keeps everything, and what it holds is read in today's way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from dashboard.activity.log import activity_log
from dashboard.database import MIGRATIONS, Database
from dashboard.history import due
from dashboard.history.due import FetchState
from dashboard.history.session_cost import cost_parts
from dashboard.history.tables import (
    PART_COLUMNS,
    charge_interval,
    charge_paper,
    charge_session,
    charge_share,
    history_source,
)
from dashboard.tariff import price_text
from dashboard.tariff.contracts import cost_of
from dashboard.tariff.kwh_price import KwhPrice
from tests.databases import Databases
from tests.history.conftest import days_agree

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR
NBSP = "\N{NO-BREAK SPACE}"
OLD_SESSION = (
    *("zaptec_id", "charger_id", "start_at", "end_at", "energy_mwh", "flowing_s", "last_day", "zone", "is_offline"),
    *("has_reliable_clock", "is_signed", "is_voided", "is_aborted", "stopped_by_rfid", "is_counted", "source"),
    *("fingerprint", "booked_at"),
)
OLD_SHARE = ("session_id", "position", "charger_id", "begin_at", "day", "energy_mwh")


@pytest.fixture
def before_facts(databases: Databases) -> Iterator[Database]:
    """A database as it was before log lines held facts."""
    database = database_of(databases, "0009")
    yield database
    database.dispose()


def database_of(databases: Databases, revision: str) -> Database:
    """A database as it was in an earlier revision."""
    database = Database(databases.blank())
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return database


def add_line(database: Database, kind: str, **details: Any) -> None:
    with database.writing() as connection:
        values = {"at": NOON, "kind": kind, "origin": "page", "details": json.dumps(details, ensure_ascii=False)}
        connection.execute(activity_log.insert().values(values))


def details_after(database: Database) -> list[dict[str, Any]]:
    database.migrate()
    with database.reading() as connection:
        query = select(activity_log.c.details).order_by(activity_log.c.id)
        return [json.loads(details) for details in connection.execute(query).scalars()]


def test_words_in_old_log_lines_become_facts(before_facts: Database) -> None:
    add_line(before_facts, "signed_in", device="Samsung Internet on Android")
    add_line(before_facts, "signed_in", device="iPhone")
    add_line(before_facts, "signed_in", device="an unknown browser")
    add_line(before_facts, "price_added", price=f"0.2875{NBSP}€", day="Sun 1 March 2026")
    add_line(before_facts, "price_removed", price=f"2.00{NBSP}PLN", day="Sat 31 January 2026")
    add_line(before_facts, "charge_assigned", name="Ben", day="Fri 20 November 2026")
    add_line(before_facts, "charge_assigned", name="A guest", day="Fri 20 November 2026")
    add_line(before_facts, "charge_unassigned", name="", day="Fri 20 November 2026")
    add_line(before_facts, "command", action="pause", outcome="not confirmed")
    assert details_after(before_facts) == [
        {"browser": "Samsung Internet", "system": "Android"},
        {"browser": "iPhone", "system": ""},
        {"browser": "", "system": ""},
        {"micro_per_kwh": 287_500, "currency": "EUR", "day": "2026-03-01"},
        {"micro_per_kwh": 2_000_000, "currency": "PLN", "day": "2026-01-31"},
        {"name": "Ben", "day": "2026-11-20"},
        {"is_guest": True, "day": "2026-11-20"},
        {"day": "2026-11-20"},
        {"action": "pause", "outcome": "not_confirmed"},
    ]


def test_crowns_are_those_of_the_household(before_facts: Database) -> None:
    with before_facts.writing() as connection:
        connection.execute(text("UPDATE history_book SET currency = 'SEK'"))
    add_line(before_facts, "price_added", price=f"1.50{NBSP}kr", day="Sun 1 March 2026")
    assert details_after(before_facts) == [{"micro_per_kwh": 1_500_000, "currency": "SEK", "day": "2026-03-01"}]


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("price_added", {"price": f"1.50{NBSP}kr", "day": "som day"}),  # whose crowns nobody knows
        ("price_added", {"price": "cheap", "day": "Sun 31 February 2026"}),
        ("timer_set", {"timer": "pause", "until": "2026-11-20T20:43:00+00:00"}),
        ("settings", {"what": "order of the chargers"}),
        ("charge_assigned", {"name": "Ben"}),
    ],
)
def test_what_cannot_be_read_stays_as_it_was(before_facts: Database, kind: str, details: dict[str, Any]) -> None:
    add_line(before_facts, kind, **details)
    assert details_after(before_facts) == [details]


def add_session(database: Database, id: str, start: datetime, end: datetime, *at: datetime, ocmf: str = "") -> None:
    values = dict.fromkeys(OLD_SESSION, False) | {
        "zaptec_id": id, "charger_id": "a", "start_at": start, "end_at": end, "energy_mwh": 10, "flowing_s": 0,
        "last_day": end.date(), "zone": "UTC", "is_counted": True, "source": "sessions", "fingerprint": "old",
        "booked_at": NOON,
    }  # fmt: skip
    with database.writing() as connection:
        insert = charge_session.insert().values({charge_session.c[name]: values[name] for name in OLD_SESSION})
        number = connection.execute(insert.returning(charge_session.c.id)).scalar_one()
        share = {"session_id": number, "position": 0, "charger_id": "a", "begin_at": start, "day": end.date()}
        connection.execute(charge_share.insert().values(share | {"energy_mwh": 10}))
        for position, moment in enumerate(at):
            row = {"session_id": number, "position": position, "at": moment, "energy_mwh": 10}
            connection.execute(charge_interval.insert().values(row))
        if ocmf:
            connection.execute(charge_paper.insert().values(session_id=number, ocmf=ocmf))


def test_sessions_that_cannot_have_been_leave_the_totals(before_facts: Database) -> None:
    unset = datetime(1970, 1, 1, tzinfo=UTC)
    add_session(before_facts, "good", NOON - HOUR, NOON, NOON)
    add_session(before_facts, "unset", unset, unset + HOUR)
    add_session(before_facts, "half", unset, NOON - 24 * HOUR)
    add_session(before_facts, "ahead", NOON, NOON + 25 * HOUR)
    before_facts.migrate()
    with before_facts.reading() as connection:
        table = charge_session.c
        rows = connection.execute(select(table.zaptec_id, table.are_times_known, table.last_day)).all()
        shares = select(table.zaptec_id).join(charge_share, charge_share.c.session_id == table.id)
        assert connection.execute(shares).scalars().all() == ["good"]
    assert {row.zaptec_id: (row.are_times_known, row.last_day) for row in rows} == {
        "good": (True, date(2026, 11, 20)),
        "unset": (False, date(2026, 11, 20)),  # where we heard of it
        "half": (False, date(2026, 11, 19)),
        "ahead": (False, date(2026, 11, 20)),
    }


def test_sessions_that_were_read_badly_are_booked_again_when_they_are_fetched(before_facts: Database) -> None:
    add_session(before_facts, "good", NOON - HOUR, NOON, NOON + HOUR)
    add_session(before_facts, "stray", NOON - HOUR, NOON, NOON, NOON + 3 * HOUR)
    add_session(before_facts, "unread", NOON - HOUR, NOON, ocmf="OCMF|?")
    before_facts.migrate()
    with before_facts.reading() as connection:
        table = charge_session.c
        rows = connection.execute(select(table.zaptec_id, table.has_stray_readings, table.zone, table.fingerprint))
        assert {row.zaptec_id: tuple(row)[1:] for row in rows} == {
            "good": (False, "UTC", "old"),
            "stray": (True, "", "old"),
            "unread": (False, "UTC", ""),
        }


def test_sessions_that_were_read_badly_are_fetched_again_however_old_they_are(before_facts: Database) -> None:
    for days in (500, 3000):
        add_session(before_facts, str(days), NOON - days * DAY, NOON - days * DAY + HOUR, ocmf="OCMF|?")
    add_session(before_facts, "good", NOON - HOUR, NOON)
    filled = {"due_at": NOON + DAY, "is_filled": True, "collected_at": NOON, "empty_months": 24}
    with before_facts.writing() as connection:
        for charger_id in ("a", "without"):
            row = {"charger_id": charger_id, "filled_to": NOON - 4000 * DAY} | filled
            connection.execute(history_source.insert().values(row))
    before_facts.migrate()
    with before_facts.reading() as connection:
        columns = (history_source.c.charger_id, *due.FIELDS)
        states = {row[0]: FetchState(*row[1:]) for row in connection.execute(select(*columns))}
    assert states["without"].is_filled
    again = states["a"].next_span(NOON)
    assert (again.since, again.until) == (datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 8, 1, tzinfo=UTC))
    assert again.is_fill and not states["a"].is_filled and not states["a"].empty_months


def test_what_was_booked_with_its_price_is_taken_apart_as_booking_does_it(databases: Databases) -> None:
    database = database_of(databases, "0022")
    add_session(database, "one", NOON - HOUR, NOON)
    price = KwhPrice(energy=333_333, mark_up=0, grid=200_001, tax=0, vat=133_333, support=-77_777)
    told = {"cost_micro": cost_of(9_999, price), "price": price_text.to_text(price)}
    with database.writing() as connection:
        row = connection.execute(select(*(charge_share.c[name] for name in OLD_SHARE))).one()._asdict()
        for position, more in ((1, told), (2, {"cost_micro": 1})):
            values = row | {"position": position, "energy_mwh": 9_999} | more
            connection.execute(charge_share.insert().values(values))
    database.migrate()
    with database.reading() as connection:
        parts = select(*(charge_share.c[column] for column in PART_COLUMNS)).order_by(charge_share.c.position)
        found = [found._asdict() for found in connection.execute(parts)]
        assert days_agree(connection)
    assert found == [cost_parts(1, None), cost_parts(9_999, price), cost_parts(1, None)]
    database.dispose()
