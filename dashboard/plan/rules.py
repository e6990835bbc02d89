"""Who rules a charger, and what they want: a person, a timer, an exception, the plan; in this order.

Pure: no database, no page. The plan acts at its edges and when a car arrives; what a person or a timer did
holds until the next edge, or until the car is unplugged. While a timer runs, an edge of the plan passes
without effect; if one did, the plan's word counts again when the timer has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.plan.week import Week
from zaptec.commands import Action


class Kind(StrEnum):
    """What a timer does. The last two are the plan's exceptions."""

    PAUSE = "pause"  # pause now, let go at its end
    CHARGE = "charge"  # let go at its start, pause at its end
    CHARGE_NOW = "charge_now"  # let go although the plan is closed
    SKIP = "skip"  # leave one opening of the plan out

    def takes_place_of(self, other: Kind) -> bool:
        """Of each kind there is one; an exception also ends the opposite one."""
        return self is other or {self, other} == {Kind.CHARGE_NOW, Kind.SKIP}


class Cause(StrEnum):
    """Why a step has come up."""

    SET = "set"  # the moment a timer or an exception was set
    START = "start"  # a timer's start
    END = "end"  # a timer's end
    EDGE = "edge"  # a change of the plan
    ARRIVAL = "arrival"  # a car was plugged in


class Ruler(StrEnum):
    NOBODY = "nobody"
    PERSON = "person"
    TIMER = "timer"
    EXCEPTION = "exception"
    PLAN = "plan"


@dataclass(frozen=True)
class Timer:
    """A timer or an exception that has not ended; `who` set it."""

    id: int
    kind: Kind
    set_at: datetime
    starts_at: datetime
    ends_at: datetime
    who: str | None = None

    @property
    def is_exception(self) -> bool:
        return self.kind in (Kind.CHARGE_NOW, Kind.SKIP)

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Pressed:
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
class Change:
    """Something that will happen by itself."""

    at: datetime
    is_open: bool
    ruler: Ruler
    timer: Timer | None = None


@dataclass(frozen=True)
class ActiveRules:
    """Everything that may rule one charger.

    Attributes:
        week: the weekly plan; None when it is off or empty of days.
        pressed: None also when a car came or went since.
        has_arrived: a car has just come, and it is still to be looked at whether it may charge.
    """

    week: Week | None = None
    timers: tuple[Timer, ...] = ()
    pressed: Pressed | None = None
    has_arrived: bool = False

    def timer(self, kind: Kind) -> Timer | None:
        return next((one for one in self.timers if one.kind is kind), None)

    @property
    def current(self) -> ActiveRules:
        """Without the pause timer that a person has ended by letting go, or overruled by *Charge now*."""
        held, now = self.timer(Kind.PAUSE), self.timer(Kind.CHARGE_NOW)
        if held is None:
            return self
        is_let_go = self.pressed and self.pressed.action is Action.RESUME and self.pressed.at > held.set_at
        if is_let_go or (now and now.set_at > held.set_at):
            return replace(self, timers=tuple(one for one in self.timers if one is not held))
        return self

    def base(self, at: datetime) -> Rule:
        """What timers, exceptions and the plan want at a moment, whatever a person pressed."""
        held, charge = self.timer(Kind.PAUSE), self.timer(Kind.CHARGE)
        if held and held.covers(at):
            return Rule(Ruler.TIMER, False, held)
        if charge and charge.covers(at):
            return Rule(Ruler.TIMER, True, charge)
        if charge and at < charge.starts_at and self.week is None:
            return Rule(Ruler.TIMER, False, charge)  # until it begins the car waits
        return self.planned(at)

    def planned(self, at: datetime) -> Rule:
        """What the plan and its exceptions want."""
        if self.week is None:
            return Rule(Ruler.NOBODY, None)
        for one in self.timers:
            if one.is_exception and one.covers(at):
                return Rule(Ruler.EXCEPTION, one.kind is Kind.CHARGE_NOW, one)
        return Rule(Ruler.PLAN, self.week.is_open(at))

    def had_edge(self, after: datetime, until: datetime) -> bool:
        """Whether the plan changed in (after, until]."""
        edge = self.week.next_change(after) if self.week else None
        return edge is not None and edge <= until

    def wants(self, cause: Cause, own: bool, at: datetime, timer: Timer | None = None) -> Rule:
        """What is wanted when a step comes up at a moment.

        Args:
            own: what the step itself would do: True lets charge, False pauses.
            timer: the timer that the step belongs to.
        """
        base = self.base(at)
        if cause is Cause.END and timer and base.ruler is not Ruler.TIMER:
            since = timer.set_at if timer.kind is Kind.PAUSE else timer.starts_at
            return base if self.had_edge(since, at) else Rule(Ruler.TIMER, own, timer)
        return base

    def changes(self, now: datetime) -> list[Change]:
        """What will happen by itself from now on, in order, as far as it can be told; at most a few."""
        found = [change for at in self._moments(now) for change in self._at(at)]
        return sorted(found, key=lambda change: change.at)

    def _moments(self, now: datetime) -> list[datetime]:
        moments = {at for one in self.timers for at in (one.starts_at, one.ends_at) if at > now}
        at: datetime | None = now
        until = max(moments, default=now)
        # Edges up to the last timer's end, and two beyond.
        beyond = 0
        while self.week and beyond < 3 and at and (at := self.week.next_change(at)):
            moments.add(at)
            beyond += at > until
        return sorted(moments)

    def _at(self, at: datetime) -> list[Change]:
        for one in self.timers:
            ends, starts = one.ends_at == at, one.starts_at == at
            if one.is_exception or not (ends or starts):
                continue
            rule = self.wants(Cause.END if ends else Cause.START, ends == (one.kind is Kind.PAUSE), at, one)
            if rule.is_open is not None:
                return [Change(at, rule.is_open, rule.ruler, rule.timer)]
        if self.had_edge(_just_before(at), at):
            rule = self.base(at)
            if rule.is_open is not None:
                return [Change(at, rule.is_open, rule.ruler, rule.timer)]
        return []

    def rule(self, now: datetime) -> Rule:
        """Who rules now. A person does until the next change that a timer, an exception or the plan brings."""
        pressed = self.pressed
        if pressed is None or self.had_edge(pressed.at, now):
            return self.base(now)
        moments = (at for one in self.timers for at in (one.set_at, one.starts_at, one.ends_at))
        if any(pressed.at < at <= now for at in moments):
            return self.base(now)
        return Rule(Ruler.PERSON, pressed.action is Action.RESUME)

    def next_change(self, now: datetime, is_open: bool | None) -> Change | None:
        """The first change that would make a difference to a charger that is let go, or held, now."""
        return next((one for one in self.changes(now) if one.is_open is not is_open), None)


def _just_before(at: datetime) -> datetime:
    return at - timedelta(microseconds=1)
