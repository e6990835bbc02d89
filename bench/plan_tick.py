"""What a tick of the clock costs with twenty chargers, each with a plan and an aim, while nothing is due; and what
planning a night costs: CPU milliseconds.

Run with `python -m bench.plan_tick`.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

CHARGERS, TICKS, PLANS = 20, 300, 10
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
    from dashboard.plan.tables import aim_table
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
            connection.execute(aim_table.insert().values(charger_id=id, seed=number, **_aim()))


def _aim() -> dict[str, object]:
    """One that waits for cheaper hours."""
    from dashboard.plan.aim import AimReason, blocks_text

    begin, ready_by = NOW + timedelta(hours=8), NOW + timedelta(hours=13)
    counted = {"done_wh": 0, "charged_s": 0, "missing_s": 7200, "power_w": 11_000, "power_sessions": 3}
    plan = {"blocks": blocks_text(((begin, begin + timedelta(hours=2)),)), "reason": AimReason.CHEAPEST.value}
    moments = {"set_at": NOW, "planned_at": NOW, "ready_by": ready_by, "latest_start": begin, "next_at": begin}
    flags = {"is_cheapest": True, "has_car": True, "is_open": False, "starts": 0, "revision": 0}
    return {"energy_wh": 22_000, **counted, **plan, **moments, **flags}


def planning_ms(plans: int = PLANS) -> float:
    """CPU time of choosing four hours in a night of fourteen with a price for each quarter, in milliseconds."""
    from dashboard.plan.planner import QUARTER, PriceSlot, plan

    begins = [NOW + number * QUARTER for number in range(14 * 4)]
    slots = [PriceSlot(at, at + QUARTER, 100_000 + at.minute * 7919 * at.hour % 500_000) for at in begins]
    ready_by, now, wanted = NOW + timedelta(hours=14), NOW + timedelta(minutes=7), timedelta(hours=4, minutes=5)
    return _cpu_ms(lambda: plan(slots, wanted, ready_by, now, power_w=11_000), plans)


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
    against = f"with {CHARGERS} chargers and aims, nothing due (goal 10 ms)"
    ticks = [
        (f"CPU of a tick, {NAMES.get(name, name)}", f"{value:.1f} ms", against) for name, value in cpu_ms().items()
    ]
    return [*ticks, ("CPU of planning a night by quarters of an hour", f"{planning_ms():.0f} ms", "goal 50 ms")]


def main() -> None:
    for name, value in cpu_ms().items():
        print(f"{name}: {value:.2f} ms CPU with {CHARGERS} chargers, nothing due ({value / 10:.0%} of 10 ms)")


if __name__ == "__main__":
    main()
