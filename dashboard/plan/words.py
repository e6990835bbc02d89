"""What the plan's room says: its times and timers in words, what was typed wrong, what may get in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from dashboard import formats
from dashboard.household import words as household_words
from dashboard.plan.rules import ActiveRules, Timer, TimerKind
from dashboard.plan.week import MINUTES_A_DAY, Week, Window
from dashboard.texts import _, mark

DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
SHORT_DAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
CONFLICTS = {
    "offline": mark("The charger is offline: what is due meanwhile is done when it is back."),
    "stand_alone": mark(
        "The charger is set to run without Zaptec, and the plan may have no effect. "
        "An owner can end this “stand-alone mode” in Zaptec’s app."
    ),
    "schedule": mark(
        "A schedule in the charger itself also holds charging back. "
        "A start from here overrides it; better remove it in Zaptec’s app."
    ),
    "steered": mark(
        "Somebody else steers as well: the current was taken away on the hour, as Zaptec’s eco mode and price "
        "schedules do. Use either those or this."
    ),
    "limit": mark(
        "The charger’s limit is under 6 A right now, too little for any car: "
        "it may not charge even when it is let go."
    ),
    "authorisation": mark(
        "The charger asks for permission. A car that waits for it is left alone until somebody allows it."
    ),
}
PORTAL = mark(
    "Schedules set in Zaptec’s portal or app cannot be seen from here. "
    "If there are any, use either those or this plan."
)


def near(at: datetime, now: datetime) -> str:
    return formats.moment_near(at, now)


def when(at: datetime, now: datetime) -> str:
    """“at 19:00” today, else “tomorrow 06:00”."""
    is_today = formats.local(at).date() == formats.local(now).date()
    return _("at %s") % formats.clock(at) if is_today else near(at, now)


def span(begins: datetime, ends: datetime | None, now: datetime) -> str:
    """“23:00–06:00”, “Sat 10:00–14:00”: the end without its day where the clock has not come round by then."""
    start = near(begins, now)
    if ends is None:
        return _("from %s on") % start
    shown = formats.local(ends).replace(tzinfo=None) - formats.local(begins).replace(tzinfo=None)
    return f"{start}–{formats.clock(ends) if shown < timedelta(days=1) else near(ends, now)}"


def timer(timer: Timer, now: datetime) -> str:
    """A timer as a line with a Cancel beside it."""
    pattern = {
        TimerKind.PAUSE: _("Pause until %(until)s"),
        TimerKind.CHARGE: _("Charge %(span)s, then pause"),
        TimerKind.CHARGE_NOW: _("Charge now, until %(until)s"),
        TimerKind.SKIP: _("Skip %(span)s"),
    }[timer.kind]
    begins = max(timer.starts_at, now) if timer.kind is TimerKind.SKIP else timer.starts_at
    words = pattern % {"until": near(timer.ends_at, now), "span": span(begins, timer.ends_at, now)}
    return f"{words} · {_('set by %s') % timer.who}" if timer.who else words


# The page of the plan.


def window(window: Window) -> str:
    """“Mon–Fri 23:00–06:00”, “Mon 06:00 for 24 hours, until Tue 06:00”"""
    if window.start == 0 and window.end == MINUTES_A_DAY:
        return _("%s all day") % days(window.days)
    if window.start == window.end:
        text, start = _("%(days)s %(time)s for 24 hours"), _clock(window.start)
        if len(window.days) == 1:
            text = _("%(days)s %(time)s for 24 hours, until %(next)s %(time)s")
        following = _(SHORT_DAYS[(min(window.days) + 1) % 7])
        return text % {"days": days(window.days), "time": start, "next": following}
    return f"{days(window.days)} {_clock(window.start)}–{_clock(window.end)}"


def _clock(minutes: int) -> str:
    """24:00 stays 24:00: it ends the day that is named."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def picture(week: Week, rules: ActiveRules, *, has_gaps: bool) -> str:
    """The plan that the picture of the coming days rests on; `has_gaps`: some of it is left out, and hatched."""
    if not week.windows:
        return ""
    rows = "; ".join(window(one) for one in week.windows)
    if rules.week is None:
        return _("Outlined, because the plan is off: %s.") % rows
    text = _("Weekly plan: %s. Hatched: left out.") if has_gaps else _("Weekly plan: %s.")
    return text % rows


def days(chosen: frozenset[int]) -> str:
    """“every day”, “Mon–Fri”, “Mon, Wed”"""
    if len(chosen) == 7:
        return _("every day")
    runs: list[list[int]] = []
    for day in sorted(chosen):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    names = [_(SHORT_DAYS[day]) for day in run]
    return f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)


def not_a_start() -> str:
    return _("“From” has to be a time like 23:00.")


def not_an_end() -> str:
    return _("“To” has to be a time like 06:00.")


def no_day() -> str:
    return _("Tick at least one day.")


def not_a_time(typed: str) -> str:
    return _("“%s” is not a time. Write it like 22:00.") % typed if typed else _("Which time? Write it like 22:00.")


def until_tomorrow(timer: Timer, now: datetime) -> str:
    """The answer to a pause until a time that has passed today."""
    of_it = {"until": near(timer.ends_at, now), "time": formats.clock(timer.ends_at)}
    return _("The pause lasts until %(until)s, because it is later than %(time)s today.") % of_it


def contradicts(other: Timer, now: datetime) -> str:
    return _("This contradicts another timer: %s.") % timer(other, now)


def only_look(owners: list[str]) -> str:
    return f"{_('You can look, but not change the plan.')} {household_words.ask_for_control(owners)}"


def conflict(code: str) -> str:
    return _(CONFLICTS[code])


def zone(used: tzinfo, *, is_given: bool) -> str:
    """Which clock the times are by; a warning where nobody has said which."""
    if used is UTC and not is_given:
        return _("No time zone is known, so these times are in UTC: set TZ to the household’s zone.")
    name = str(used)
    return "" if name == "localtime" else _("Times are those of %s.") % name.replace("_", " ")


# The quick choices on a charger's card.


def nothing_to_skip() -> str:
    return _("There is nothing to skip: the plan does not let it charge within a day.")


def plan_has_its_say() -> str:
    return _("That is not offered now: the plan rules, or the night has begun.")


def has_ended_already() -> str:
    return _("That timer has ended already.")


def cancelled(kind: TimerKind) -> str:
    if kind is TimerKind.PAUSE:
        return _("Cancelled: it stays as it is until somebody changes it.")
    return _("Cancelled.")


# What is planned, for owners.


def needs_news(charger_name: str) -> str:
    return _("%s: its state, for the plan or a timer") % charger_name


def changes_then(charger_name: str) -> str:
    return _("%s: a change by the plan or a timer") % charger_name
