"""Starts what is measured: our dashboard, the simulated Zaptec, and the bare page we compare with."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.waiting import until

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a secret only for measuring"
PASSWORD = "measuring is knowing"
DATABASE = "dashboard.db"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def simulator(*arguments: str) -> Iterator[str]:
    """A simulated Zaptec; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--until-stdin-closes", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.stdin.close()
        process.wait(timeout=10)


@contextmanager
def gunicorn(
    program: str, environment: dict[str, str], *, core: int | None = None, config: str = "gunicorn.conf.py"
) -> Iterator[tuple[str, int]]:
    """A gunicorn under our own settings; gives its address and the master's process id."""
    port = free_port()
    pin = ["taskset", "-c", str(core)] if core is not None else []
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(
        [*pin, sys.executable, "-m", "gunicorn", "-c", config, program],
        cwd=ROOT,
        env=kept | {"PORT": str(port)} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url + "/healthz")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(timeout=40)


@contextmanager
def dashboard(folder: Path, zaptec: str, *, core: int | None = None, **settings: str) -> Iterator[tuple[str, int]]:
    """Our dashboard with an account and one owner, on an SQLite database of its own."""
    environment = {
        "ZAPTEC_USERNAME": "demo@example.invalid",
        "ZAPTEC_PASSWORD": "demo",
        "ZAPTEC_API_URL": zaptec,
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "SECRET_KEY": SECRET,
        "TZ": "Europe/Oslo",
    } | settings
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "household", "add", "Anna", "--role", "owner"],
        cwd=ROOT,
        env=os.environ | environment,
        input=PASSWORD + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with gunicorn("app:create_app()", environment, core=core) as running:
        yield running


def wait_for(url: str, every_s: float = 0.005) -> None:
    """Wait until a server answers, whatever it says."""

    def answers() -> bool | None:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                page.read()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return None
        return True

    until(answers, every_s=every_s, longest_s=30)


class Visitor:
    """One browser, as far as measuring needs one: a connection that stays, and a cookie."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=30)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> http.client.HTTPResponse:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | headers
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self) -> None:
        form = urlencode({"name": "Anna", "password": PASSWORD, "stay": "yes"})
        answer = self.send("POST", "/login", form)
        assert answer.status == 303, answer.status

    def card(self) -> tuple[str, str]:
        """The address that a refresh of the first card asks, with and without the version it has."""
        seen = until(self._refresh_address, every_s=0.1, longest_s=30)
        return seen, seen.split("?")[0]

    def _refresh_address(self) -> str | None:
        page = self.send("GET", "/").body.decode()  # type: ignore[attr-defined]
        if 'data-situation="' in page and "hx-get=" in page and "no_data" not in page:
            return str(page.split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&"))
        return None


def requests_of(zaptec: str) -> dict[str, int]:
    """How often the simulated Zaptec has been asked, by kind."""
    with urllib.request.urlopen(zaptec + "/simulator", timeout=5) as answer:
        return dict(json.load(answer)["requests"])
