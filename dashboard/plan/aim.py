"""What somebody wants a car to have by a time: +20 kWh by 07:00, and when it charges for that.

Pure: no database, no page. It fails full: what is not known, or does not go as planned, never lets it charge less.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from dashboard.charger.receipt import Author
from dashboard.plan.planner import EPOCH, QUARTER, Block, Manners

MOST_JITTER_S = 180  # everybody's cheapest hour begins at the same second: not all shall start in it
ANSWER_WITHIN = timedelta(minutes=15)  # after the latest start of one that was paused by hand


class AimReason(StrEnum):
    """Why it charges when it does; those of the planner, and those that need none."""

    CHEAPEST = "cheapest"
    SOME_PRICES = "some_prices"
    NO_PRICES = "no_prices"
    NO_TIME = "no_time"
    LATE = "late"
    NOTHING = "nothing"
    AT_ONCE = "at_once"  # nobody asked for the cheapest hours
    BY_HAND = "by_hand"  # somebody has resumed it since
    CLOCK = "clock"  # our clock may be wrong, so nobody knows which hours these are


PATIENT = frozenset({AimReason.CHEAPEST, AimReason.SOME_PRICES})  # with these it may wait


class AimOutcome(StrEnum):
    """How an aim ended."""

    REACHED = "reached"
    FULL = "full"  # the car wants no more
    NO_CAR = "no_car"  # none came in time
    UNPLUGGED = "unplugged"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Aim:
    """An aim as it is kept; the fields are columns of its table, and what a person has pressed since.

    Attributes:
        energy_wh, duration_s: how much is wanted; neither: until the car is full.
        blocks: when it charges, without the private jitter.
        missing_s: how long it has still to charge, as far as is known.
        done_wh, charged_s: what it has come to since it was set, or since the car came.
        power_sessions: how many sessions its power rests on; 0: it is a guess; -1: on this charge.
        is_open: what the clock has carried out last.
        opened_at: since when it is let charge.
        starts: how often it has been.
        is_weekly: made from a row of the week.
        is_let_go, is_suspended: a person has pressed Resume, or Pause, since it was set.
    """

    id: int
    charger_id: str
    set_at: datetime
    ready_by: datetime
    energy_wh: int | None
    duration_s: int | None
    is_cheapest: bool
    is_weekly: bool
    member_id: int | None
    member_name: str | None
    seed: int
    has_car: bool
    base_wh: int | None
    done_wh: int
    charged_s: int
    counted_at: datetime | None
    blocks: tuple[Block, ...]
    latest_start: datetime
    missing_s: int
    cost_micro: int | None
    currency: str | None
    reason: AimReason
    power_w: int
    power_sessions: int
    news: str | None
    planned_at: datetime
    is_open: bool
    opened_at: datetime | None
    starts: int
    next_at: datetime | None
    revision: int
    is_let_go: bool = False
    is_suspended: bool = False

    @classmethod
    def from_row(cls, row: Row[Any]) -> Aim:
        names = [name for name in cls.__dataclass_fields__ if name not in ("is_let_go", "is_suspended")]
        values = {name: getattr(row, name) for name in names}
        return cls(**{**values, "blocks": blocks_of(row.blocks), "reason": AimReason(row.reason)})

    @property
    def author(self) -> Author | str | None:
        return Author(self.member_id, self.member_name) if self.member_id and self.member_name else self.member_name

    @property
    def is_until_full(self) -> bool:
        return self.energy_wh is None and self.duration_s is None

    @property
    def ends_at(self) -> datetime:
        """When it will be reached, as far as is known."""
        return self.blocks[-1][1] if self.blocks else self.planned_at

    @property
    def is_late(self) -> bool:
        return self.reason is AimReason.LATE or self.ends_at > self.ready_by

    def is_late_for_sure(self, at: datetime) -> bool:
        """Whether it is late by more than the steps explain in which energy is known, or its time has passed."""
        return self.is_late and (at >= self.ready_by or self.ends_at - self.ready_by > Manners.margin)

    @property
    def begins_by_measuring(self) -> bool:
        """Whether its first block only shows how much the car takes: none but that and the last is so short."""
        if not self.blocks:
            return False
        begin, end = self.blocks[0]
        return end < min(self.ends_at, begin + Manners.shortest)

    def covers(self, at: datetime) -> bool:
        """Whether it is expected to rule still, or already, at a moment."""
        return at < max(self.ready_by, self.ends_at)

    def is_open_at(self, at: datetime) -> bool:
        """Whether it lets charge at a moment."""
        if self.is_suspended:
            return False
        return self.is_let_go or any(begins <= at < ends for begins, ends in self.actual_blocks)

    def asks_at(self, at: datetime) -> bool:
        """Whether it was paused by hand, and its latest start has come."""
        return self.is_suspended and at >= self.latest_start

    def is_given_up_at(self, at: datetime) -> bool:
        """Whether nobody has answered."""
        return self.is_suspended and at >= self.latest_start + ANSWER_WITHIN

    @property
    def actual_blocks(self) -> tuple[Block, ...]:
        """The blocks with their private jitter, inside."""
        return tuple((self._begins(begin), self._ends(end)) for begin, end in self.blocks)

    def _begins(self, begin: datetime) -> datetime:
        """A little after the quarter of an hour, unless it charges already or has no time to wait."""
        if begin == self.opened_at or self.reason not in PATIENT:
            return begin
        return begin + max(timedelta(), timedelta(seconds=self.seed % MOST_JITTER_S) - (begin - EPOCH) % QUARTER)

    def _ends(self, end: datetime) -> datetime:
        """A little before the quarter; the last block ends when the aim is reached."""
        if end == self.ends_at or (end - EPOCH) % QUARTER:
            return end
        return end - timedelta(seconds=self.seed // MOST_JITTER_S % MOST_JITTER_S)

    def edges(self) -> Iterator[datetime]:
        """When it lets charge, and when it holds."""
        if not (self.is_suspended or self.is_let_go):
            yield from (at for block in self.actual_blocks for at in block)


def blocks_of(text: str) -> tuple[Block, ...]:
    """Read back what `blocks_text` gave."""
    return tuple((datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in json.loads(text))


def blocks_text(blocks: tuple[Block, ...]) -> str:
    return json.dumps([[begin.isoformat(), end.isoformat()] for begin, end in blocks])
