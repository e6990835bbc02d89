"""How often Zaptec is asked with one phone looking, and with fifty: the same."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from bench.servers import Visitor, dashboard, questions, simulator

SECONDS = 150.0
EVERY_S = 5.0  # as a page that is visible asks us


def look(url: str, cookies: dict[str, str], until: float, failures: list[int]) -> None:
    """One phone: a refresh every five seconds."""
    visitor = Visitor(url)
    visitor.cookies = dict(cookies)
    seen, _ = visitor.card()
    while time.monotonic() < until:
        answer = visitor.send("GET", seen, **{"HX-Request": "true"})
        if answer.status == 200:
            seen = answer.body.decode().split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")  # type: ignore[attr-defined]
        elif answer.status != 204:
            failures.append(answer.status)
        time.sleep(EVERY_S)


def asked_per_minute(count: int) -> tuple[float, int]:
    """State questions a minute with so many phones, and how many answers to phones failed."""
    with (
        tempfile.TemporaryDirectory() as name,
        simulator("--chargers", "1", "--charging") as zaptec,
        dashboard(Path(name), zaptec) as (url, _),
    ):
        first = Visitor(url)
        first.sign_in()
        first.card()
        before, failures = questions(zaptec)["state"], []
        until = time.monotonic() + SECONDS
        phones = [threading.Thread(target=look, args=(url, first.cookies, until, failures)) for _ in range(count)]
        for phone in phones:
            phone.start()
            time.sleep(min(EVERY_S / count, 0.1))
        for phone in phones:
            phone.join()
        return (questions(zaptec)["state"] - before) / (SECONDS / 60), len(failures)


def measure() -> list[tuple[str, str, str]]:
    one, _ = asked_per_minute(1)
    fifty, failures = asked_per_minute(50)
    return [
        ("questions to Zaptec a minute, 1 phone looking while charging", f"{one:.1f}", ""),
        ("the same, 50 phones", f"{fifty:.1f}", f"{fifty / one:.2f} × (goal 1); {failures} failed answers"),
    ]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
