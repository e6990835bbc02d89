"""How a message is carried: each way in a module of its own, loaded when first used."""

from __future__ import annotations

import logging
import secrets
import time
from importlib.util import find_spec
from typing import Protocol

from dashboard.notices.message import Message, Outcome, Result, WayKind
from dashboard.notices.ways import (
    tables,  # noqa: F401 - the schema is known before a way is used
    words,
)
from dashboard.notices.ways.failures import NotSent, WayFailure
from dashboard.notices.ways.sealing import UNREADABLE, seal, unseal
from dashboard.services import Services, current_services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong

__all__ = [
    "can_replace",
    "host",
    "masked",
    "new_topic",
    "parse",
    "push_key",
    "seal",
    "send",
    "topic_in_app",
    "unseal",
]

log = logging.getLogger(__name__)
NEEDED = "cryptography"  # there is none ready-made for some processors; see docs/notices.md
TYPED_EASILY = "abcdefghjkmnpqrstuvwxyz23456789"
# By the tag on the screen; by the Message-ID; by the sequence (from ntfy 2.16 on, an older one shows both).
REPLACING = frozenset({WayKind.BROWSER, WayKind.MAIL, WayKind.NTFY})


class WayModule(Protocol):
    """What each of the modules here knows."""

    def parse(self, typed: str, is_owner: bool) -> str: ...
    def masked(self, address: str) -> str: ...
    def host(self, address: str, settings: Settings) -> str: ...
    def send(self, services: Services, address: str, message: Message) -> None: ...


def parse(kind: WayKind, typed: str, *, is_owner: bool) -> str:
    """What somebody typed, as `send` takes it; inside a request.

    Raises:
        Wrong: it is no address of that kind, or not one that this person may add.
    """
    if find_spec(NEEDED) is None:
        raise Wrong(words.no_packages(), "address")
    is_trusted = is_owner and not current_services().settings.is_demo  # in which anybody is an owner
    return _way(kind).parse(typed, is_trusted)


def send(services: Services, kind: WayKind, address: str, message: Message) -> Outcome:
    """Send it once; ten seconds at most, and no exceptions for weather.

    The reason of the outcome is a code of `WayFailure`, whose words `words.why` has. With `no_answer` it may have
    arrived: that is tried again only where the second takes the place of the first.
    """
    started = time.monotonic()
    outcome = _outcome(services, kind, address, message)
    ms = (time.monotonic() - started) * 1000
    log.info("notice by %s: %s %s %.0f ms", kind.value, outcome.result.value, outcome.reason, ms)
    return outcome


def _outcome(services: Services, kind: WayKind, address: str, message: Message) -> Outcome:
    if address == UNREADABLE:
        return NotSent(WayFailure.UNREADABLE).outcome(can_replace=False)
    try:
        _way(kind).send(services, address, message)
    except NotSent as trouble:
        return trouble.outcome(can_replace=can_replace(kind))
    except Exception as error:  # its message and its traceback may hold the address
        log.error("a notice by %s could not be sent: %s", kind.value, _place(error))
        return NotSent(WayFailure.MISTAKE).outcome(can_replace=False)
    return Outcome(Result.HANDED_OVER, "")


def _place(error: BaseException) -> str:
    """What kind of error it is, and in which line."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__} in {where}"


def masked(kind: WayKind, address: str) -> str:
    """What the page may show of an address."""
    return words.unreadable() if address == UNREADABLE else _way(kind).masked(address)


def host(kind: WayKind, address: str, services: Services) -> str:
    """To whom it goes, for the list of what leaves the house; empty where nobody knows."""
    return "" if address == UNREADABLE else _way(kind).host(address, services.settings)


def can_replace(kind: WayKind) -> bool:
    """Whether a message that is sent again takes the place of the first, so that nobody reads it twice."""
    return kind in REPLACING


def new_topic() -> str:
    """A word for ntfy that nobody can guess, and that can be typed."""
    return f"charger-{''.join(secrets.choice(TYPED_EASILY) for _ in range(12))}"


def topic_in_app(topic: str) -> str:
    """What subscribes to it in ntfy's app on Android."""
    return f"ntfy://ntfy.sh/{topic}"


def push_key(services: Services) -> str:
    """What a browser needs to subscribe; empty where the machine lacks what pushes need."""
    if find_spec(NEEDED) is None:
        return ""
    from dashboard.notices.ways.push_keys import public_key

    return public_key(services)


def _way(kind: WayKind) -> WayModule:
    """The module of that kind."""
    match kind:
        case WayKind.BROWSER:
            from dashboard.notices.ways import push

            return push
        case WayKind.MAIL:
            from dashboard.notices.ways import mail

            return mail
        case WayKind.NTFY:
            from dashboard.notices.ways import ntfy

            return ntfy
        case WayKind.TELEGRAM:
            from dashboard.notices.ways import telegram

            return telegram
        case WayKind.ANOTHER:
            from dashboard.notices.ways import another

            return another
        case WayKind.PRETEND:
            raise ValueError("the demo's phone is carried nowhere")
