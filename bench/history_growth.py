"""Ten years of a large household: how long each page of the history takes, and whether memory grows.

5 chargers, 20,000 sessions, 500,000 readings in a database of its own under a temporary folder (or the one in
BENCH_DATABASE_URL, which must be empty); each page is asked for several times through the WSGI interface.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, insert, select

from app import create_app
from dashboard.background import AtOnce
from dashboard.charger.tables import charger_table, snapshot_table
from dashboard.demo.people import PASSWORD, seed_demo
from dashboard.history import tariff
from dashboard.history.booking import SESSIONS
from dashboard.history.session_cost import priced, share_rows, store
from dashboard.history.session_values import intervals_of, meter_of, mwh, values_of
from dashboard.history.shares import shares
from dashboard.history.tables import charge_interval, charge_session, history_source
from dashboard.services import Services
from dashboard.settings import Settings
from simulator.invented_history import InventedHistory
from zaptec.charger import Charger
from zaptec.sessions import CompletedSession

CHARGERS, SESSIONS_EACH, READINGS_EACH = 5, 4000, 25
LIMIT_MS = 100
ROUNDS = 15
NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
PAGES = (
    "/history",
    "/history?month=2021-03",
    "/history?month=2021-03&charger={charger}",
    "/history/sessions/{session}",
    "/history/statement?month=2021-03",
    "/history/recalculate?year=2021",
    "/history.csv?month=2021-03",
    "/chargers/{charger}",
)


def sessions(number: int, id: str) -> Iterator[CompletedSession]:
    """The simulator's invented nights, each with as many readings as a charger that reads every quarter."""
    box = (id, f"Space {number}", f"ZAP{number:06}", "2.4.0.7")
    history = InventedHistory(*box, 22.0, number, NOW, 100.0, "Europe/Oslo")
    for kept in [session for session in history.sessions() if session.energy_kwh][-SESSIONS_EACH:]:
        # 22 years of a car, squeezed into ten: two cars share each charger.
        shift = (NOW - kept.start) * (10 / 22)
        start = NOW - shift
        end = start + timedelta(hours=READINGS_EACH / 4)
        each = Decimal(round(kept.energy_kwh * 1000) // (READINGS_EACH - 1)) / 1000
        readings = tuple(
            (start + timedelta(minutes=15 * step), each if step else Decimal(0)) for step in range(READINGS_EACH)
        )
        session = CompletedSession.from_archived(kept.as_archived())
        energy_kwh = each * (READINGS_EACH - 1)
        yield replace(session, start=start, end=end, energy_kwh=energy_kwh, intervals=readings)


def a_price_for_each_year(connection: Connection) -> None:
    tariff.choose_currency(connection, "EUR")
    for year in range(2016, 2027):
        tariff.add(connection, date(year, 1, 1), 200_000 + 10_000 * (year - 2016), NOW, "Anna")


def fill(app: Flask, enter_prices: Callable[[Connection], None] = a_price_for_each_year) -> list[str]:
    """Fill the database; returns the chargers' ids."""
    services: Services = app.extensions["services"]
    zone = ZoneInfo("Europe/Oslo")
    ids = [f"{number:08}-2222-4333-8444-555555555555" for number in range(1, CHARGERS + 1)]
    seed_demo(services.database, NOW)
    with services.database.writing() as connection:
        add_chargers(connection, ids)
        enter_prices(connection)
    with services.database.reading() as connection:
        prices = tariff.tariff(connection, zone)
        for number, id in enumerate(ids, 1):
            all_of_charger = list(sessions(number, id))
            for begin in range(0, len(all_of_charger), 1000):
                some = all_of_charger[begin : begin + 1000]
                with services.database.writing() as writing:
                    insert_many(writing, some, SESSIONS_EACH * number + begin, zone, prices)
    return ids


def add_chargers(connection: Connection, ids: list[str]) -> None:
    for number, id in enumerate(ids, 1):
        charger = Charger.from_json({"Id": id, "Name": f"Space {number}", "DeviceType": 4})
        record = json.dumps(charger.to_record())
        row = {"id": id, "name": charger.name, "record": record, "is_listed": True, "revision": 0}
        connection.execute(insert(charger_table).values(row))
        connection.execute(insert(snapshot_table).values(charger_id=id))
        connection.execute(
            insert(history_source).values(
                charger_id=id, due_at=NOW + timedelta(days=1), is_filled=True, collected_at=NOW
            )
        )


def insert_many(
    connection: Connection, booked: list[CompletedSession], first: int, zone: tzinfo, prices: tariff.Tariff
) -> None:
    """What booking would write, in bulk: twenty thousand sessions one by one take minutes."""
    rows: dict[str, list[dict[str, Any]]] = {"session": [], "interval": [], "share": []}
    for id, session in enumerate(booked, first):
        intervals = intervals_of(session, None)
        cut = shares(
            session.start,
            session.end,
            mwh(session.energy_kwh or Decimal(0)),
            intervals,
            zone,
            prices.changes_between,
        )
        rows["session"].append(
            values_of(session, SESSIONS, intervals, meter_of(session), NOW)
            | {"id": id, "zaptec_id": session.id, "zone": str(zone), "is_counted": True, "fingerprint": ""}
            | {"last_day": session.end.astimezone(zone).date(), "booked_at": NOW, "priced_in": prices.state}
        )
        rows["interval"] += [
            {"session_id": id, "position": position, "at": at, "energy_mwh": energy}
            for position, (at, energy) in enumerate(intervals)
        ]
        rows["share"] += share_rows(id, session.charger_id or "", priced(cut, prices))
    for table, name in ((charge_session, "session"), (charge_interval, "interval")):
        connection.execute(insert(table), rows[name])
    store(connection, [row["id"] for row in rows["session"]], rows["share"])


def ask(browser: FlaskClient, page: str) -> float:
    """The median time of an answer, in milliseconds of server time."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        answer = browser.get(page)
        _ = answer.data
        times.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 200, (page, answer.status_code)
    return statistics.median(times)


def settings_in(folder: str) -> Settings:
    return Settings(
        zaptec_username="nobody",
        zaptec_password="nothing",
        zaptec_api_url="http://127.0.0.1:9",
        database_url=os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder}/bench.db",
        secret_key="only for the bench",
        time_zone="Europe/Oslo",
        instance=Path(folder),
    )


def memory_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> list[tuple[str, str, str]]:
    """The slowest page, and what the memory did; progress goes to standard error."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_in(folder), now=lambda: NOW, background=AtOnce)
        begin = time.perf_counter()
        ids = fill(app)
        say(f"written in {time.perf_counter() - begin:.0f} s")
        rows = _measure(app, ids)
        app.extensions["services"].database.dispose()
        return rows


def _measure(app: Flask, ids: list[str]) -> list[tuple[str, str, str]]:
    services: Services = app.extensions["services"]
    with services.database.reading() as connection:
        sessions = connection.execute(select(func.count()).select_from(charge_session)).scalar()
        readings = connection.execute(select(func.count()).select_from(charge_interval)).scalar()
        middle = connection.execute(select(charge_session.c.id).offset(9000).limit(1)).scalar()
    browser = app.test_client()
    browser.post("/login", data={"name": "anna", "password": PASSWORD})
    pages = [page.format(charger=ids[0], session=middle) for page in PAGES]
    for page in pages:
        browser.get(page)
    before, times = memory_mb(), {}
    for page in pages:
        times[page] = ask(browser, page)
        say(f"{times[page]:7.1f} ms  {page}")
    after = memory_mb()
    for _ in range(3):
        for piece in browser.get("/history.csv?from=2016-01-01&what=intervals", buffered=False).response:
            assert piece
    files = memory_mb()
    slowest = max(times, key=lambda page: times[page])
    shown = slowest.replace(ids[0], "…")
    return [
        (
            f"slowest page of the history, {sessions} sessions, {readings} readings",
            f"{times[slowest]:.0f} ms (`{shown}`)",
            f"goal {LIMIT_MS} ms",
        ),
        ("memory after all its pages, and after three files of all readings", f"{after:.0f}, {files:.0f} MB",
         f"{before:.0f} MB before"),
    ]  # fmt: skip


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(*measure(), sep="\n")
