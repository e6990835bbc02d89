"""What it costs to run with nobody, one phone and fifty looking; Zaptec is asked as often for fifty as for one."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from bench.processes import cpu_s, written_mb
from bench.servers import DATABASE, Visitor, dashboard, requests_of, simulator
from bench.waiting import until

EVERY_S = 5.0  # as a page that is visible asks us
WARM_UP_S = 20.0
PHONES_AND_SECONDS = ((0, 120), (1, 120), (50, 60))
FILLED_WITHIN_S = 600.0


def look(url: str, cookies: dict[str, str], end: float, failures: list[int]) -> None:
    """One phone: a refresh every five seconds."""
    visitor = Visitor(url)
    visitor.cookies = dict(cookies)
    seen, _ = visitor.card()
    time.sleep(random.uniform(0, EVERY_S))  # phones do not wake up together
    while time.monotonic() < end:
        answer = visitor.send("GET", seen, **{"HX-Request": "true"})
        if answer.status == 200:
            seen = answer.body.decode().split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")  # type: ignore[attr-defined]
        elif answer.status != 204:
            failures.append(answer.status)
        time.sleep(EVERY_S)  # the pace of a page is what is measured


@dataclass(frozen=True)
class Running:
    """What it costs to run for a while, with so many phones looking.

    Attributes:
        asked_per_minute: how often Zaptec is asked for the state.
        failures: how many answers to phones failed.
    """

    asked_per_minute: float
    cpu_s_per_minute: float
    written_mb_per_hour: float
    failures: int


def wait_for_the_history(database: Path) -> None:
    """Wait until all years have been read, which happens once in a dashboard's life, and lie where they stay."""

    def is_filled() -> bool | None:
        with closing(sqlite3.connect(database)) as connection:
            sources = connection.execute("SELECT is_filled FROM history_source").fetchall()
        return (bool(sources) and all(row[0] for row in sources)) or None

    until(is_filled, every_s=1, longest_s=FILLED_WITHIN_S)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def run(url: str, zaptec: str, master: int, cookies: dict[str, str], count: int, seconds: float) -> Running:
    """Let so many phones look for a while."""
    failures: list[int] = []
    end = time.monotonic() + WARM_UP_S + seconds
    phones = [Thread(target=look, args=(url, cookies, end, failures)) for _ in range(count)]
    for phone in phones:
        phone.start()
    time.sleep(WARM_UP_S)  # what a first look costs is not what looking costs
    before = taken(zaptec, master)
    time.sleep(seconds)  # so long is measured; the phones are threads of their own
    per_minute = [(now - then) * 60 / seconds for now, then in zip(taken(zaptec, master), before, strict=True)]
    for phone in phones:
        phone.join()
    return Running(per_minute[0], per_minute[1], per_minute[2] * 60, len(failures))


def taken(zaptec: str, master: int) -> tuple[float, float, float]:
    """What has been taken so far: requests for the state, seconds of CPU time, megabytes written."""
    return requests_of(zaptec)["state"], cpu_s(master), written_mb(master)


def measure() -> list[tuple[str, str, str]]:
    with (
        tempfile.TemporaryDirectory() as name,
        simulator("--chargers", "1", "--charging") as zaptec,
        dashboard(Path(name), zaptec) as (url, master),
    ):
        first = Visitor(url)
        first.sign_in()
        first.card()
        first.connection.close()
        wait_for_the_history(Path(name) / DATABASE)
        nobody, one, fifty = (run(url, zaptec, master, first.cookies, *how) for how in PHONES_AND_SECONDS)
    return [
        ("CPU a minute, nobody looking", f"{nobody.cpu_s_per_minute:.2f} s", "goal 0.04 s"),
        ("the same, 1 phone looking while charging", f"{one.cpu_s_per_minute:.2f} s", "goal 0.12 s"),
        ("written to the disk in an hour of that", f"{one.written_mb_per_hour:.1f} MB", "goal 5 MB"),
        ("requests to Zaptec a minute of that", f"{one.asked_per_minute:.1f}", ""),
        (
            "the same, 50 phones",
            f"{fifty.asked_per_minute:.1f}",
            f"{fifty.asked_per_minute / one.asked_per_minute:.2f} × (goal 1); {fifty.failures} failed answers",
        ),
    ]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
