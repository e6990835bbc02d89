"""What a new state of a charger means for timers and the plan: a car came, or left; an alert is moot.

Runs in the transaction that stores the state, so only writes down what is due; the clock does it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from dashboard.charger import chargers
from dashboard.charger.stays import has_arrived, has_left, was_authorised
from dashboard.plan import aim_progress, aims, confirmation, outages, queries, weekly_aims
from dashboard.plan.aim import AimOutcome
from dashboard.plan.rules import Cause, Ruler, Timer, TimerKind
from dashboard.plan.tables import stay, step_table, weekly_plan
from zaptec.charger import ChargerState
from zaptec.commands import Action
from zaptec.modes import OperationMode


def see(
    connection: Connection, charger_id: str, before: ChargerState | None, after: ChargerState, now: datetime
) -> bool:
    """Notice what a new state means; called with every one. Whether there is something to do at once."""
    has_come = before is not None and _see_change(connection, charger_id, before, after, now)
    is_aim_due = aim_progress.see(connection, charger_id, before, after, now)
    is_back = outages.see(connection, charger_id, after, now)
    return has_come or is_aim_due or is_back


def _see_change(
    connection: Connection, charger_id: str, before: ChargerState, after: ChargerState, now: datetime
) -> bool:
    """See what is another; whether a car has come for which there is something to do."""
    if has_left(before, after):
        _note_stay(connection, charger_id, now)
        _car_left(connection, charger_id, now)
        weekly_aims.car_changed(connection, charger_id, now)
    has_come = has_arrived(before, after)
    if has_come:
        _note_stay(connection, charger_id, now)
    # A car that was left alone while it waited for permission arrives for the plan when it has got it.
    is_to_be_looked_at = (has_come or was_authorised(before, after)) and _car_came(connection, charger_id, now)
    confirmation.see_late(connection, charger_id, now)
    _let_go_by_a_person(connection, charger_id, now)
    _end_moot_alerts(connection, charger_id, after)
    return is_to_be_looked_at


def _note_stay(connection: Connection, charger_id: str, now: datetime) -> None:
    mine = stay.c.charger_id == charger_id
    if not connection.execute(update(stay).where(mine).values(changed_at=now)).rowcount:
        connection.execute(stay.insert().values(charger_id=charger_id, changed_at=now))


def _car_left(connection: Connection, charger_id: str, now: datetime) -> None:
    """Timers and exceptions that were for this car end; a charge that is still to begin may be for the next."""
    confirmation.leave_given_up(connection, charger_id)
    for timer in queries.live_timers(connection, charger_id):
        if timer.kind is not TimerKind.CHARGE or timer.starts_at <= now:
            queries.end_timer(connection, charger_id, timer, now, "unplugged")
    aim = aims.find(connection, charger_id)
    if aim is not None and aim.has_car:
        aims.end(connection, aim, now, AimOutcome.UNPLUGGED)


def _car_came(connection: Connection, charger_id: str, now: datetime) -> bool:
    """Where something might not want it to charge, that is looked at in the next moment. Whether that is so."""
    has_plan = connection.execute(
        select(weekly_plan.c.charger_id).where(weekly_plan.c.charger_id == charger_id, weekly_plan.c.is_on)
    ).first()
    waiting: Timer | None = next(iter(queries.live_timers(connection, charger_id)), None)
    has_aim = aims.look_at(connection, charger_id, now)
    has_rows = weekly_aims.car_changed(connection, charger_id, now)
    if not has_plan and waiting is None and not has_aim:
        return has_rows
    origin = Ruler.AIM if has_aim else Ruler.PLAN if has_plan else Ruler.TIMER
    queries.add_step(
        connection,
        charger_id,
        Action.PAUSE,
        now,
        cause=Cause.ARRIVAL,
        origin=origin.value,
        member_name=None if has_plan or waiting is None else waiting.who,
    )
    return True


def _let_go_by_a_person(connection: Connection, charger_id: str, now: datetime) -> None:
    """Who presses Resume while a pause timer runs has ended it."""
    live = queries.live_timers(connection, charger_id)
    pause = next((timer for timer in live if timer.kind is TimerKind.PAUSE), None)
    if pause is None:
        return
    pressed = queries.last_pressed(connection, charger_id, now)
    if pressed and pressed.action is Action.RESUME and pressed.at > pause.set_at:
        queries.end_timer(connection, charger_id, pause, now, "resumed", pressed.who)


def _end_moot_alerts(connection: Connection, charger_id: str, after: ChargerState) -> None:
    """An alert about what has come about meanwhile, or about a car that has gone, says nothing any more."""
    troubled = connection.execute(
        select(step_table.c.action).where(step_table.c.charger_id == charger_id, step_table.c.is_trouble)
    ).scalars()
    moot = [action for action in set(troubled) if _is_moot(Action(action), after)]
    if moot:
        chargers.touch(connection, charger_id)
        queries.end_trouble(connection, charger_id, step_table.c.action.in_(moot))


def _is_moot(action: Action, state: ChargerState) -> bool:
    if state.mode is OperationMode.DISCONNECTED:
        return True
    if not state.mode.is_plugged_in:
        return False
    if action is Action.PAUSE:
        return state.mode is OperationMode.CONNECTED_FINISHED
    return not state.is_final_stop_active
