"""What is said of rows of the week with an aim."""

from __future__ import annotations

from datetime import datetime

from dashboard.plan import aim_words, words
from dashboard.plan.aim_rows import AimRow, AimRows, ComingAim
from dashboard.plan.week import MINUTES_A_DAY
from dashboard.texts import _


def coming(coming: ComingAim, now: datetime) -> str:
    """What the week wants next, with a car or without one."""
    facts = {"time": words.near(coming.ready_by, now), "what": _what(coming)}
    if coming.wish.is_cheapest:
        return _("The weekly plan wants it ready by %(time)s with %(what)s, at the cheapest hours.") % facts
    return _("The weekly plan wants it ready by %(time)s with %(what)s.") % facts


def skipped(ready_by: datetime, now: datetime) -> str:
    return _("Skipped once: ready by %s.") % words.near(ready_by, now)


def skips(coming: ComingAim, now: datetime) -> str:
    """The answer to *Skip*."""
    return _("Ready by %s is skipped, just this once.") % words.near(coming.ready_by, now)


def not_skipped() -> str:
    return _("It counts again.")


def has_passed() -> str:
    return _("There is nothing to skip any more.")


def saved() -> str:
    """The answer to rows that are on, beside a plan without other times."""
    return _("Saved. The plan is on.")


def picture(rows: AimRows) -> str:
    """What the marks in the picture of the coming days are: “Mon–Fri ready by 07:00 with +20 kWh”."""
    return _("Marked: %s.") % "; ".join(_row(row) for row in rows.rows)


def _row(row: AimRow) -> str:
    hour, minute = divmod(row.wish.ready_by % MINUTES_A_DAY, 60)
    return _("%(days)s ready by %(time)s with %(what)s") % {
        "days": words.days(row.days),
        "time": f"{hour:02}:{minute:02}",
        "what": aim_words.what(row.wish.energy_wh, row.wish.duration_s),
    }


def _what(coming: ComingAim) -> str:
    return aim_words.what(coming.wish.energy_wh, coming.wish.duration_s)
