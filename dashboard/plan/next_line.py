"""What happens next at a charger, and who says so; also what saving a plan or a timer has come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dashboard import formats
from dashboard.plan import words
from dashboard.plan.rules import ActiveRules, Cause, PlannedChange, Rule, Ruler, Timer, TimerKind
from dashboard.texts import _
from zaptec.situation import Situation, SituationName

HELD = {SituationName.PAUSED, SituationName.PAUSING}
LET_GO = {
    SituationName.CHARGING,
    SituationName.RESUMING,
    SituationName.NOT_DRAWING,
    SituationName.WAITING_CAR,
    SituationName.WAITING_POWER,
}


def next_line(rules: ActiveRules, situation: Situation, now: datetime) -> str:
    """What happens next, and who says so; empty where nothing is set."""
    if rules.week is None and not rules.timers:
        return ""
    rule = rules.rule_at(now)
    if rules.has_arrived and rule.is_open is False and situation.name in LET_GO - {SituationName.RESUMING}:
        return _arrival(rule)
    is_open = _is_let_go(rule, situation)
    change = rules.next_change(now, is_open)
    in_vain = _pause_in_vain(rules, change, now)
    said = (
        _exception(rules, rule, now),
        _pause_ends(in_vain, now),
        _change(rules, change, is_open, now),
        "" if in_vain else _ruler(rules, rule, change, now),
    )
    return " ".join(text for text in said if text)


def _arrival(rule: Rule) -> str:
    """What is about to happen to a car that has just come and may not charge yet."""
    if rule.ruler is Ruler.TIMER:
        return _("This car is to wait for a timer: it is paused within two minutes.")
    if rule.ruler is Ruler.EXCEPTION:
        return _("The plan is skipped: this car is paused within two minutes.")
    return _("Outside the plan’s times: the plan pauses it within two minutes.")


def _is_let_go(rule: Rule, situation: Situation) -> bool | None:
    """Whether it may charge now: what a timer or an exception has begun counts before the charger shows it."""
    if rule.ruler in (Ruler.TIMER, Ruler.EXCEPTION) or situation.name not in HELD | LET_GO:
        return rule.is_open
    return situation.name in LET_GO


def _pause_in_vain(rules: ActiveRules, change: PlannedChange | None, now: datetime) -> Timer | None:
    """The pause after which the car does not go on: the plan has closed meanwhile, or it is to wait."""
    pause = rules.timer(TimerKind.PAUSE)
    goes_on = change is not None and pause is not None and change.at <= pause.ends_at
    return pause if pause and pause.covers(now) and not goes_on else None


def _pause_ends(pause: Timer | None, now: datetime) -> str:
    if pause is None:
        return ""
    of_whom = {"name": pause.who or _("somebody"), "time": words.when(pause.ends_at, now)}
    return _("It stays paused when %(name)s’s pause ends %(time)s.") % of_whom


def _change(rules: ActiveRules, change: PlannedChange | None, is_open: bool | None, now: datetime) -> str:
    if change is None:
        if rules.week is not None and rules.week.next_change(now) is None:
            return _("The plan lets it charge at all times.") if rules.week.is_open(now) else ""
        return _("Stays paused.") if is_open is False else ""
    if change.is_open:
        return _opens(rules, change, now)
    if change.timer and change.timer.kind is TimerKind.CHARGE:
        return _("Charges until %s, then stays paused.") % words.near(change.at, now)
    if change.timer and change.timer.kind is TimerKind.SKIP:
        return _("Is paused %s, because that time is skipped.") % words.when(change.at, now)
    return _("The plan pauses it %s.") % words.when(change.at, now)


def _opens(rules: ActiveRules, change: PlannedChange, now: datetime) -> str:
    pause, once = rules.timer(TimerKind.PAUSE), rules.timer(TimerKind.CHARGE)
    if (change.timer and change.timer.kind is TimerKind.PAUSE) or (pause and pause.ends_at == change.at):
        return _("Goes on by itself %s.") % words.when(change.at, now)
    closing = rules.next_change(change.at, True)
    ends = closing.at if closing else None
    if once and change.at == once.starts_at and ends == once.ends_at:
        return _("Charges once, %s.") % words.span(once.starts_at, once.ends_at, now)
    by_plan = rules.week.next_change(change.at) if rules.week else None
    if once is None or (ends == by_plan and change.timer is None):
        return planned(change.at, ends, now)
    pattern = _("Charges %(time)s, by the plan and %(name)s’s single charge.")
    if closing and closing.timer:
        pattern = _("Charges %(time)s, then stays paused, because of %(name)s’s single charge.")
    return pattern % {"time": words.span(change.at, ends, now), "name": once.who or _("somebody")}


def planned(begins: datetime, ends: datetime | None, now: datetime) -> str:
    """“Tonight’s plan: 23:00–06:00.”"""
    here, there = formats.local(now), formats.local(begins)
    is_tonight = there.hour >= 17 and there.date() == here.date() and ends is not None
    if is_tonight:
        return _("Tonight’s plan: %s.") % words.span(begins, ends, now)
    return _("The plan lets it charge %s.") % words.span(begins, ends, now)


def _exception(rules: ActiveRules, rule: Rule, now: datetime) -> str:
    """The exception that rules now, or one that is still to come; not one that somebody has overruled."""
    exception = rule.timer if rule.ruler is Ruler.EXCEPTION else rules.timer(TimerKind.SKIP)
    if exception is None:
        return ""
    name = exception.who or _("somebody")
    if exception.starts_at > now:
        text = _("Skipped once: %(time)s (%(name)s).")
        return text % {"time": words.span(exception.starts_at, exception.ends_at, now), "name": name}
    if rule.ruler is not Ruler.EXCEPTION:
        return ""
    text = _("The plan is skipped until %(time)s (%(name)s).")
    if exception.kind is TimerKind.CHARGE_NOW:
        text = _("Charges now, just this once, until %(time)s (%(name)s).")
    return text % {"time": words.near(exception.ends_at, now), "name": name}


def _ruler(rules: ActiveRules, rule: Rule, change: PlannedChange | None, now: datetime) -> str:
    """Who rules until then, where that is not said already."""
    if rule.ruler is Ruler.PERSON and rules.pressed:
        if rules.rule_without_person(now).is_open in (None, rule.is_open):
            return ""
        name = rules.pressed.who or _("somebody")
        if change is None:
            return _("%s’s press holds until the car is unplugged.") % name
        return _("%s’s press holds until then.") % name
    if rule.ruler is Ruler.TIMER and rule.timer:
        return _("Set by %s.") % rule.timer.who if rule.timer.who else ""
    return ""


def nothing_planned(situation: Situation, *, is_off: bool) -> str:
    """What happens where nothing is set: in the card's words, where it is known what the car does."""
    if is_off:
        return _("The plan is off.")
    if situation.name in HELD | LET_GO | {
        SituationName.FINISHED,
        SituationName.SCHEDULED,
        SituationName.WAITING_AUTHORISATION,
    }:
        return words.nothing_planned(situation)
    if situation.name is SituationName.DISCONNECTED:
        return _("Nothing is planned: the car charges when it is plugged in.")
    return _("Nothing is planned.")


