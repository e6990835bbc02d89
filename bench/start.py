"""Cold start to the first page; memory after a thousand refreshes; a whole page. With an account configured."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.processes import memory_mb
from bench.servers import DATABASE, ROOT, SECRET, Visitor, dashboard, free_port, simulator, wait_for

REFRESHES = 1000
PAGES = 200
STARTS = 5


def cold_start_s(environment: dict[str, str]) -> float:
    """From the command to the first page (the sign-in), the database being there already."""
    port = free_port()
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | environment
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "app:create_app()"],
        cwd=ROOT,
        env=environment | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/login", every_s=0.002)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=40)


def bare_start_s() -> float:
    """What the four big imports alone take, for comparison."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask, flask_login, requests, sqlalchemy"], check=True)
    return time.perf_counter() - began


def page_ms(visitor: Visitor, path: str) -> float:
    """What somebody waits for who opens the page, but for the network."""
    began = time.perf_counter()
    answer = visitor.send("GET", path, **{"Accept-Encoding": "gzip"})
    assert answer.status == 200, answer.status
    return (time.perf_counter() - began) * 1000


def measure() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as name, simulator("--chargers", "1", "--charging") as zaptec:
        folder = Path(name)
        with dashboard(folder, zaptec) as (url, master):
            visitor = Visitor(url)
            visitor.sign_in()
            _seen, card = visitor.card()
            for _ in range(REFRESHES):
                visitor.send("GET", card + "?seen=other", **{"HX-Request": "true"})
            page = statistics.median(page_ms(visitor, card) for _ in range(PAGES))
            memory = memory_mb(master)
        environment = {
            "ZAPTEC_USERNAME": "demo@example.invalid",
            "ZAPTEC_PASSWORD": "demo",
            "ZAPTEC_API_URL": zaptec,
            "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
            "SECRET_KEY": SECRET,
        }
        start = min(cold_start_s(environment) for _ in range(STARTS))
        bare = min(bare_start_s() for _ in range(STARTS))
    return [
        (
            "cold start to the first page",
            f"{start:.2f} s",
            f"{start / bare:.2f} × importing its packages (goal 0.9 s)",
        ),
        (f"memory of all its processes (PSS) after {REFRESHES} refreshes", f"{memory:.0f} MB", "goal 70 MB"),
        ("a whole page of a charger", f"{page:.1f} ms", "goal 7 ms"),
    ]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
