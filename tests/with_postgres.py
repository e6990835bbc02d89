"""Runs pytest with a PostgreSQL that is started and stopped for it: what needs a database is tested on both kinds.

    python tests/with_postgres.py [what pytest takes, such as: tests/history -m postgres]

Without a PostgreSQL on this machine one line says so and SQLite has to do; with REQUIRE_POSTGRES=1 that is a
failure.
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
# What is lost when the machine goes down is no loss here, and what is soon gone needs no tidying up.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")


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
        print("skipped: the tests on PostgreSQL (none on this machine)", flush=True)
        return 1 if os.environ.get("REQUIRE_POSTGRES") == "1" else run_tests()
    folder = Path(tempfile.mkdtemp(prefix="dashboard-postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    port = free_port()
    here = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}")
    options = " ".join([f"-p {port}", *(f"-c {one}" for one in here + OPTIONS)])
    data, log = str(folder / "data"), str(folder / "log")
    control = [str(where / "pg_ctl"), "-D", data, "-w"]

    def server(*command: str, check: bool = True) -> None:
        subprocess.run(as_server([*command]), check=check, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        server(str(where / "initdb"), "-D", data, "-U", "dashboard", "-A", "trust", "-N")
        server(*control, "-l", log, "-o", options, "start")
        return run_tests(TEST_DATABASE_URL=f"postgresql://dashboard@127.0.0.1:{port}/postgres")
    finally:
        server(*control, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def run_tests(**environment: str) -> int:
    command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
