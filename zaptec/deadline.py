"""HTTP answers that end in time, however slowly they drip in.

The time-out of `requests` bounds each wait for data, not their sum: a server that sends a byte a second, be it in
the head or in the body, would hold a thread for hours. Here an answer must be complete within twice the time-out.
"""

import http.client
import io
import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

TIMEOUTS_PER_ANSWER = 2


class _UntilDeadline(io.RawIOBase):
    """What a socket receives, as a file that raises TimeoutError when the deadline has passed."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._each_wait_s = sock.gettimeout()
        self._ends_at = time.monotonic() + TIMEOUTS_PER_ANSWER * (self._each_wait_s or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has come, waiting no longer than the deadline.

        Raises:
            TimeoutError: nothing came in time, or the deadline has passed.
        """
        if self._each_wait_s is None:
            return self._file.readinto(buffer)
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the answer dripped in too slowly")
        self._sock.settimeout(min(left_s, self._each_wait_s))
        try:
            return self._file.readinto(buffer)
        finally:
            self._sock.settimeout(self._each_wait_s)  # the connection may carry the next request

    def close(self) -> None:
        self._file.close()
        super().close()


class DeadlineResponse(http.client.HTTPResponse):
    """An answer that must be complete within twice the time-out of its socket."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_UntilDeadline(sock))


class _Connection(HTTPConnection):
    response_class = DeadlineResponse


class _SecureConnection(HTTPSConnection):
    response_class = DeadlineResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class DeadlineAdapter(HTTPAdapter):
    """Like `HTTPAdapter`, with a deadline for each answer, through proxies too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # which brings pools of its own
            manager.pool_classes_by_scheme = _POOLS
        return manager
