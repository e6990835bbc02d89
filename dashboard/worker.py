"""The server's worker: a request takes a thread once all of it is here, and not before.

gunicorn's own worker reads a request in the thread that answers it, so eight clients that stop in the middle of
one, or send a byte a second, hold all eight threads. Here the loop that waits for everybody anyway takes in what
comes, and a client that is slow costs a few kilobytes. An answer that nobody takes holds no thread for long, and a
connection that nobody closes holds none at all.

Written for gunicorn 27, whose version is fixed in requirements.txt.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import deque
from functools import partial
from typing import Any

from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from dashboard.intake import Intake

REQUEST_WITHIN_S = 15.0  # from its first moment to its last byte; a connection that says nothing is closed then too
ANSWER_WITHIN_S = 15.0  # each piece of an answer
LINGER_S = 2.0  # so long a client may take to close after us, so that it sees the end of the answer
CHUNK = 64 * 1024


class Received(Unreader):  # type: ignore[misc]
    """What was taken in. A parser that wants more finds the end: nobody waits for a client here."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        return b""


class Connection(TConn):  # type: ignore[misc]
    """One client, and the request it is sending."""

    intake: Intake
    worker: ListeningWorker | None = None

    def close(self, graceful: bool = False) -> None:
        """Close at once; or, `graceful`, after the client: else the end of what we sent may be cut off."""
        if graceful and self.worker is not None:
            self.worker.linger(self)
        else:
            super().close()


class ListeningWorker(ThreadWorker):  # type: ignore[misc]
    """Takes requests in without a thread; what is complete goes the way of gunicorn's worker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lingering: deque[Connection] = deque()

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError:
            return  # it has gone again, or there are too many
        self._make_room()
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.worker = self
        self.enqueue_req(connection)

    def _make_room(self) -> None:
        """Who has kept us waiting longest goes first: strangers who only hold connections keep nobody out."""
        if self.nr_conns < self.worker_connections - 1:
            return
        for waiting in (self.lingering, self.pending_conns, self.keepalived_conns):
            if waiting:
                self._drop(waiting[0], waiting)
                return

    def enqueue_req(self, conn: Connection) -> None:
        """A client is new, or begins its next request: listen until all of it is here."""
        if not conn.initialized:
            conn.init()
            conn.parser.unreader = Received()
        conn.intake = Intake()
        conn.intake.add(conn.parser.unreader.take_buffered())  # what came together with the last request
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + REQUEST_WITHIN_S
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._listen, conn))
        self._listen(conn, conn.sock)

    def _listen(self, conn: Connection, client: socket.socket) -> None:
        """Take in what has come; hand the request to a thread when that was the last of it."""
        intake = conn.intake
        if not intake.is_complete:
            was_asked = intake.wants_to_be_asked
            try:
                piece = client.recv(CHUNK)
                intake.add(piece)
                if intake.wants_to_be_asked and not was_asked:
                    client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            except BlockingIOError:
                return
            except OSError:
                piece = b""
            if not piece:
                self._drop(conn, self.pending_conns)
                return
        if intake.is_complete:
            self._leave(conn, self.pending_conns)
            conn.parser.unreader.unread(intake.as_request)
            super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        conn.sock.settimeout(ANSWER_WITHIN_S)
        try:
            return super().handle_request(req, conn) and not conn.intake.is_too_long
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "nobody takes the answer") from error

    def linger(self, conn: Connection) -> None:
        """Close when the client has, or after a while."""
        conn.worker = None
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._ignore, conn))
        except (OSError, ValueError):
            conn.close()
            return
        self.nr_conns += 1
        conn.timeout = time.monotonic() + LINGER_S
        self.lingering.append(conn)

    def _ignore(self, conn: Connection, client: socket.socket) -> None:
        try:
            if client.recv(CHUNK):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(conn, self.lingering)

    def murder_pending(self) -> None:
        """Close what has taken too long; and once we stop, what has not said anything yet."""
        now = time.monotonic()
        for waiting in (self.pending_conns, self.lingering):
            while waiting and waiting[0].timeout <= now:
                self._drop(waiting[0], waiting)
        if not self.alive:
            for conn in [conn for conn in self.pending_conns if not conn.intake.data]:
                self._drop(conn, self.pending_conns)

    def _leave(self, conn: Connection, waiting: deque[Connection]) -> None:
        self.poller.unregister(conn.sock)
        waiting.remove(conn)

    def _drop(self, conn: Connection, waiting: deque[Connection]) -> None:
        self._leave(conn, waiting)
        self.nr_conns -= 1
        conn.close()
