"""A household's cloud on a port of its own, and somebody to ask it."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

from simulator import Cloud, ManualClock, serve


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Asks over real HTTP, on one connection, as an account that has signed in."""

    def __init__(self, cloud: Cloud, url: str) -> None:
        self.cloud = cloud
        self.address = urlsplit(url).netloc
        self.connection = HTTPConnection(self.address, timeout=60)
        self.token = ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        try:
            self.connection.request(method, path, body if method == "POST" else None, sent)
            answer = self.connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        except OSError:
            self.connection.close()
            raise

    def get(self, path: str, **query: object) -> Reply:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: bytes = b"") -> Reply:
        return self.ask("POST", path, body)

    def sign_in(self, username: str | None = None, password: str | None = None, **fields: str) -> Reply:
        form = {
            "grant_type": "password",
            "username": username or self.cloud.username,
            "password": password or self.cloud.password,
        }
        reply = self.ask("POST", "/oauth/token", urlencode(form | fields).encode())
        if reply.status == 200:
            self.token = reply.json["access_token"]
        return reply

    def state(self) -> dict[int, str | None]:
        """The first charger's values, asked anew."""
        entries = self.get(f"/api/chargers/{self.cloud.charger.id}/state").json
        return {item["StateId"]: item.get("ValueAsString") for item in entries}

    def command(self, number: int) -> Reply:
        return self.post(f"/api/chargers/{self.cloud.charger.id}/sendCommand/{number}")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def cloud(clock: ManualClock) -> Cloud:
    """The default world, without the cache that would hide quick changes."""
    cloud = Cloud.household(clock=clock)
    cloud.state_cache_s = 0
    return cloud


@pytest.fixture
def url(cloud: Cloud) -> Iterator[str]:
    with serve(cloud) as url:
        yield url


@pytest.fixture
def client(cloud: Cloud, url: str) -> Iterator[Client]:
    client = Client(cloud, url)
    client.sign_in()
    yield client
    client.connection.close()


@pytest.fixture
def sample() -> Callable[[str], Any]:
    """Reads a recorded answer."""
    folder = Path(__file__).parent.parent / "samples"
    return lambda name: json.loads((folder / name).read_text(encoding="utf-8"))
