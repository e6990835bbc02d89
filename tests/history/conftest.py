"""A household whose history is collected from the simulated cloud, a tick at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from werkzeug.test import TestResponse

from dashboard.history import due, fetching, tables  # noqa: F401 - so that every test begins with empty tables
from dashboard.history.booking import SESSIONS, Booking
from dashboard.history.session_cost import day_rows
from dashboard.history.tables import charge_day, charge_session, charge_share, price_table
from dashboard.services import Services
from tests.conftest import Household
from zaptec.sessions import CompletedSession

SAMPLES = Path(__file__).parent.parent / "samples"


def tick(app: Flask) -> None:
    """What the clock does for the history, once."""
    services: Services = app.extensions["services"]
    fetching.fetch_if_due(services)


def collect_all(app: Flask) -> int:
    """Tick until the history rests; how many ticks that took."""
    from dashboard.charger import chargers

    services: Services = app.extensions["services"]
    chargers.read_list(services)
    for number in range(500):
        with services.database.reading() as connection:
            if not due.is_any_due(connection, services.now(), services.settings.charger_ids):
                return number
        tick(app)
    raise AssertionError("the history never rests")


@pytest.fixture
def filled(household: Household) -> Callable[[], Household]:
    """Collects everything that the cloud has by now."""

    def fill() -> Household:
        collect_all(household.app)
        return household

    return fill


def services_of(app: Flask) -> Services:
    services: Services = app.extensions["services"]
    return services


def archived(name: str) -> list[CompletedSession]:
    """The sessions of a recorded answer."""
    data = json.loads((SAMPLES / name).read_text())
    if "sessions" in data:
        return [CompletedSession.from_archived(told) for told in data["sessions"]]
    return [CompletedSession.from_chargehistory(told) for told in data["Data"]]


def book(
    household: Household, sessions: Sequence[CompletedSession], source: str = SESSIONS, charger: str = ""
) -> int:
    """Book what Zaptec might have told; how many sessions that changed."""
    with household.app.app_context(), household.database.writing() as connection:
        services: Services = household.app.extensions["services"]
        booking = Booking(connection, services.zone, household.clock.now())
        return booking.store(sessions, charger or str(sessions[0].charger_id), source).changed


def add_price(
    household: Household, price: str = "0.25", valid_from: str = "2020-01-01", **more: str
) -> TestResponse:
    """Anna adds a price through the page."""
    form = {"price": price, "valid_from": valid_from, "currency": "EUR"} | more
    return household.anna.post("/history/prices", data=form)


def price_ids(household: Household) -> list[int]:
    """The numbers of the prices on the list."""
    with household.database.reading() as connection:
        listed = select(price_table.c.id).where(price_table.c.removed_in.is_(None)).order_by(price_table.c.id)
        return list(connection.execute(listed).scalars())


def number_of(household: Household, zaptec_id: str) -> int:
    """Our number of a session."""
    with household.database.reading() as connection:
        query = select(charge_session.c.id).where(charge_session.c.zaptec_id == zaptec_id)
        return int(connection.execute(query).scalar_one())


def days_agree(connection: Connection) -> bool:
    """Whether the days of all sessions are the sums of their shares."""
    shares = [dict(row._mapping) for row in connection.execute(select(charge_share))]
    days = [dict(row._mapping) for row in connection.execute(select(charge_day))]

    def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: (row["session_id"], row["day"]))

    return in_order(days) == in_order(day_rows(shares))


def cost_of(household: Household, zaptec_id: str) -> int | None:
    with household.database.reading() as connection:
        assert days_agree(connection)
        costs = connection.execute(
            select(charge_share.c.cost_micro).where(charge_share.c.session_id == number_of(household, zaptec_id))
        ).scalars()
        shares = list(costs)
    return None if None in shares or not shares else sum(shares)


def session(id: str, day: int, **more: object) -> CompletedSession:
    """Ten kWh between 12 and 13 o'clock UTC on a day of November 2026."""
    start = datetime(2026, 11, day, 12, tzinfo=UTC)
    values = {
        "id": id,
        "charger_id": "11111111-2222-4333-8444-555555555555",
        "start": start,
        "end": start + timedelta(hours=1),
        "energy_kwh": Decimal(10),
        "intervals": ((start, Decimal(0)), (start + timedelta(hours=1), Decimal(10))),
        "has_reliable_clock": True,
    }
    return CompletedSession(**(values | more))  # type: ignore[arg-type]


def evening(id: str = "s1") -> CompletedSession:
    """Eight kWh from 20 to 24 o'clock in Oslo, two in each hour."""
    start = datetime(2026, 11, 10, 19, tzinfo=UTC)
    readings = tuple((start + n * timedelta(hours=1), Decimal(2 if n else 0)) for n in range(5))
    return session(id, 10, start=start, end=start + timedelta(hours=4), energy_kwh=Decimal(8), intervals=readings)
