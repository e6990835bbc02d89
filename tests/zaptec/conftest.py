"""A client at the simulated cloud, and one at a server that says exactly what a test tells it to."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator import Cloud, ManualClock, serve
from zaptec.client import RequestRecord, ZaptecClient
from zaptec.login import PasswordLogin
from zaptec.transport import new_session

PIECE = 16_384
SAMPLES = Path(__file__).parent.parent / "samples"


@dataclass
class ScriptedAnswer:
    """One answer.

    Attributes:
        after_s: the wait before it.
        drip_s: the wait after each piece of the body.
        drips_bytes: the wait comes after each byte, those of the head included.
        reset: the connection breaks instead.
        cut: more bytes are promised than sent.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0
    drip_s: float = 0
    drips_bytes: bool = False
    reset: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: str


class Script:
    """What the server will say, in order, the last line over and over; and what it has heard.

    The token endpoint has a queue of its own and, unless told otherwise, hands out token-1, token-2, …
    """

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[Heard] = []
        self._lines: list[ScriptedAnswer] = []
        self._token_lines: list[ScriptedAnswer] = []
        self._tokens = 0
        self._lock = threading.Lock()

    def say(self, body: object = b"", status: int = 200, **how: Any) -> None:
        self._lines.append(_line(body, status, how))

    def say_token(self, body: object = b"", status: int = 200, **how: Any) -> None:
        self._token_lines.append(_line(body, status, how))

    def paths(self, method: str | None = None) -> list[str]:
        """Paths heard, without those of the token endpoint."""
        return [each.path for each in self.heard if each.path != "/oauth/token" and method in (None, each.method)]

    @property
    def sign_ins(self) -> int:
        return sum(each.path == "/oauth/token" for each in self.heard)

    def next_line(self, heard: Heard) -> ScriptedAnswer:
        with self._lock:
            self.heard.append(heard)
            if heard.path == "/oauth/token":
                if self._token_lines:
                    return self._token_lines.pop(0)
                self._tokens += 1
                return _line({"access_token": f"token-{self._tokens}", "expires_in": 86399}, 200, {})
            return self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]


def _line(body: object, status: int, how: dict[str, Any]) -> ScriptedAnswer:
    if isinstance(body, str):
        body = body.encode()
    return ScriptedAnswer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), **how)


def _handler(script: Script, stopping: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            line = script.next_line(Heard(self.command, self.path, dict(self.headers), body))
            stopping.wait(line.after_s)
            if line.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            try:
                self.send_response_only(line.status)
                for name, value in ({"Date": self.date_time_string()} | line.headers).items():
                    self.send_header(name, value)
                if line.status != 204:
                    self.send_header("Content-Length", str(len(line.body) + (10 if line.cut else 0)))
                if line.drips_bytes:
                    self._drip(line)
                    return
                self.end_headers()
                for start in range(0, len(line.body), PIECE):
                    self.wfile.write(line.body[start : start + PIECE])
                    self.wfile.flush()
                    stopping.wait(line.drip_s)
                self.wfile.flush()
            except OSError:  # the client has hung up
                self.close_connection = True
            if line.cut:
                self.close_connection = True

        def _drip(self, line: ScriptedAnswer) -> None:
            for byte in b"".join(self._headers_buffer) + b"\r\n" + line.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if stopping.wait(line.drip_s):
                    return

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    return Handler


class ScriptServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # twenty threads may knock at once


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()
    stopping = threading.Event()
    server = ScriptServer(("127.0.0.1", 0), _handler(script, stopping))
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield script
    stopping.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[requests.Session]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with new_session() as session:
        yield session


@pytest.fixture
def scripted(script: Script, session: requests.Session) -> ZaptecClient:
    """A client of the scripted server; it pauses hardly at all between tries."""
    return ZaptecClient.with_password(
        "anna@example.invalid",
        "s3cret&+",
        api_url=script.url,
        session=session,
        timeout_s=2,
        retry_pause_s=0.001,
    )


class SecondsClock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> SecondsClock:
    return SecondsClock()


@pytest.fixture
def log_in(script: Script, session: requests.Session, clock: SecondsClock) -> Callable[..., PasswordLogin]:
    """A PasswordLogin at the scripted server, on a clock that stands still."""

    def make(**how: Any) -> PasswordLogin:
        how = {"api_url": script.url, "session": session, "timeout_s": 2, "now": clock} | how
        return PasswordLogin("anna@example.invalid", "s3cret&+ü", **how)

    return make


@pytest.fixture
def cloud() -> Cloud:
    return Cloud.household(clock=ManualClock())


@pytest.fixture
def url(cloud: Cloud) -> Iterator[str]:
    with serve(cloud) as url:
        yield url


@pytest.fixture
def records() -> list[RequestRecord]:
    """What `client` said of each of its requests."""
    return []


@pytest.fixture
def slept() -> list[float]:
    """The pauses that `client` has made between tries, in seconds; none of them took any time."""
    return []


@pytest.fixture
def client(
    cloud: Cloud, url: str, session: requests.Session, records: list[RequestRecord], slept: list[float]
) -> ZaptecClient:
    """The owner's client at the simulated cloud, signed in."""
    client = ZaptecClient.with_password(
        cloud.username, cloud.password, api_url=url, session=session, timeout_s=2, retry_pause_s=0.001,
        on_request=records.append, sleep=slept.append,
    )  # fmt: skip
    client.login.token()
    records.clear()
    cloud.forget_requests()
    return client


@pytest.fixture
def hasty(client: ZaptecClient, url: str, session: requests.Session, records: list[RequestRecord]) -> ZaptecClient:
    """The same, but it waits for an answer no longer than 0.2 s."""
    return ZaptecClient(
        client.login,
        api_url=url,
        session=session,
        timeout_s=0.2,
        retry_pause_s=0.001,
        on_request=records.append,
    )


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Any]:
    """A recorded answer by its name."""
    return lambda name: json.loads((SAMPLES / f"{name}.json").read_text())
