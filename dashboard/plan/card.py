"""What the plan's room adds to a charger's card: what happens next, quick choices, alerts that stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from flask import g
from sqlalchemy import Connection

from dashboard import formats, reasons
from dashboard.charger.view import ChargerView
from dashboard.parts import Alert, Part, Section
from dashboard.plan import active_rules, aim_card, conflicts, failure_words, next_line, queries, words
from dashboard.plan.forms import time_of
from dashboard.plan.rules import ActiveRules
from dashboard.plan.timers import charge_tonight, skip
from dashboard.web.access import Role
from zaptec.commands import Action
from zaptec.situation import Situation, SituationName

EVENING, MORNING = 22 * 60, 6 * 60
MAY_PAUSE = {SituationName.PAUSED, SituationName.PAUSING, SituationName.RESUMING}
NOTHING_TO_PAUSE = {SituationName.FINISHED, SituationName.WAITING_AUTHORISATION}


@dataclass(frozen=True)
class PlanLine:
    """A timer that can be cancelled, or an alert that can be put away."""

    id: int
    text: str


@dataclass(frozen=True)
class QuickChoices:
    """The quick choices as they stand on the card.

    Attributes:
        why_not: what stands in the place of the pauses where there is nothing to pause.
        until, is_until_wrong: what the time field holds; whether that is what somebody typed and is no time.
        tonight: when a single charge of the coming night would be; empty where none is offered.
        skip: what *Skip tonight* would leave out; empty where there is nothing.
        is_active: something is set, so it stands unfolded.
    """

    charger_id: str
    may_press: bool
    why_not: str
    until: str
    is_until_wrong: bool
    tonight: str
    skip: str
    timers: list[PlanLine]
    troubles: list[PlanLine]
    conflicts: list[str]

    @property
    def is_active(self) -> bool:
        return bool(self.timers or self.troubles)

    @property
    def has_anything(self) -> bool:
        """Whoever may not press sees what is set; where nothing is, there is nothing to unfold."""
        return self.may_press or bool(self.timers or self.conflicts)


def part(connection: Connection, view: ChargerView, situation: Situation, role: Role) -> Part:
    """What is set at this charger, and what can be set."""
    with formats.in_zone_of(view.charger.id) as zone:
        return _part(connection, view, situation, role, zone)


def _part(connection: Connection, view: ChargerView, situation: Situation, role: Role, zone: tzinfo) -> Part:
    charger_id, now = view.charger.id, view.now
    rules = active_rules.read(connection, charger_id, zone, now)
    troubles = queries.trouble(connection, charger_id)
    quick = _quick(view, situation, role, rules, zone)
    quick = replace(quick, troubles=[PlanLine(step.id, failure_words.trouble(step, now)) for step in troubles])
    asked = aim_card.alert(rules.aim, now)
    return Part(
        next=next_line.next_line(rules, situation, now),
        waits_until=next_line.waits_until(rules, situation, now),
        alerts=(
            *((Alert(asked),) if asked else ()),
            *(Alert(failure_words.trouble(step, now)) for step in troubles[:1]),
        ),
        sections=tuple(_sections(connection, view, role, quick)),
    )


def _sections(connection: Connection, view: ChargerView, role: Role, quick: QuickChoices) -> Iterator[Section]:
    by = aim_card.for_view(connection, view, role)
    if by.may_press or by.line:
        yield Section("plan/aim.html", by, is_quick=True)
    if quick.has_anything:
        yield Section("plan/quick.html", quick, is_quick=True)


def _quick(view: ChargerView, situation: Situation, role: Role, rules: ActiveRules, zone: tzinfo) -> QuickChoices:
    now = view.now
    night = charge_tonight(now, rules.week, zone) if view.charger.takes_commands else None
    kinds = {timer.kind for timer in rules.timers}
    is_set = bool(kinds or rules.week or rules.aim or rules.aim_rows)
    codes = conflicts.of(view.charger.as_listed, view.snapshot.state, situation) if is_set else []
    said = conflicts.SAID_BY_THE_CARD.get(situation.name)
    return QuickChoices(
        charger_id=view.charger.id,
        may_press=role.includes(Role.MEMBER) and view.charger.is_listed,
        why_not=_why_no_pause(situation),
        until=g.get("typed_until") or time_of(until_by_default(now, zone)),
        is_until_wrong="typed_until" in g,
        tonight=words.span(night.starts_at, night.ends_at, now) if night and night.kind not in kinds else "",
        skip=can_be_skipped(rules, now),
        timers=[PlanLine(timer.id, words.timer(timer, now)) for timer in rules.timers],
        troubles=[],
        conflicts=[words.conflict(code) for code in codes if code != said],
    )


def can_be_skipped(rules: ActiveRules, now: datetime) -> str:
    """What *Skip tonight* would leave out; empty where there is nothing, or it is skipped already."""
    wish = skip(now, rules.week)
    return words.span(wish.starts_at, wish.ends_at, now) if wish and rules.timer(wish.kind) is None else ""


def _why_no_pause(situation: Situation) -> str:
    """Why there is nothing to pause; empty where there is."""
    if situation.name in MAY_PAUSE:
        return ""
    if situation.name in NOTHING_TO_PAUSE:
        return reasons.reason(situation.name.value) + "."
    refusal = situation.refusals.get(Action.PAUSE)
    return reasons.reason(refusal.reason) + "." if refusal else ""


def until_by_default(now: datetime, zone: tzinfo) -> int:
    """A likely end for a pause, in minutes since midnight: this evening, tomorrow morning, or in two hours."""
    here = now.astimezone(zone)
    if 10 <= here.hour < 21:
        return EVENING
    if here.hour >= 21 or here.hour < 5:
        return MORNING
    return (here.hour + 2) * 60
