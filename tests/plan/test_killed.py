"""Real programs, real time (faster), real kill -9: each change of a plan happens once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from dashboard.charger import chargers, tables
from dashboard.plan import weekly
from dashboard.plan.week import Week, Window
from dashboard.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SPEED, REAL_S = 120.0, 14.0
PERIOD = 8  # minutes: four open, four closed


def test_a_program_that_is_killed_again_and_again_does_every_change_once(tmp_path, make_app):
    simulator = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--speed", str(SPEED), "--charging", "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    began = time.time()
    programs: list[subprocess.Popen[bytes]] = []
    try:
        assert simulator.stdout is not None
        url = simulator.stdout.readline().split()[-1]
        database_url = f"sqlite:///{tmp_path / 'killed.db'}"
        edges = _prepare(make_app, url, database_url, began, tmp_path)
        dice = random.Random(7)
        command = [sys.executable, str(Path(__file__).with_name("program.py")), url, database_url, str(SPEED)]
        while time.time() - began < REAL_S:
            programs.append(
                subprocess.Popen([*command, str(began)], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
            )
            time.sleep(dice.uniform(1.2, 3.0))
            programs[-1].send_signal(signal.SIGKILL)
            programs[-1].wait()
        until = datetime.fromtimestamp(began, UTC) + timedelta(seconds=REAL_S * SPEED) - timedelta(minutes=PERIOD)
        received = _received(url)
    finally:
        for program in programs:
            with suppress(ProcessLookupError):
                program.kill()
        simulator.communicate("")
    assert len(programs) >= 4
    wanted = [command for at, command in edges if at <= until]
    done = [one["command"] for one in received if one["outcome"] == "executed"]
    assert len(wanted) >= 2
    # Which changes a dead program overslept depends on the machine; what counts is that none came twice.
    assert all(one != other for one, other in pairwise(done)), done
    assert 2 <= len(done) <= len([at for at, _command in edges])


def _prepare(make_app, url: str, database_url: str, began: float, folder: Path) -> list[tuple[datetime, int]]:
    """Read the list of chargers, and plan a change every few minutes from now on."""
    settings = Settings(
        zaptec_username="demo@example.invalid",
        zaptec_password="demo",
        zaptec_api_url=url,
        database_url=database_url,
        secret_key="a secret only for tests",
        time_zone="UTC",
        instance=folder,
    )
    app = make_app(settings)
    services = app.extensions["services"]
    start = datetime.fromtimestamp(began, UTC)
    with app.app_context():
        chargers.read_list(services, force=True)
    minute = start.hour * 60 + start.minute
    rows = [Window(frozenset(range(7)), at % 1440, (at + PERIOD // 2) % 1440 or 1440) for at in _minutes(minute)]
    week = Week(tuple(rows), UTC)
    with services.database.writing() as connection:
        id = (
            connection.execute(select(tables.charger_table.c.id).order_by(tables.charger_table.c.name))
            .scalars()
            .first()
        )
        weekly.save(connection, id, week, True, start, _Ben())
    edges = week.changes(start, start + timedelta(seconds=REAL_S * SPEED + 60))
    return [(at, 507 if week.is_open(at) else 506) for at in edges]


def _minutes(minute: int) -> range:
    return range(minute - PERIOD // 2, minute + 60, PERIOD)


def _received(url: str) -> list[dict[str, object]]:
    with urllib.request.urlopen(f"{url}/simulator", timeout=5) as answer:
        world = json.load(answer)
    return list(world["commands"])


class _Ben:
    id, name = 2, "Ben"
