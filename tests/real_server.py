"""The real thing: gunicorn with our settings, on a port and in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Server:
    """A dashboard as `make run` starts it, in a process group of its own."""

    def __init__(self, folder: Path, first: str = "", **environ: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: text for name, text in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        conf = folder / "gunicorn.conf.py"
        # Its own folder instead of ours, or a test would use the developer's database.
        conf.write_text(
            f"import dashboard.settings as s\n"
            f"s.ROOT = __import__('pathlib').Path({str(folder)!r})\n"
            f"{first}\n" + (ROOT / "gunicorn.conf.py").read_text().replace("cwd=ROOT", f"cwd={str(ROOT)!r}")
        )
        self.log = folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", str(conf), "app:create_app()"],
                cwd=ROOT,
                env={**kept, "PORT": str(self.port), "PYTHONDONTWRITEBYTECODE": "1", **environ},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.log.read_text()

    def wait_until_it_serves(self) -> None:
        wait_until(self.is_serving, f"it does not serve: {self.said()}")

    def is_serving(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.process.wait(timeout=40)


def wait_until(holds: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


def children_of(server: Server) -> list[str]:
    return Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
