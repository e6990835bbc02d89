"""Runs the dashboard's tests once more, on a PostgreSQL of their own that is started and stopped for it.

Without a PostgreSQL on this machine one line says so; with REQUIRE_POSTGRES=1 that is a failure.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OF_THE_DATABASE = ("zaptec", "simulator", "browser", "samples")


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the PATH, or where Debian puts them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def as_server(command: list[str]) -> list[str]:
    """PostgreSQL does not run as root: there it takes the user that its package made."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def main() -> int:
    where = programs()
    if where is None:
        print("skipped: the tests on PostgreSQL (none on this machine)")
        return 1 if os.environ.get("REQUIRE_POSTGRES") == "1" else 0
    folder = Path(tempfile.mkdtemp(prefix="dashboard-postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    data, log = str(folder / "data"), str(folder / "log")
    control = [str(where / "pg_ctl"), "-D", data, "-w"]

    def server(*command: str, check: bool = True) -> None:
        subprocess.run(as_server([*command]), check=check, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        server(str(where / "initdb"), "-D", data, "-U", "dashboard", "-A", "trust", "-N")
        server(*control, "-l", log, "-o", options, "start")
        print("The dashboard's tests once more, on PostgreSQL:", flush=True)
        environment = os.environ | {"TEST_DATABASE_URL": f"postgresql://dashboard@127.0.0.1:{port}/postgres"}
        run = [sys.executable, "-m", "pytest", *topics()]
        return subprocess.run(run, cwd=ROOT, env=environment, check=False).returncode
    finally:
        server(*control, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def topics() -> list[str]:
    """The folders and files of tests that have to do with the database."""
    found = sorted((ROOT / "tests").iterdir())
    return [
        str(path)
        for path in found
        if (path.is_dir() or path.name.startswith("test_"))
        and path.name not in NOT_OF_THE_DATABASE
        and not path.name.startswith("_")
    ]


if __name__ == "__main__":
    sys.exit(main())
