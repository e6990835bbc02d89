"""A row of the week with an aim, as typed: the days on which the car is to be ready, and the form of an aim."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from dashboard.plan import words
from dashboard.plan.aim_form import AimForm
from dashboard.plan.aim_rows import AimRow
from dashboard.web.forms import Wrong

FIELDS = ("ready_by", "energy", "hours", "cheapest")


@dataclass(frozen=True)
class AimRowForm:
    """One row; its fields are named like those of a single aim, each with the number of the row behind it."""

    days: frozenset[int] = frozenset(range(5))
    aim: AimForm = field(default_factory=AimForm)

    @classmethod
    def from_row(cls, row: AimRow) -> AimRowForm:
        return cls(row.days, AimForm.of_wish(row.wish))

    @classmethod
    def from_typed(cls, form: MultiDict[str, str], number: int) -> AimRowForm:
        typed = MultiDict({name: form.get(f"{name}-{number}", "") for name in FIELDS})
        days = form.getlist(f"ready-days-{number}")
        return cls(frozenset(day for day in range(7) if str(day) in days), AimForm.from_typed(typed))

    def row(self, number: int) -> AimRow:
        """What it means.

        Raises:
            Wrong: something in it cannot be meant.
        """
        if not self.days:
            raise Wrong(words.no_day(), f"ready-day-{number}-0")
        return AimRow(self.days, self.aim.wish(f"row-{number}", may_wait=True))

    def wrong(self, number: int) -> Wrong | None:
        """What has to be put right first, if anything; `number` counts from 0."""
        try:
            self.row(number)
        except Wrong as wrong:
            return wrong
        return None
