"""Making an aim from a row of the week: when a car comes in the day before its time, or is there when that begins.

That it was made, the aim, and the step that carries it out are written in one transaction with a conditional
UPDATE: whoever does it and whenever somebody dies, each car gets it once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.activity.log import Person
from dashboard.charger import chargers, snapshots
from dashboard.charger.receipt import Author
from dashboard.plan import aim_planning, aim_setting, aims, queries, weekly_aims
from dashboard.plan.aim import AimOutcome
from dashboard.plan.aim_rows import AimRows, ComingAim
from dashboard.plan.rules import Cause
from dashboard.plan.weekly_aims import WeeklyAims
from dashboard.services import Services
from zaptec.commands import Action
from zaptec.situation import SituationName


def advance(services: Services, charger_id: str) -> None:
    """Look at a charger's rows, and make an aim of what they want now."""
    now, zone = services.now(), services.zone(charger_id)
    with services.database.writing() as connection:
        chargers.touch(connection, charger_id)  # first: everybody locks the charger's row before others
        weekly = weekly_aims.find(connection, charger_id, zone)
        if weekly is None:
            return
        weekly = weekly.as_of(now)
        coming, other = weekly.rows.next_after(now), aims.find(connection, charger_id)
        is_time = coming is not None and coming.begins <= now
        # A person's own aim for this time stands in its place; one that is late is waited for.
        is_for_it = is_time and _has_car(connection, charger_id) and (other is None or other.ready_by > now)
        values = {
            "zone": str(zone),
            "looked_at": now,
            "next_at": coming and (coming.ready_by if is_time else coming.begins),
            "is_awaited": is_time,
            "skipped": weekly.skipped,
            "made_for": coming.ready_by if coming and is_for_it else weekly.made_for,
        }
        if weekly_aims.move_on(connection, weekly, **values) and coming and is_for_it and not other:
            _make(services, connection, weekly, coming)


def _has_car(connection: Connection, charger_id: str) -> bool:
    snapshot = snapshots.read(connection, charger_id)
    return bool(snapshot and snapshot.state and snapshot.state.mode.is_plugged_in)


def _make(services: Services, connection: Connection, weekly: WeeklyAims, coming: ComingAim) -> None:
    around = aim_planning.circumstances(services, connection, weekly.charger_id, coming.ready_by)
    wish = replace(coming.wish, is_cheapest=coming.wish.is_cheapest and around.prices.goes_by_time)
    member = Author(weekly.member_id or 0, weekly.member_name or "")
    aim = aim_setting.keep(connection, weekly.charger_id, wish, coming.ready_by, member, around, is_weekly=True)
    if aim.is_open and around.situation.name is SituationName.CHARGING:
        return  # it goes on
    action, by = Action.RESUME if aim.is_open else Action.PAUSE, aim_setting.by(member)
    queries.add_step(connection, weekly.charger_id, action, around.now, cause=Cause.AIM, **by)


def save(
    services: Services, connection: Connection, charger_id: str, rows: AimRows, is_on: bool, member: Person
) -> bool:
    """Keep the rows; what was made of those before is made anew. Whether something is another."""
    now, aim = services.now(), aims.find(connection, charger_id)
    is_other = weekly_aims.save(connection, charger_id, rows, is_on, now, member)
    if is_other and aim is not None and aim.is_weekly:
        aims.end(connection, aim, now, AimOutcome.REPLACED)
    return is_other


def skip(connection: Connection, weekly: WeeklyAims, coming: ComingAim, now: datetime, member: Person) -> None:
    """Leave what the week wants next out, just once."""
    weekly_aims.skip(connection, weekly.charger_id, coming.ready_by, now)
    _record(connection, weekly, coming, LineKind.AIM_CANCELLED, now, member)


def take_back_skip(connection: Connection, weekly: WeeklyAims, now: datetime, member: Person) -> None:
    """It is wanted after all."""
    weekly_aims.skip(connection, weekly.charger_id, None, now)
    coming = replace(weekly.rows, passed=None).next_after(now)
    if coming is not None:
        _record(connection, weekly, coming, LineKind.AIM_SET, now, member)


def _record(
    connection: Connection, weekly: WeeklyAims, coming: ComingAim, kind: LineKind, now: datetime, member: Person
) -> None:
    activity_log.record(
        connection,
        at=now,
        kind=kind,
        member=member,
        charger_id=weekly.charger_id,
        origin="page",
        details=aims.wanted(coming.wish, coming.ready_by),
    )
