"""Rows of the week with an aim: on which days a car is to be ready by when, with how much.

Pure: no database, no page. A row counts for whichever car is there in the day before its time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from dashboard.plan.week import DAY, moment

AHEAD = timedelta(days=1)  # so long before its time a row begins to count


@dataclass(frozen=True)
class AimWish:
    """What somebody wants.

    Attributes:
        ready_by: in minutes since midnight.
        energy_wh, duration_s: how much; neither: until the car is full.
    """

    ready_by: int
    energy_wh: int | None = None
    duration_s: int | None = None
    is_cheapest: bool = False


@dataclass(frozen=True)
class AimRow:
    """One row: what is wanted, on the days on which the car is to be ready; 0 is Monday."""

    days: frozenset[int]
    wish: AimWish


@dataclass(frozen=True)
class ComingAim:
    """What a row wants next."""

    ready_by: datetime
    wish: AimWish

    @property
    def begins(self) -> datetime:
        return self.ready_by - AHEAD


@dataclass(frozen=True)
class AimRows:
    """The rows of a charger together.

    Attributes:
        passed: up to which time what they wanted was skipped, or has been made an aim already.
    """

    rows: tuple[AimRow, ...]
    zone: tzinfo
    passed: datetime | None = None

    @classmethod
    def from_text(cls, text: str, zone: tzinfo, passed: datetime | None = None) -> AimRows:
        """Read back what `to_text` gave."""
        return cls(tuple(AimRow(frozenset(days), AimWish(*wish)) for days, wish in json.loads(text)), zone, passed)

    def to_text(self) -> str:
        wishes = [(row.wish, sorted(row.days)) for row in self.rows]
        return json.dumps([[days, [w.ready_by, w.energy_wh, w.duration_s, w.is_cheapest]] for w, days in wishes])

    def next_after(self, at: datetime) -> ComingAim | None:
        """What is wanted next."""
        return next(iter(self.between(at, at + 9 * DAY)), None)

    def between(self, after: datetime, until: datetime) -> list[ComingAim]:
        """What is wanted by a time in (after, until], in order; of two for one time the first row's."""
        after = max(after, self.passed) if self.passed else after
        today = after.astimezone(self.zone).date()
        coming: dict[datetime, ComingAim] = {}
        for row in self.rows:
            for number in range((until - after).days + 2):
                day = today + number * DAY
                ready_by = moment(day, row.wish.ready_by, self.zone)
                if day.weekday() in row.days and after < ready_by <= until:
                    coming.setdefault(ready_by, ComingAim(ready_by, row.wish))
        return [coming[ready_by] for ready_by in sorted(coming)]
