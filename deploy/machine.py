"""The machine that is installed on: its places, its users and its services."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from dashboard.settings import INSTALLED

NAME = "zaptec-dashboard"
FILES = Path(__file__).resolve().parent
UNITS = (f"{NAME}.service", f"{NAME}-backup.service", f"{NAME}-backup.timer")
SECONDS_UNTIL_WELL = 60.0
LEAST_SPACE_BYTES = 200_000_000


class InstallFailed(Exception):
    """Why it ended, and what to do, in a sentence or two."""


def _free_bytes(path: Path) -> int:
    """On the disk that this will lie on."""
    return shutil.disk_usage(next(one for one in (path, *path.parents) if one.exists())).free


def setting_in(file: Path, name: str, default: str) -> str:
    """A value of a settings' file, as `.env` files are read, as far as this needs."""
    value = """(?:'(.*)'|"(.*)"|(.*?))"""
    pattern = re.compile(rf"\s*(?:export\s+)?{name}\s*=\s*{value}(?:\s+#.*)?\s*")
    for line in file.read_text().splitlines() if file.exists() else ():
        if found := pattern.fullmatch(line):
            return next(text for text in found.groups() if text is not None)
    return default


def port_in(file: Path) -> int:
    """The port that a settings' file names.

    Raises:
        InstallFailed: it is no number.
    """
    text = setting_in(file, "PORT", "") or "8000"
    if not text.isdecimal():
        raise InstallFailed(f"PORT in {file} must be a whole number, not “{text}”.")
    return int(text)


class Machine:
    """Where everything goes.

    Attributes:
        program: holds a folder for each release, and `current`, which points to the one that runs.
        settings: the file with the account's name and password, for the dashboard's user alone.
        state: the database, the secret key, and `backups/`.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self.program = root / INSTALLED.parent.relative_to("/")
        self.settings = root / "etc" / NAME / "settings.env"
        self.state = root / "var/lib" / NAME
        self.units = root / "etc/systemd/system"
        self.command = root / "usr/local/bin" / NAME

    @property
    def current(self) -> Path:
        return self.program / INSTALLED.name

    @property
    def is_installed(self) -> bool:
        return self.current.exists()

    def check(self) -> None:
        """Whether this can be done here at all, before anything is changed.

        Raises:
            InstallFailed: it cannot.
        """
        if not (self.root / "run/systemd/system").is_dir():
            raise InstallFailed("This machine does not run systemd. docs/deploy.md has other ways.")
        free = min(_free_bytes(path) for path in (self.program, self.state))
        if free < LEAST_SPACE_BYTES:
            raise InstallFailed(f"The disk is nearly full: {free // 1_000_000} MB are free, 200 MB are needed.")

    def run(self, *command: str | Path, env: dict[str, str] | None = None) -> str:
        """Run a program; what it says.

        Raises:
            InstallFailed: it fails, with its last words.
        """
        words = [str(word) for word in command]
        try:
            ended = subprocess.run(  # noqa: S603 - programs of the system, and our own
                words,
                cwd="/",  # the folder we are called from may be closed to the dashboard's user
                env=os.environ | (env or {}),
                capture_output=True,
                text=True,
            )
        except OSError as error:
            raise InstallFailed(f"{words[0]}: {error.strerror}") from error
        if ended.returncode:
            said = (ended.stderr or ended.stdout).strip().splitlines() or [f"exit {ended.returncode}"]
            raise InstallFailed(f"{words[0]} failed: {said[-1]}")
        return ended.stdout

    def as_user(self, *command: str | Path) -> str:
        return self.run("runuser", "-u", NAME, "--", *command)

    def household(self, *words: str | Path) -> str:
        """One of the dashboard's own shell commands, by the release that is current."""
        program = self.current / ".venv/bin/flask"
        return self.as_user(program, "--app", self.current / "app.py", "household", *words)

    def make_user(self) -> None:
        """The user that the dashboard runs as, and the places that are that user's alone."""
        try:
            self.run("id", NAME)
        except InstallFailed:
            self.run("useradd", "--system", "--home-dir", self.state, "--shell", "/usr/sbin/nologin", NAME)
        for folder in (self.state, self.settings.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.give_to_user(folder)

    def give_to_user(self, folder: Path) -> None:
        self.run("chown", "-R", f"{NAME}:", folder)

    def write_settings(self, text: str) -> None:
        """Write the settings' file whole, for the dashboard's user alone."""
        new = self.settings.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(new, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
        self.give_to_user(self.settings.parent)
        new.replace(self.settings)

    def write_units(self) -> None:
        """Tell systemd of the dashboard and of its nightly backup; both begin at each start of the machine."""
        self.units.mkdir(parents=True, exist_ok=True)
        for name in UNITS:
            shutil.copy(self.current / "deploy" / name, self.units / name)
        self.command.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.current / "deploy" / NAME, self.command)
        self.command.chmod(0o755)
        self.run("systemctl", "daemon-reload")

    def start(self) -> None:
        self.run("systemctl", "enable", UNITS[0], UNITS[2])
        self.run("systemctl", "restart", UNITS[0], UNITS[2])

    def stop(self) -> None:
        self.run("systemctl", "stop", UNITS[0])

    def disable(self) -> None:
        for unit in (UNITS[2], UNITS[0]):
            if (self.units / unit).exists():
                self.run("systemctl", "disable", "--now", unit)

    def setting(self, name: str, default: str) -> str:
        return setting_in(self.settings, name, default)

    @property
    def port(self) -> int:
        return port_in(self.settings)

    def is_well(self) -> bool:
        """Whether the dashboard answers within a minute that it can serve."""
        until = time.monotonic() + SECONDS_UNTIL_WELL
        while not self.health():
            if time.monotonic() > until or self._has_given_up():
                return False
            time.sleep(0.5)  # it starts in its own time, and this program has nothing else to do
        return True

    def _has_given_up(self) -> bool:
        """Whether systemd has started it some times in vain."""
        try:
            self.run("systemctl", "is-failed", "--quiet", UNITS[0])
        except InstallFailed:
            return False
        return True

    def health(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(json.load(answer)["status"] == "ok")
        except (OSError, ValueError, KeyError):
            return False

    def journal(self) -> list[str]:
        """What the dashboard has said since it was started."""
        try:
            begun = self.run("systemctl", "show", "--property=ActiveEnterTimestamp", "--value", UNITS[0]).strip()
            said = ("journalctl", f"_SYSTEMD_UNIT={UNITS[0]}", "-o", "cat", "--since", begun or "-2min")
            return self.run(*said).splitlines()
        except InstallFailed:
            return []
