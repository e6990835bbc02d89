"""`sudo zaptec-dashboard …` on a pretended machine: its caller hands a file over, and gets one of their own."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUNUSER = """#!/bin/sh
shift 3
exec "$@"
"""
FLASK = f"""#!/bin/sh
shift 2
exec {sys.executable} -m flask --app {ROOT}/app.py "$@"
"""

Command = Callable[..., CompletedProcess[str]]


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command, with its places in a folder and us as the only user, called from somebody's home."""
    machine, home = tmp_path / "machine", tmp_path / "home"
    text = (ROOT / "deploy/zaptec-dashboard").read_text()
    for place in ("/opt/", "/var/lib/"):
        text = text.replace(f"={place}", f"={machine}{place}")
    executable(machine / "command", text)
    executable(machine / "bin/runuser", RUNUSER)
    executable(machine / "opt/zaptec-dashboard/current/.venv/bin/flask", FLASK)
    (machine / "var/lib/zaptec-dashboard").mkdir(parents=True)
    home.mkdir()
    environment = os.environ | {
        "PATH": f"{machine}/bin:{os.environ['PATH']}",
        "SUDO_UID": str(os.getuid()),
        "SUDO_GID": str(os.getgid()),
        "DATABASE_URL": f"sqlite:///{tmp_path}/dashboard.db",
        "SECRET_KEY": "a key only for this test",
        "ZAPTEC_USERNAME": "somebody",
        "ZAPTEC_PASSWORD": "something",
    }

    def call(*words: str, stdin: str = "") -> CompletedProcess[str]:
        line = [str(machine / "command"), "household", *words]
        ended = subprocess.run(line, cwd=home, env=environment, input=stdin, capture_output=True, text=True)
        assert list((machine / "var/lib/zaptec-dashboard").iterdir()) == []
        return ended

    return call


def test_a_backup_goes_where_its_caller_stands_and_comes_back_from_there(command: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    ended = command("backup", "of today.db")
    assert ended.stdout.startswith("The database is copied to of today.db. Keep it safe"), ended.stderr
    assert stat.S_IMODE((home / "of today.db").stat().st_mode) == 0o600
    assert command("add", "Dora", "--role", "viewer", stdin="seven tall ladders\n").returncode == 0
    assert command("list").stdout == "viewer  Dora\n"
    ended = command("restore", str(home / "of today.db"))
    assert ended.stdout.startswith(f"{home}/of today.db is put back. What was there before is"), ended.stderr
    assert command("list").stdout == "Nobody yet.\n"
    assert command("backup", "--help").stdout.startswith("Usage:")


def test_what_cannot_be_done_is_the_command_s_own_sentence_and_leaves_nothing(
    command: Command, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "precious").write_text("precious")
    for words, sentence in (
        (("backup", "precious"), "precious exists already; choose another name."),
        (("backup", "no/folder/copy.db"), "no/folder/copy.db cannot be written."),
        (("restore", "nothing.db"), "There is no file nothing.db."),
        (("restore", "precious"), "precious is not a backup of this dashboard. Nothing was changed."),
    ):
        ended = command(*words)
        assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"Error: {sentence}\n")
    assert [(path.name, path.read_text()) for path in home.iterdir()] == [("precious", "precious")]
