"""What the plan's room says: what happens next and who says so, and what may get in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from dashboard import formats
from dashboard.charging import words as charging
from dashboard.plan.rules import Change, Kind, Rule, Ruler, Standing, Timer
from dashboard.plan.week import MINUTES_A_DAY, Window
from dashboard.texts import _, mark
from zaptec.situation import Name, Situation

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
HELD = {Name.PAUSED, Name.PAUSING}
LET_GO = {Name.CHARGING, Name.RESUMING, Name.NOT_DRAWING, Name.WAITING_CAR, Name.WAITING_POWER}
CONFLICTS = {
    "offline": mark(
        "The charger is offline: a change that cannot reach it is tried again a few times, then reported here."
    ),
    "stand_alone": mark(
        "The charger is set to work on its own and takes no orders. An owner can end that in Zaptec’s app."
    ),
    "schedule": mark(
        "A schedule in the charger itself also holds charging back. "
        "A start from here overrides it; better remove it in Zaptec’s app."
    ),
    "limit": mark(
        "The charger may give less than 6 A right now, too little for any car: "
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
    """“23:00–06:00”, “Sat 10:00–14:00”: the end without its day where it is within a day."""
    start = near(begins, now)
    if ends is None:
        return _("from %s on") % start
    return f"{start}–{formats.clock(ends) if ends - begins <= timedelta(days=1) else near(ends, now)}"


# What happens next.


def next_line(standing: Standing, found: Situation, now: datetime) -> str:
    """What happens next, and who says so; empty where nothing is set."""
    if standing.week is None and not standing.timers:
        return ""
    rule = standing.rule(now)
    is_open = _is_let_go(rule, found)
    change = standing.next_change(now, is_open)
    said = (
        _exception(standing, rule, now),
        _change(standing, change, is_open, now),
        _ruler(standing, rule, change, now),
    )
    return " ".join(one for one in said if one)


def _is_let_go(rule: Rule, found: Situation) -> bool | None:
    """Whether it may charge now: what a timer or an exception has begun counts before the charger shows it."""
    if rule.ruler in (Ruler.TIMER, Ruler.EXCEPTION) or found.name not in HELD | LET_GO:
        return rule.is_open
    return found.name in LET_GO


def _change(standing: Standing, change: Change | None, is_open: bool | None, now: datetime) -> str:
    if change is None:
        if standing.week is not None and standing.week.next_change(now) is None:
            return _("The plan lets it charge at all times.") if standing.week.is_open(now) else ""
        return _("Stays paused.") if is_open is False else ""
    if change.is_open:
        return _opens(standing, change, now)
    if change.timer and change.timer.kind is Kind.CHARGE:
        return _("Charges until %s, then stays paused.") % near(change.at, now)
    if change.timer and change.timer.kind is Kind.SKIP:
        return _("Is paused %s, because that time is skipped.") % when(change.at, now)
    return _("The plan pauses it %s.") % when(change.at, now)


def _opens(standing: Standing, change: Change, now: datetime) -> str:
    if change.timer and change.timer.kind is Kind.CHARGE:
        return _("Charges once, %s.") % span(change.timer.starts_at, change.timer.ends_at, now)
    held = standing.timer(Kind.PAUSE)
    if (change.timer and change.timer.kind is Kind.PAUSE) or (held and held.ends_at == change.at):
        return _("Goes on by itself %s.") % when(change.at, now)
    ends = standing.week.next_change(change.at) if standing.week else None
    return planned(change.at, ends, now)


def planned(begins: datetime, ends: datetime | None, now: datetime) -> str:
    """“Tonight’s plan: 23:00–06:00.”"""
    here, there = formats.local(now), formats.local(begins)
    is_tonight = there.hour >= 17 and there.date() == here.date() and ends is not None
    if is_tonight:
        return _("Tonight’s plan: %s.") % span(begins, ends, now)
    return _("The plan lets it charge %s.") % span(begins, ends, now)


def _exception(standing: Standing, rule: Rule, now: datetime) -> str:
    """The exception that rules now, or one that is still to come; not one that somebody has overruled."""
    one = rule.timer if rule.ruler is Ruler.EXCEPTION else standing.timer(Kind.SKIP)
    if one is None:
        return ""
    name = one.who or _("somebody")
    if one.starts_at > now:
        text = _("Skipped once: %(time)s (%(name)s).")
        return text % {"time": span(one.starts_at, one.ends_at, now), "name": name}
    if rule.ruler is not Ruler.EXCEPTION:
        return ""
    text = _("The plan is skipped until %(time)s (%(name)s).")
    if one.kind is Kind.CHARGE_NOW:
        text = _("Charges now, just this once, until %(time)s (%(name)s).")
    return text % {"time": near(one.ends_at, now), "name": name}


def _ruler(standing: Standing, rule: Rule, change: Change | None, now: datetime) -> str:
    """Who rules until then, where that is not said already."""
    if rule.ruler is Ruler.PERSON and standing.pressed:
        if standing.base(now).is_open in (None, rule.is_open):
            return ""
        name = standing.pressed.who or _("somebody")
        if change is None:
            return _("%s’s press holds until the car is unplugged.") % name
        return _("%s’s press holds until then.") % name
    if rule.ruler is Ruler.TIMER and rule.timer:
        return _("Set by %s.") % rule.timer.who if rule.timer.who else ""
    return ""


def nothing_planned(found: Situation, *, is_off: bool) -> str:
    """What happens where nothing is set: in the card's words, where it is known what the car does."""
    if is_off:
        return _("The plan is off.")
    if found.name in HELD | LET_GO | {Name.FINISHED, Name.SCHEDULED, Name.WAITING_AUTHORISATION}:
        return charging.nothing_planned(found)
    if found.name is Name.DISCONNECTED:
        return _("Nothing is planned: the car charges when it is plugged in.")
    return _("Nothing is planned.")


