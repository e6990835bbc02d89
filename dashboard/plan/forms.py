"""What people type: times and days; nothing of it is lost when something is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from dashboard.plan import words
from dashboard.plan.aim_row_form import AimRowForm
from dashboard.plan.aim_rows import AimRow
from dashboard.plan.week import MINUTES_A_DAY, Week, Window
from dashboard.web.forms import Wrong, minutes_of

MOST_ROWS = 14
WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))


def time_of(minutes: int) -> str:
    """22:00; midnight at the end of a day is 00:00, because a time field knows no 24:00."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


@dataclass(frozen=True)
class WindowRow:
    """One row of the plan's form, as typed."""

    days: frozenset[int] = frozenset()
    start: str = "23:00"
    end: str = "06:00"

    @property
    def window(self) -> Window | None:
        """What it means; None if the times are not times or no day is ticked."""
        start, end = minutes_of(self.start), minutes_of(self.end, may_be_24=True)
        if start is None or end is None or not self.days:
            return None
        return Window(self.days, start, end or 24 * 60)

    def wrong(self, number: int) -> Wrong | None:
        """What has to be put right first in this row of the form, if anything; `number` counts from 0."""
        if minutes_of(self.start) is None:
            return Wrong(words.not_a_start(), f"from-{number}")
        if minutes_of(self.end, may_be_24=True) is None:
            return Wrong(words.not_an_end(), f"to-{number}")
        return None if self.days else Wrong(words.no_day(), f"day-{number}-0")


@dataclass(frozen=True)
class PlanForm:
    """The plan as typed.

    Attributes:
        problems: what has to be put right, by the number of the row.
    """

    is_on: bool = True
    rows: tuple[WindowRow, ...] = (WindowRow(),)
    problems: Mapping[int, Wrong] = field(default_factory=dict)
    aims: tuple[AimRowForm, ...] = ()
    aim_problems: Mapping[int, Wrong] = field(default_factory=dict)

    @classmethod
    def from_week(cls, week: Week, is_on: bool, aims: Iterable[AimRow] = ()) -> PlanForm:
        rows = tuple(WindowRow(window.days, time_of(window.start), time_of(window.end)) for window in week.windows)
        return cls(is_on, rows or (WindowRow(),), aims=tuple(AimRowForm.from_row(row) for row in aims))

    @classmethod
    def from_typed(cls, form: MultiDict[str, str]) -> PlanForm:
        count = min(max(form.get("rows", 1, type=int), 1), MOST_ROWS)
        rows = tuple(
            WindowRow(
                frozenset(day for day in range(7) if str(day) in form.getlist(f"days-{number}")),
                form.get(f"from-{number}", ""),
                form.get(f"to-{number}", ""),
            )
            for number in range(count)
        )
        aims = min(max(form.get("aims", 0, type=int), 0), MOST_ROWS)
        return cls(
            bool(form.get("on")), rows, aims=tuple(AimRowForm.from_typed(form, number) for number in range(aims))
        )

    def after(self, button: str) -> PlanForm:
        """After a button that changes the form only: another row, one less, or days ticked in a row.

        Args:
            button: `more`, or with the number of a row `remove-<n>`, `weekdays-<n>`, `every-<n>`; `more_aims` and
                `remove_aim-<n>` for rows with an aim.
        """
        verb, _dash, number = button.partition("-")
        index = int(number) if number.isdecimal() and len(number) < 3 else 0
        if verb in ("more_aims", "remove_aim"):
            return replace(self, aims=self._aims_after(verb, index))
        rows = list(self.rows)
        if verb == "more" and len(rows) < MOST_ROWS:
            rows.append(WindowRow(start=rows[-1].start, end=rows[-1].end))
        elif verb == "remove" and index < len(rows):
            del rows[index]
        elif verb in ("weekdays", "every") and index < len(rows):
            rows[index] = replace(rows[index], days=WEEKDAYS if verb == "weekdays" else EVERY_DAY)
        return replace(self, rows=tuple(rows) or (WindowRow(),))

    def _aims_after(self, verb: str, index: int) -> tuple[AimRowForm, ...]:
        if verb == "more_aims":
            return (*self.aims, AimRowForm())[:MOST_ROWS]
        return self.aims[:index] + self.aims[index + 1 :]

    def checked(self) -> PlanForm:
        """With what has to be put right. A row without days is left out, unless it is the only one."""
        aims = tuple(row for row in self.aims if row.days)
        rows = tuple(row for row in self.rows if row.days) or (() if aims else self.rows[:1])
        wrongs = ((number, row.wrong(number)) for number, row in enumerate(rows))
        of_aims = ((number, row.wrong(number)) for number, row in enumerate(aims))
        return PlanForm(
            self.is_on,
            rows,
            {number: wrong for number, wrong in wrongs if wrong},
            aims,
            {number: wrong for number, wrong in of_aims if wrong},
        )

    def aim_rows(self) -> tuple[AimRow, ...]:
        return tuple(row.row(number) for number, row in enumerate(self.aims))

    def windows(self) -> tuple[Window, ...]:
        return tuple(window for row in self.rows if (window := row.window))


@dataclass(frozen=True)
class OnceForm:
    """The form of a single charge, as typed.

    Attributes:
        wrong: what has to be put right.
        has_contradiction: it contradicts another timer, and may be set all the same.
    """

    start: str = "23:00"
    end: str = "06:00"
    wrong: Wrong | None = None
    has_contradiction: bool = False

    @classmethod
    def from_typed(cls, form: MultiDict[str, str]) -> OnceForm:
        return cls(form.get("start", "").strip()[:20], form.get("end", "").strip()[:20])

    def times(self) -> tuple[int, int]:
        """The start and the end in minutes since midnight.

        Raises:
            Wrong: one of them is no time.
        """
        start, end = minutes_of(self.start), minutes_of(self.end, may_be_24=True)
        if start is None:
            raise Wrong(words.not_a_time(self.start), "once-start")
        if end is None:
            raise Wrong(words.not_a_time(self.end), "once-end")
        return start, end % MINUTES_A_DAY
