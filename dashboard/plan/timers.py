"""Setting and cancelling timers and exceptions: stored first, then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.charger.press import Press
from dashboard.household import actor
from dashboard.plan import queries
from dashboard.plan.outages import Waiting
from dashboard.plan.queries import Step
from dashboard.plan.rules import ActiveRules, Cause, Timer, TimerKind
from dashboard.plan.steps import take_at_once
from dashboard.plan.tables import timer_table
from dashboard.plan.week import Week, next_time
from dashboard.services import Services
from zaptec.commands import Action

NIGHT = (23 * 60, 6 * 60)
SOON = timedelta(hours=24)  # what begins later is not “tonight”


@dataclass(frozen=True)
class Wish:
    """A timer or an exception somebody asks for, and what has to be done about it.

    Attributes:
        now: what is to be done at once; None where nothing is.
        later: what is to be done when, and why.
    """

    kind: TimerKind
    starts_at: datetime
    ends_at: datetime
    now: Action | None = None
    later: tuple[tuple[datetime, Action, Cause], ...] = ()

    @property
    def origin(self) -> str:
        return "plan" if self.kind is TimerKind.SKIP else "timer"


def pause_until(now: datetime, until: datetime) -> Wish:
    return Wish(TimerKind.PAUSE, now, until, Action.PAUSE, ((until, Action.RESUME, Cause.END),))


def charge_once(now: datetime, begin: int, until: int, zone: tzinfo, *, has_plan: bool) -> Wish:
    """Charge once between two times of day; without a plan that rules until then, the car waits from now on.

    Args:
        begin, until: in minutes since midnight; equal times mean a whole day.
    """
    start = next_time(begin, now, zone)
    end = next_time(until, start, zone)
    later = ((start, Action.RESUME, Cause.START), (end, Action.PAUSE, Cause.END))
    return Wish(TimerKind.CHARGE, start, end, None if has_plan else Action.PAUSE, later)


def charge_tonight(now: datetime, week: Week | None, zone: tzinfo) -> Wish | None:
    """Charge once in the coming night; None where a plan has its say, or that night has begun."""
    evening, morning = NIGHT
    if week is not None or next_time(morning, now, zone) < next_time(evening, now, zone):
        return None
    return charge_once(now, evening, morning, zone, has_plan=False)


def skip(now: datetime, week: Week | None) -> Wish | None:
    """Leave out the opening that holds now or begins within a day; None where there is none, or it never ends."""
    opening = week.next_opening(now) if week else None
    if opening is None or opening[1] is None or opening[0] - now > SOON:
        return None
    begins, ends = opening[0], opening[1]
    if begins <= now:
        return Wish(TimerKind.SKIP, now, ends, Action.PAUSE)
    return Wish(TimerKind.SKIP, begins, ends, later=((begins, Action.PAUSE, Cause.START),))


def begin(
    services: Services, charger_id: str, wish: Wish, member: activity_log.Person, zone: tzinfo
) -> tuple[Timer, Press | Waiting | None]:
    """Store a timer in place of the one before, then do what it wants at once; waits a moment for that.

    Raises:
        LookupError: there is no such charger.
    """
    now = services.now()
    with services.database.writing() as connection:
        if chargers.find(connection, charger_id) is None:
            raise LookupError(charger_id)
        actor.confirm(connection)
        chargers.touch(connection, charger_id)
        for other in queries.live_timers(connection, charger_id):
            if wish.kind.takes_place_of(other.kind):
                queries.end_timer(connection, charger_id, other, now, "replaced")
        timer = _write(connection, charger_id, wish, member, now)
        first_step = _write_steps(connection, charger_id, wish, timer, member, now)
    if first_step is None:
        return timer, None
    return timer, take_at_once(services, first_step, zone)


def _write(
    connection: Connection, charger_id: str, wish: Wish, member: activity_log.Person, now: datetime
) -> Timer:
    id = connection.execute(
        timer_table.insert()
        .values(
            charger_id=charger_id,
            kind=wish.kind.value,
            set_at=now,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            member_id=member.id,
            member_name=member.name,
        )
        .returning(timer_table.c.id)
    ).scalar_one()
    activity_log.record(
        connection,
        at=now,
        kind=LineKind.TIMER_SET,
        member=member,
        charger_id=charger_id,
        origin="page",
        details={
            "timer": wish.kind.value,
            "since": wish.starts_at.isoformat(),
            "until": wish.ends_at.isoformat(),
        },
    )
    return Timer(int(id), wish.kind, now, wish.starts_at, wish.ends_at, member.name)


def _write_steps(
    connection: Connection, charger_id: str, wish: Wish, timer: Timer, member: activity_log.Person, now: datetime
) -> Step | None:
    """The steps of a timer. The one for now is in our hands already; if we die, its claim lapses."""
    by = {"timer_id": timer.id, "origin": wish.origin, "member_id": member.id, "member_name": member.name}
    for at, action, cause in wish.later:
        queries.add_step(connection, charger_id, action, at, cause=cause, **by)
    if wish.now is None:
        return None
    return queries.add_step_in_hand(connection, charger_id, wish.now, now, cause=Cause.SET, **by)


def cancel(services: Services, charger_id: str, timer_id: int, member: activity_log.Person) -> Timer | None:
    """Cancel a timer; the charger stays as it is. None if it had ended."""
    with services.database.writing() as connection:
        actor.confirm(connection)
        live = queries.live_timers(connection, charger_id)
        timer = next((timer for timer in live if timer.id == timer_id), None)
        if timer and queries.end_timer(connection, charger_id, timer, services.now(), "cancelled", member):
            return timer
    return None


def contradiction(rules: ActiveRules, wish: Wish, now: datetime) -> Timer | None:
    """Another timer that wants the opposite for part of the time."""
    if wish.kind not in (TimerKind.PAUSE, TimerKind.CHARGE):
        return None
    other = rules.timer(TimerKind.CHARGE if wish.kind is TimerKind.PAUSE else TimerKind.PAUSE)
    if other and wish.starts_at < other.ends_at and other.starts_at < wish.ends_at:
        return other
    return None