def timer(one: Timer, now: datetime) -> str:
    """A timer as a line with a Cancel beside it."""
    pattern = {
        Kind.PAUSE: _("Pause until %(until)s"),
        Kind.CHARGE: _("Charge %(span)s, then pause"),
        Kind.CHARGE_NOW: _("Charge now, until %(until)s"),
        Kind.SKIP: _("Skip %(span)s"),
    }[one.kind]
    begins = max(one.starts_at, now) if one.kind is Kind.SKIP else one.starts_at
    words = pattern % {"until": near(one.ends_at, now), "span": span(begins, one.ends_at, now)}
    return f"{words} · {_('set by %s') % one.who}" if one.who else words


# The page of the plan.


def window(one: Window) -> str:
    """“Mon–Fri 23:00–06:00”"""
    if one.start == 0 and one.end == MINUTES_A_DAY:
        return _("%s all day") % days(one.days)
    return f"{days(one.days)} {one.start // 60:02}:{one.start % 60:02}–{one.end // 60:02}:{one.end % 60:02}"


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


def problem(code: str) -> str:
    return {
        "start": _("“From” has to be a time like 23:00."),
        "end": _("“To” has to be a time like 06:00."),
        "days": _("Tick at least one day."),
    }[code]


def not_a_time(typed: str) -> str:
    return _("“%s” is not a time. Write it like 22:00.") % typed if typed else _("Which time? Write it like 22:00.")


def not_hours(typed: str) -> str:
    return _("“%s” is not a number of hours. Write it like 4 or 1.5, at most 24.") % typed


def contradicts(other: Timer, now: datetime) -> str:
    return _("This contradicts another timer: %s.") % timer(other, now)


def saved(standing: Standing, found: Situation, is_on: bool, now: datetime) -> str:
    """What saving a plan has come to; the plan begins to act at its next change."""
    if not is_on:
        return _("Saved. The plan is off.")
    said = _("Saved. The plan is on.")
    is_open = _is_let_go(standing.rule(now), found) if found.name in HELD | LET_GO else None
    if is_open and standing.planned(now).is_open is False:
        said += " " + _(
            "It begins at its next change: until then this car goes on. Press Pause charging if it should wait."
        )
    if is_open is False and standing.planned(now).is_open:
        said += " " + _(
            "It begins at its next change: until then this car stays paused. "
            "Press Resume charging if it should not wait."
        )
    return said


def charge_is_set(one: Timer, now: datetime) -> str:
    return _("Set: charges %s, then stays paused.") % span(one.starts_at, one.ends_at, now)


def only_look(owners: list[str]) -> str:
    return f"{_('You can look, but not change the plan.')} {charging.ask_for_control(owners)}"


def not_listed() -> str:
    return f"{charging.reason('not_listed')}. {charging.failure_remedy('unknown_charger')}"


def conflict(code: str) -> str:
    return _(CONFLICTS[code])


def zone(used: tzinfo, *, is_given: bool) -> str:
    """Which clock the times are by; a warning where nobody has said which."""
    if used is UTC and not is_given:
        return _("No time zone is known, so these times are in UTC: set TZ to the household’s zone.")
    name = str(used)
    return "" if name == "localtime" else _("Times are those of %s.") % name.replace("_", " ")
