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
    server = [str(where / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    try:
        subprocess.run(
            as_server([str(where / "initdb"), "-D", str(folder / "data"), "-U", "dashboard", "-A", "trust", "-N"]),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        log = str(folder / "log")
        subprocess.run(
            as_server([*server, "-l", log, "-o", options, "start"]), check=True, stdout=subprocess.DEVNULL, cwd=folder
        )
        address = f"postgresql://dashboard@127.0.0.1:{port}/postgres"
        topics = [
            str(path)
            for path in sorted((ROOT / "tests").iterdir())
            if (path.is_dir() or path.name.startswith("test_")) and path.name not in NOT_OF_THE_DATABASE
            if not path.name.startswith("_")
        ]
        print("The dashboard's tests once more, on PostgreSQL:", flush=True)
        run = [sys.executable, "-m", "pytest", *topics]
        return subprocess.run(run, cwd=ROOT, env=os.environ | {"TEST_DATABASE_URL": address}, check=False).returncode
    finally:
        subprocess.run(as_server([*server, "-m", "immediate", "stop"]), check=False, stdout=subprocess.DEVNULL, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
