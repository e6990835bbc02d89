"""What has to be right before the first process serves: the database, the demo's people, the first owner."""

from __future__ import annotations

from glob import escape
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from dashboard.database import Database, DatabaseUnusable, in_short, wait_for
from dashboard.demo.people import seed_demo
from dashboard.demo.prices import seed_prices
from dashboard.household.setup import prepare_setup_code
from dashboard.household.tables import member_table
from dashboard.running import sqlite_file
from dashboard.services import utc_now
from dashboard.settings import ROOT, Settings


class StartStopped(Exception):
    """Why the dashboard does not start, in one sentence."""


def prepare(settings: Settings, setup_code: str) -> str | None:
    """Bring the database up to date; returns the setup code, the given one, while there is no owner.

    Raises:
        StartStopped: the database cannot be used, or the demo would stand in for a household's real charger.
    """
    keep_private(settings)
    try:
        if settings.is_demo:
            _refuse_to_replace_a_household(settings)
        database = Database(settings.database_url)
        wait_for(database)
        database.migrate()
        if settings.is_demo:
            seed_demo(database, utc_now())
            seed_prices(database, utc_now())
        code = prepare_setup_code(database, setup_code)
        database.dispose()
        return code
    except DatabaseUnusable as error:
        raise StartStopped(f"The dashboard cannot start: {error}") from error
    except DBAPIError as error:
        raise StartStopped(f"The dashboard cannot start: the database cannot be used: {in_short(error)}") from error


def keep_private(settings: Settings) -> None:
    """Close to others what an older version has left open, or whoever made the folder; warn where we may not."""
    ours = {settings.instance: 0o700}
    if settings.is_sqlite:  # beside the file also what a crash has left: its -wal, its -shm
        file = sqlite_file(settings.database_url)
        ours |= dict.fromkeys(file.parent.glob(f"{escape(file.name)}*"), 0o600)
    for path, mode in ours.items():
        try:
            if is_open_to_others(path):
                path.chmod(mode)
        except OSError:
            print(f"Others on this machine can read {path}, and we may not change that.", flush=True)
    if is_open_to_others(ROOT / ".env"):
        print("Others on this machine can read .env, where the password is: chmod 600 .env", flush=True)


def is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & 0o077)


def _refuse_to_replace_a_household(settings: Settings) -> None:
    """No account is configured, but there is a household: more likely a lost setting than a wish for the demo."""
    if settings.is_demo_wanted:
        return
    kept = settings.instance / "dashboard.db"
    url = settings.real_database_url or (f"sqlite:///{kept}" if kept.exists() else "")
    if not url:
        return
    database = Database(url)
    try:
        if database.revision() is None:
            return
        with database.reading() as connection:
            if connection.execute(select(member_table.c.id).limit(1)).first():
                raise StartStopped(
                    "The dashboard cannot start: there is a household in its database, but ZAPTEC_USERNAME and "
                    "ZAPTEC_PASSWORD are missing. Set them, or DEMO=1 for the demo."
                )
    finally:
        database.dispose()
