"""What is handed to a way of telling somebody, and what becomes of the handing over.

Below everything else of this room: `ways` carries messages and knows nothing of why they are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class WayKind(StrEnum):
    """By what somebody is told; the value is what is stored and what forms send.

    `PRETEND` is the demo's phone: it is never carried anywhere.
    """

    BROWSER = "browser"
    MAIL = "mail"
    NTFY = "ntfy"
    TELEGRAM = "telegram"
    ANOTHER = "another"
    PRETEND = "pretend"


@dataclass(frozen=True)
class MessageLink:
    """One more page that a notice offers; opening it never acts."""

    label: str
    address: str


@dataclass(frozen=True)
class Message:
    """One notice, in the words of whoever gets it. Nothing secret and nothing private is in it.

    Attributes:
        link: an absolute address of ours; opening it never acts.
        tag: the same for repeats of one notice, so that the second takes the place of the first; safe in an
            address, at most 32 characters.
        at: when what it tells happened.
        is_urgent: it may wake somebody, and is worth a phone's battery.
        links: at most three more pages that make sense now.
    """

    title: str
    body: str
    link: str
    tag: str
    at: datetime
    is_urgent: bool = False
    links: tuple[MessageLink, ...] = ()

    @property
    def written_links(self) -> str:
        """All of its links in plain text, a line each: what has no buttons of its own says them so."""
        return "\n".join((self.link, *(f"{link.label}: {link.address}" for link in self.links)))


class Result(StrEnum):
    """How handing over went. GONE: whoever carries it says that this address is no more."""

    HANDED_OVER = "handed_over"
    TRY_LATER = "try_later"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class Outcome:
    """What became of one try.

    Attributes:
        reason: why it was not handed over, as a code; empty where it was.
        retry_after: how long whoever carries it wants to be left alone, if it said so.
    """

    result: Result
    reason: str = ""
    retry_after: timedelta | None = None
