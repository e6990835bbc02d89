"""Where a room takes part in what another does, so that the charger's page need not know of plans or prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

if TYPE_CHECKING:
    from dashboard.access import Role
    from dashboard.charging.alerts import Alert
    from dashboard.charging.card import Looked, Number
    from dashboard.services import Services
    from zaptec.charger import ChargerState
    from zaptec.situation import Situation


@dataclass(frozen=True)
class Section:
    """A part of a card: a template of `templates/fragments/` and what it needs, as `part`.

    Attributes:
        is_quick: stands right under the numbers (quick choices); else further down.
    """

    template: str
    data: Any
    is_quick: bool = False


@dataclass(frozen=True)
class Part:
    """What a room adds to a charger's card.

    Attributes:
        next: what happens next, in one sentence; the first room that has one is heard.
    """

    next: str = ""
    alerts: tuple[Alert, ...] = ()
    numbers: tuple[Number, ...] = ()
    sections: tuple[Section, ...] = ()


CardPart = Callable[[Connection, "Looked", "Situation", "Role"], Part]
OnState = Callable[[Connection, str, "ChargerState | None", "ChargerState", datetime], None]
Chore = Callable[["Services"], None]
CleanUp = Callable[[Connection, datetime], object]


@dataclass
class Hooks:
    """What the rooms have signed up for; filled once, when the dashboard is put together.

    Attributes:
        card_parts: called for each card that is put together. What changes a part must also call
            `chargers.touch`, or pages that are open will not notice.
        on_state: called with each new state of a charger, in the transaction that stores it; before is None
            the first time.
        chores: called at each tick of the clock, every few seconds in every process: claim before doing.
        clean_ups: called a few times a day with the time, to delete what has been kept long enough.
    """

    card_parts: list[CardPart] = field(default_factory=list)
    on_state: list[OnState] = field(default_factory=list)
    chores: list[Chore] = field(default_factory=list)
    clean_ups: list[CleanUp] = field(default_factory=list)
