"""One command as it is kept: who asked for what, and what is known of it by now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from dashboard.charger.looks import next_look
from dashboard.leases import CLOCK_SET_BACK
from zaptec.charger import ChargerState
from zaptec.commands import Action, Baseline, UnderWay

ASKED, ACCEPTED = "asked", "accepted"
CONFIRMED, NOT_CONFIRMED, REFUSED = "confirmed", "not_confirmed", "refused"
# Reasons of a refusal: the program stopped before anything was sent; or it took too long.
INTERRUPTED, TOO_LATE = "interrupted", "too_late"
PRESS_AGAIN = "press_again"  # the remedy, where somebody has pressed
SEND_WITHIN = timedelta(seconds=15)  # after the press, the check included: later nobody counts on it any more
SEEN_FOR = timedelta(minutes=1)  # what came to nothing stays so long before the eyes of whoever pressed
SHOWN_FOR = timedelta(hours=12)  # after its end; then it is history, and the log has it


@dataclass(frozen=True)
class Author:
    """Who pressed, as they were called then."""

    id: int
    name: str


@dataclass(frozen=True)
class Receipt:
    """One command: who asked for what, and what is known of it by now.

    Attributes:
        outcome: None while it is under way; else confirmed, not_confirmed or refused.
        reason, remedy: codes of a refusal.
        proof: 718's own time when it was confirmed, as text.
        worker_until: until when a process is at it, checking or waiting for Zaptec's answer; None when none is.
        seen_at: when whoever pressed saw that it came to nothing.
        flow: what became of a confirmed resume: flowing, car_not_asking, or not known.
    """

    id: int
    charger_id: str
    action: Action
    origin: str
    member_id: int | None
    member_name: str | None
    asked_at: datetime
    baseline: str | None
    worker_until: datetime | None
    sent_at: datetime | None
    accepted_at: datetime | None
    look_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    reason: str | None
    remedy: str | None
    proof: str | None
    flow: str | None
    seen_at: datetime | None
    revision: int

    @classmethod
    def from_row(cls, row: Row[Any]) -> Receipt:
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**{**values, "action": Action(row.action)})

    @property
    def counts_from(self) -> datetime:
        """When it was sent, or found to be so already: the check before it may be what showed that a car came."""
        return self.sent_at or self.ended_at or self.asked_at

    @property
    def author(self) -> Author | str | None:
        return Author(self.member_id, self.member_name) if self.member_id and self.member_name else self.member_name

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None

    @property
    def has_failed(self) -> bool:
        return self.outcome in (NOT_CONFIRMED, REFUSED)

    @property
    def stage(self) -> str:
        """How far it has come; each stage is named only once it has happened."""
        return self.outcome or (ACCEPTED if self.accepted_at else ASKED)

    @property
    def under_way(self) -> UnderWay | None:
        """For `situation()`: a command that was sent and has not ended, or has only just been asked for."""
        if not self.is_under_way:
            return None
        return self.as_sent()

    def as_sent(self) -> UnderWay:
        """The command and what the charger said at the press, for the library to judge whether it is done."""
        baseline = Baseline.from_record(json.loads(self.baseline)) if self.baseline else Baseline(ChargerState({}))
        return UnderWay(self.action, self.sent_at or self.asked_at, baseline)

    def may_be_sent(self, now: datetime) -> bool:
        """Whether the press is young enough; one from the future was made before our clock was set back."""
        return -CLOCK_SET_BACK <= now - self.asked_at <= SEND_WITHIN

    def is_waiting_for_answer(self, now: datetime) -> bool:
        """Whether it was sent and a process still waits for what Zaptec says to it."""
        return self.accepted_at is None and self.worker_until is not None and self.worker_until > now

    def next_look(self, now: datetime, cached_until: datetime | None) -> datetime:
        """When to look at the charger next."""
        return next_look(self.sent_at or self.asked_at, now, cached_until)

    def is_over(self, now: datetime) -> bool:
        """Whether it ended so long ago that it says nothing of the charger as it is now."""
        return is_over(self.ended_at, self.seen_at, now)


def is_over(ended_at: datetime | None, seen_at: datetime | None, now: datetime) -> bool:
    """Whether a command that ended then says nothing any more of the charger as it is now, or has been seen."""
    if seen_at is not None and now - seen_at >= SEEN_FOR:
        return True
    return ended_at is not None and now - ended_at >= SHOWN_FOR
