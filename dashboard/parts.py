"""What rooms hand to the pages above them: the parts of a charger's card, and what they will ask Zaptec next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True)
class Alert:
    """One alert.

    Attributes:
        is_quiet: it informs rather than warns.
        is_dangerous, is_urgent: a danger; a press that came to nothing: it is read out at once.
        again: the action that can be tried again.
        seen: the receipt that it is about, for whoever pressed to have seen it.
    """

    text: str
    is_quiet: bool = False
    link: str = ""
    is_dangerous: bool = False
    is_urgent: bool = False
    again: str = ""
    seen: int | None = None


@dataclass(frozen=True)
class Number:
    label: str
    value: str
    unit: str


@dataclass(frozen=True)
class Section:
    """A part of a card: a template of its room and what that needs, as `part`.

    Attributes:
        is_quick: stands right under the numbers (quick choices); else further down.
    """

    template: str
    data: Any
    is_quick: bool = False


# What makes a section of a page for somebody: (connection, member, what is wrong with its form or None).
SectionMaker = Callable[[Connection, Any, Any], Section]


@dataclass(frozen=True)
class Part:
    """What a room adds to a charger's card.

    Attributes:
        next: what happens next, in one sentence; the first room that has one is heard.
        waits_until: when a car that is paused goes on by itself; None where it does not, or nobody knows.
    """

    next: str = ""
    waits_until: datetime | None = None
    alerts: tuple[Alert, ...] = ()
    numbers: tuple[Number, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class NextRequest:
    """A request that a room has planned; each room that asks Zaptec later lists its own in `next_requests()`.

    Attributes:
        at: when it is due, also in the past; None: only when somebody looks.
        why: what it is for, as a sentence for owners.
    """

    at: datetime | None
    why: str
