"""What `make run` has gathered in the clone goes on after the install: its settings, its people, its history."""

from __future__ import annotations

import shutil
from pathlib import Path

from dashboard.running import StillRunning, while_stopped
from deploy.machine import InstallFailed, Machine

DATABASE = "dashboard.db"
FOR_THE_NETWORK = "HOST=0.0.0.0\n"


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
            for name in ("secret-key", f"{DATABASE}-wal", DATABASE):
                if (instance / name).exists():
                    shutil.copy(instance / name, machine.state / name)
                    (machine.state / name).chmod(0o600)
        owner = instance.stat()
        shutil.chown(f"{instance / DATABASE}.running", owner.st_uid, owner.st_gid)  # the lock's file is not root's
    except StillRunning as error:
        why = "The dashboard runs in another window: end it there, then: sudo make install"
        raise InstallFailed(why) from error
    machine.give_to_user(machine.state)
    print(f"  people and history of {instance} are taken over")
