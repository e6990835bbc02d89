"""A house on loopback that takes POSTs, in every weather: what services that carry messages are in tests."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[["_Handler"], None]


@dataclass(frozen=True)
class Posted:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FakeHouse:
    """Takes what is posted and answers 201, until a verb says otherwise.

    Attributes:
        posted: what has come, with the bodies.
        tls: the certificate it shows; None for plain HTTP.
    """

    tls: ssl.SSLContext | None = None
    posted: list[Posted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answer: Answering = answering(201)
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.house = self  # type: ignore[attr-defined]
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> FakeHouse:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer_with(self, status: int, body: bytes = b"", **headers: str) -> None:
        self._answer = answering(status, body, **headers)

    def keep_silent(self) -> None:
        self._answer = lambda handler: self._over.wait(30) and None

    def reset(self) -> None:
        """Cut the connection as a machine does that has just lost its power."""
        self._answer = cutting

    def drip(self) -> None:
        """Never stop answering, a byte at a time."""

        def drip(handler: _Handler) -> None:
            handler.wfile.write(b"HTTP/1.1 201 Created\r\nX-Slow: ")
            while not self._over.wait(0.05):
                handler.wfile.write(b"x")

        self._answer = drip

    def talk_nonsense(self) -> None:
        self._answer = lambda handler: handler.wfile.write(b"220 this is no HTTP\r\n\r\n") and None

    def answer_to(self, posted: Posted) -> Answering:
        """How to answer that request; another house may go by what is in it."""
        return self._answer


def answering(status: int, body: bytes = b"", **headers: str) -> Answering:
    def answer(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def cutting(handler: _Handler) -> None:
    """Cut the connection as a machine does that has just lost its power."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        house: FakeHouse = self.server.house  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        posted = Posted(self.path, dict(self.headers.items()), body)
        house.posted.append(posted)
        house.answer_to(posted)(self)

    def handle_one_request(self) -> None:
        with suppress(ConnectionError, ValueError):  # whoever asked has left, or was cut off
            super().handle_one_request()

    def log_message(self, *_args: Any) -> None:
        """Keep quiet: the tests look into the log."""
