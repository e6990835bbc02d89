"""What a day writes to the disk, a Raspberry Pi's card: a car charges in the evening, a phone looks for an hour.

The day passes by a clock that is moved, at the dashboard's own pace; what it writes is written for real.
"""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from bench.processes import written_mb
from dashboard import backups
from dashboard.background import AtOnce
from dashboard.demo.people import PASSWORD, seed_demo
from dashboard.history.tables import history_source
from dashboard.services import Services
from dashboard.settings import Settings
from simulator.clock import ManualClock
from simulator.cloud import Cloud
from simulator.server import serve

HISTORY_YEARS = 3
PHONE_ASKS_EVERY_S = 5.0
NOBODY_ASKS_EVERY_S = 30.0  # then the clock looks what is due
KERNEL_WRITES_AFTER_S = 30.0  # what is changed again before that is written once
LOOKED_AT, UNTIL_MORNING, REST_OF_THE_DAY = (timedelta(hours=hours) for hours in (1, 13, 10))


class Day:
    """A dashboard on a clock that is moved, and one phone.

    Attributes:
        folder: of the database, on a disk.
    """

    def __init__(self, cloud: Cloud, clock: ManualClock, zaptec: str, folder: Path) -> None:
        self.folder, self._clock, self._synced_at = folder, clock, clock.now()
        settings = Settings(
            zaptec_username=cloud.username,
            zaptec_password=cloud.password,
            zaptec_api_url=zaptec,
            database_url=f"sqlite:///{folder}/dashboard.db",
            secret_key="only for the bench",
            instance=folder,
        )
        wait = {"sleep": lambda _seconds: None, "seconds_per_request": 0.0}
        self.app = create_app(settings, now=clock.now, background=AtOnce, **wait)  # type: ignore[arg-type]
        self.services: Services = self.app.extensions["services"]
        self.services.database.migrate()
        seed_demo(self.services.database, clock.now())
        self.phone = self.app.test_client()
        self.phone.post("/login", data={"name": "anna", "password": PASSWORD})

    def go_on(self, how_long: timedelta, *, looks: bool = False) -> None:
        """Let time pass, with the phone looking or not."""
        end, page = self._clock.now() + how_long, OpenPage(self.phone) if looks else None
        while self._clock.now() < end:
            pause = self.services.clock.tick()
            if page is not None:
                page.refresh()
            every_s = PHONE_ASKS_EVERY_S if looks else NOBODY_ASKS_EVERY_S
            self._clock.advance(max(min(pause, every_s), 1.0))
            if (self._clock.now() - self._synced_at).total_seconds() >= KERNEL_WRITES_AFTER_S:
                self._sync()

    def _sync(self) -> None:
        """Let what was changed reach the disk as often as the kernel does: a day in a minute would save writes."""
        for path in self.folder.iterdir():
            file = os.open(path, os.O_RDONLY)
            os.fsync(file)
            os.close(file)
        self._synced_at = self._clock.now()

    def fill_the_history(self) -> None:
        """What happens once in a dashboard's life."""
        self.phone.get("/")
        while not self._is_filled():
            self.go_on(timedelta(minutes=1))
        self.go_on(timedelta(hours=1))

    def _is_filled(self) -> bool:
        with self.services.database.reading() as connection:
            filled = connection.execute(history_source.select()).all()
        return bool(filled) and all(row.is_filled for row in filled)

    def back_up(self) -> None:
        """As `make install` has it done each night."""
        backups.make_of_today(self.services.database, self.folder, self._clock.now().date())


class OpenPage:
    """The charger's page, open on a phone."""

    def __init__(self, phone: FlaskClient) -> None:
        self._phone = phone
        self._seen = _refresh_address(phone.get("/").text)

    def refresh(self) -> None:
        answer = self._phone.get(self._seen, headers={"HX-Request": "true"})
        assert answer.status_code in (200, 204), answer.status
        if answer.status_code == 200:
            self._seen = _refresh_address(answer.text)


def _refresh_address(html: str) -> str:
    return html.split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")


def measure() -> list[tuple[str, str, str]]:
    clock = ManualClock()  # six in the evening, in Norway
    cloud = Cloud.household(clock, names=["Carport"])
    cloud.add_history(years=HISTORY_YEARS)
    with tempfile.TemporaryDirectory() as name, serve(cloud) as zaptec:
        day = Day(cloud, clock, zaptec, Path(name))
        day.fill_the_history()
        before = written_mb(os.getpid())
        cloud.charger.plug_in_and_charge()
        day.go_on(LOOKED_AT, looks=True)
        hour = written_mb(os.getpid()) - before
        day.go_on(UNTIL_MORNING)
        day.back_up()
        cloud.charger.unplug()
        day.go_on(REST_OF_THE_DAY)
        written = written_mb(os.getpid()) - before
        day.services.database.dispose()
    if not written:
        raise RuntimeError("nothing was written: is the folder for temporary files in memory? Set TMPDIR")
    against = f"{hour:.1f} MB of it while somebody looks; goal 20 MB"
    what = "written to the disk in a day, with one phone looking for an hour and a backup at night"
    return [(what, f"{written:.1f} MB", against)]


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")
