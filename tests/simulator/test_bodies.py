"""Bodies come whole, in chunks, or broken; the connection never falls out of step."""

import json
import socket
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest


def say(url, text):
    """Everything the cloud answers to these bytes until it closes, or has nothing more to say."""
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=60) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


def form_of(cloud):
    return urlencode({"grant_type": "password", "username": cloud.username, "password": cloud.password}).encode()


def test_a_body_in_chunks_is_read_whole_and_the_connection_goes_on(cloud, url):
    form = form_of(cloud)
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    for _ in range(2):
        pieces = (form[start : start + 7] for start in range(0, len(form), 7))
        connection.request("POST", "/oauth/token", pieces, encode_chunked=True)
        token = json.loads(connection.getresponse().read())["access_token"]
        connection.request("GET", "/api/chargers", headers={"Authorization": f"Bearer {token}"})
        assert connection.getresponse().read().startswith(b'{"Pages":1')
    connection.close()


def test_an_empty_body_in_chunks_sends_a_command(cloud, client):
    cloud.charger.plug_in_and_charge()
    path = f"/api/chargers/{cloud.charger.id}/sendCommand/506"
    headers = {"Authorization": f"Bearer {client.token}"}
    client.connection.request("POST", path, iter(()), headers, encode_chunked=True)
    reply = client.connection.getresponse()
    assert (reply.status, reply.read()) == (200, b"")
    assert client.state()[710] == "3"


def test_what_comes_with_the_chunks_is_passed_over(cloud, url):
    form = form_of(cloud)
    head = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
    body = b"%X;name=value\r\n%s\r\n0\r\nTrailer: one\r\nAnother: two\r\n\r\n" % (len(form), form)
    answer = say(url, head + body + b"GET /api/constants HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        (b"Transfer-Encoding: chunked", b"xyz\r\n", 400),
        (b"Transfer-Encoding: chunked", b"-5\r\nhello\r\n0\r\n\r\n", 400),
        (b"Transfer-Encoding: chunked", b"3\r\nhello\r\n0\r\n\r\n", 400),
        (b"Transfer-Encoding: chunked", b"5\r\nhel", 400),
        (b"Transfer-Encoding: chunked", b"1" * 3000, 400),
        (b"Transfer-Encoding: chunked", b"FFFFFFF\r\n", 413),
        (b"Transfer-Encoding: gzip", b"5\r\nhello\r\n0\r\n\r\n", 501),
        (b"Content-Length: many", b"hello", 400),
        (b"Content-Length: -1", b"hello", 400),
        (b"Content-Length: \xb2", b"hello", 400),
        (b"Content-Length: 99999999", b"hello", 413),
        (b"Content-Length: 99", b"hello", 400),
    ],
)
def test_a_body_that_cannot_be_read_ends_the_connection(url, head, body, status, capfd):
    answer = say(url, b"POST /oauth/token HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 %d" % status)
    assert answer.count(b"HTTP/1.1") == 1
    assert "Traceback" not in capfd.readouterr().err
