"""What the plan's room adds to a charger's card: what happens next, quick choices, alerts that stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from flask import g
from sqlalchemy import Connection

from dashboard import formats, reasons
from dashboard.charger.view import ChargerView
from dashboard.parts import Alert, Part, Section
from dashboard.plan import coming, conflicts, failures, store, words
from dashboard.plan.forms import time_of
from dashboard.plan.rules import Standing
from dashboard.plan.timers import charge_now, skip
from dashboard.web.access import Role
from zaptec.commands import Action
from zaptec.situation import Situation, SituationName

EVENING, MORNING = 22 * 60, 6 * 60
MAY_PAUSE = {SituationName.PAUSED, SituationName.PAUSING, SituationName.RESUMING}
NOTHING_TO_PAUSE = {SituationName.FINISHED, SituationName.WAITING_AUTHORISATION}


@dataclass(frozen=True)
class Line:
    """A timer that can be cancelled, or an alert that can be put away."""

    id: int
    text: str


@dataclass(frozen=True)
class Quick:
    """The quick choices as they stand on the card.

    Attributes:
        why_not: what stands in the place of the pauses where there is nothing to pause.
        until: what the time field holds.
        charge_now, skip: what these exceptions would mean; empty where they mean nothing.
        is_active: something is set, so it stands unfolded.
    """

    charger_id: str
    may_press: bool
    why_not: str
    until: str
    charge_now: str
    skip: str
    timers: list[Line]
    troubles: list[Line]
    conflicts: list[str]

    @property
    def is_active(self) -> bool:
        return bool(self.timers or self.troubles)


def part(connection: Connection, looked: ChargerView, found: Situation, role: Role) -> Part:
    """What is set at this charger, and what can be set."""
    charger_id, now, zone = looked.listed.id, looked.now, formats.zone()
    standing = store.standing(connection, charger_id, zone)
    troubles = store.trouble(connection, charger_id)
    quick = _quick(looked, found, role, standing, zone)
    quick = replace(quick, troubles=[Line(one.id, failures.trouble(one, now)) for one in troubles])
    return Part(
        next=coming.next_line(standing, found, now),
        alerts=tuple(Alert(failures.trouble(one, now)) for one in troubles[:1]),
        sections=(Section("fragments/plan_quick.html", quick, is_quick=True),),
    )


def _quick(looked: ChargerView, found: Situation, role: Role, standing: Standing, zone: tzinfo) -> Quick:
    now = looked.now
    except_now, skipped = charge_now(now, standing.week), skip(now, standing.week)
    kinds = {one.kind for one in standing.timers}
    codes = conflicts.of(looked.listed.charger, looked.known.state, found) if kinds or standing.week else []
    said = conflicts.SAID_BY_THE_CARD.get(found.name)
    can_skip = skipped is not None and skipped.kind not in kinds
    return Quick(
        charger_id=looked.listed.id,
        may_press=role.includes(Role.MEMBER) and looked.listed.is_listed,
        why_not=_why_no_pause(found),
        until=g.get("typed_until") or time_of(until_by_default(now, zone)),
        charge_now=words.near(except_now.ends_at, now) if except_now and except_now.kind not in kinds else "",
        skip=words.span(skipped.starts_at, skipped.ends_at, now) if skipped and can_skip else "",
        timers=[Line(one.id, words.timer(one, now)) for one in standing.timers],
        troubles=[],
        conflicts=[words.conflict(code) for code in codes if code != said],
    )


def _why_no_pause(found: Situation) -> str:
    """Why there is nothing to pause; empty where there is."""
    if found.name in MAY_PAUSE:
        return ""
    if found.name in NOTHING_TO_PAUSE:
        return reasons.reason(found.name.value) + "."
    refusal = found.refusals.get(Action.PAUSE)
    return reasons.reason(refusal.reason) + "." if refusal else ""


def until_by_default(now: datetime, zone: tzinfo) -> int:
    """A likely end for a pause, in minutes since midnight: this evening, tomorrow morning, or in two hours."""
    here = now.astimezone(zone)
    if 10 <= here.hour < 21:
        return EVENING
    if here.hour >= 21 or here.hour < 5:
        return MORNING
    return (here.hour + 2) * 60
