"""Install, update, uninstall: each may be said again, and what does not run gives way to what did."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from dashboard import greeting
from deploy import account, releases
from deploy.machine import NAME, UNITS, InstallFailed, Machine, port_in
from deploy.taking_over import settings_to_come, take_over

OF_THE_SERVER = re.compile(r"\[\d{4}-\d\d-\d\d ")  # gunicorn's own lines, which come after what is worth reading


def install(machine: Machine, source: Path) -> None:
    """Bring this clone's program to the machine, or in the place of the one that is there.

    Raises:
        InstallFailed: it could not be done; what ran before runs again.
    """
    machine.check()
    if not machine.is_installed:
        _check_port(port_in(settings_to_come(machine, source)))
    print("Installing; on a Raspberry Pi about three minutes.", flush=True)
    release = releases.make(machine, source)
    before = machine.current.resolve() if machine.is_installed else None
    with releases.whole(release):
        machine.make_user()
        take_over(machine, source)
        account.write_settings(machine, release)
        backup = _stop_and_back_up(machine) if before else None
    releases.point_to(machine, release)
    machine.write_units()
    machine.start()
    if not machine.is_well():
        raise InstallFailed(_go_back(machine, release, before, backup))
    releases.remove_old(machine)
    _say_where(machine)


def _check_port(port: int) -> None:
    if why := greeting.why_not_to_listen("0.0.0.0", port):  # noqa: S104
        raise InstallFailed(f"{why.split('.')[0]}. End it first, then: sudo make install")


def update(machine: Machine, source: Path) -> None:
    """Fetch the newest program as the owner of the clone, and install it.

    Raises:
        InstallFailed: it cannot be fetched, or not be installed.
    """
    try:
        machine.run("runuser", "-u", source.owner(), "--", "git", "-C", source, "pull", "--ff-only", "--quiet")
    except InstallFailed as error:
        why = f"The newest version could not be fetched into {source}; is this machine online?"
        raise InstallFailed(f"{why} Nothing was changed.\n({error})") from error
    os.chdir(source)
    os.execv(sys.executable, [sys.executable, "-m", "deploy", "install"])  # noqa: S606 - the new one's own way


def uninstall(machine: Machine) -> None:
    """Remove the program; what the household has entered stays, and is named."""
    machine.disable()
    for path in (*(machine.units / unit for unit in UNITS), machine.command):
        path.unlink(missing_ok=True)
    shutil.rmtree(machine.program, ignore_errors=True)
    machine.run("systemctl", "daemon-reload")
    print("The dashboard is removed. What it knows is kept, and found again by another install:")
    print(f"  {machine.state} (database, backups), {machine.settings.parent} (the account)")
    print(f"To delete that too: sudo rm -r {machine.state} {machine.settings.parent}; sudo userdel {NAME}")


def _stop_and_back_up(machine: Machine) -> Path | None:
    """Stop it, so that nothing is written any more, and copy the database; None where it was broken before.

    Raises:
        InstallFailed: no copy could be made of what was well; it runs again.
    """
    backup = machine.state / "before-update.backup"
    was_well = machine.health()
    machine.stop()
    try:
        backup.unlink(missing_ok=True)
        machine.household("backup", backup)
    except InstallFailed:
        if was_well:
            machine.start()
            raise
        return None
    return backup


def _go_back(machine: Machine, release: Path, before: Path | None, backup: Path | None) -> str:
    """Let what ran before run again, with the database as it was; what to say of it."""
    said = "\n".join([f"  {line}" for line in machine.journal() if not OF_THE_SERVER.match(line)][-5:])
    machine.stop()
    if before is None:
        machine.disable()
        machine.current.unlink()
        shutil.rmtree(release)
        return f"It does not run here. It said:\n{said}\nMend that, then: sudo make install"
    releases.point_to(machine, before)
    if backup:
        _restore(machine, backup)
    machine.write_units()
    machine.start()
    shutil.rmtree(release)
    became = "runs again" if machine.is_well() else "was put back"
    return f"The new version does not run here; the one before {became}, with all its data. It said:\n{said}"


def _restore(machine: Machine, backup: Path) -> None:
    try:
        machine.household("restore", backup)
    except InstallFailed as error:
        how = f"sudo {NAME} household restore {backup}; sudo systemctl start {NAME}"
        raise InstallFailed(
            f"The database could not be put back, and nothing runs now. Try: {how}\n({error})"
        ) from error


def _say_where(machine: Machine) -> None:
    host, url = machine.setting("HOST", "127.0.0.1"), machine.setting("PUBLIC_URL", "")
    addresses = greeting.addresses_of(host, machine.port, url)
    print("\nThe dashboard runs, and will after each start of this machine.")
    print(f"  On phones:  {' or '.join(addresses[1:] or addresses)}")
    for line in machine.journal():
        if "setup code: " in line:
            print(f"  First of all: open {(addresses[1:] or addresses)[0]}/setup with the code {line.split()[-1]}")
    if not machine.setting("ZAPTEC_USERNAME", ""):
        print("  It shows a simulated charger: for your own, write the account into its settings and say it again.")
    print(f"  Its settings: {machine.settings}    What it says: sudo journalctl -u {NAME}")
    print(f"  People and backups: sudo {NAME} household --help")
