"""How a step is done: taken in hand by one process, checked, pressed, judged by its receipt, tried again.

Each stage is written down before the next. Whoever takes a step moves its `look_at` with one conditional
UPDATE; if that process dies, the claim lapses and the next one goes on from what is written. A command that
was sent in between is found again by its charger, action, origin and time, so it is never sent twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection, bindparam, select, update

from dashboard import background
from dashboard.charger import chargers, receipts, snapshots
from dashboard.charger import press as pressing
from dashboard.charger.press import ASKER_MAY_NOT, Asker, Press
from dashboard.charger.receipt import CONFIRMED, INTERRUPTED, NOT_CONFIRMED, REFUSED, Receipt
from dashboard.charger.snapshots import Snapshot
from dashboard.charger.view import situation_now
from dashboard.plan import active_rules, confirmation, outages, queries
from dashboard.plan.outages import OUTAGES, Waiting
from dashboard.plan.queries import CLAIM, Step
from dashboard.plan.rules import Cause, Rule, Ruler
from dashboard.plan.step_outcome import StepOutcome, end, look_again, write_line
from dashboard.plan.tables import step_table
from dashboard.services import Services
from zaptec.charger import ChargerState
from zaptec.commands import Action, had_its_chance
from zaptec.modes import OperationMode
from zaptec.situation import Reason, Refusal, SituationName

log = logging.getLogger(__name__)
LOOK_AGAIN = timedelta(seconds=5)
LOOK_AGAIN_SELDOM = timedelta(minutes=2)  # at a command whose fate stays unknown
TRY_AGAIN_AFTER = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))
LATE_AFTER = timedelta(minutes=2)
_DUE = (
    select(step_table)
    .where(step_table.c.look_at <= bindparam("now"))
    .order_by(step_table.c.due_at, step_table.c.id)
)


def due(connection: Connection, now: datetime) -> list[Step]:
    """The steps somebody has to take in hand now, in the order in which they should happen."""
    return [Step.from_row(row) for row in connection.execute(_DUE, {"now": now})]


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


def take(services: Services, step: Step, zone: tzinfo, *, wait_s: float = 0) -> Press | Waiting | None:
    """Do what a claimed step needs next. The press it led to, if it came to one, or what it waits for."""
    now = services.now()
    with services.database.writing() as connection:
        sent = _sent(connection, step)
        if sent is not None:
            return _judge(connection, step, sent, now)
        if not _is_wanted(connection, step, zone, now):
            return None
    return _carry_out(services, step, wait_s)


def take_at_once(services: Services, step: Step, zone: tzinfo) -> Press | Waiting | None:
    """Do what somebody has just set, waiting a moment; None where that takes longer, or nothing came of it."""
    future = services.presses.start(lambda: take(services, step, zone, wait_s=background.A_PAGE_WAITS_S))
    return future.result() if background.ends_soon(future) else None


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
    rules = active_rules.read(connection, step.charger_id, zone, now)
    timer = queries.find_timer(connection, step.timer_id) if step.timer_id else None
    lets_charge = step.action is Action.RESUME
    rule = rules.wants(step.cause, lets_charge, now, timer)
    pressed = rules.pressed or queries.last_pressed(connection, step.charger_id, now)
    if pressed and pressed.at > step.due_at:
        rule = Rule(Ruler.PERSON, pressed.action is Action.RESUME)
    elif rule.is_open is lets_charge:
        return True
    _end_unwanted(connection, step, rule, now)
    return False


def _end_unwanted(connection: Connection, step: Step, rule: Rule, now: datetime) -> None:
    """End what the rules do not want any more; what an outage has held up until now was missed."""
    if step.reason in OUTAGES and rule.ruler is not Ruler.PERSON:
        end(connection, step, now, StepOutcome.MISSED, reason=step.reason, is_overruled=True)
    else:
        is_silent = step.cause is Cause.ARRIVAL
        end(connection, step, now, StepOutcome.NOTHING, reason=rule.ruler.value, is_silent=is_silent)


def _carry_out(services: Services, step: Step, wait_s: float) -> Press | Waiting | None:
    snapshot = snapshots.fresh(services, step.charger_id)
    now = services.now()
    situation = situation_now(services, step.charger_id, snapshot)
    refusal = situation.refusals.get(step.action)
    reason = outages.outage(snapshot, refusal, now)
    with services.database.writing() as connection:
        is_press = confirmation.is_press(connection, step)
        last = receipts.latest(connection, step.charger_id)
        # Of a command under way, or one whose fate is not known yet, the state may still say what was before it.
        awaits_news = _awaits_news(last, snapshot.state, now) and not is_press
        is_settled = not awaits_news and (last is None or not last.is_under_way)
        if reason is None and is_settled and (pointless := _pointless(situation.name, step.action, refusal)):
            _end_pointless(connection, step, now, pointless)
            return Press(refusal=refusal)
        if reason and not is_press and _was_without_car(snapshot):
            _end_pointless(connection, step, now, Reason.NOT_PLUGGED_IN.value)
            return None
        if now - step.due_at >= outages.GIVEN_UP_AFTER:
            _give_up(connection, step, now, reason)
            return None
        if reason and not is_press:  # who presses is told at once, and presses again
            return outages.wait(connection, step, now, reason)
        if awaits_news:
            look_again(connection, step, now + LOOK_AGAIN_SELDOM)
            return None
    is_set_now = step.cause is Cause.SET and step.member_id is not None
    asker = Asker(step.member_name, step.member_id, step.origin, has_just_set_it=is_set_now)
    press = pressing.press(services, step.charger_id, step.action, asker, wait_s=wait_s)
    return _note(services, step, press)


def _awaits_news(last: Receipt | None, state: ChargerState | None, now: datetime) -> bool:
    """Whether the pause that was sent last may have come about unseen: all that is known of the charger is older.

    Zaptec's news has been 20 minutes late. A resume is not waited for: a charger that is paused may have nothing to
    report for hours, and one that is resumed twice does no harm.
    """
    if last is None or state is None or last.action is not Action.PAUSE or last.outcome != NOT_CONFIRMED:
        return False
    return now - last.counts_from < outages.GIVEN_UP_AFTER and not had_its_chance(last.as_sent(), state)


def _was_without_car(snapshot: Snapshot) -> bool:
    """Whether there was no car when the charger was last heard of: one that comes meanwhile is seen to arrive."""
    return snapshot.state is not None and snapshot.state.mode is OperationMode.DISCONNECTED


def _end_pointless(connection: Connection, step: Step, now: datetime, reason: str) -> None:
    is_silent = step.cause is Cause.START and step.action is Action.PAUSE  # a skip: the edge has a line
    end(connection, step, now, StepOutcome.NOTHING, reason=reason, is_silent=is_silent)


def _give_up(connection: Connection, step: Step, now: datetime, outage: str | None) -> None:
    """Too late for it: what was not possible is missed, what the charger did not do has failed."""
    reason = outage or step.reason
    if step.tries and reason not in OUTAGES:
        end(connection, step, now, StepOutcome.FAILED, reason=reason, remedy=step.remedy)
    else:
        end(connection, step, now, StepOutcome.MISSED, reason=reason)


def _pointless(name: SituationName, action: Action, refusal: Refusal | None) -> str | None:
    """Why there is nothing to do and nothing wrong, as a code."""
    if name is SituationName.WAITING_AUTHORISATION:  # such a car is left alone
        return Reason.WAITING_AUTHORISATION.value
    if name is SituationName.FINISHED and action is Action.PAUSE:
        return Reason.FINISHED.value
    if refusal and (refusal.is_already_so or refusal.is_pointless):
        return refusal.reason.value
    return None


def _note(services: Services, step: Step, press: Press) -> Press | Waiting:
    """Write down what a press came to: a receipt to look at, or a refusal."""
    now = services.now()
    with services.database.writing() as connection:
        if press.was_under_way:
            is_other = press.receipt is not None and press.receipt.action is not step.action
            if is_other and confirmation.is_press(connection, step):  # no press waits for another
                refusal = Refusal.because(Reason.COMMAND_UNDER_WAY)
                end(connection, step, now, StepOutcome.FAILED, reason=refusal.reason, remedy=refusal.remedy)
            else:  # when somebody else's has ended, ours is checked anew
                look_again(connection, step, now + LOOK_AGAIN)
        elif press.receipt is not None:
            look_again(connection, step, now + LOOK_AGAIN, receipt_id=press.receipt.id)
            if not press.receipt.is_under_way:
                return _judge(connection, step, press.receipt, now) or press
        elif press.refusal is not None:
            reason, remedy = press.refusal.reason.value, press.refusal.remedy.value
            return _try_again(connection, step, now, reason, remedy) or press
    return press


def _judge(connection: Connection, step: Step, receipt: Receipt, now: datetime) -> Waiting | None:
    """Follow the receipt: still waiting, done, or to be tried again."""
    if receipt.is_under_way:
        pause = min(max(LOOK_AGAIN, (now - receipt.asked_at) / 10), LOOK_AGAIN_SELDOM)
        look_again(connection, step, now + pause, receipt_id=receipt.id)
    elif receipt.outcome == CONFIRMED:
        if end(connection, step, now, StepOutcome.DONE) and receipt.asked_at - step.due_at > LATE_AFTER:
            write_line(connection, step, now, "late")
    elif receipt.outcome == REFUSED and receipt.reason == INTERRUPTED:
        # Our own death, not the charger's refusal: nothing was sent, so it does not count.
        look_again(connection, step, now, receipt_id=None, claimed_at=None)
    elif receipt.outcome == REFUSED:
        return _try_again(connection, step, now, receipt.reason or "", receipt.remedy)
    else:
        return _try_again(connection, step, now, "not_confirmed", None)
    return None


def _try_again(
    connection: Connection, step: Step, now: datetime, reason: str, remedy: str | None
) -> Waiting | None:
    """Later: after an outage when that is over, else a few times; what is already so, or pointless, has ended."""
    is_press = confirmation.is_press(connection, step)
    if reason in set(Reason) and _pointless(SituationName.UNKNOWN, step.action, Refusal.because(Reason(reason))):
        end(connection, step, now, StepOutcome.NOTHING, reason=reason)
    elif reason in OUTAGES and not is_press:
        return outages.wait(connection, step, now, reason)
    elif step.tries < len(TRY_AGAIN_AFTER) and not is_press and reason != ASKER_MAY_NOT:
        at = now + TRY_AGAIN_AFTER[step.tries]
        values = {"tries": step.tries + 1, "reason": reason, "remedy": remedy}
        chargers.touch(connection, step.charger_id)
        look_again(connection, step, at, receipt_id=None, claimed_at=None, **values)
    else:
        end(connection, step, now, StepOutcome.FAILED, reason=reason, remedy=remedy)
    return None
