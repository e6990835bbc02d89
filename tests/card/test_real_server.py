"""One walk with nothing simulated but Zaptec: gunicorn, `python -m simulator`, and kill -9 of the server."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.one_charger import in_words
from tests.real_server import ROOT, Server, wait_until


@pytest.fixture
def zaptec() -> Iterator[str]:
    """A simulated cloud in a process of its own; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--chargers", "1", "--charging", "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    assert process.stdin
    yield process.stdout.readline().split()[-1]
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()


class Browser:
    """A browser without JavaScript, over a real connection."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def get(self, path: str) -> str:
        with self._opener.open(self.server.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        with self._opener.open(self.server.url + path, urlencode(fields).encode(), timeout=60) as answer:
            return str(answer.read().decode())


def control(zaptec: str, path: str = "", **arguments: Any) -> Any:
    body = json.dumps(arguments).encode() if path else None
    question = urllib.request.Request(f"{zaptec}/simulator{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(question, timeout=60) as answer:
        return json.load(answer)


def commands(zaptec: str) -> list[int]:
    (charger,) = control(zaptec)["chargers"]
    return [command["command"] if isinstance(command, dict) else command for command in charger["commands"]]


@pytest.fixture
def start(serve: Callable[..., Server], zaptec: str) -> Callable[[], Server]:
    def start() -> Server:
        server = serve(
            ZAPTEC_USERNAME="demo@example.invalid",
            ZAPTEC_PASSWORD="demo",
            ZAPTEC_API_URL=zaptec,
            WEB_CONCURRENCY="2",
        )
        server.wait_until_it_serves()
        return server

    return start


def set_up(server: Server) -> Browser:
    code = re.findall(r"setup code: (\S+)", server.said())[-1]
    anna = Browser(server)
    anna.post("/setup", code=code, name="Anna", password="five green kettles")
    wait_until(lambda: "Carport" in anna.get("/"), "the charger is never listed")
    return anna


def receipt(browser: Browser) -> str:
    return in_words(re.findall(r'<div class="receipt".*?</div>', browser.get("/"), re.DOTALL)[0])


@pytest.mark.long
def test_kill_9_between_asking_and_knowing(start: Callable[[], Server], zaptec: str) -> None:
    server = start()
    anna = set_up(server)
    assert "Pause charging" in anna.get("/")
    control(zaptec, "/faults/be_slow", seconds=30, path_contains="sendCommand")
    anna.post("/pause")  # comes back after a second, while the command is on its way
    assert "asked" in receipt(anna)
    assert "accepted" not in receipt(anna)
    wait_until(lambda: commands(zaptec) == [506], "the command never left")
    server.end(signal.SIGKILL)
    control(zaptec, "/faults/heal")

    anna.server = start()
    wait_until(lambda: "The charger has confirmed." in receipt(anna), f"no end: {receipt(anna)}", 120)
    assert "accepted" not in receipt(anna)
    assert "Paused by Anna" in in_words(anna.get("/"))
    assert commands(zaptec) == [506]
    assert "Traceback" not in anna.server.said()


@pytest.mark.long
def test_a_graceful_stop_finishes_what_was_begun(start: Callable[[], Server], zaptec: str, tmp_path: Path) -> None:
    server = start()
    anna = set_up(server)
    control(zaptec, "/faults/be_slow", seconds=3, path_contains="sendCommand")
    anna.post("/pause")
    assert server.end() == 0
    assert commands(zaptec) == [506]
    with closing(sqlite3.connect(tmp_path / "instance" / "dashboard.db")) as database:
        counted = database.execute("SELECT sum(count) FROM request_count WHERE kind LIKE 'command%'").fetchone()
    assert counted == (1,)
    anna.server = start()
    assert re.search("accepted|confirmed", receipt(anna))  # by how long the start has taken
    assert "Traceback" not in anna.server.said()


def test_20_mb_are_refused_and_the_connection_serves_on(start: Callable[[], Server], zaptec: str) -> None:
    import http.client

    server = start()
    for headers in ({"Content-Length": "20000000"}, {"Transfer-Encoding": "chunked"}):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        blocks = (b"a=" + b"x" * 9998 if n == 0 else b"x" * 10_000 for n in range(2000))
        try:
            connection.request(
                "POST", "/login", blocks, {**kind, **headers}, encode_chunked="Transfer-Encoding" in headers
            )
            status = connection.getresponse().status
        except (BrokenPipeError, ConnectionResetError):
            status = 413  # it hung up on us in the middle
        assert status == 413
        connection.close()
    assert server.is_serving()
    assert "Traceback" not in server.said()


def test_it_leaves_nothing_in_the_home_folder(
    start: Callable[[], Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    server = start()
    assert server.end() == 0
    assert list(home.iterdir()) == []
