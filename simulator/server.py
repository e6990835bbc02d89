"""The simulated cloud on a real port: HTTP/1.1 with connections that stay open, one thread each."""

import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from socketserver import TCPServer
from threading import Event, Lock, Thread
from typing import Any, cast

from simulator import control, endpoints
from simulator.answers import Answer
from simulator.asked import Asked, kind_of
from simulator.bodies import BadBody, read_body
from simulator.cloud import Cloud
from simulator.request import Request

POLL_S = 0.005
HEALED_WITHIN_S = 0.02
NO_ANSWER = 0


class Server(ThreadingHTTPServer):
    """Holds the port and the open connections, so that both can be taken away in the middle of things."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, cloud: Cloud, host: str = "127.0.0.1", port: int = 0) -> None:
        self.cloud = cloud
        self.closing = Event()
        self._connections: set[socket.socket] = set()
        self._connections_lock = Lock()
        self._thread: Thread | None = None
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Handler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        name = host.decode() if isinstance(host, bytes | bytearray) else host
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

    def server_bind(self) -> None:
        """Bind without asking a name server for the name of this machine, as HTTPServer would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def start(self) -> None:
        self.cloud.listener = self
        self.closing.clear()
        self._thread = Thread(target=self.serve_forever, args=(POLL_S,), name="simulator", daemon=True)
        self._thread.start()

    def stop_listening(self) -> None:
        """Close the port and every connection."""
        if self._thread is None:
            return
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self._thread = None
        self.server_close()
        with self._connections_lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def listen_again(self) -> None:
        """Open the same port once more."""
        if self._thread is not None:
            return
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()
        self.server_activate()
        self.start()

    def stop(self) -> None:
        self.stop_listening()
        self.cloud.listener = None

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._connections_lock:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a mistake of ours and shows."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests, lets faults have their way, writes answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120
    server_version = "nginx"
    sys_version = ""

    @property
    def listener(self) -> Server:
        return cast(Server, self.server)

    @property
    def cloud(self) -> Cloud:
        return self.listener.cloud

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        self._respond()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def _respond(self) -> None:
        try:
            request = self._read()
        except BadBody as reason:
            self.close_connection = True
            self._send(Answer(reason.status, content_type="", headers={"Connection": "close"}))
            return
        if control.is_for_control(request):
            self._send(control.answer(self.cloud, request))
        else:
            self._respond_as_cloud(request)

    def _respond_as_cloud(self, request: Request) -> None:
        cloud, troubles = self.cloud, self.cloud.troubles
        with cloud.lock:
            given = None if troubles.resetting else (troubles.instead(request.path) or self._answer(request))
            is_swallowed = troubles.swallowing and kind_of(request.path) == "command"
            if troubles.half_json and given and given.content_type.startswith("application/json"):
                given = Answer(given.status, given.body[: len(given.body) // 2], given.content_type)
            status = NO_ANSWER if given is None or is_swallowed else given.status
            cloud.requests.append(Asked(cloud.clock.now(), request.method, request.target, status))
        self._wait(lambda: cloud.troubles.delay_s(request.path))
        if given is None or is_swallowed:
            self._reset()
        else:
            self._send(given, request.path)

    def _answer(self, request: Request) -> Answer:
        given = endpoints.answer(self.cloud, request)
        if kind_of(request.path) == "command":
            self.cloud.changed()
        return given

    def _read(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = read_body(headers, self.rfile)
        return Request(self.command, self.path, headers, body, self.client_address[0])

    def _reset(self) -> None:
        """Close so that the other side sees a reset, not an orderly end."""
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        self.close_connection = True

    def _send(self, given: Answer, path: str | None = None) -> None:
        """Write an answer; one of the cloud's, for this path, may have to drip."""
        head = self._head(given)
        body = given.body if self.command != "HEAD" and given.status != 204 else b""
        if path is not None and self.cloud.troubles.drip_s(path):
            self._drip(head, body, path)
        else:
            self.wfile.write(head + body)
        self.wfile.flush()

    def _head(self, given: Answer) -> bytes:
        """Status line and headers, which the base class can only write."""
        written = BytesIO()
        self.wfile, kept = written, self.wfile
        self.send_response(given.status)
        if given.content_type:
            self.send_header("Content-Type", given.content_type)
        for name, value in given.headers.items():
            self.send_header(name, value)
        if given.status != 204:
            self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        self.wfile = kept
        return written.getvalue()

    def _drip(self, head: bytes, body: bytes, path: str) -> None:
        """Byte by byte; once it is healed, the rest at once."""
        if not self.cloud.troubles.head_drips:
            self.wfile.write(head)
            self.wfile.flush()
            head = b""
        data = head + body
        for sent in range(len(data)):
            if not self._may_send_next(path):
                self.wfile.write(data[sent:])
                return
            self.wfile.write(data[sent : sent + 1])
            self.wfile.flush()

    def _may_send_next(self, path: str) -> bool:
        """Wait for the next drop; False when there is nothing to wait for any more."""
        if not self._wait(lambda: self.cloud.troubles.drip_s(path)):
            raise ConnectionAbortedError
        return self.cloud.troubles.drip_s(path) > 0

    def _wait(self, seconds: Callable[[], float]) -> bool:
        """Wait so many real seconds, or until they are fewer because it was healed; False when the port closes."""
        began = time.monotonic()
        while (left_s := began + seconds() - time.monotonic()) > 0:
            if self.listener.closing.wait(min(left_s, HEALED_WITHIN_S)):
                return False
        return True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The `Date` header goes by the cloud's clock."""
        now = self.cloud.clock.now() + timedelta(seconds=self.cloud.troubles.skew_s)
        return format_datetime(now, usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept in `cloud.requests`, not printed."""


@contextmanager
def serve(cloud: Cloud, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a cloud until the block ends; gives its address, such as `http://127.0.0.1:40123`."""
    server = Server(cloud, host, port)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
