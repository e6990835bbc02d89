"""Setting an aim, as somebody typed it: planned and kept first, then carried out at once."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.charger import chargers
from dashboard.charger.press import Press
from dashboard.household import actor
from dashboard.plan import aim_planning, aim_progress, aims, queries
from dashboard.plan.aim import Aim, AimReason
from dashboard.plan.aim_planning import Circumstances
from dashboard.plan.aim_rows import AimWish
from dashboard.plan.outages import Waiting
from dashboard.plan.rules import Cause, Ruler
from dashboard.plan.steps import take_at_once
from dashboard.plan.week import next_time
from dashboard.services import Services
from zaptec.commands import Action
from zaptec.situation import SituationName


def begin(
    services: Services, charger_id: str, wish: AimWish, member: activity_log.Person, zone: tzinfo
) -> tuple[Aim, Press | Waiting | None]:
    """Keep an aim in place of the one before, then do what it wants at once; waits a moment for that.

    Raises:
        LookupError: there is no such charger.
    """
    ready_by = next_time(wish.ready_by, services.now(), zone)
    with services.database.writing() as connection:
        actor.confirm(connection)
        chargers.touch(connection, charger_id)
        around = aim_planning.circumstances(services, connection, charger_id, ready_by)
        aim = keep(connection, charger_id, wish, ready_by, member, around)
        action = Action.RESUME if aim.is_open else Action.PAUSE
        step = queries.add_step_in_hand(connection, charger_id, action, around.now, cause=Cause.SET, **by(member))
    return aim, take_at_once(services, step, zone)


def by(member: activity_log.Person) -> dict[str, Any]:
    """Who has it done, as columns of a step."""
    return {"member_id": member.id, "member_name": member.name, "origin": Ruler.AIM.value}


def keep(
    connection: Connection,
    charger_id: str,
    wish: AimWish,
    ready_by: datetime,
    member: activity_log.Person,
    around: Circumstances,
    *,
    is_weekly: bool = False,
) -> Aim:
    """Plan an aim and keep it in place of the one before; what it wants now is still to be done."""
    now = around.now
    draft = replace(_draft(charger_id, wish, ready_by, member, around), is_weekly=is_weekly)
    if draft.has_car and (before := aims.last_of_this_car(connection, charger_id)):
        draft = replace(draft, power_w=before.power_w, power_sessions=before.power_sessions)
    aim = aim_planning.planned(draft, around)
    is_charging = around.situation.name is SituationName.CHARGING  # then there is no start to put off by the jitter
    is_open = aim.is_open_at(now) or (is_charging and any(begin <= now < end for begin, end in aim.blocks))
    aim = replace(aim, is_open=is_open, opened_at=now if is_open else None, starts=int(is_open))
    return aims.add(connection, now, **_columns(aim))


def _draft(
    charger_id: str, wish: AimWish, ready_by: datetime, member: activity_log.Person, around: Circumstances
) -> Aim:
    """As it is before it is planned."""
    has_car = around.state is not None and around.state.mode.is_plugged_in
    return Aim(
        id=0,
        charger_id=charger_id,
        set_at=around.now,
        ready_by=ready_by,
        energy_wh=wish.energy_wh,
        duration_s=wish.duration_s,
        is_cheapest=wish.is_cheapest,
        is_weekly=False,
        member_id=member.id,
        member_name=member.name,
        seed=secrets.randbelow(2**31),
        has_car=has_car,
        base_wh=aim_progress.session_energy_wh(around.state) if has_car else None,
        done_wh=0,
        charged_s=0,
        counted_at=around.now if has_car else None,
        blocks=(),
        latest_start=ready_by,
        missing_s=0,
        cost_micro=None,
        currency=None,
        reason=AimReason.AT_ONCE,
        power_w=0,
        power_sessions=0,
        news=None,
        planned_at=around.now,
        is_open=False,
        opened_at=None,
        starts=0,
        next_at=around.now + timedelta(seconds=1),
        revision=0,
    )


def _columns(aim: Aim) -> dict[str, object]:
    names = (
        "charger_id",
        "set_at",
        "ready_by",
        "energy_wh",
        "duration_s",
        "is_cheapest",
        "is_weekly",
        "member_id",
        "member_name",
        "seed",
        "has_car",
        "base_wh",
        "done_wh",
        "charged_s",
        "counted_at",
        "news",
        "next_at",
        "revision",
    )
    return {name: getattr(aim, name) for name in names} | aim_planning.columns(aim)