def saved(rules: ActiveRules, situation: Situation, is_on: bool, now: datetime) -> str:
    """What saving a plan has come to; the plan begins to act at its next change."""
    if not is_on:
        return _("Saved. The plan is off.")
    said = _("Saved. The plan is on.")
    is_open = _is_let_go(rules.rule_at(now), situation) if situation.name in HELD | LET_GO else None
    if is_open and rules.rule_of_plan(now).is_open is False:
        said += " " + _(
            "It begins at its next change: until then this car goes on. Press Pause charging if it should wait."
        )
    if is_open is False and rules.rule_of_plan(now).is_open:
        said += " " + _(
            "It begins at its next change: until then this car stays paused. "
            "Press Resume charging if it should not wait."
        )
    return said


def charge_is_set(rules: ActiveRules, timer: Timer, now: datetime) -> str:
    """The answer to a single charge: a plan that has changed meanwhile may let the car go on after it."""
    text = _("Set: charges %s, then stays paused.")
    others = tuple(other for other in rules.timers if not timer.kind.takes_place_of(other.kind))
    if replace(rules, timers=others).wants(Cause.END, False, timer.ends_at, timer).is_open:
        text = _("Set: charges %s, then the plan lets it go on.")
    return text % words.span(timer.starts_at, timer.ends_at, now)
