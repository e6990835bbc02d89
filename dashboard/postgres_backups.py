"""Copies of a PostgreSQL database, by its own programs `pg_dump`, `pg_restore` and `psql`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import text

from dashboard.backup_files import STOP_IT_FIRST, BackupFailed, check_revision, not_ours
from dashboard.database import Database, metadata, private_file

ENDING = ".dump"
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def copy(database: Database, file: Path) -> None:
    """Copy into a file that is there and empty.

    Raises:
        BackupFailed: it cannot be read or written.
    """
    _run(database, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def put_back(database: Database, file: Path, before: Path) -> Path | None:
    """Put a copy in the place of our tables, all of it or nothing; see `backups.put_back`."""
    reading = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file)]
    script = _run(database, *reading, otherwise=not_ours(file))
    check_revision(file, _revision_in(script))
    with database.reading() as connection:
        if connection.execute(text(OTHERS)).scalar():
            raise BackupFailed(STOP_IT_FIRST)
    database.dispose()
    kept = before.with_suffix(ENDING)
    os.close(private_file(kept))
    copy(database, kept)
    tables = ", ".join(["alembic_version", *(table.name for table in metadata.sorted_tables)])
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run(database, "psql", *options, f"--command=DROP TABLE IF EXISTS {tables} CASCADE", "--file=-", stdin=script)
    return kept


def _revision_in(script: str) -> str | None:
    """The schema's revision in a dump as SQL: the line after the one that begins that table's rows."""
    lines = iter(script.splitlines())
    for line in lines:
        if line.startswith("COPY public.alembic_version"):
            return next(lines, None)
    return None


def _run(database: Database, *command: str, stdin: str = "", otherwise: BackupFailed | None = None) -> str:
    """Run one of PostgreSQL's programs on our database; the password is not among its arguments.

    Raises:
        BackupFailed: the program is not there, or fails.
    """
    url = database.url.set(drivername="postgresql", password=None).render_as_string()
    try:
        ended = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, on files that the user names
            [*command, *([] if command[0] == "pg_restore" else [f"--dbname={url}"])],
            env=os.environ | {"PGPASSWORD": database.url.password or ""},
            input=stdin,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        why = f"{command[0]} is not on this machine (Debian: sudo apt install postgresql-client)."
        raise BackupFailed(why) from error
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"exit {ended.returncode}"]
        raise otherwise or BackupFailed(f"{command[0]} failed: {said[-1]}")
    return ended.stdout
