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
from dashboard.charger import chargers, receipts, snapshots
from dashboard.charger import press as pressing
from dashboard.charger.press import Asker, Press
from dashboard.charger.receipts import CONFIRMED, INTERRUPTED, REFUSED, Receipt
from dashboard.charger.tables import command
from dashboard.plan import store, taken
from dashboard.plan.rules import Cause, Rule, Ruler
from dashboard.plan.store import Step
from dashboard.plan.tables import step, timer
from dashboard.services import Services
from zaptec.commands import Action
from zaptec.situation import Reason, Refusal, SituationName

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=2)
LOOK_AGAIN = timedelta(seconds=5)
TRY_AGAIN_AFTER = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))
LATE_AFTER = timedelta(minutes=2)
TOO_LATE = timedelta(hours=1)
CLOCK_SET_BACK = timedelta(minutes=5)  # what was claimed so far in the future was claimed by a wrong clock


class Outcome(StrEnum):
    DONE = "done"
    NOTHING = "nothing_to_do"
    FAILED = "failed"
    MISSED = "missed"
    DROPPED = "dropped"


def due(connection: Connection, now: datetime) -> list[Step]:
    """The steps somebody has to take in hand now, in the order in which they should happen."""
    is_due = or_(step.c.look_at <= now, (step.c.look_at.is_not(None)) & (step.c.claimed_at > now + CLOCK_SET_BACK))
    question = select(step).where(is_due).order_by(step.c.due_at, step.c.id)
    return [Step.from_row(row) for row in connection.execute(question)]


def claim(connection: Connection, wanted: Step, now: datetime) -> bool:
    """Take a step in hand; of all processes that see it due, one gets it."""
    same = step.c.look_at == wanted.look_at
    return bool(
        connection.execute(
            update(step).where(step.c.id == wanted.id, same).values(look_at=now + CLAIM, claimed_at=now)
        ).rowcount
    )


def take(house: Services, wanted: Step, zone: tzinfo, *, wait_s: float = 0) -> Press | None:
    """Do what a claimed step needs next. The press it led to, if it came to one."""
    now = house.now()
    with house.database.reading() as connection:
        sent = _sent(connection, wanted)
    if sent is not None:
        _judge(house, wanted, sent, now)
        return None
    with house.database.writing() as connection:
        if not _is_wanted(connection, wanted, zone, now):
            return None
    return _carry_out(house, wanted, wait_s)


def _sent(connection: Connection, wanted: Step) -> Receipt | None:
    """The command this step has sent; also one that a process sent that died before it could write it down."""
    if wanted.receipt_id is not None:
        return receipts.get(connection, wanted.receipt_id)
    if wanted.claimed_at is None:
        return None
    found = connection.execute(
        select(command.c.id)
        .where(
            command.c.charger_id == wanted.charger_id,
            command.c.action == wanted.action,
            command.c.origin == wanted.origin,
            command.c.asked_at >= wanted.claimed_at,
            command.c.id.not_in(select(step.c.receipt_id).where(step.c.receipt_id.is_not(None))),
        )
        .order_by(command.c.id.desc())
        .limit(1)
    ).scalar()
    return receipts.get(connection, found) if found else None


def _is_wanted(connection: Connection, wanted: Step, zone: tzinfo, now: datetime) -> bool:
    """Whether the rules still want it; a step they do not want has ended."""
    standing = store.standing(connection, wanted.charger_id, zone)
    own = store.find_timer(connection, wanted.timer_id) if wanted.timer_id else None
    is_open = wanted.action is Action.RESUME
    rule = standing.wants(wanted.cause, is_open, now, own)
    pressed = standing.pressed or store.last_pressed(connection, wanted.charger_id)
    if pressed and pressed.at > wanted.due_at:
        rule = Rule(Ruler.PERSON, pressed.action is Action.RESUME)
    elif rule.is_open is is_open:
        return True
    end(connection, wanted, now, Outcome.NOTHING, reason=rule.ruler.value, is_silent=wanted.cause is Cause.ARRIVAL)
    return False


def _carry_out(house: Services, wanted: Step, wait_s: float) -> Press | None:
    known = snapshots.fresh(house, wanted.charger_id)
    now = house.now()
    found = pressing.check(house, wanted.charger_id, known)
    refusal = found.refusals.get(wanted.action)
    with house.database.reading() as connection:
        last = receipts.latest(connection, wanted.charger_id)
    # While another command is under way the state may still say what was so before it: that waits for its end.
    is_settled = last is None or not last.is_under_way
    is_fresh = not known.is_older_than(snapshots.CACHED_BY_ZAPTEC, now)
    if is_fresh and is_settled and (pointless := _pointless(found.name, wanted.action, refusal)):
        with house.database.writing() as connection:
            is_silent = wanted.cause is Cause.START and wanted.action is Action.PAUSE  # a skip: the edge has a line
            end(connection, wanted, now, Outcome.NOTHING, reason=pointless, is_silent=is_silent)
        return Press(refusal=refusal)
    if now - wanted.due_at > TOO_LATE:
        with house.database.writing() as connection:
            if wanted.tries:
                end(connection, wanted, now, Outcome.FAILED, reason=wanted.reason, remedy=wanted.remedy)
            else:
                end(connection, wanted, now, Outcome.MISSED)
        return None
    asker = Asker(wanted.member_name, wanted.member_id, wanted.origin)
    done = pressing.press(house, wanted.charger_id, wanted.action, asker, wait_s=wait_s)
    _note(house, wanted, done)
    return done


