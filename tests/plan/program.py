"""A dashboard's clock as a program of its own, in a time that runs faster; for a test that kills it.

Run as: python program.py ZAPTEC_URL DATABASE_URL SPEED BEGAN, where BEGAN is the Unix time at which its time
and the real one were the same.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


def main(url: str, database_url: str, speed: float, began: float) -> None:
    from app import create_app
    from dashboard.background import AtOnce
    from dashboard.settings import Settings

    def now() -> datetime:
        return datetime.fromtimestamp(began, UTC) + timedelta(seconds=(time.time() - began) * speed)

    settings = Settings(
        zaptec_username="demo@example.invalid",
        zaptec_password="demo",
        zaptec_api_url=url,
        database_url=database_url,
        secret_key="a secret only for tests",
        time_zone="UTC",
        instance=Path(database_url.removeprefix("sqlite:///")).parent,
    )
    app = create_app(settings, now=now, background=AtOnce, jobs=("charger", "plan"))
    clock = app.extensions["services"].clock
    while True:
        clock.tick()
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
