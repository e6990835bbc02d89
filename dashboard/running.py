"""Whether a dashboard runs on a database file: its server holds a lock as long as one of its processes lives."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path


class StillRunning(Exception):
    """A dashboard runs on this database."""


def sqlite_file(url: str) -> Path:
    """The file of an address such as `sqlite:////srv/dashboard.db?timeout=5`."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0])


def say_that_we_run(database: Path) -> TextIOWrapper | None:
    """Hold the lock until all the processes are gone that have the returned file open.

    Several dashboards may run on one database. None where there is no place for the lock; then there is none for
    the database either, and whoever opens that says so.
    """
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = _open(database)
        fcntl.flock(file, fcntl.LOCK_SH)  # waits a moment while a backup is being put back
    except OSError:
        return None
    return file


@contextmanager
def while_stopped(database: Path) -> Iterator[None]:
    """Keep dashboards from starting on this database.

    Raises:
        StillRunning: one runs.
        OSError: there is no place for the lock.
    """
    with _open(database) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StillRunning from error
        yield


def _open(database: Path) -> TextIOWrapper:
    return open(f"{database}.running", "w", opener=lambda path, flags: os.open(path, flags, 0o600))
