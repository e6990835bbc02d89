"""What happens next at a charger, and who says so; also what saving a plan or a timer has come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dashboard.charger.press import Press
from dashboard.plan import aim_words, failure_words, weekly_aim_words
from dashboard.plan import next_words as words
from dashboard.plan.aim import Aim
from dashboard.plan.outages import Waiting
from dashboard.plan.rules import (
    ActiveRules,
    Cause,
    DueChange,
    PersonsPress,
    PlannedChange,
    Rule,
    Ruler,
    Timer,
    TimerKind,
)
from zaptec.commands import Action
from zaptec.situation import Situation, SituationName

HELD = {SituationName.PAUSED, SituationName.PAUSING}
LET_GO = {
    SituationName.CHARGING,
    SituationName.RESUMING,
    SituationName.NOT_DRAWING,
    SituationName.WAITING_CAR,
    SituationName.WAITING_POWER,
}
NO_CAR_TO_CHANGE = {SituationName.DISCONNECTED, SituationName.FINISHED, SituationName.WAITING_AUTHORISATION}
# Where it is known what the car does when nothing is set, the plan's page says it as the card does.
KNOWN_TO_THE_CARD = {
    *HELD,
    *LET_GO,
    SituationName.FINISHED,
    SituationName.SCHEDULED,
    SituationName.WAITING_AUTHORISATION,
}


def next_line(rules: ActiveRules, situation: Situation, now: datetime) -> str:
    """What happens next, and who says so; empty where nothing is set."""
    if rules.week is None and not rules.timers and rules.aim is None:
        return _by_the_week(rules, now)
    rule = rules.rule_at(now)
    if rules.has_arrived and rule.is_open is False and situation.name in LET_GO - {SituationName.RESUMING}:
        return words.arrival(rule.ruler)
    overdue = rules.overdue(now)
    if rules.aim and rule.ruler in (Ruler.AIM, Ruler.PERSON):
        return _of_aim(rules.aim, overdue, situation, now)
    if overdue and _is_to_come(overdue, situation):
        return _overdue(rules, overdue, now)
    is_open = _is_let_go(rule, situation)
    change = rules.next_change(now, is_open)
    in_vain = _pause_in_vain(rules, change, now)
    sentences = (
        _exception(rules, rule, now),
        words.pause_ends_in_vain(in_vain, now) if in_vain else "",
        _change(rules, change, is_open, now),
        "" if in_vain or _is_overtaken(rule, is_open) else _ruler(rules, rule, change, now),
        "" if rules.aim else _by_the_week(rules, now),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _by_the_week(rules: ActiveRules, now: datetime) -> str:
    """What a row of the week with an aim wants next."""
    coming = rules.aim_rows.next_after(now) if rules.aim_rows else None
    return weekly_aim_words.coming(coming, now) if coming else ""


def _of_aim(aim: Aim, overdue: DueChange | None, situation: Situation, now: datetime) -> str:
    """What an aim does next, after what it should have done already."""
    late = words.overdue(overdue, now) if overdue and _is_to_come(overdue, situation) else ""
    has_car = situation.name is not SituationName.DISCONNECTED
    return f"{late} {aim_words.next_line(aim, now, is_charging=aim.is_open, has_car=has_car)}".strip()


def waits_until(rules: ActiveRules, situation: Situation, now: datetime) -> datetime | None:
    """When a car that is paused goes on by itself; None where it does not, or should have already."""
    overdue = rules.overdue(now)
    if situation.name is not SituationName.PAUSED or (overdue and overdue.lets_charge):
        return None
    change = rules.next_change(now, False)
    if change and rules.aim and change.ruler is Ruler.AIM:  # without its private jitter
        return max((begin for begin, _end in rules.aim.blocks if begin <= change.at), default=change.at)
    return change.at if change else None


def _is_to_come(overdue: DueChange, situation: Situation) -> bool:
    """Whether a change that is due would make a difference to this car, as far as is known."""
    name = situation.besides or situation.name  # of a charger that is offline, what it was before
    return name not in NO_CAR_TO_CHANGE and name not in (LET_GO if overdue.lets_charge else HELD)


def _overdue(rules: ActiveRules, overdue: DueChange, now: datetime) -> str:
    """What should have happened and still will, and what comes after it."""
    following = rules.next_change(now, overdue.lets_charge)
    after = _change(rules, following, overdue.lets_charge, now) if following else ""
    return f"{words.overdue(overdue, now)} {after}".strip()


def _is_let_go(rule: Rule, situation: Situation) -> bool | None:
    """Whether it may charge now: what a timer or an exception has begun counts before the charger shows it."""
    if rule.ruler in (Ruler.TIMER, Ruler.EXCEPTION) or situation.name not in HELD | LET_GO:
        return rule.is_open
    return situation.name in LET_GO


def _is_overtaken(rule: Rule, is_open: bool | None) -> bool:
    """Whether the car is being held or let go against a person's last press: that press rules no longer."""
    return rule.ruler is Ruler.PERSON and None not in (is_open, rule.is_open) and rule.is_open is not is_open


