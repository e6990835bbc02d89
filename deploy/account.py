"""The household's account at Zaptec: asked for at a terminal, tried at once, and written in private."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from pathlib import Path

from deploy.machine import InstallFailed, Machine

TRIES = 3
FIRST_SETTINGS = """\
# The settings of the Zaptec dashboard; the README's table says what each is for.
# After a change: sudo systemctl restart zaptec-dashboard
HOST=0.0.0.0
"""


def write_settings(machine: Machine, release: Path) -> None:
    """Write the first settings, with the account if there is somebody to ask; those that are there stay."""
    if machine.settings.exists():
        return
    lines = [f"{name}={_quoted(value)}\n" for name, value in _account(machine, release).items()]
    machine.write_settings(FIRST_SETTINGS + "".join(lines))


def _quoted(value: str) -> str:
    """As a `.env` file wants it, whatever is in it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _account(machine: Machine, release: Path) -> dict[str, str]:
    given = {name: os.environ.get(name, "") for name in ("ZAPTEC_USERNAME", "ZAPTEC_PASSWORD")}
    if all(given.values()) or not sys.stdin.isatty():
        return {name: value for name, value in given.items() if value}
    print("\nThe account at Zaptec, as in its app (only Enter: try the simulated charger first).")
    for _try in range(TRIES):
        name = input("  E-mail: ").strip()
        if not name:
            break
        account = {"ZAPTEC_USERNAME": name, "ZAPTEC_PASSWORD": getpass("  Password: ")}
        if _is_usable(machine, release, account):
            return account
    print("  Without an account for now; write it into the settings later.")
    return {}


def _is_usable(machine: Machine, release: Path, account: dict[str, str]) -> bool:
    """Whether Zaptec lets it in, or nobody can say now."""
    try:
        said = machine.run(release / ".venv/bin/python", release / "deploy/try_account.py", env=account)
    except InstallFailed:
        said = "unknown It could not be tried."
    verdict, _, sentence = said.strip().partition(" ")
    print(f"  {sentence}")
    return verdict != "rejected"
