"""`make install` on a pretended machine: its places are in a folder, its systemd starts the program for real."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.database import Database
from dashboard.running import say_that_we_run
from deploy import installing, machine, releases
from deploy.machine import NAME, InstallFailed, Machine
from deploy.taking_over import take_over
from tests.real_server import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
BROKEN_MIGRATION = """
from alembic import op
revision, down_revision = "9999", {newest!r}
def upgrade():
    op.execute("ALTER TABLE member RENAME COLUMN name TO called")
"""


class PretendedMachine(Machine):
    """Runs what matters; of users and file owners there is only ours."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        (root / "run/systemd/system").mkdir(parents=True)
        self.said = root / "journal"
        self.ran: list[str] = []
        self.fails: str = ""
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str | Path, env: dict[str, str] | None = None) -> str:
        words = [str(word) for word in command]
        line = " ".join(words)
        self.ran.append(line)
        if self.fails and self.fails in line:
            raise InstallFailed(f"{words[0]} failed: as the test wants")
        if words[1:3] == ["-m", "venv"]:
            Path(words[3]).symlink_to(Path(sys.executable).parent.parent)
        elif words[:3] == ["systemctl", "restart", f"{NAME}.service"]:
            self._start()
        elif words[:2] == ["systemctl", "stop"] or words[:3] == ["systemctl", "disable", "--now"]:
            self.end()
        elif words[:2] == ["systemctl", "is-failed"] and not (self.process and self.process.poll()):
            raise InstallFailed("it runs")
        elif words[0] == "journalctl":
            return self.said.read_text()
        elif words[0] == "runuser":
            return super().run(*words[4:], env=env)
        elif "try_account" in line:
            return super().run(*command, env=env)
        return ""

    def _start(self) -> None:
        self.end()
        kept = {name: text for name, text in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [self.current / ".venv/bin/gunicorn", "app:create_app()"],
                cwd=self.current.resolve(),
                env={**kept, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def pretended(tmp_path: Path) -> Iterator[PretendedMachine]:
    """A machine with settings for a free port, and a Zaptec that nobody reaches."""
    pretended = PretendedMachine(tmp_path / "machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pretended.settings.parent.mkdir(parents=True)
    account = (
        "ZAPTEC_USERNAME=anna@example.invalid\nZAPTEC_PASSWORD=secret words\nZAPTEC_API_URL=http://127.0.0.1:9"
    )
    pretended.settings.write_text(f"PORT={port}\n{account}\n")
    yield pretended
    pretended.end()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A clone of this program that a test may spoil."""
    clone = tmp_path / "clone"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "instance", "tests", "bench")
    shutil.copytree(ROOT, clone, ignore=ignored)
    return clone


def people_of(machine: Machine) -> list[str]:
    return machine.household("list").split()


def releases_of(machine: Machine) -> list[Path]:
    return sorted((machine.program / "releases").iterdir())


def test_it_is_installed_again_and_removed_without_losing_anything(
    pretended: PretendedMachine, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installing.install(pretended, source)
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{pretended.port}/setup with the code " in said
    assert f"systemctl enable {NAME}.service {NAME}-backup.timer" in pretended.ran
    assert pretended.state.stat().st_mode & 0o077 == 0
    assert "ReadWritePaths=/var/lib/zaptec-dashboard" in (pretended.units / f"{NAME}.service").read_text()
    add_anna(pretended)
    made, settings = releases_of(pretended), pretended.settings.read_text()

    pretended.fails = "pip"
    with pytest.raises(InstallFailed, match="could not be fetched; is this machine online"):
        installing.install(pretended, source)
    assert pretended.health()
    assert releases_of(pretended) == made

    pretended.fails = ""
    installing.install(pretended, source)
    assert people_of(pretended) == ["owner", "Anna"]
    assert "setup with the code" not in capsys.readouterr().out

    installing.uninstall(pretended)
    assert not pretended.health()
    assert not pretended.program.exists()
    assert not list(pretended.units.iterdir())
    assert str(pretended.state) in capsys.readouterr().out
    assert (pretended.state / "dashboard.db").exists()
    assert pretended.settings.read_text() == settings


def add_anna(machine: PretendedMachine) -> None:
    program = machine.current / ".venv/bin/flask"
    command = [program, "--app", machine.current / "app.py", "household", "add", "Anna", "--role", "owner"]
    subprocess.run(command, input=b"five green kettles\n", check=True, capture_output=True)


def test_what_does_not_run_gives_way(pretended: PretendedMachine, source: Path) -> None:
    """First there was nothing before it; then there was a version, and the new one has changed its database."""
    good = pretended.settings.read_text()
    pretended.settings.write_text(good + "THREADS=many\n")
    with pytest.raises(InstallFailed, match="THREADS must be a whole number"):
        installing.install(pretended, source)
    assert not pretended.is_installed

    pretended.settings.write_text(good)
    installing.install(pretended, source)
    add_anna(pretended)
    before = pretended.current.resolve()

    newest = max(path.name[:4] for path in (source / "migrations/versions").glob("[0-9]*.py"))
    (source / "migrations/versions/9999_broken.py").write_text(BROKEN_MIGRATION.format(newest=newest))
    (source / "app.py").write_text("raise RuntimeError('a broken version')")
    with pytest.raises(InstallFailed, match=r"the one before .*, with all its data\.[^$]*a broken version") as why:
        installing.install(pretended, source)
    assert "failed to boot" not in str(why.value)  # what gunicorn says of it comes after what is worth reading
    wait_until(pretended.health, pretended.said.read_text())
    assert releases_of(pretended) == [before]
    assert people_of(pretended) == ["owner", "Anna"]
    kept = max(pretended.state.glob("before-2*.db"))
    assert sqlite3.connect(kept).execute("SELECT called FROM member").fetchall() == [("Anna",)]
    pretended.end()
    said = pretended.household("restore", pretended.state / "before-update.backup")
    assert f"is kept in {pretended.state.resolve()}/before-" in said  # not named by way of a release


def test_what_was_tried_in_the_clone_goes_on(
    pretended: PretendedMachine, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretended.settings.replace(source / ".env")
    instance = source / "instance"
    database = Database(f"sqlite:///{instance / 'dashboard.db'}")
    database.migrate()
    (instance / "secret-key").write_text("a secret only for tests")
    pretended.make_user()
    held = say_that_we_run(instance / "dashboard.db")
    assert held
    with pytest.raises(InstallFailed, match="runs in another window: end it there"):
        take_over(pretended, source)
    held.close()
    pretended.settings.unlink()
    take_over(pretended, source)
    assert pretended.setting("HOST", "") == "0.0.0.0"
    assert pretended.setting("ZAPTEC_USERNAME", "") == "anna@example.invalid"
    assert (pretended.state / "secret-key").read_text() == "a secret only for tests"
    copy = Database(f"sqlite:///{pretended.state / 'dashboard.db'}")
    assert copy.revision() == database.revision()
    (instance / "secret-key").write_text("another")
    take_over(pretended, source)  # what the machine has by now is not replaced
    assert (pretended.state / "secret-key").read_text() == "a secret only for tests"
    for one in (database, copy):
        one.dispose()


def test_only_the_release_before_is_kept(pretended: PretendedMachine) -> None:
    folder = pretended.program / "releases"
    for name in ("1", "2", "3", "4"):
        (folder / name).mkdir(parents=True)
    releases.point_to(pretended, folder / "4")
    releases.remove_old(pretended)
    assert releases_of(pretended) == [folder / "3", folder / "4"]
    releases.point_to(pretended, folder / "3")
    assert pretended.current.resolve() == folder / "3"


def test_what_makes_it_impossible_is_a_sentence_before_anything_is_changed(
    pretended: PretendedMachine, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", pretended.port))
        other.listen()
        monkeypatch.setattr("dashboard.greeting.SECONDS", 0.05)
        with pytest.raises(InstallFailed, match=f"Another program listens on port {pretended.port}. End it first"):
            installing.install(pretended, source)
    usage = shutil.disk_usage(ROOT)._replace(free=5_000_000)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(InstallFailed, match="5 MB are free, 200 MB are needed"):
        installing.install(pretended, source)
    (pretended.root / "run/systemd/system").rmdir()
    with pytest.raises(InstallFailed, match="does not run systemd"):
        installing.install(pretended, source)
    assert pretended.ran == []


def test_a_database_that_cannot_be_put_back_is_said_with_what_to_try(pretended: PretendedMachine) -> None:
    pretended.fails = "restore"
    why = r"nothing runs now\. Try: sudo zaptec-dashboard household restore .*copy.db; sudo systemctl start"
    with pytest.raises(InstallFailed, match=why):
        installing._restore(pretended, Path("copy.db"))


def test_the_port_that_is_looked_at_is_the_one_it_will_have(pretended: PretendedMachine, source: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", pretended.port))
        other.listen()
        (source / ".env").write_text(f" export PORT = '{pretended.port}' # at home\n")
        pretended.settings.unlink()
        with pytest.raises(InstallFailed, match=f"listens on port {other.getsockname()[1]}|is running on port"):
            installing.install(pretended, source)
    (source / ".env").write_text("PORT=many\n")
    with pytest.raises(InstallFailed, match=r"PORT in .*\.env must be a whole number, not “many”"):
        installing.install(pretended, source)
    assert pretended.ran == []


def test_an_update_that_cannot_be_fetched_says_so(pretended: PretendedMachine, source: Path) -> None:
    with pytest.raises(InstallFailed, match=r"could not be fetched into .*; is this machine online\? Nothing was"):
        installing.update(pretended, source)  # the copy is no clone
    assert pretended.process is None


def test_a_disk_that_fills_meanwhile_is_a_sentence(
    pretended: PretendedMachine, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_rest: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deploy.releases.shutil.copytree", full)
    with pytest.raises(InstallFailed, match=r"the disk is full\. Nothing was changed"):
        installing.install(pretended, source)
    monkeypatch.undo()
    (source / "instance").mkdir()
    for name in ("secret-key", "dashboard.db"):
        (source / "instance" / name).write_text("of the clone")
    copy = shutil.copy
    monkeypatch.setattr(
        "deploy.taking_over.shutil.copy", lambda *files: full() if "db" in str(files) else copy(*files)
    )
    with pytest.raises(InstallFailed, match=r"the disk is full\. Nothing was changed"):
        installing.install(pretended, source)
    assert releases_of(pretended) == []
    assert list(pretended.state.iterdir()) == []
