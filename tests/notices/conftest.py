"""A household whose people have ways to be told, and a carrier that keeps what it was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.household.tables import member_table
from dashboard.news import News, NewsKind
from dashboard.notices import ways
from dashboard.notices.choices import Hours, save
from dashboard.notices.message import Message, Outcome, Result, WayKind
from dashboard.services import Services
from tests.conftest import Household
from tests.one_charger import MakeApp, charger, house_of, make_app, threads, tick

__all__ = ["MakeApp", "charger", "make_app", "threads"]

HANDED_OVER = Outcome(Result.HANDED_OVER)
Carrying = Callable[[str, Message], Outcome]


@dataclass
class Carrier:
    """In the place of everything that carries messages.

    Attributes:
        sent: (address, message) of each try.
        arrived: the same of those that were handed over.
        does: what becomes of a try, by its address.
    """

    sent: list[tuple[str, Message]] = field(default_factory=list)
    arrived: list[tuple[str, Message]] = field(default_factory=list)
    does: dict[str, Carrying | Outcome] = field(default_factory=dict)

    def send(self, _services: Services, _kind: WayKind, address: str, message: Message) -> Outcome:
        self.sent.append((address, message))
        what = self.does.get(address, HANDED_OVER)
        outcome = what(address, message) if callable(what) else what
        if outcome.result is Result.HANDED_OVER:
            self.arrived.append((address, message))
        return outcome

    def titles(self, address: str) -> list[str]:
        return [message.title for to, message in self.arrived if to == address]


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """Nothing leaves a test of this room."""
    carrier = Carrier()
    monkeypatch.setattr(ways, "send", carrier.send)
    monkeypatch.setattr(ways, "parse", lambda _kind, typed, *, is_owner: typed.strip())
    monkeypatch.setattr(ways, "masked", lambda _kind, address: f"{address[:2]}…")
    monkeypatch.setattr(ways, "host", lambda kind, _address, _services: f"{kind.value}.example")
    monkeypatch.setattr(ways, "can_replace", lambda kind: kind is not WayKind.TELEGRAM)
    monkeypatch.setattr(ways, "seal", lambda _services, address: f"sealed {address[::-1]}")
    monkeypatch.setattr(ways, "unseal", lambda _services, sealed: sealed.removeprefix("sealed ")[::-1])
    return carrier


@dataclass
class Told:
    """The household, with verbs about who is told."""

    people: Household
    carrier: Carrier

    @property
    def services(self) -> Services:
        return house_of(self.people.app)

    def id_of(self, name: str) -> int:
        with self.people.database.reading() as connection:
            return int(
                connection.execute(select(member_table.c.id).where(member_table.c.name == name)).scalar_one()
            )

    def add_way(self, who: str, address: str, kind: WayKind = WayKind.NTFY) -> None:
        """Through the page, the owner's first: so the door is open."""
        browser = getattr(self.people, who.lower())
        answer = browser.post("/account/notices/ways", data={"kind": kind.value, "address": address})
        assert answer.status_code == 303, answer.text
        self.people.anna.post("/doors", data={"host": f"{kind.value}.example", "open": "yes"})

    def hears(self, who: str, *kinds: NewsKind, **hours: int) -> None:
        with self.people.database.writing() as connection:
            save(connection, self.id_of(who), kinds, Hours(**hours))

    def report(self, kind: NewsKind, key: str = "", **values: Any) -> None:
        now = self.people.clock.now()
        with self.people.app.app_context(), self.people.database.writing() as connection:
            self.services.report(connection, News(kind, key or f"{kind}:{now.isoformat()}", now, **values))

    def tick(self) -> None:
        tick(self.people.app)

    def pass_time(self, seconds: float = 0, minutes: float = 0, hours: float = 0, step: float = 30) -> None:
        left = seconds + 60 * minutes + 3600 * hours
        while left > 0:
            self.people.clock.advance(seconds=min(step, left))
            left -= step
            self.tick()

    def last_ten(self, who: str) -> list[tuple[str, str, str]]:
        """Event, way and stage of each, as the page has them, newest first."""
        page = getattr(self.people, who.lower()).get("/account").text
        pattern = r'data-event="(\w+)" data-way="(\w+)" data-stage="(\w+)"'
        return re.findall(pattern, page)

    def log(self) -> str:
        from tests.one_charger import log_of

        return log_of(self.people)


@pytest.fixture
def told(household: Household, carrier: Carrier) -> Told:
    return Told(household, carrier)
