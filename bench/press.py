"""What we add between a press and the command leaving for Zaptec: the news fresh, Zaptec answering at once."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
import urllib.request
from datetime import datetime
from pathlib import Path

from bench.servers import Visitor, dashboard, simulator
from bench.waiting import until

PRESSES = 6
LONGEST_WAIT_S = 90


def measure() -> list[tuple[str, str, str]]:
    added, bare = [], []
    with (
        tempfile.TemporaryDirectory() as name,
        simulator("--chargers", "1", "--charging") as zaptec,
        dashboard(Path(name), zaptec) as (url, _),
    ):
        visitor = Visitor(url)
        visitor.sign_in()
        _seen, card = visitor.card()
        for number in range(PRESSES):
            action = "resume" if number % 2 else "pause"
            wait_for(visitor, card, f'action="{card}/{action}"')
            began = time.time()
            visitor.send("POST", f"{card}/{action}", "")
            added.append(last_command_at(zaptec) - began)
            ping = time.perf_counter()
            visitor.send("GET", "/healthz")
            bare.append(time.perf_counter() - ping)
            wait_for(visitor, card, 'data-stage="confirmed"')
    middle, nothing = statistics.median(added) * 1000, statistics.median(bare) * 1000
    against = f"{middle / nothing:.1f} × /healthz (goal 8 ms)"
    return [("from the press to the command at Zaptec", f"{middle:.0f} ms", against)]


def last_command_at(zaptec: str) -> float:
    """When the last command came to the simulated Zaptec, Unix time."""
    with urllib.request.urlopen(zaptec + "/simulator", timeout=5) as answer:
        commands = json.load(answer)["commands"]
    return datetime.fromisoformat(commands[-1]["at"]).timestamp()


def wait_for(visitor: Visitor, card: str, text: str) -> None:
    """Look, as a page does, until it says so."""
    until(
        lambda: text in visitor.send("GET", card).body.decode() or None,  # type: ignore[attr-defined]
        every_s=1,
        longest_s=LONGEST_WAIT_S,
    )


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