def _pointless(name: SituationName, action: Action, refusal: Refusal | None) -> str | None:
    """Why there is nothing to do and nothing wrong, as a code."""
    if name is SituationName.WAITING_AUTHORISATION:  # such a car is left alone
        return Reason.WAITING_AUTHORISATION.value
    if name is SituationName.FINISHED and action is Action.PAUSE:
        return Reason.FINISHED.value
    if refusal and (refusal.is_already_so or refusal.is_pointless):
        return refusal.reason.value
    return None


def _note(house: Services, wanted: Step, done: Press) -> None:
    """Write down what a press came to: a receipt to look at, or a refusal."""
    now = house.now()
    if done.was_under_way:
        with house.database.writing() as connection:
            is_other = done.receipt is not None and done.receipt.action is not wanted.action
            if is_other and taken.is_press(connection, wanted):  # no press waits for another
                refusal = Refusal.because(Reason.COMMAND_UNDER_WAY)
                end(connection, wanted, now, Outcome.FAILED, reason=refusal.reason, remedy=refusal.remedy)
            else:  # when somebody else's has ended, ours is checked anew
                _look(connection, wanted, now + LOOK_AGAIN)
    elif done.receipt is not None:
        with house.database.writing() as connection:
            _look(connection, wanted, now + LOOK_AGAIN, receipt_id=done.receipt.id)
        if not done.receipt.is_under_way:
            _judge(house, wanted, done.receipt, now)
    elif done.refusal is not None:
        with house.database.writing() as connection:
            _try_again(connection, wanted, now, done.refusal.reason.value, done.refusal.remedy.value)


def _judge(house: Services, wanted: Step, receipt: Receipt, now: datetime) -> None:
    """Follow the receipt: still waiting, done, or to be tried again."""
    with house.database.writing() as connection:
        if receipt.is_under_way:
            _look(connection, wanted, now + LOOK_AGAIN, receipt_id=receipt.id)
        elif receipt.outcome == CONFIRMED:
            if end(connection, wanted, now, Outcome.DONE) and receipt.asked_at - wanted.due_at > LATE_AFTER:
                _write_line(connection, wanted, now, "late")
        elif receipt.outcome == REFUSED and receipt.reason == INTERRUPTED:
            # Our own death, not the charger's refusal: nothing was sent, so it does not count.
            _look(connection, wanted, now, receipt_id=None, claimed_at=None)
        elif receipt.outcome == REFUSED:
            _try_again(connection, wanted, now, receipt.reason or "", receipt.remedy)
        else:
            _try_again(connection, wanted, now, "not_confirmed", None)


def _try_again(connection: Connection, wanted: Step, now: datetime, reason: str, remedy: str | None) -> None:
    """Later, if it has not been tried often enough; what is already so, or pointless, has ended."""
    if reason in set(Reason) and _pointless(SituationName.UNKNOWN, wanted.action, Refusal.because(Reason(reason))):
        end(connection, wanted, now, Outcome.NOTHING, reason=reason)
    elif wanted.tries < len(TRY_AGAIN_AFTER) and not taken.is_press(connection, wanted):
        at = now + TRY_AGAIN_AFTER[wanted.tries]
        values = {"tries": wanted.tries + 1, "reason": reason, "remedy": remedy}
        _look(connection, wanted, at, receipt_id=None, claimed_at=None, **values)
    else:
        end(connection, wanted, now, Outcome.FAILED, reason=reason, remedy=remedy)


def _look(connection: Connection, wanted: Step, at: datetime, **values: object) -> None:
    connection.execute(
        update(step).where(step.c.id == wanted.id, step.c.ended_at.is_(None)).values(look_at=at, **values)
    )


def end(
    connection: Connection,
    wanted: Step,
    now: datetime,
    outcome: Outcome,
    *,
    reason: str | None = None,
    remedy: str | None = None,
    is_silent: bool = False,
) -> bool:
    """End a step, and with its last one its timer; only whoever really ends it writes a line.

    A timer that is taken back has a line of its own.
    """
    is_trouble = outcome in (Outcome.FAILED, Outcome.MISSED)
    values = {"outcome": outcome.value, "reason": reason, "remedy": remedy, "is_trouble": is_trouble}
    chargers.touch(connection, wanted.charger_id)  # first: everybody locks the charger's row before others
    ended = connection.execute(
        update(step)
        .where(step.c.id == wanted.id, step.c.ended_at.is_(None))
        .values(ended_at=now, look_at=None, **values)
    )
    if not ended.rowcount:
        return False
    if wanted.cause is Cause.END:
        connection.execute(
            update(timer).where(timer.c.id == wanted.timer_id, timer.c.ended_at.is_(None)).values(ended_at=now)
        )
    was_taken_back = taken.follow(connection, wanted, now, reason, is_done=outcome is Outcome.DONE)
    # What has been done or was not needed speaks louder than what once failed; so does a newer failure.
    store.end_trouble(connection, wanted.charger_id, step.c.id != wanted.id)
    is_told = wanted.cause is Cause.SET and outcome is Outcome.NOTHING  # by the line of its timer
    if outcome is not Outcome.DONE and not is_silent and not is_told and not was_taken_back:
        _write_line(connection, wanted, now, outcome.value, reason)
    return True


def _write_line(
    connection: Connection, wanted: Step, now: datetime, outcome: str, reason: str | None = None
) -> None:
    """The line of a step; what was sent has the command's own line besides."""
    activity_log.record(
        connection,
        at=now,
        kind="plan_step",
        member=wanted.author,
        charger_id=wanted.charger_id,
        origin=wanted.origin,
        details={
            "action": wanted.action.value,
            "outcome": outcome,
            "reason": reason,
            "due_at": wanted.due_at.isoformat(),
        },
    )
