"""What is said of what happens next at a charger: a sentence for each case; `next_line` says which holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard import formats, reasons
from dashboard.plan import failure_words, words
from dashboard.plan.rules import DueChange, Ruler, Timer, TimerKind
from dashboard.texts import _, mark
from zaptec.commands import Action
from zaptec.reasons import Reason, Remedy
from zaptec.situation import Situation, SituationName

ARRIVALS = {
    Ruler.TIMER: mark("This car is to wait for a timer: it is paused within two minutes."),
    Ruler.AIM: mark("Waits for cheaper hours: this car is paused within two minutes."),
    Ruler.EXCEPTION: mark("The plan is skipped: this car is paused within two minutes."),
    Ruler.PLAN: mark("Outside the plan’s times: the plan pauses it within two minutes."),
}
NOTHING_AT_ALL = mark("Nothing planned.")
# Where a reading names the cause, before the car or the fuse is held responsible. What helps is said here only
# where a button stands in the place that would say it.
BY_CAUSE = {
    Reason.TOO_HOT: NOTHING_AT_ALL,
    Reason.EARTH_FAULT: NOTHING_AT_ALL,
    Reason.FAULT: NOTHING_AT_ALL,
    Reason.LIMIT_TOO_LOW: mark("Begins once the limit is raised."),
    Reason.WAITING_OPERATOR: mark("Begins once it is allowed."),
    Reason.UNSAFE: NOTHING_AT_ALL,
}
BELOW_A_BUTTON = {
    Reason.TOO_HOT: mark("Goes on by itself when the charger has cooled down."),
    Reason.EARTH_FAULT: reasons.REMEDIES[Remedy.CHECK_EARTH_FAULT],
    Reason.FAULT: reasons.REMEDIES[Remedy.CHECK_FAULT],
    Reason.LIMIT_TOO_LOW: mark("Begins when somebody raises the charger’s limit, in Zaptec’s app or portal."),
}
SOON = timedelta(minutes=1)
IN_A_MOMENT = {
    Action.RESUME: mark("It goes on in a moment."),
    Action.PAUSE: mark("It is paused in a moment."),
}
WHEN_REACHED = {
    Action.RESUME: mark("It goes on as soon as the charger can be reached."),
    Action.PAUSE: mark("It is paused as soon as the charger can be reached."),
}
NOTHING_PLANNED = {
    SituationName.CHARGING: mark("Nothing planned: charges until the car is full."),
    SituationName.PAUSED: mark("Nothing planned: stays paused."),
    SituationName.PAUSING: mark("You can close this page meanwhile."),  # “it goes on” is said of charging
    SituationName.RESUMING: mark("You can close this page meanwhile."),
    SituationName.WAITING_CAR: mark("Nothing planned: the car decides when it begins."),
    SituationName.NOT_DRAWING: mark("Nothing planned: the car decides when it goes on."),
    SituationName.WAITING_POWER: mark("Begins by itself when there is power."),
    SituationName.WAITING_AUTHORISATION: mark("Begins once somebody allows it."),
    SituationName.SCHEDULED: mark("Begins by itself when the schedule allows it."),
    SituationName.OFFLINE: mark("This page looks again by itself."),
}


def arrival(ruler: Ruler) -> str:
    """What is about to happen to a car that has just come and may not charge yet."""
    return _(ARRIVALS.get(ruler, ARRIVALS[Ruler.PLAN]))


def overdue(change: DueChange, now: datetime) -> str:
    """Of a change that is due and has not come about yet: that it should have, and when it will."""
    action = Action.RESUME if change.lets_charge else Action.PAUSE
    if change.try_at is None and now - change.due_at < SOON:
        return _(IN_A_MOMENT[action])
    should_have = failure_words.should_have(action, change.due_at, change.origin, change.who, now)
    if change.waits_for_charger:
        return f"{should_have} {_(WHEN_REACHED[action])}"
    if change.try_at is not None and change.try_at > now:
        return f"{should_have} {_('It is tried again %s.') % words.when(change.try_at, now)}"
    return f"{should_have} {_(IN_A_MOMENT[action])}"


def pause_ends_in_vain(pause: Timer, now: datetime) -> str:
    return _("It stays paused when %(name)s’s pause ends %(time)s.") % {
        "name": name_of(pause.who),
        "time": words.when(pause.ends_at, now),
    }


def charges_at_all_times() -> str:
    return _("The plan lets it charge at all times.")


def stays_paused() -> str:
    return _("Stays paused.")


def charges_until(at: datetime, now: datetime) -> str:
    """Of a single charge that runs."""
    return _("Charges until %s, then stays paused.") % words.near(at, now)


def skips(at: datetime, now: datetime) -> str:
    return _("Is paused %s, because that time is skipped.") % words.when(at, now)


def plan_pauses(at: datetime, now: datetime) -> str:
    return _("The plan pauses it %s.") % words.when(at, now)


def goes_on(at: datetime, now: datetime) -> str:
    return _("Goes on by itself %s.") % words.when(at, now)


def charges_once(timer: Timer, now: datetime) -> str:
    return _("Charges once, %s.") % words.span(timer.starts_at, timer.ends_at, now)


def charges_by_plan_and_timer(
    begins: datetime, ends: datetime | None, timer: Timer, now: datetime, *, ends_by_timer: bool
) -> str:
    """Of a single charge beside the plan: together they let charge in one piece."""
    pattern = _("Charges %(time)s, by the plan and %(name)s’s single charge.")
    if ends_by_timer:
        pattern = _("Charges %(time)s, then stays paused, because of %(name)s’s single charge.")
    return pattern % {"time": words.span(begins, ends, now), "name": name_of(timer.who)}


def plan_lets_charge(begins: datetime, ends: datetime | None, now: datetime) -> str:
    """“Tonight’s plan: 23:00–06:00.”"""
    here, there = formats.local(now), formats.local(begins)
    is_tonight = there.hour >= 17 and there.date() == here.date() and ends is not None
    pattern = _("Tonight’s plan: %s.") if is_tonight else _("The plan lets it charge %s.")
    return pattern % words.span(begins, ends, now)


def exception_to_come(exception: Timer, now: datetime) -> str:
    text = _("Skipped once: %(time)s (%(name)s).")
    return text % {
        "time": words.span(exception.starts_at, exception.ends_at, now),
        "name": name_of(exception.who),
    }


def exception_rules(exception: Timer, now: datetime) -> str:
    text = _("The plan is skipped until %(time)s (%(name)s).")
    if exception.kind is TimerKind.CHARGE_NOW:
        text = _("Charges now, just this once, until %(time)s (%(name)s).")
    return text % {"time": words.near(exception.ends_at, now), "name": name_of(exception.who)}


def by_hand(who: str | None, *, lets_charge: bool, until_unplugged: bool) -> str:
    """Of a press that overrules the plan until its next change; `until_unplugged`: there is none to come."""
    text = _("%s started it by hand.") if lets_charge else _("%s paused it by hand.")
    if until_unplugged:
        text = _("%s started it by hand; that counts until the car is unplugged.")
        if not lets_charge:
            text = _("%s paused it by hand; that counts until the car is unplugged.")
    return text % name_of(who)


def set_by(who: str) -> str:
    return _("Set by %s.") % who


def name_of(who: str | None) -> str:
    return who or _("somebody")


# Where nothing is set, and in answer to a form.


def nothing_planned(situation: Situation, *, is_start_said: bool = False) -> str:
    """What happens where nothing is set: what the charger or the car does by itself, if anything.

    Args:
        is_start_said: the sentence above has said already when a schedule of Zaptec's lets it go.
    """
    if is_start_said and situation.name is SituationName.SCHEDULED and situation.next_change_at:
        return _("Nothing else planned.")
    refusal = situation.refusals.get(Action.RESUME)
    if refusal and situation.main_action and refusal.reason in BELOW_A_BUTTON:
        return _(BELOW_A_BUTTON[refusal.reason])
    if refusal and refusal.reason in BY_CAUSE:
        return _(BY_CAUSE[refusal.reason])
    return _(NOTHING_PLANNED.get(situation.name, NOTHING_AT_ALL))


def nothing_planned_for_the_next_car() -> str:
    return _("Nothing is planned: the car charges when it is plugged in.")


def nothing_is_planned() -> str:
    return _("Nothing is planned.")


def plan_is_off() -> str:
    return _("The plan is off.")


def saved(reason: str = "") -> str:
    """The answer to a plan that is on, where there is no car to hold or let go; `reason`: why it cannot be yet."""
    return _("Saved. %s") % reason if reason else _("Saved. The plan is on.")


def saved_off(*, is_paused: bool) -> str:
    return _("Saved. The plan is off. The car stays paused.") if is_paused else _("Saved. The plan is off.")


def saved_behind(timer: Timer, now: datetime) -> str:
    """Of a plan that was saved while a timer counts."""
    return _("Saved. First the timer counts: %s.") % words.timer(timer, now)


def saved_and_charges(until: datetime | None, now: datetime) -> str:
    """Of a car inside the times of the plan that was saved."""
    if until is None:
        return _("Saved. The plan lets it charge at all times.")
    return _("Saved. The car may charge until %s.") % words.near(until, now)


def saved_and_waits(until: datetime | None, now: datetime, *, was_paused: bool) -> str:
    """Of a car outside the times of the plan that was saved."""
    if until is None:
        return _("Saved. The car stays paused.") if was_paused else _("Saved. The car is being paused.")
    text = _("Saved. The car is being paused until %s.")
    if was_paused:
        text = _("Saved. The car stays paused until %s.")
    return text % words.near(until, now)


def resume_means(until: datetime, now: datetime) -> str:
    """Under *Resume charging*: what pressing it brings."""
    return _("It then charges until %s.") % words.near(until, now)


def charge_is_set(timer: Timer, now: datetime, *, goes_on: bool) -> str:
    """The answer to a single charge; `goes_on`: afterwards the plan lets the car go on."""
    text = _("Set: charges %s, then stays paused.")
    if goes_on:
        text = _("Set: charges %s, then the plan lets it go on.")
    return text % words.span(timer.starts_at, timer.ends_at, now)
