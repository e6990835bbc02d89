"""What somebody may want to hear of though nobody looks: reported by every room, told by `notices`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class NewsKind(StrEnum):
    """What somebody can choose to hear of; the value is what is stored."""

    NOT_TAKEN = "not_taken"  # a press, timer, plan or aim did not get through
    NOT_CHARGING = "not_charging"  # it was let go, a car is there, and no power flows
    FINISHED = "finished"
    NOT_PLUGGED_IN = "not_plugged_in"  # in the evening, before a plan or an aim
    PLUGGED_IN = "plugged_in"
    PRESSED = "pressed"  # somebody paused or resumed, here or in Zaptec's app
    OFFLINE = "offline"
    WARNING = "warning"  # one that means "stop using it"
    LATE = "late"  # an aim will not be reached in time
    OWNER = "owner"  # what only owners can mend
    MONTH = "month"


@dataclass(frozen=True)
class News:
    """One thing that has happened.

    Attributes:
        key: its name for all processes and all times: what is reported under one key is told once.
        at: when it happened.
        member_id: whose it is: who asked for what was not taken, who pressed, who set the aim; None: nobody's.
        facts: no words, so that each person hears it in their own language; what JSON can hold.
    """

    kind: NewsKind
    key: str
    at: datetime
    charger_id: str | None = None
    member_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
