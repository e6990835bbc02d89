"""How a step is done: taken in hand by one process, checked, pressed, judged by its receipt, tried again.

Each stage is written down before the next. Whoever takes a step moves its `look_at` with one conditional
UPDATE; if that process dies, the claim lapses and the next one goes on from what is written. A command that
was sent in between is found again by its charger, action, origin and time, so it is never sent twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy import Connection, or_, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers, receipts, snapshots
from dashboard.charger import press as pressing
from dashboard.charger.press import Asker, Press
from dashboard.charger.receipt import CONFIRMED, INTERRUPTED, REFUSED, Receipt
from dashboard.charger.view import situation_now
from dashboard.leases import CLOCK_SET_BACK
from dashboard.plan import confirmation, queries
from dashboard.plan.queries import Step
from dashboard.plan.rules import Cause, Rule, Ruler
from dashboard.plan.tables import step_table, timer_table
from dashboard.services import Services
from zaptec.commands import Action
from zaptec.situation import Reason, Refusal, SituationName

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=2)
LOOK_AGAIN = timedelta(seconds=5)
TRY_AGAIN_AFTER = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))
LATE_AFTER = timedelta(minutes=2)
TOO_LATE = timedelta(hours=1)


class StepOutcome(StrEnum):
    DONE = "done"
    NOTHING = "nothing_to_do"
    FAILED = "failed"
    MISSED = "missed"
    DROPPED = "dropped"


def due(connection: Connection, now: datetime) -> list[Step]:
    """The steps somebody has to take in hand now, in the order in which they should happen."""
    is_due = or_(
        step_table.c.look_at <= now,
        (step_table.c.look_at.is_not(None)) & (step_table.c.claimed_at > now + CLOCK_SET_BACK),
    )
    question = select(step_table).where(is_due).order_by(step_table.c.due_at, step_table.c.id)
    return [Step.from_row(row) for row in connection.execute(question)]


def claim(connection: Connection, step: Step, now: datetime) -> bool:
    """Take a step in hand; of all processes that see it due, one gets it."""
    is_untouched = step_table.c.look_at == step.look_at
    return bool(
        connection.execute(
            update(step_table)
            .where(step_table.c.id == step.id, is_untouched)
            .values(look_at=now + CLAIM, claimed_at=now)
        ).rowcount
    )


def take(services: Services, step: Step, zone: tzinfo, *, wait_s: float = 0) -> Press | None:
    """Do what a claimed step needs next. The press it led to, if it came to one."""
    now = services.now()
    with services.database.reading() as connection:
        sent = _sent(connection, step)
    if sent is not None:
        _judge(services, step, sent, now)
        return None
    with services.database.writing() as connection:
        if not _is_wanted(connection, step, zone, now):
            return None
    return _carry_out(services, step, wait_s)


def _sent(connection: Connection, step: Step) -> Receipt | None:
    """The command this step has sent; also one that a process sent that died before it could write it down."""
    if step.receipt_id is not None:
        return receipts.get(connection, step.receipt_id)
    if step.claimed_at is None:
        return None
    asked = receipts.asked_since(connection, step.charger_id, step.action, step.origin, step.claimed_at)
    return next((receipt for receipt in asked if not queries.is_of_a_step(connection, receipt.id)), None)


def _is_wanted(connection: Connection, step: Step, zone: tzinfo, now: datetime) -> bool:
    """Whether the rules still want it; a step they do not want has ended."""
    rules = queries.active_rules(connection, step.charger_id, zone)
    timer = queries.find_timer(connection, step.timer_id) if step.timer_id else None
    lets_charge = step.action is Action.RESUME
    rule = rules.wants(step.cause, lets_charge, now, timer)
    pressed = rules.pressed or queries.last_pressed(connection, step.charger_id)
    if pressed and pressed.at > step.due_at:
        rule = Rule(Ruler.PERSON, pressed.action is Action.RESUME)
    elif rule.is_open is lets_charge:
        return True
    end(connection, step, now, StepOutcome.NOTHING, reason=rule.ruler.value, is_silent=step.cause is Cause.ARRIVAL)
    return False


def _carry_out(services: Services, step: Step, wait_s: float) -> Press | None:
    snapshot = snapshots.fresh(services, step.charger_id)
    now = services.now()
    situation = situation_now(services, step.charger_id, snapshot)
    refusal = situation.refusals.get(step.action)
    with services.database.reading() as connection:
        last = receipts.latest(connection, step.charger_id)
    # While another command is under way the state may still say what was so before it: that waits for its end.
    is_settled = last is None or not last.is_under_way
    is_fresh = not snapshot.is_older_than(snapshots.CACHED_BY_ZAPTEC, now)
    if is_fresh and is_settled and (pointless := _pointless(situation.name, step.action, refusal)):
        with services.database.writing() as connection:
            is_silent = step.cause is Cause.START and step.action is Action.PAUSE  # a skip: the edge has a line
            end(connection, step, now, StepOutcome.NOTHING, reason=pointless, is_silent=is_silent)
        return Press(refusal=refusal)
    if now - step.due_at > TOO_LATE:
        with services.database.writing() as connection:
            if step.tries:
                end(connection, step, now, StepOutcome.FAILED, reason=step.reason, remedy=step.remedy)
            else:
                end(connection, step, now, StepOutcome.MISSED)
        return None
    asker = Asker(step.member_name, step.member_id, step.origin)
    press = pressing.press(services, step.charger_id, step.action, asker, wait_s=wait_s)
    _note(services, step, press)
    return press


def _pointless(name: SituationName, action: Action, refusal: Refusal | None) -> str | None:
    """Why there is nothing to do and nothing wrong, as a code."""
    if name is SituationName.WAITING_AUTHORISATION:  # such a car is left alone
        return Reason.WAITING_AUTHORISATION.value
    if name is SituationName.FINISHED and action is Action.PAUSE:
        return Reason.FINISHED.value
    if refusal and (refusal.is_already_so or refusal.is_pointless):
        return refusal.reason.value
    return None


def _note(services: Services, step: Step, press: Press) -> None:
    """Write down what a press came to: a receipt to look at, or a refusal."""
    now = services.now()
    if press.was_under_way:
        with services.database.writing() as connection:
            is_other = press.receipt is not None and press.receipt.action is not step.action
            if is_other and confirmation.is_press(connection, step):  # no press waits for another
                refusal = Refusal.because(Reason.COMMAND_UNDER_WAY)
                end(connection, step, now, StepOutcome.FAILED, reason=refusal.reason, remedy=refusal.remedy)
            else:  # when somebody else's has ended, ours is checked anew
                _look(connection, step, now + LOOK_AGAIN)
    elif press.receipt is not None:
        with services.database.writing() as connection:
            _look(connection, step, now + LOOK_AGAIN, receipt_id=press.receipt.id)
        if not press.receipt.is_under_way:
            _judge(services, step, press.receipt, now)
    elif press.refusal is not None:
        with services.database.writing() as connection:
            _try_again(connection, step, now, press.refusal.reason.value, press.refusal.remedy.value)


def _judge(services: Services, step: Step, receipt: Receipt, now: datetime) -> None:
    """Follow the receipt: still waiting, done, or to be tried again."""
    with services.database.writing() as connection:
        if receipt.is_under_way:
            _look(connection, step, now + LOOK_AGAIN, receipt_id=receipt.id)
        elif receipt.outcome == CONFIRMED:
            if end(connection, step, now, StepOutcome.DONE) and receipt.asked_at - step.due_at > LATE_AFTER:
                _write_line(connection, step, now, "late")
        elif receipt.outcome == REFUSED and receipt.reason == INTERRUPTED:
            # Our own death, not the charger's refusal: nothing was sent, so it does not count.
            _look(connection, step, now, receipt_id=None, claimed_at=None)
        elif receipt.outcome == REFUSED:
            _try_again(connection, step, now, receipt.reason or "", receipt.remedy)
        else:
            _try_again(connection, step, now, "not_confirmed", None)


def _try_again(connection: Connection, step: Step, now: datetime, reason: str, remedy: str | None) -> None:
    """Later, if it has not been tried often enough; what is already so, or pointless, has ended."""
    if reason in set(Reason) and _pointless(SituationName.UNKNOWN, step.action, Refusal.because(Reason(reason))):
        end(connection, step, now, StepOutcome.NOTHING, reason=reason)
    elif step.tries < len(TRY_AGAIN_AFTER) and not confirmation.is_press(connection, step):
        at = now + TRY_AGAIN_AFTER[step.tries]
        values = {"tries": step.tries + 1, "reason": reason, "remedy": remedy}
        _look(connection, step, at, receipt_id=None, claimed_at=None, **values)
    else:
        end(connection, step, now, StepOutcome.FAILED, reason=reason, remedy=remedy)


def _look(connection: Connection, step: Step, at: datetime, **values: object) -> None:
    connection.execute(
        update(step_table)
        .where(step_table.c.id == step.id, step_table.c.ended_at.is_(None))
        .values(look_at=at, **values)
    )


def end(
    connection: Connection,
    step: Step,
    now: datetime,
    outcome: StepOutcome,
    *,
    reason: str | None = None,
    remedy: str | None = None,
    is_silent: bool = False,
) -> bool:
    """End a step, and with its last one its timer; only whoever really ends it writes a line.

    A timer that is taken back has a line of its own.
    """
    is_trouble = outcome in (StepOutcome.FAILED, StepOutcome.MISSED)
    values = {"outcome": outcome.value, "reason": reason, "remedy": remedy, "is_trouble": is_trouble}
    chargers.touch(connection, step.charger_id)  # first: everybody locks the charger's row before others
    ended = connection.execute(
        update(step_table)
        .where(step_table.c.id == step.id, step_table.c.ended_at.is_(None))
        .values(ended_at=now, look_at=None, **values)
    )
    if not ended.rowcount:
        return False
    if step.cause is Cause.END:
        connection.execute(
            update(timer_table)
            .where(timer_table.c.id == step.timer_id, timer_table.c.ended_at.is_(None))
            .values(ended_at=now)
        )
    was_taken_back = confirmation.follow(connection, step, now, reason, is_done=outcome is StepOutcome.DONE)
    # What has been done or was not needed speaks louder than what once failed; so does a newer failure.
    queries.end_trouble(connection, step.charger_id, step_table.c.id != step.id)
    is_told = step.cause is Cause.SET and outcome is StepOutcome.NOTHING  # by the line of its timer
    if outcome is not StepOutcome.DONE and not is_silent and not is_told and not was_taken_back:
        _write_line(connection, step, now, outcome.value, reason)
    return True


def _write_line(connection: Connection, step: Step, now: datetime, outcome: str, reason: str | None = None) -> None:
    """The line of a step; what was sent has the command's own line besides."""
    activity_log.record(
        connection,
        at=now,
        kind=LineKind.PLAN_STEP,
        member=step.author,
        charger_id=step.charger_id,
        origin=step.origin,
        details={
            "action": step.action.value,
            "outcome": outcome,
            "reason": reason,
            "due_at": step.due_at.isoformat(),
        },
    )
