"""Who rules a charger, and what they want: a person, a timer, an exception, an aim, the plan; in this order.

Pure: no database, no page. The plan acts at its edges and when a car arrives; what a person or a timer did
holds until the next edge, or until the car is unplugged. While a timer runs, an edge of the plan passes
without effect; if one did, the plan's word counts again when the timer has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.plan.aim import Aim
from dashboard.plan.aim_rows import AimRows
from dashboard.plan.week import Week
from zaptec.commands import Action


class TimerKind(StrEnum):
    """What a timer does. The last two are exceptions from the plan."""

    PAUSE = "pause"  # pause now, let go at its end
    CHARGE = "charge"  # let go at its start, pause at its end
    CHARGE_NOW = "charge_now"  # let go although the plan is closed: set by older versions only; Resume does it now
    SKIP = "skip"  # leave one opening of the plan out

    def takes_place_of(self, other: TimerKind) -> bool:
        """Of each kind there is one; an exception also ends the opposite one."""
        return self is other or {self, other} == {TimerKind.CHARGE_NOW, TimerKind.SKIP}


class Cause(StrEnum):
    """Why a step has come up."""

    SET = "set"  # the moment a timer or an exception was set
    START = "start"  # a timer's start
    END = "end"  # a timer's end
    EDGE = "edge"  # a change of the plan
    SAVED = "saved"  # the moment the plan was saved or switched on
    ARRIVAL = "arrival"  # a car was plugged in
    AIM = "aim"  # an aim lets charge, or holds
    REACHED = "reached"  # an aim is reached: what it wanted is in the car


class Ruler(StrEnum):
    NOBODY = "nobody"
    PERSON = "person"
    TIMER = "timer"
    EXCEPTION = "exception"
    AIM = "aim"
    PLAN = "plan"


@dataclass(frozen=True)
class Timer:
    """A timer or an exception that has not ended; `who` set it."""

    id: int
    kind: TimerKind
    set_at: datetime
    starts_at: datetime
    ends_at: datetime
    who: str | None = None

    @property
    def is_exception(self) -> bool:
        return self.kind in (TimerKind.CHARGE_NOW, TimerKind.SKIP)

    @property
    def goes_on_at(self) -> datetime | None:
        """When it lets a car charge that it has paused at once; None where the plan does, if anything."""
        return {TimerKind.PAUSE: self.ends_at, TimerKind.CHARGE: self.starts_at}.get(self.kind)

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class PersonsPress:
    """The last button a person pressed during this car's stay."""

    action: Action
    at: datetime
    who: str | None = None


@dataclass(frozen=True)
class Rule:
    """Who rules, and whether they let charge; None: they leave it as it is."""

    ruler: Ruler
    is_open: bool | None
    timer: Timer | None = None


@dataclass(frozen=True)
class PlannedChange:
    """Something that will happen by itself."""

    at: datetime
    is_open: bool
    ruler: Ruler
    timer: Timer | None = None


@dataclass(frozen=True)
class DueChange:
    """A change that is due and has not come about yet.

    Attributes:
        origin: timer, aim or plan.
        who: who asked for it.
        waits_for_charger: nobody can reach the charger; it is done when somebody can.
        try_at: when it is tried again; None: it has only just come up.
    """

    due_at: datetime
    lets_charge: bool
    cause: Cause
    origin: str
    who: str | None = None
    timer: Timer | None = None
    waits_for_charger: bool = False
    try_at: datetime | None = None


