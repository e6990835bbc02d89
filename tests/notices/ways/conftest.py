"""A dashboard that sends messages, houses that take them, and the promise that the log holds nothing of either."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from dashboard.notices import ways
from dashboard.notices.message import Message, Outcome, WayKind
from dashboard.notices.ways import posting
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong
from tests.databases import SqliteFiles
from tests.notices.fake_house import FakeHouse

LINK = "https://car.example/resume"
SAID = "Ben, the car does not charge"


def message(**other: object) -> Message:
    found = Message("Carport", SAID, LINK, "n-17", datetime(2026, 11, 20, 16, 59, tzinfo=UTC), is_urgent=True)
    return replace(found, **other)  # type: ignore[arg-type]


@dataclass
class Sender:
    """A dashboard, as far as it carries messages."""

    app: Flask

    @property
    def services(self) -> Services:
        services: Services = self.app.extensions["services"]
        return services

    def parse(self, kind: WayKind, typed: str, *, is_owner: bool = False) -> str:
        with self.app.app_context():
            return ways.parse(kind, typed, is_owner=is_owner)

    def refusal(self, kind: WayKind, typed: str, *, is_owner: bool = False) -> str:
        """What is said of an address that cannot be taken."""
        with pytest.raises(Wrong) as wrong:
            self.parse(kind, typed, is_owner=is_owner)
        assert wrong.value.field == "address"
        return wrong.value.sentence

    def send(self, kind: WayKind, address: str, **message_parts: object) -> Outcome:
        return ways.send(self.services, kind, address, message(**message_parts))


@pytest.fixture
def make_sender(
    make_app: Callable[[Settings], Flask], _empty_sqlite: Path, tmp_path: Path
) -> Callable[..., Sender]:
    """Builds dashboards on one database, with settings of the test's choice."""
    url = SqliteFiles(_empty_sqlite, tmp_path).migrated()

    def make(**chosen: object) -> Sender:
        settings = Settings(
            zaptec_username="anna@example.invalid",
            zaptec_password="of no use here",
            database_url=url,
            secret_key="a secret only for tests",
            push_hosts=("127.0.0.1",),
            public_url="https://car.example",
            instance=tmp_path,
        )
        return Sender(make_app(replace(settings, **chosen)))  # type: ignore[arg-type]

    return make


@pytest.fixture
def sender(make_sender: Callable[..., Sender]) -> Sender:
    return make_sender()


@pytest.fixture
def house() -> Iterator[FakeHouse]:
    with FakeHouse() as house:
        yield house


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who keeps silent is left after a moment."""
    monkeypatch.setattr(posting, "ALL_S", 0.4)


@pytest.fixture
def secrets_of() -> list[str]:
    """What no log line may hold; a test adds its addresses and keys."""
    return [SAID, "of no use here", "a secret only for tests", "private"]


@pytest.fixture(autouse=True)
def _nothing_private_in_the_log(secrets_of: list[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No line of any logger holds an address, a key or a text, however much is logged."""
    caplog.set_level(logging.DEBUG)
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    heard = [record for record in records if logging.getLogger(record.name).propagate]
    lines = "\n".join(record.getMessage() + (record.exc_text or "") for record in heard)
    assert [secret for secret in secrets_of if secret in lines] == []
