"""Refreshes of the card a second, unchanged and changed, against the bare page; a core each for server and load."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from bench.servers import SECRET, Visitor, dashboard, gunicorn, simulator

SECONDS = 5.0
ROUNDS = 3


def rate(visitor: Visitor, path: str, status: int, **headers: str) -> float:
    """Answers a second, one after the other."""
    count, until = 0, time.perf_counter() + SECONDS
    began = time.perf_counter()
    while time.perf_counter() < until:
        answer = visitor.send("GET", path, **headers)
        assert answer.status == status, (path, answer.status)
        count += 1
    return count / (time.perf_counter() - began)


def measure() -> list[tuple[str, str, str]]:
    os.sched_setaffinity(0, {1})
    best = {"bare": 0.0, "unchanged": 0.0, "changed": 0.0}
    with tempfile.TemporaryDirectory() as name, simulator("--chargers", "1") as zaptec:
        folder = Path(name)
        bare = {"BARE_DATABASE": str(folder / "bare.db"), "SECRET_KEY": SECRET}
        with (
            dashboard(folder, zaptec, core=0) as (url, _),
            gunicorn("bench.bare:create_app()", bare, core=0, config="bench/bare_gunicorn.py") as (bare_url, _),
        ):
            ours, theirs = Visitor(url), Visitor(bare_url)
            ours.sign_in()
            theirs.sign_in()
            for _ in range(ROUNDS):
                seen, card = ours.card()
                best["bare"] = max(best["bare"], rate(theirs, "/", 200))
                best["changed"] = max(
                    best["changed"], rate(ours, card + "?seen=other", 200, **{"HX-Request": "true"})
                )
                seen, card = ours.card()
                best["unchanged"] = max(best["unchanged"], unchanged(ours, seen))
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    return [
        ("bare page (Flask, flask-login, SQLite, Jinja)", f"{best['bare']:.0f}/s", "1"),
        ("refresh, unchanged", f"{best['unchanged']:.0f}/s", f"{best['unchanged'] / best['bare']:.2f} (goal 1.5)"),
        ("refresh, changed", f"{best['changed']:.0f}/s", f"{best['changed'] / best['bare']:.2f} (goal 0.8)"),
    ]


def unchanged(visitor: Visitor, seen: str) -> float:
    """Unchanged refreshes; when the news changes in between, go on with the new version."""
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        answer = visitor.send("GET", seen, **{"HX-Request": "true"})
        if answer.status == 204:
            count += 1
        else:
            seen, _ = visitor.card()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
