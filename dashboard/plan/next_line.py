"""What happens next at a charger, and who says so; also what saving a plan or a timer has come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dashboard import formats
from dashboard.plan import words
from dashboard.plan.rules import ActiveRules, Cause, Change, Kind, Rule, Ruler, Timer
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


def next_line(standing: ActiveRules, found: Situation, now: datetime) -> str:
    """What happens next, and who says so; empty where nothing is set."""
    if standing.week is None and not standing.timers:
        return ""
    rule = standing.rule(now)
    if standing.has_arrived and rule.is_open is False and found.name in LET_GO - {SituationName.RESUMING}:
        return _arrival(rule)
    is_open = _is_let_go(rule, found)
    change = standing.next_change(now, is_open)
    in_vain = _pause_in_vain(standing, change, now)
    said = (
        _exception(standing, rule, now),
        _pause_ends(in_vain, now),
        _change(standing, change, is_open, now),
        "" if in_vain else _ruler(standing, rule, change, now),
    )
    return " ".join(one for one in said if one)


def _arrival(rule: Rule) -> str:
    """What is about to happen to a car that has just come and may not charge yet."""
    if rule.ruler is Ruler.TIMER:
        return _("This car is to wait for a timer: it is paused within two minutes.")
    if rule.ruler is Ruler.EXCEPTION:
        return _("The plan is skipped: this car is paused within two minutes.")
    return _("Outside the plan’s times: the plan pauses it within two minutes.")


def _is_let_go(rule: Rule, found: Situation) -> bool | None:
    """Whether it may charge now: what a timer or an exception has begun counts before the charger shows it."""
    if rule.ruler in (Ruler.TIMER, Ruler.EXCEPTION) or found.name not in HELD | LET_GO:
        return rule.is_open
    return found.name in LET_GO


def _pause_in_vain(standing: ActiveRules, change: Change | None, now: datetime) -> Timer | None:
    """The pause after which the car does not go on: the plan has closed meanwhile, or it is to wait."""
    held = standing.timer(Kind.PAUSE)
    goes_on = change is not None and held is not None and change.at <= held.ends_at
    return held if held and held.covers(now) and not goes_on else None


def _pause_ends(held: Timer | None, now: datetime) -> str:
    if held is None:
        return ""
    of_whom = {"name": held.who or _("somebody"), "time": words.when(held.ends_at, now)}
    return _("It stays paused when %(name)s’s pause ends %(time)s.") % of_whom


def _change(standing: ActiveRules, change: Change | None, is_open: bool | None, now: datetime) -> str:
    if change is None:
        if standing.week is not None and standing.week.next_change(now) is None:
            return _("The plan lets it charge at all times.") if standing.week.is_open(now) else ""
        return _("Stays paused.") if is_open is False else ""
    if change.is_open:
        return _opens(standing, change, now)
    if change.timer and change.timer.kind is Kind.CHARGE:
        return _("Charges until %s, then stays paused.") % words.near(change.at, now)
    if change.timer and change.timer.kind is Kind.SKIP:
        return _("Is paused %s, because that time is skipped.") % words.when(change.at, now)
    return _("The plan pauses it %s.") % words.when(change.at, now)


def _opens(standing: ActiveRules, change: Change, now: datetime) -> str:
    held, once = standing.timer(Kind.PAUSE), standing.timer(Kind.CHARGE)
    if (change.timer and change.timer.kind is Kind.PAUSE) or (held and held.ends_at == change.at):
        return _("Goes on by itself %s.") % words.when(change.at, now)
    closing = standing.next_change(change.at, True)
    ends = closing.at if closing else None
    if once and change.at == once.starts_at and ends == once.ends_at:
        return _("Charges once, %s.") % words.span(once.starts_at, once.ends_at, now)
    by_plan = standing.week.next_change(change.at) if standing.week else None
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


def _exception(standing: ActiveRules, rule: Rule, now: datetime) -> str:
    """The exception that rules now, or one that is still to come; not one that somebody has overruled."""
    one = rule.timer if rule.ruler is Ruler.EXCEPTION else standing.timer(Kind.SKIP)
    if one is None:
        return ""
    name = one.who or _("somebody")
    if one.starts_at > now:
        text = _("Skipped once: %(time)s (%(name)s).")
        return text % {"time": words.span(one.starts_at, one.ends_at, now), "name": name}
    if rule.ruler is not Ruler.EXCEPTION:
        return ""
    text = _("The plan is skipped until %(time)s (%(name)s).")
    if one.kind is Kind.CHARGE_NOW:
        text = _("Charges now, just this once, until %(time)s (%(name)s).")
    return text % {"time": words.near(one.ends_at, now), "name": name}


def _ruler(standing: ActiveRules, rule: Rule, change: Change | None, now: datetime) -> str:
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
    if found.name in HELD | LET_GO | {
        SituationName.FINISHED,
        SituationName.SCHEDULED,
        SituationName.WAITING_AUTHORISATION,
    }:
        return words.nothing_planned(found)
    if found.name is SituationName.DISCONNECTED:
        return _("Nothing is planned: the car charges when it is plugged in.")
    return _("Nothing is planned.")


def saved(standing: ActiveRules, found: Situation, is_on: bool, now: datetime) -> str:
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


def charge_is_set(standing: ActiveRules, one: Timer, now: datetime) -> str:
    """The answer to a single charge: a plan that has changed meanwhile may let the car go on after it."""
    text = _("Set: charges %s, then stays paused.")
    others = tuple(other for other in standing.timers if not one.kind.takes_place_of(other.kind))
    if replace(standing, timers=others).wants(Cause.END, False, one.ends_at, one).is_open:
        text = _("Set: charges %s, then the plan lets it go on.")
    return text % words.span(one.starts_at, one.ends_at, now)
