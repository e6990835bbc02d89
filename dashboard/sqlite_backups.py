"""Copies of an SQLite database, by SQLite's own backup: whole also while somebody writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from dashboard.backup_files import STOP_IT_FIRST, BackupFailed, check_revision, not_ours
from dashboard.database import Database, in_short
from dashboard.running import StillRunning, while_stopped

ENDING = ".db"
BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a file that is open, or that a crash has left


def copy(database: Database, file: Path) -> None:
    """Copy into a file that is there and empty.

    Raises:
        BackupFailed: it cannot be read or written.
    """
    try:
        _copy(str(database.url.database), file)
    except sqlite3.Error as error:
        raise BackupFailed(f"{file} could not be written: {error}.") from error


def put_back(database: Database, file: Path, before: Path) -> Path | None:
    """Put a copy in the database's place; see `backups.put_back`."""
    place = Path(str(database.url.database))
    try:
        with while_stopped(place):
            _check(file)
            new = place.with_name(f"{place.name}.new")
            new.unlink(missing_ok=True)
            _copy(_read_only(file), new)
            database.dispose()
            kept = _keep(place, before)
            _replace(place, new)
            return kept
    except StillRunning as error:
        raise BackupFailed(STOP_IT_FIRST) from error
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"{file} could not be put back: {in_short(error)}.") from error


def _read_only(file: Path) -> str:
    """The address of a file that SQLite shall make nothing beside."""
    return f"{file.absolute().as_uri()}?mode=ro&immutable=1"


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(_read_only(file), uri=True)) as connection:
            [(first,), *_rest] = connection.execute("PRAGMA integrity_check").fetchall()
            if first != "ok":
                raise BackupFailed(f"{file} is damaged. Nothing was changed.")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise not_ours(file) from error
    check_revision(file, row and row[0])


def _copy(source: str, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, uri=source.startswith("file:"))) as source_database,
        closing(sqlite3.connect(target)) as target_database,
    ):
        source_database.backup(target_database)
    target.chmod(0o600)


def _keep(place: Path, before: Path) -> Path | None:
    """Copy what is there as it is, broken or not, with what SQLite keeps beside it."""
    if not place.exists():
        return None
    kept = before.with_suffix(ENDING)
    for ending in ("", *BESIDE):
        if (part := place.with_name(place.name + ending)).exists():
            shutil.copy2(part, f"{kept}{ending}")
    return kept


def _replace(place: Path, new: Path) -> None:
    """Let the new file take the place; at no moment is there none, nor one beside another's `-wal`."""
    with new.open("rb") as file:
        os.fsync(file.fileno())
    for ending in BESIDE:
        place.with_name(place.name + ending).unlink(missing_ok=True)
    new.replace(place)
