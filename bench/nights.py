"""Simulated nights: is the car ready in time, at what price, whatever goes wrong?

    python -m bench nights --nights 2000 --workers 2      what the README's table rests on
    python -m bench nights --seed 17                      one of them alone, told

Each night is drawn from its number: prices, car, wish, and faults of prices, cloud, clock and program. The numbers
of those in which something did not hold are printed. With TEST_DATABASE_URL (see tests/with_postgres.py) those with
two programs run on PostgreSQL.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import pytest

from bench.nights_drawn import DrawnNight, draw
from bench.nights_told import NightReport, live_through
from bench.nights_verdict import NightVerdict, judge, paid_per_kwh
from dashboard.database import Database
from tests.databases import MIGRATED, PostgresServer

DEAREST = 0.03
NIGHTS_BY_DEFAULT = 20
MEMORY = Path("/dev/shm")  # nothing of a night has to outlive the machine
_migrated: list[Path] = []
_shared: list[pytest.MonkeyPatch] = []


@dataclass(frozen=True)
class NightFigures:
    """What is kept of a night."""

    seed: int
    owed: bool
    reached: bool
    dearer: float | None
    faults: tuple[str, ...]
    took_s: float
    is_faultless: bool
    programs: int


@contextmanager
def database_for(night: DrawnNight) -> Iterator[str]:
    """An empty one: a file, or where two programs share it and there is one, on PostgreSQL."""
    server = PostgresServer.from_environment() if night.programs > 1 else None
    if server is not None:
        name = f"night_{os.getpid()}_{night.seed}"
        yield server.create(name, MIGRATED)
        server.drop(name)
        return
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "dashboard.db"
        shutil.copy(_migrated_file(), path)
        yield f"sqlite:///{path}"


def _migrated_file() -> Path:
    if not _migrated:
        path = Path(tempfile.mkdtemp(prefix="nights-")) / "migrated.db"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.dispose()
        _migrated.append(path)
    return _migrated[0]


def live(seed: int) -> tuple[NightReport, NightVerdict]:
    night = draw(seed)
    if not _shared:  # what each program compiles is compiled once
        _shared.append(pytest.MonkeyPatch())
        importlib.import_module("tests.made_once").share(_shared[0])
    with database_for(night) as url:
        report = live_through(night, url)
    return report, judge(report)


def figures_of(seed: int) -> NightFigures:
    logging.disable(logging.CRITICAL)
    began, night = time.monotonic(), draw(seed)
    try:
        _report, verdict = live(seed)
    except Exception:
        last = traceback.format_exc().splitlines()[-1]
        return NightFigures(seed, False, False, None, (last,), 0.0, night.is_faultless, night.programs)
    owed = verdict.owed_kwh is not None
    is_full = not any(fault.startswith("has ") for fault in verdict.faults)
    took = time.monotonic() - began
    return NightFigures(
        seed, owed, owed and is_full, verdict.dearer, verdict.faults, took, night.is_faultless, night.programs
    )


def run(seeds: range, workers: int) -> Iterator[NightFigures]:
    if workers == 1:
        yield from map(figures_of, seeds)
        return
    with get_context("spawn").Pool(workers, maxtasksperchild=50) as pool:
        yield from pool.imap_unordered(figures_of, seeds)


def tell_one(seed: int) -> None:
    report, verdict = live(seed)
    print(report.night, *verdict.faults, sep="\n")
    print(f"done {report.done_kwh:.2f} kWh, owed {verdict.owed_kwh}, paid {paid_per_kwh(report)}, {verdict.dearer}")
    print("latest start", report.latest_start, "level", report.level, "aim", report.aim)
    for command in report.received:
        print(f"{command.at:%d %H:%M:%S} {command.command} {command.outcome}")


def measure() -> list[tuple[str, str, str]]:
    """The rows of the README's table; what went wrong is told on the way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--nights", type=int, default=NIGHTS_BY_DEFAULT)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int)
    given, _others = parser.parse_known_args()
    if given.seed is not None:
        tell_one(given.seed)
        return []
    found: list[NightFigures] = []
    with suppress(KeyboardInterrupt):  # what is done so far counts
        for night in run(range(given.first, given.first + given.nights), given.workers):
            found.append(night)
            tell_if_odd(night, len(found))
    return rows(found)


def tell_if_odd(night: NightFigures, count: int) -> None:
    if night.faults or (night.dearer or 0) > DEAREST:
        dearer = f"{night.dearer:.1%} dearer" if night.dearer is not None else ""
        print(f"night {night.seed}:", *night.faults, dearer, file=sys.stderr, flush=True)
    if count % 10 == 0:
        print(f"{count} nights", file=sys.stderr, flush=True)


def rows(found: list[NightFigures]) -> list[tuple[str, str, str]]:
    owed = [night for night in found if night.owed]
    compared = sorted(night.dearer for night in found if night.dearer is not None)
    doubled = sum(1 for night in found if any("doubled" in fault for fault in night.faults))
    several = sum(1 for night in found if night.programs > 1)
    middle = f"{median(compared):.1%}" if compared else "–"
    within = sum(1 for share in compared if share <= DEAREST)
    return [
        (
            "Nights in which the car was ready as wanted",
            f"{sum(night.reached for night in owed)} of {len(owed)}",
            f"of {len(found)} simulated ones, those in which physics and Zaptec’s cloud allowed it",
        ),
        (
            "Cost above the cheapest hours there were, at the median",
            middle,
            f"{within} of {len(compared)} nights without faults within 3 %",
        ),
        ("Nights with a command sent twice", str(doubled), f"of {len(found)}, {several} with two programs"),
    ]
