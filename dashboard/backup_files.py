"""What copies of both kinds of database have in common: what can be wrong with one."""

from __future__ import annotations

from pathlib import Path

from dashboard.database import revisions

STOP_IT_FIRST = "The dashboard is running on this database: stop it first."


class BackupFailed(Exception):
    """Why a copy was not made or not put back, in one sentence."""


def not_ours(file: Path) -> BackupFailed:
    return BackupFailed(f"{file} is not a backup of this dashboard. Nothing was changed.")


def check_revision(file: Path, found: str | None) -> None:
    """Whether this program can go on with a copy of that revision of the schema.

    Raises:
        BackupFailed: it is newer than this program, or of another one.
    """
    newest, known = revisions()
    if not found:
        raise not_ours(file)
    if found not in known:
        why = f"{file} is newer ({found}) than this program ({newest}): update it. Nothing was changed."
        raise BackupFailed(why)
