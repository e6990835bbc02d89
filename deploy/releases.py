"""Releases of the program, each in a folder of its own: made whole before anything points to it."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from deploy.machine import InstallFailed, Machine

KEPT = 2
FULL = os.strerror(errno.ENOSPC)
NEARLY_NOTHING_BYTES = 1_000_000
OWN_TO_A_CLONE = (".*", "__pycache__", "instance", "tests", "bench")


def make(machine: Machine, source: Path) -> Path:
    """Copy the program and install what it uses; half a release is removed.

    Raises:
        InstallFailed: the disk is full, or the packages cannot be fetched; nothing that runs was touched.
    """
    release = machine.program / "releases" / f"{datetime.now():%Y-%m-%d-%H%M%S}"  # noqa: DTZ005 - only a name
    with whole(release):
        print("  the program …", flush=True)
        shutil.copytree(source, release, ignore=shutil.ignore_patterns(*OWN_TO_A_CLONE))
        (release / "instance").symlink_to(machine.state)
        (release / ".env").symlink_to(machine.settings)
        print("  what it uses, from the Python package index …", flush=True)
        _install_packages(machine, release)
        compiled = (release / "dashboard", release / "zaptec")
        machine.run(release / ".venv/bin/python", "-m", "compileall", "-q", *compiled)
        machine.run("chmod", "-R", "u=rwX,go=rX", release)  # whatever the clone was
    return release


@contextmanager
def whole(release: Path) -> Iterator[None]:
    """Remove the release if something fails on the way to where it is pointed to.

    Raises:
        InstallFailed: why, of what the system refuses, and of a full disk whoever has met that.
    """
    try:
        yield
    except BaseException as error:
        is_full = isinstance(error, OSError | InstallFailed) and _has_met_a_full_disk(error, release)
        shutil.rmtree(release, ignore_errors=True)
        if is_full or isinstance(error, OSError):
            why = "the disk is full" if is_full else str(error)
            raise InstallFailed(f"It was not installed: {why}. Nothing was changed.") from error
        raise


def _has_met_a_full_disk(error: Exception, release: Path) -> bool:
    """Programs that we call say it in their own ways, and not always last."""
    folder = next(path for path in (release, *release.parents) if path.exists())
    return FULL in str(error) or shutil.disk_usage(folder).free < NEARLY_NOTHING_BYTES


def _install_packages(machine: Machine, release: Path) -> None:
    machine.run(sys.executable, "-m", "venv", release / ".venv")
    # A 32-bit Python on a 64-bit kernel says so only under linux32; for it some compiled packages are not made.
    as_it_is = () if sys.maxsize > 2**32 else ("linux32",)
    pip = (*as_it_is, release / ".venv/bin/python", "-m", "pip", "--disable-pip-version-check", "-qq")
    try:
        machine.run(*pip, "install", "--no-cache-dir", "--require-hashes", "-r", release / "requirements.txt")
    except InstallFailed as error:
        why = "The packages could not be fetched; is this machine online, and is its clock right?"
        raise InstallFailed(f"{why} Nothing was changed.\n({error})") from error


def point_to(machine: Machine, release: Path) -> None:
    """Let this release be the current one, from one moment to the next."""
    new = machine.program / "current.new"
    new.unlink(missing_ok=True)
    new.symlink_to(release)
    os.replace(new, machine.current)


def remove_old(machine: Machine) -> None:
    """Remove all but the current release and the one before."""
    current = machine.current.resolve()
    others = sorted(path for path in current.parent.iterdir() if path != current)
    for path in others[: len(others) - (KEPT - 1)]:
        shutil.rmtree(path)
