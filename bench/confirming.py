"""How long after a press its confirmation is seen: Zaptec repeats its answers for 15 s, the charger takes 4 s.

The clock is moved; a page is open that looks as a visible one does, and presses come at every second of its rounds.
"""

from __future__ import annotations

import re
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from simulator import Cloud, ManualClock, obeying, serve
from simulator.commands import PAUSE

TAKES_S = 4.0
PHASES_S = range(20)  # a page asks us every 5 s, and we Zaptec when the news is 15 s old: a round is 20 s at most
FIXED_LOOKS_S = (2, 7, 15, 30, 45, 60)


@contextmanager
def charger_of_4_s() -> Iterator[None]:
    """Have simulated chargers pause within 4 s; each shows the final stop first, the mode last."""
    steps = obeying.STEPS[PAUSE]
    whole_s = sum(seconds for seconds, _ in steps if isinstance(seconds, float))
    obeying.STEPS[PAUSE] = tuple((seconds * TAKES_S / whole_s, step) for seconds, step in steps)  # type: ignore[operator]
    try:
        yield
    finally:
        obeying.STEPS[PAUSE] = steps


def charging_cloud() -> Cloud:
    cloud = Cloud.household(ManualClock(), names=("Carport",))
    cloud.charger.plug_in_and_charge()
    cloud.clock.advance(seconds=60)
    return cloud


def fixed_looks_s(phase_s: int) -> float:
    """When looks at fixed moments see it; the news at the press is as old as a page lets them become."""
    cloud = charging_cloud()
    is_paused(cloud)
    cloud.clock.advance(seconds=phase_s)
    if phase_s >= cloud.state_cache_s:
        is_paused(cloud)  # the check before the sending
    cloud.charger.receive(PAUSE)
    passed_s = 0
    for look_s in FIXED_LOOKS_S:
        cloud.clock.advance(seconds=look_s - passed_s)
        passed_s = look_s
        if is_paused(cloud):
            break
    return passed_s


def is_paused(cloud: Cloud) -> bool:
    """What Zaptec's answer says, which may be a repeated one."""
    cloud.catch_up()
    texts = {entry["StateId"]: entry.get("ValueAsString") for entry in cloud.state_of(cloud.charger)}
    return (texts[710], texts[718]) == ("5", "1")


def our_looks_s(phase_s: int) -> float:
    """When the dashboard confirms a pause that is pressed so long after a round of its page began."""
    cloud = charging_cloud()
    with serve(cloud) as url, tempfile.TemporaryDirectory() as folder:
        app = dashboard_of(cloud, url, Path(folder))
        page = Page(app)
        page.pass_time(cloud, 20 + phase_s)
        page.browser.post(f"/chargers/{cloud.charger.id}/pause")
        seconds = 0
        while page.stage() != "confirmed":
            page.pass_time(cloud, 1)
            seconds += 1
        app.extensions["services"].database.dispose()
    return seconds


def dashboard_of(cloud: Cloud, url: str, folder: Path) -> Flask:
    from app import create_app
    from dashboard.background import AtOnce
    from dashboard.charger import chargers
    from dashboard.demo.people import seed_demo
    from dashboard.settings import Settings

    settings = Settings(
        zaptec_username=cloud.username,
        zaptec_password=cloud.password,
        zaptec_api_url=url,
        database_url=f"sqlite:///{folder / 'bench.db'}",
        secret_key="x",
        is_demo=True,
        instance=folder,
    )
    jobs = ("charger", "plan")  # the history's first fill takes its time, by a clock that nobody moves
    app = create_app(settings, now=cloud.clock.now, background=AtOnce, seconds_per_request=0, jobs=jobs)
    seed_demo(app.extensions["services"].database, cloud.clock.now())
    with app.app_context():
        chargers.read_list(app.extensions["services"])
    return app


class Page:
    """An open page: it asks as often as its card says, and the clock of the program ticks meanwhile."""

    def __init__(self, app: Flask) -> None:
        self.browser: FlaskClient = app.test_client()
        self.browser.post("/login", data={"name": "anna", "password": "demo"})
        self.clock = app.extensions["services"].clock
        self.context = app.app_context
        self.card = self.browser.get("/").text
        self.waits_s = 0

    def pass_time(self, cloud: Cloud, seconds: int) -> None:
        for _second in range(seconds):
            cloud.clock.advance(seconds=1)
            with self.context():
                self.clock.tick()
            self.waits_s += 1
            if self.waits_s >= self.every_s():
                self.refresh()

    def refresh(self) -> None:
        self.waits_s = 0
        address = unescape(self.card.split('hx-get="', 1)[1].split('"', 1)[0])
        answer = self.browser.get(address, headers={"HX-Request": "true"})
        self.card = answer.text or self.card

    def every_s(self) -> int:
        return int(self.card.split('data-every="', 1)[1].split('"', 1)[0])

    def stage(self) -> str:
        found = re.search(r'data-stage="(\w+)"', self.browser.get("/").text)
        return found[1] if found else ""


def measure() -> list[tuple[str, str, str]]:
    with charger_of_4_s():
        ours = statistics.median(our_looks_s(phase_s) for phase_s in PHASES_S)
        fixed = statistics.median(fixed_looks_s(phase_s) for phase_s in PHASES_S)
    against = f"goal 10 s; with looks at 2, 7 and 15 s {fixed:.0f} s"
    return [("from the press to *confirmed*, Zaptec repeating itself for 15 s", f"{ours:.0f} s", against)]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
