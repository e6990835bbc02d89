"""The server's worker against clients that are slow, silent, odd or gone: everybody else is answered."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.real_server import Server

SOON = "import dashboard.worker as w\nw.REQUEST_WITHIN_S = 1.5\nw.ANSWER_WITHIN_S = 1.0"
FORM = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALVES = {
    "nothing": b"",
    "half a line": b"GET /healthz HT",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "half a body": FORM + b"Content-Length: 500\r\n\r\nname=",
    "half a chunk": FORM + b"Transfer-Encoding: chunked\r\n\r\nff\r\nname=",
    "no last chunk": FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nname=\r\n",
    "the next after a whole one": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /heal",
}
ACCOUNT = {
    "ZAPTEC_USERNAME": "anna@example.invalid",
    "ZAPTEC_PASSWORD": "secret words",
    "ZAPTEC_API_URL": "http://127.0.0.1:9",
    "THREADS": "2",
}


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    server = serve(**ACCOUNT)
    server.wait_until_it_serves()
    return server


@pytest.fixture
def hasty(serve: Callable[..., Server]) -> Server:
    """One whose patience is a tenth of the usual."""
    server = serve(SOON, **ACCOUNT)
    server.wait_until_it_serves()
    return server


@pytest.fixture
def clients() -> Iterator[list[socket.socket]]:
    made: list[socket.socket] = []
    yield made
    for client in made:
        client.close()


def connect(server: Server, clients: list[socket.socket], begun: bytes = b"") -> socket.socket:
    clients.append(client := socket.create_connection(("127.0.0.1", server.port), timeout=60))
    if begun:
        client.sendall(begun)
    return client


def answers(server: Server, times: int = 5) -> bool:
    """Whether people are answered, each over a connection of their own."""
    for _ in range(times):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/login", headers={"Connection": "close"})
        answer = connection.getresponse()
        is_whole = answer.status == 302 or b"</html>" in answer.read()
        connection.close()
        if not is_whole:
            return False
    return True


def said(client: socket.socket, words: bytes, times: int = 1) -> bool:
    """Whether the server says something so often, before it closes or a test's patience ends."""
    came = b""
    while came.count(words) < times:
        piece = client.recv(4096)
        if not piece:
            return False
        came += piece
    return True


def is_closed(client: socket.socket) -> bool:
    with suppress(ConnectionError):
        while client.recv(4096):
            pass
    return True


@pytest.mark.parametrize("half", HALVES)
def test_thirty_who_stop_in_the_middle_keep_nobody_out(
    server: Server, clients: list[socket.socket], half: str
) -> None:
    for _ in range(30):
        connect(server, clients, HALVES[half])
    assert answers(server)


def test_thirty_who_send_a_byte_at_a_time_keep_nobody_out_and_are_closed(
    hasty: Server, clients: list[socket.socket]
) -> None:
    for half in [*HALVES.values()] * 5:
        connect(hasty, clients, half)
    dripping = set(clients)
    until = time.monotonic() + 60
    while dripping and time.monotonic() < until:
        assert answers(hasty, 1)
        for client in list(dripping):
            try:
                client.sendall(b"x")
            except OSError:  # closed by the server
                dripping.discard(client)
    assert not dripping
    assert "Traceback" not in hasty.said()


@pytest.mark.parametrize("half", HALVES)
def test_who_has_stopped_is_closed_after_a_while(hasty: Server, clients: list[socket.socket], half: str) -> None:
    assert is_closed(connect(hasty, clients, HALVES[half]))
    assert answers(hasty, 1)
    assert "Traceback" not in hasty.said()


def test_who_never_closes_keeps_nobody_out(server: Server, clients: list[socket.socket]) -> None:
    """A connection that is to be closed waits for its client; the others do not wait for it."""
    for _ in range(30):
        connect(server, clients, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert answers(server)


def test_who_takes_no_answer_keeps_nobody_out(hasty: Server, clients: list[socket.socket]) -> None:
    with urllib.request.urlopen(f"{hasty.url}/setup", timeout=60) as answer:
        page = answer.read().decode()
    address = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    for _ in range(4):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        client.connect(("127.0.0.1", hasty.port))
        clients.append(client)
        client.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * 200)
    assert answers(hasty)
    assert "Traceback" not in hasty.said()


def test_a_request_in_pieces_is_answered_and_the_connection_goes_on(
    server: Server, clients: list[socket.socket]
) -> None:
    client = connect(server, clients)
    for _again in range(2):
        for piece in (b"GET /heal", b"thz HTTP/1.1\r\nHo", b"st: 127.0.0.1\r\n\r", b"\n"):
            client.sendall(piece)
        assert said(client, b'"status":"ok"}')


def test_requests_that_come_together_are_all_answered(server: Server, clients: list[socket.socket]) -> None:
    client = connect(server, clients, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 5)
    assert said(client, b"HTTP/1.1 200 OK", times=5)


def test_a_body_in_chunks_is_read_and_one_that_is_too_large_is_refused(
    server: Server, clients: list[socket.socket]
) -> None:
    chunked = FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    small = connect(server, clients, chunked + b"7\r\nname=An\r\n2\r\nna\r\n0\r\n\r\n")
    assert said(small, b"HTTP/1.1 4")  # a sign-in without a password: read, and refused by the page
    for large in (chunked + b"40000\r\n" + b"x" * 0x40000, FORM + b"Content-Length: 999999\r\n\r\n" + b"x" * 999):
        client = connect(server, clients)
        with suppress(ConnectionError):
            client.sendall(large)
        assert said(client, b"HTTP/1.1 413")


def test_who_waits_to_be_asked_for_the_body_is_asked(server: Server, clients: list[socket.socket]) -> None:
    client = connect(server, clients, FORM + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n")
    assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(b"name=Anna")
    assert said(client, b"HTTP/1.1 4")


def test_rubbish_is_refused_and_the_next_is_answered(server: Server, clients: list[socket.socket]) -> None:
    for rubbish in (b"\r\n\r\n\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"\0" * 70_000):
        client = connect(server, clients)
        with suppress(ConnectionError):
            client.sendall(rubbish)
        assert is_closed(client)
    assert answers(server, 1)
    assert "Traceback" not in server.said()


def test_more_connections_than_there_is_room_for_push_out_the_oldest(
    serve: Callable[..., Server], clients: list[socket.socket]
) -> None:
    server = serve(**ACCOUNT)
    server.wait_until_it_serves()
    for _ in range(450):
        connect(server, clients, b"GET /healthz")
    assert answers(server)
    assert is_closed(clients[0])
