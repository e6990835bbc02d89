"""One POST to a service that carries messages: to the address that was checked, no redirects, limits to all."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from dashboard.leases import LONGEST_RETRY_AFTER_S
from dashboard.notices.ways.failures import NotSent, WayFailure, of_status
from dashboard.notices.ways.reach import Reach, addresses
from zaptec.deadline import DeadlineResponse

CONNECT_S, ALL_S = 3.0, 10.0
MOST_ADDRESSES = 2
MOST_BYTES = 4096  # of an answer: none that matters is longer


@dataclass(frozen=True)
class PostAnswer:
    """What came back.

    Attributes:
        retry_after: how long the other side wants to be left alone, if it said so.
        body: its beginning.
    """

    status: int
    retry_after: timedelta | None
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> PostAnswer:
    """Send it once.

    Raises:
        NotSent: there was no connection, or no answer.
    """
    parts, ends_at = urlsplit(url), time.monotonic() + ALL_S
    sock = connect(parts.hostname or "", _port(parts), reach)
    try:
        if parts.scheme == "https":
            sock = secure(sock, parts.hostname or "")
        sock.settimeout(max(0.1, (ends_at - time.monotonic()) / 2))  # the answer has twice that
        return _exchange(sock, parts, body, headers)
    finally:
        sock.close()


def taken(answer: PostAnswer) -> None:
    """Go on where the answer says that it was taken.

    Raises:
        NotSent: it was not.
    """
    if failure := of_status(answer.status):
        raise NotSent(failure, answer.retry_after)


def connect(host: str, port: int, reach: Reach, timeout_s: float = CONNECT_S) -> socket.socket:
    """A connection to the first address of the name that takes it.

    Raises:
        NotSent: none does, or it may not be reached.
    """
    for address in addresses(host, port, reach)[:MOST_ADDRESSES]:
        try:
            return socket.create_connection((address, port), timeout_s)
        except OSError:
            continue
    raise NotSent(WayFailure.UNREACHABLE)


def secure(sock: socket.socket, host: str) -> ssl.SSLSocket:
    """TLS with a certificate that is checked.

    Raises:
        NotSent: there is none, or it is not that host's.
    """
    try:
        return trust().wrap_socket(sock, server_hostname=host)
    except (ssl.SSLCertVerificationError, ssl.CertificateError, ValueError) as error:
        raise NotSent(WayFailure.NOT_SECURE) from error
    except OSError as error:
        raise NotSent(WayFailure.UNREACHABLE) from error


@cache
def trust() -> ssl.SSLContext:
    """Who is believed: whom this machine believes, and whom `requests` does."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _exchange(sock: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", _port(parts))  # says the name as Host; the connection is ours
    connection.sock, connection.auto_open = sock, 0
    connection.response_class = DeadlineResponse
    try:
        connection.request("POST", parts._replace(scheme="", netloc="").geturl() or "/", body, dict(headers))
        with connection.getresponse() as response:
            retry_after = seconds_of(response.headers.get("Retry-After", ""))
            return PostAnswer(response.status, retry_after, response.read(MOST_BYTES))
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(WayFailure.NO_ANSWER) from error


def seconds_of(text: str) -> timedelta | None:
    """A Retry-After: seconds or a date, and no longer than is believed; None where it is neither."""
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        seconds = float(text)
    else:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S))
