"""Copies of the database: made while the dashboard runs, put back while it is stopped."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

from dashboard import postgres_backups, sqlite_backups
from dashboard.backup_files import BackupFailed
from dashboard.database import Database, private_file

DAYS, WEEKS = 7, 4


def make(database: Database, file: Path) -> None:
    """Copy the database into a new file that only its owner may read; the dashboard may go on meanwhile.

    Raises:
        BackupFailed: there is such a file already, or it cannot be written; none is left behind.
    """
    try:
        os.close(private_file(file))
    except FileExistsError as error:
        raise BackupFailed(f"{file} exists already; choose another name.") from error
    except OSError as error:
        raise BackupFailed(f"{file} cannot be written: {error.strerror}.") from error
    try:
        _kind_of(database).copy(database, file)
    except BackupFailed:
        file.unlink()
        raise


def put_back(database: Database, file: Path, keep_in: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the database; the file is looked at first, and a broken one changes nothing.

    Args:
        keep_in: the folder for what a server's database holds now; a file's is kept beside it.

    Returns:
        The file that what was there is kept in; None where nothing was.

    Raises:
        BackupFailed: the dashboard runs, or the file is not one that can be put back.
    """
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    folder = Path(str(database.url.database)).parent if database.is_sqlite else keep_in
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept: Path | None = _kind_of(database).put_back(database, file, folder / f"before-{now:%Y-%m-%d-%H%M%S}")
    return kept


def make_of_today(database: Database, folder: Path, today: date) -> Path:
    """Put a copy named by the day into a folder, and delete those of other days that are no longer worth keeping.

    Nothing is deleted before the new one is whole.

    Raises:
        BackupFailed: the folder or the file in it cannot be written.
    """
    ending = _kind_of(database).ENDING
    file, unfinished = folder / f"{today}{ending}", folder / f"{today}.unfinished"
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished.unlink(missing_ok=True)  # of a night that ended without warning
    make(database, unfinished)
    unfinished.replace(file)
    days = {day: path for path in folder.glob(f"*{ending}") if (day := _day_of(path))}
    for day in days.keys() - worth_keeping(days, today):
        days[day].unlink()
    return file


def worth_keeping(days: Iterable[date], today: date) -> Collection[date]:
    """Of the days with a copy those to keep: the last seven, and the first of each of the last four weeks."""
    first_of_week: dict[date, date] = {}
    for day in sorted(days):
        first_of_week.setdefault(day - timedelta(day.weekday()), day)
    monday = today - timedelta(today.weekday())
    of_weeks = {day for week, day in first_of_week.items() if monday - week < timedelta(weeks=WEEKS)}
    return of_weeks | {day for day in days if today - day < timedelta(DAYS)}


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:
        return None  # a file of somebody's own, which is not ours to delete


def _kind_of(database: Database) -> ModuleType:
    return sqlite_backups if database.is_sqlite else postgres_backups
