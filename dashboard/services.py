"""What every room may use: the settings, the database, the time, the background, the clock, the Zaptec account."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from flask import current_app, g, has_request_context
from sqlalchemy import Connection

from dashboard.background import Background
from dashboard.clock import Clock
from dashboard.database import Database
from dashboard.news import News
from dashboard.parts import SectionMaker
from dashboard.settings import Settings

if TYPE_CHECKING:
    from zaptec.client import ZaptecClient

log = logging.getLogger(__name__)
T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(UTC)


def _not_given(*_wanted: object) -> Any:
    raise NotImplementedError("app.py has not given it")


class CountsOfRequests(Protocol):
    """How often Zaptec was asked; `dashboard.charger.request_counts` is the real one."""

    def of_day(self, connection: Connection, day: date) -> dict[str, int]: ...
    def write(self, connection: Connection) -> None: ...


class ZaptecTurns(Protocol):
    """When a request to Zaptec may leave; `dashboard.charger.turns` is the real one."""

    @property
    def counts(self) -> CountsOfRequests: ...
    def reserve(self, connection: Connection, kind: str) -> None: ...
    def is_paused(self) -> bool: ...


class ZaptecAccount(Protocol):
    """The household's account at Zaptec, as rooms use it; `dashboard.charger.account` is the real one."""

    @property
    def client(self) -> ZaptecClient: ...
    def try_again(self, connection: Connection) -> None: ...
    def forget_other_rejection(self) -> None: ...
    def say_if_refused(self) -> None: ...
    def note_skew(self) -> None: ...
    def sending_until(self, deadline: datetime) -> AbstractContextManager[None]: ...
    def is_clock_right(self, connection: Connection) -> bool: ...
    @property
    def turns(self) -> ZaptecTurns: ...


class Zones(Protocol):
    """Which time zone a charger stands in; without one, the household's. None where nobody knows."""

    def __call__(self, charger_id: str | None = None) -> tzinfo | None: ...


@dataclass
class Services:
    """One dashboard's parts; made by `create_app`, reached by `current_services()` inside a request.

    Attributes:
        now: the time as an aware moment in UTC; a test passes a clock of its own.
        background: threads for what nobody presses.
        presses: threads of their own for presses, so that none waits in a queue behind the others.
        clock: what is done from time to time; `app.py` lists it.
        on_prices: called in the transaction that stores prices of the exchange: (connection). `app.py` lists them.
        on_state: called with each new state of a charger, in the transaction that stores it:
            (connection, charger_id, before, after, now); before is None the first time. True when that makes
            something due for the clock. `app.py` lists them.
        kwh_prices: what a kWh costs at a charger between two moments, a `plan.kwh_prices.KwhPrices`:
            (connection, charger_id, begin, end); `app.py` gives it.
        usual_charge: how a charger has charged lately, a `plan.kwh_prices.UsualCharge`: (connection, charger_id);
            `app.py` gives it.
        on_news: called in the transaction in which something happens that somebody may want to hear of.
        account_sections: what the rooms above add to the page of one's own account. `app.py` lists them.
        sleep: waits some seconds; a test passes one that does not.
        whom_to_ask: “Ask Anna.”: whom to ask for what this person may not do; `app.py` gives it.
        demo_people: in the demo, who is there; the first is whom *Enter the demo* signs in.
    """

    settings: Settings
    database: Database
    now: Callable[[], datetime]
    background: Background
    presses: Background
    clock: Clock
    account: ZaptecAccount
    zones: Zones
    sleep: Callable[[float], None] = time.sleep
    on_state: list[Callable[..., bool | None]] = field(default_factory=list)
    on_prices: list[Callable[[Connection], None]] = field(default_factory=list)
    on_news: list[Callable[[Connection, News], None]] = field(default_factory=list)
    account_sections: list[SectionMaker] = field(default_factory=list)
    whom_to_ask: Callable[[], str] = str
    kwh_prices: Callable[..., Any] = _not_given
    usual_charge: Callable[..., Any] = _not_given
    demo_people: tuple[str, ...] = ()
    _shared: dict[type[Any], Any] = field(default_factory=dict)

    def zone(self, charger_id: str | None = None) -> tzinfo:
        """The time zone of pages, timers and plan: that of the charger, or of the household; else UTC."""
        if not has_request_context():
            return self.zones(charger_id) or UTC
        known: dict[str | None, tzinfo] = g.setdefault("zones", {})
        if charger_id not in known:
            known[charger_id] = self.zones(charger_id) or UTC
        return known[charger_id]

    def tell_of_state(self, connection: Connection, charger_id: str, *change: object) -> bool:
        """Let the rooms see a charger's new state; whether that makes something due for the clock.

        A room that stumbles takes back its own writing only.

        Args:
            change: the state before, the state now, and the time.
        """
        is_something_due = False
        for see in self.on_state:
            try:
                with connection.begin_nested():
                    is_something_due |= bool(see(connection, charger_id, *change))
            except Exception:
                log.exception("a room could not follow the new state of …%s", charger_id[-6:])
        return is_something_due

    def report(self, connection: Connection, news: News) -> None:
        """Let the room that tells people hear of it; one that stumbles takes back its own writing only."""
        for hear in self.on_news:
            try:
                with connection.begin_nested():
                    hear(connection, news)
            except Exception:
                log.exception("%s could not be told on", news.kind.value)

    def shared(self, kind: type[T]) -> T:
        """The one object of a class that this program's threads share, made when first asked for."""
        if kind not in self._shared:
            self._shared.setdefault(kind, kind())
        return cast(T, self._shared[kind])


def current_services() -> Services:
    return cast(Services, current_app.extensions["services"])
