"""What `make run` has gathered in the clone goes on after the install: its settings, its people, its history."""

from __future__ import annotations

import shutil
from pathlib import Path

from dashboard.running import StillRunning, while_stopped
from deploy.machine import InstallFailed, Machine

DATABASE = "dashboard.db"
KEPT_THERE = ("secret-key", f"{DATABASE}-wal", DATABASE)  # the database comes last: where it is, all of it is
FOR_THE_NETWORK = "HOST=0.0.0.0\n"


def settings_to_come(machine: Machine, source: Path) -> Path:
    """The settings' file that counts from the install on: the machine's, else the clone's."""
    return machine.settings if machine.settings.exists() else source / ".env"


def take_over(machine: Machine, source: Path) -> None:
    """Copy the clone's settings and data to where the machine has none; the clone keeps its own.

    Raises:
        InstallFailed: a dashboard still runs in the clone.
    """
    if (source / ".env").exists() and not machine.settings.exists():
        text = (source / ".env").read_text()
        machine.write_settings(text if "\nHOST=" in f"\n{text}" else f"{FOR_THE_NETWORK}{text}")
        print(f"  the settings of {source / '.env'} are taken over")
    if (source / "instance" / DATABASE).exists() and not (machine.state / DATABASE).exists():
        _take_over_data(machine, source / "instance")


def _take_over_data(machine: Machine, instance: Path) -> None:
    try:
        with while_stopped(instance / DATABASE):
            owner = instance.stat()  # who is to own the lock's file, too
            shutil.chown(f"{instance / DATABASE}.running", owner.st_uid, owner.st_gid)
            _copy_whole([name for name in KEPT_THERE if (instance / name).exists()], instance, machine.state)
    except StillRunning as error:
        why = "The dashboard runs in another window: end it there, then: sudo make install"
        raise InstallFailed(why) from error
    machine.give_to_user(machine.state)
    print(f"  people and history of {instance} are taken over")


def _copy_whole(names: list[str], source: Path, target: Path) -> None:
    """Copy files, all or none: half a database would be taken for the machine's own next time."""
    copies = {name: target / f"{name}.new" for name in names}
    try:
        for name, copy in copies.items():
            shutil.copy(source / name, copy)
            copy.chmod(0o600)
    except OSError:
        for copy in copies.values():
            copy.unlink(missing_ok=True)
        raise
    for name, copy in copies.items():
        copy.replace(target / name)