def _pause_in_vain(rules: ActiveRules, change: PlannedChange | None, now: datetime) -> Timer | None:
    """The pause after which the car does not go on: the plan has closed meanwhile, or it is to wait."""
    pause = rules.timer(TimerKind.PAUSE)
    goes_on = change is not None and pause is not None and change.at <= pause.ends_at
    return pause if pause and pause.covers(now) and not goes_on else None


def _change(rules: ActiveRules, change: PlannedChange | None, is_open: bool | None, now: datetime) -> str:
    if change is None:
        if rules.week is not None and rules.week.next_change(now) is None:
            return words.charges_at_all_times() if rules.week.is_open(now) else ""
        return words.stays_paused() if is_open is False else ""
    if rules.aim and change.ruler is Ruler.AIM:
        return aim_words.next_line(rules.aim, now, is_charging=False, has_car=True)
    if change.is_open:
        return _opens(rules, change, now)
    kind = change.timer.kind if change.timer else None
    if kind is TimerKind.CHARGE:
        return words.charges_until(change.at, now)
    return words.skips(change.at, now) if kind is TimerKind.SKIP else words.plan_pauses(change.at, now)


def _opens(rules: ActiveRules, change: PlannedChange, now: datetime) -> str:
    pause, once = rules.timer(TimerKind.PAUSE), rules.timer(TimerKind.CHARGE)
    if (change.timer and change.timer.kind is TimerKind.PAUSE) or (pause and pause.ends_at == change.at):
        return words.goes_on(change.at, now)
    closing = rules.next_change(change.at, True)
    ends = closing.at if closing else None
    if once and change.at == once.starts_at and ends == once.ends_at:
        return words.charges_once(once, now)
    by_plan = rules.week.next_change(change.at) if rules.week else None
    if once is None or (ends == by_plan and change.timer is None):
        return words.plan_lets_charge(change.at, ends, now)
    ends_by_timer = closing is not None and closing.timer is not None
    return words.charges_by_plan_and_timer(change.at, ends, once, now, ends_by_timer=ends_by_timer)


def _exception(rules: ActiveRules, rule: Rule, now: datetime) -> str:
    """The exception that rules now, or one that is still to come; not one that somebody has overruled."""
    exception = rule.timer if rule.ruler is Ruler.EXCEPTION else rules.timer(TimerKind.SKIP)
    if exception is None:
        return ""
    if exception.starts_at > now:
        return words.exception_to_come(exception, now)
    return words.exception_rules(exception, now) if rule.ruler is Ruler.EXCEPTION else ""


def _ruler(rules: ActiveRules, rule: Rule, change: PlannedChange | None, now: datetime) -> str:
    """Who rules until then, where that is not said already."""
    if rule.ruler is Ruler.PERSON and rules.pressed:
        if rules.rule_without_person(now).is_open in (None, rule.is_open):
            return ""
        lets_charge = bool(rule.is_open)
        return words.by_hand(rules.pressed.who, lets_charge=lets_charge, until_unplugged=change is None)
    if rule.ruler is Ruler.TIMER and rule.timer and rule.timer.who:
        return words.set_by(rule.timer.who)
    return ""


def nothing_planned(situation: Situation, *, is_off: bool) -> str:
    """What happens where nothing is set: in the card's words, where it is known what the car does."""
    if is_off:
        return words.plan_is_off()
    if situation.name in KNOWN_TO_THE_CARD:
        return words.nothing_planned(situation)
    if situation.name is SituationName.DISCONNECTED:
        return words.nothing_planned_for_the_next_car()
    return words.nothing_is_planned()


def saved(rules: ActiveRules, situation: Situation, press: Press | Waiting | None, now: datetime) -> str:
    """What saving a plan that is on has come to: it rules at once.

    Args:
        situation: as it was before.
        press: what came of it within a moment.
    """
    if press and (reason := failure_words.not_yet(press)):
        return words.saved(reason)
    if situation.name not in HELD | LET_GO:
        return words.saved()
    rule = rules.rule_without_person(now)
    if rule.ruler is Ruler.TIMER and rule.timer:
        return words.saved_behind(rule.timer, now)
    change = rules.next_change(now, rule.is_open)
    until = change.at if change else None
    if rule.is_open:
        return words.saved_and_charges(until, now)
    return words.saved_and_waits(until, now, was_paused=situation.name in HELD)


def saved_off(situation: Situation) -> str:
    return words.saved_off(is_paused=situation.name in HELD)


def resume_means(rules: ActiveRules, now: datetime) -> str:
    """What resuming by hand would bring: until when the car then charges; empty where nothing ends it."""
    pressed = replace(rules, pressed=PersonsPress(Action.RESUME, now)).current
    change = pressed.next_change(now, True)
    return words.resume_means(change.at, now) if change else ""


def charge_is_set(rules: ActiveRules, timer: Timer, now: datetime) -> str:
    """The answer to a single charge: a plan that has changed meanwhile may let the car go on after it."""
    others = tuple(other for other in rules.timers if not timer.kind.takes_place_of(other.kind))
    goes_on = replace(rules, timers=others).wants(Cause.END, False, timer.ends_at, timer).is_open
    return words.charge_is_set(timer, now, goes_on=bool(goes_on))