@dataclass(frozen=True)
class ActiveRules:
    """Everything that may rule one charger.

    Attributes:
        week: the weekly plan; None when it is off or empty of days.
        saved_at: when somebody last saved the plan or switched it on, since it rules at once.
        pressed: None also when a car came or went since.
        has_arrived: a car has just come, and it is still to be looked at whether it may charge.
        due: changes that are due and have not come about yet, the newest last.
        aim_rows: of the weekly plan; None when it is off or has none.
    """

    week: Week | None = None
    timers: tuple[Timer, ...] = ()
    pressed: PersonsPress | None = None
    has_arrived: bool = False
    due: tuple[DueChange, ...] = ()
    saved_at: datetime | None = None
    aim: Aim | None = None
    aim_rows: AimRows | None = None

    def timer(self, kind: TimerKind) -> Timer | None:
        return next((timer for timer in self.timers if timer.kind is kind), None)

    @property
    def current(self) -> ActiveRules:
        """Without the pause timer that a person has ended by letting go, or overruled by charging now."""
        pause, charge_now = self.timer(TimerKind.PAUSE), self.timer(TimerKind.CHARGE_NOW)
        if pause is None:
            return self
        is_let_go = self.pressed and self.pressed.action is Action.RESUME and self.pressed.at > pause.set_at
        if is_let_go or (charge_now and charge_now.set_at > pause.set_at):
            return replace(self, timers=tuple(timer for timer in self.timers if timer is not pause))
        return self

    def rule_without_person(self, at: datetime) -> Rule:
        """What timers, exceptions and the plan want at a moment, whatever a person pressed."""
        pause, charge = self.timer(TimerKind.PAUSE), self.timer(TimerKind.CHARGE)
        if pause and pause.covers(at):
            return Rule(Ruler.TIMER, False, pause)
        if charge and charge.covers(at):
            return Rule(Ruler.TIMER, True, charge)
        if charge and at < charge.starts_at and self.week is None:
            return Rule(Ruler.TIMER, False, charge)  # until it begins the car waits
        return self.rule_of_plan(at)

    def rule_of_plan(self, at: datetime) -> Rule:
        """What the plan and its exceptions want, and the aim between them."""
        exception = next((timer for timer in self.timers if timer.is_exception and timer.covers(at)), None)
        if exception and self.week is not None:
            return Rule(Ruler.EXCEPTION, exception.kind is TimerKind.CHARGE_NOW, exception)
        if self.aim and self.aim.covers(at):
            return Rule(Ruler.AIM, self.aim.is_open_at(at))
        if self.week is None:
            return Rule(Ruler.NOBODY, None)
        return Rule(Ruler.PLAN, self.week.is_open(at))

    def had_edge(self, after: datetime, until: datetime) -> bool:
        """Whether the plan changed in (after, until]: by the clock, or because somebody saved it."""
        if self.week is None:
            return False
        if self.saved_at is not None and after < self.saved_at <= until:
            return True
        edge = self.week.next_change(after)
        return edge is not None and edge <= until

    def wants(self, cause: Cause, lets_charge: bool, at: datetime, timer: Timer | None = None) -> Rule:
        """What is wanted when a step comes up at a moment.

        Args:
            lets_charge: what the step itself would do; False: it pauses.
            timer: the timer that the step belongs to.
        """
        rule = self.rule_without_person(at)
        if cause is Cause.REACHED:
            return rule if rule.ruler is Ruler.TIMER else Rule(Ruler.AIM, lets_charge)
        if cause is Cause.END and timer and rule.ruler not in (Ruler.TIMER, Ruler.AIM):
            since = timer.set_at if timer.kind is TimerKind.PAUSE else timer.starts_at
            return rule if self.had_edge(since, at) else Rule(Ruler.TIMER, lets_charge, timer)
        return rule

    def overdue(self, now: datetime) -> DueChange | None:
        """The change that is due, still wanted, and has not come about yet."""
        for change in reversed(self.due):
            rule = self.wants(change.cause, change.lets_charge, now, change.timer)
            was_overruled = self.pressed is not None and self.pressed.at > change.due_at
            if rule.is_open is change.lets_charge and not was_overruled:
                return change
        return None

    def changes(self, now: datetime, until: datetime | None = None) -> list[PlannedChange]:
        """What will happen by itself from now on, in order; at most a few, or everything until a moment."""
        moments = self._moments_until(now, until) if until else self._moments(now)
        return [change for at in moments for change in self._changes_at(at)]

    def _moments_until(self, now: datetime, until: datetime) -> list[datetime]:
        ranges = [(timer.starts_at, timer.ends_at) for timer in self.timers]
        ranges += self.week.openings_between(now, until) if self.week else []
        edges = [at for ends in ranges for at in ends] + self._edges_of_aim()
        return sorted({at for at in edges if now < at < until})

    def _edges_of_aim(self) -> list[datetime]:
        return list(self.aim.edges()) if self.aim else []

    def _moments(self, now: datetime) -> list[datetime]:
        ends = [at for timer in self.timers for at in (timer.starts_at, timer.ends_at)]
        moments = {at for at in [*ends, *self._edges_of_aim()] if at > now}
        at: datetime | None = now
        until = max(moments, default=now)
        # Edges up to the last timer's end, and two beyond.
        beyond = 0
        while self.week and beyond < 3 and at and (at := self.week.next_change(at)):
            moments.add(at)
            beyond += at > until
        return sorted(moments)

    def _changes_at(self, at: datetime) -> list[PlannedChange]:
        for timer in self.timers:
            ends, starts = timer.ends_at == at, timer.starts_at == at
            if timer.is_exception or not (ends or starts):
                continue
            lets_charge = ends == (timer.kind is TimerKind.PAUSE)
            rule = self.wants(Cause.END if ends else Cause.START, lets_charge, at, timer)
            if rule.is_open is not None:
                return [PlannedChange(at, rule.is_open, rule.ruler, rule.timer)]
        if at in self._edges_of_aim() or self.had_edge(_just_before(at), at):
            rule = self.rule_without_person(at)
            if rule.is_open is not None:
                return [PlannedChange(at, rule.is_open, rule.ruler, rule.timer)]
        return []

    def rule_at(self, now: datetime) -> Rule:
        """Who rules now. A person does until the next change that a timer, an exception or the plan brings.

        Whoever saves the plan lets it rule at once: that is the newest word of a person.
        """
        pressed = self.pressed
        if pressed is None or self.had_edge(pressed.at, now):
            return self.rule_without_person(now)
        moments = (at for timer in self.timers for at in (timer.set_at, timer.starts_at, timer.ends_at))
        if any(pressed.at < at <= now for at in moments):
            return self.rule_without_person(now)
        return Rule(Ruler.PERSON, pressed.action is Action.RESUME)

    def next_change(self, now: datetime, is_open: bool | None) -> PlannedChange | None:
        """The first change that would make a difference to a charger that is let go, or held, now."""
        return next((change for change in self.changes(now) if change.is_open is not is_open), None)


def _just_before(at: datetime) -> datetime:
    return at - timedelta(microseconds=1)
