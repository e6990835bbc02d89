"""What a tick of the clock costs with twenty chargers, each with a plan, while nothing is due: CPU milliseconds.

Run with `python -m bench.plan_tick`.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CHARGERS, TICKS = 20, 300
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


NAMES = {"plan_tick_ms": "the plan’s part", "clock_tick_ms": "the whole clock"}


def cpu_ms(chargers: int = CHARGERS, ticks: int = TICKS) -> dict[str, float]:
    """CPU time of one tick, in milliseconds: of the plan's part, and of the whole clock."""
    from app import create_app
    from dashboard.background import AtOnce
    from dashboard.plan import clock_job
    from dashboard.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        settings = Settings(
            zaptec_username="nobody",
            zaptec_password="nothing",
            database_url=url,
            secret_key="x",
            instance=Path(folder),
        )
        app = create_app(settings, now=lambda: NOW, background=AtOnce)
        services = app.extensions["services"]
        with app.app_context():
            _fill(services, chargers)
            results = {
                "plan_tick_ms": _cpu_ms(lambda: clock_job.tick(services), ticks),
                "clock_tick_ms": _cpu_ms(app.extensions["services"].clock.tick, ticks),
            }
        services.database.dispose()
    return results


def _fill(services, chargers: int) -> None:  # type: ignore[no-untyped-def]
    """Chargers with fresh news, and a nightly plan for each."""
    import json

    from dashboard.charger.tables import account, charger_table, installation, snapshot_table
    from dashboard.plan import weekly
    from dashboard.plan.week import Week, Window

    week = Week((Window(frozenset(range(7)), 23 * 60, 6 * 60),), ZoneInfo("Europe/Oslo"))
    with services.database.writing() as connection:
        connection.execute(installation.insert().values(id="home", name="Home", time_zone="Europe/Oslo"))
        connection.execute(account.update().values(listed_at=NOW))
        for number in range(chargers):
            id = f"{number:08x}-2222-4333-8444-{number:012x}"
            kept = json.dumps({"id": id, "name": f"Space {number}"})
            connection.execute(
                charger_table.insert().values(
                    id=id, name=f"Space {number}", record=kept, is_listed=True, revision=0
                )
            )
            connection.execute(snapshot_table.insert().values(charger_id=id, fetched_at=NOW, state="[]"))
            weekly.save(connection, id, week, True, NOW, _Bench())


class _Bench:
    id, name = 1, "bench"


def _cpu_ms(work, times: int) -> float:  # type: ignore[no-untyped-def]
    work()
    began = time.process_time()
    for _again in range(times):
        work()
    return (time.process_time() - began) / times * 1000


def measure() -> list[tuple[str, str, str]]:
    """The rows of the README's table."""
    against = f"with {CHARGERS} chargers, nothing due (goal 10 ms)"
    return [
        (f"CPU of a tick, {NAMES.get(name, name)}", f"{value:.1f} ms", against) for name, value in cpu_ms().items()
    ]


def main() -> None:
    for name, value in cpu_ms().items():
        print(f"{name}: {value:.2f} ms CPU with {CHARGERS} chargers, nothing due ({value / 10:.0%} of 10 ms)")


if __name__ == "__main__":
    main()
