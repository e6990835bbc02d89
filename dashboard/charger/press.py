"""A press of a button, from the check to the command leaving for Zaptec; and the looks that follow.

The same way is taken by a page, a timer and the plan.
"""

from __future__ import annotations

import json
import logging
from concurrent.futures import wait as wait_for_future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import sleep

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from dashboard.charger import chargers, receipts, snapshots
from dashboard.charger.account import failure_code
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.receipt import REFUSED, Receipt
from dashboard.charger.snapshots import Snapshot
from dashboard.household import actor
from dashboard.services import Services
from dashboard.web.access import Role
from zaptec.commands import WATCH_AFTER_S, Action, Baseline
from zaptec.errors import CommandRefused, MalformedRequest, NotUnderstood, TryLater, ZaptecError
from zaptec.reasons import ALREADY_SO
from zaptec.situation import Reason, Refusal, Situation, situation

log = logging.getLogger(__name__)
A_PRESS_WAITS_S = 1.0
WORKER_LEASE = timedelta(seconds=90)
ANSWER_WITHIN = timedelta(seconds=55)  # by then the time-outs have ended the waiting, or a crash has
LONGEST_QUEUE = timedelta(seconds=15)
LONGEST_RETRY_AFTER_S = 10.0
OWNERS_ACTIONS = (Action.DEAUTHORIZE, Action.RESTART)
FAILURE_REMEDIES = {"sign_in_rejected": "ask_owner", "no_access": "ask_owner", "unknown_charger": "ask_owner"}


@dataclass(frozen=True)
class Press:
    """What a press came to.

    Attributes:
        receipt: the command's receipt, ours or the one that was under way already.
        refusal: why nothing was sent, where no receipt tells it.
        was_under_way: another press was first; `receipt` is that one's.
    """

    receipt: Receipt | None = None
    refusal: Refusal | None = None
    was_under_way: bool = False


@dataclass(frozen=True)
class Known:
    """What is known of a charger when somebody presses."""

    charger: HouseholdCharger
    snapshot: Snapshot

    def is_old(self, now: datetime) -> bool:
        """Whether it is too old to check a command against."""
        return self.snapshot.is_older_than(snapshots.CACHED_BY_ZAPTEC, now)

    def situation(self, now: datetime) -> Situation:
        """The situation without any command of ours."""
        is_forbidden = self.snapshot.failure == "no_access"
        return situation(self.charger.as_listed, self.snapshot.state, now, is_forbidden=is_forbidden)


@dataclass(frozen=True)
class Asker:
    """Who asks: a member on a page, or a timer or the plan on somebody's behalf."""

    name: str | None
    member_id: int | None = None
    origin: str = "page"


def press(
    services: Services, charger_id: str, action: Action, asker: Asker, *, wait_s: float = A_PRESS_WAITS_S
) -> Press:
    """Ask the charger for something; waits a moment for Zaptec, then goes on in the background.

    Raises:
        LookupError: there is no such charger.
    """
    try:
        with services.database.writing() as connection:
            _confirm(connection, asker)
            known = _known(connection, charger_id)
            if pressed := _without_asking(connection, known, action, asker, services.now()):
                return pressed
            receipt = _write_down(connection, charger_id, action, asker, services.now())
    except IntegrityError:  # somebody else's press came in between
        with services.database.reading() as connection:
            return Press(receipts.latest(connection, charger_id), was_under_way=True)
    future = services.presses.start(lambda: carry_out(services, receipt, known))
    wait_for_future([future], timeout=wait_s)
    with services.database.reading() as connection:
        pressed_receipt = receipts.get(connection, receipt.id)
    if pressed_receipt and pressed_receipt.outcome == REFUSED and pressed_receipt.reason in ALREADY_SO:
        return Press(refusal=Refusal.because(Reason(pressed_receipt.reason)))
    return Press(pressed_receipt)


def _known(connection: Connection, charger_id: str) -> Known:
    """What is known of a charger.

    Raises:
        LookupError: there is no such charger.
    """
    charger = chargers.find(connection, charger_id)
    snapshot = snapshots.read(connection, charger_id)
    if charger is None or snapshot is None:
        raise LookupError(charger_id)
    return Known(charger, snapshot)


def _without_asking(
    connection: Connection, known: Known, action: Action, asker: Asker, now: datetime
) -> Press | None:
    """What a press comes to where the charger is not to be asked; None where it is."""
    if not known.charger.is_listed:
        return Press(refusal=Refusal.because(Reason.NO_ACCESS))
    last = receipts.latest(connection, known.charger.id)
    if last is not None and last.is_under_way:
        receipts.end_interrupted(connection, now)
        last = receipts.latest(connection, known.charger.id)
    if last is not None and last.is_under_way:
        return Press(last, was_under_way=True)
    if known.is_old(now):
        return None
    refusal = known.situation(now).refusals.get(action)
    if refusal and refusal.is_already_so and asker.origin == "page":
        _keep_wish(connection, known.charger.id, action, asker, now, refusal)
    return Press(refusal=refusal) if refusal else None


def _confirm(connection: Connection, asker: Asker) -> None:
    """Whoever pressed may have been demoted or removed since the request came in; a timer and the plan go on."""
    if asker.origin == "page":
        actor.confirm(connection)


def _write_down(connection: Connection, charger_id: str, action: Action, asker: Asker, now: datetime) -> Receipt:
    return _record(connection, charger_id, action, asker, now, worker_until=now + WORKER_LEASE)


def _keep_wish(
    connection: Connection, charger_id: str, action: Action, asker: Asker, now: datetime, refusal: Refusal
) -> None:
    """What somebody wants and is so already is no receipt, but it is what a person wants of timers and plan."""
    _record(connection, charger_id, action, asker, now, ended_at=now, outcome=REFUSED, reason=refusal.reason.value)


def _record(
    connection: Connection, charger_id: str, action: Action, asker: Asker, now: datetime, **standing: object
) -> Receipt:
    who = {"origin": asker.origin, "member_id": asker.member_id, "member_name": asker.name}
    return receipts.add(connection, charger_id, action, now, **who, **standing)


def carry_out(services: Services, receipt: Receipt, known: Known) -> None:
    """Check, send once, and begin to watch. Every end is written on the receipt."""
    if services.now() - receipt.asked_at > LONGEST_QUEUE:  # a command is never queued for later
        _refuse(services, receipt, "too_busy", "press_again")
        return
    try:
        if _check(services, receipt, known):
            _send(services, receipt)
    except BaseException:
        with services.database.writing() as connection:  # a mistake of ours: only what was not sent may be given up
            receipts.let_go(connection, receipt.id, services.now())
        raise


def _check(services: Services, receipt: Receipt, known: Known) -> bool:
    """Check against a fresh state, and write down what the charger said before anything is sent."""
    if known.is_old(services.now()):
        known = _asked_again(services, receipt.charger_id)
    now = services.now()
    if known.is_old(now):
        _refuse(services, receipt, known.snapshot.failure or "timed_out")
        return False
    if refusal := known.situation(now).refusals.get(receipt.action):
        _refuse(services, receipt, refusal.reason, refusal.remedy)
        return False
    state = known.snapshot.state
    baseline = json.dumps(Baseline.from_state(state).to_record()) if state else None
    with services.database.writing() as connection:
        if not _may_still(connection, receipt):
            receipts.end(connection, receipt, now, REFUSED, reason="asker_may_not")
            return False
        is_ours = receipts.note_sending(
            connection,
            receipt.id,
            sent_at=now,
            worker_until=now + ANSWER_WITHIN,
            baseline=baseline,
            look_at=now + timedelta(seconds=WATCH_AFTER_S[0]),
        )
        if is_ours:
            with suppress(TryLater):  # Zaptec wants to be left alone, which the sending will find too
                services.account.turns.reserve(connection, f"command {receipt.action.command}")
        return is_ours


def _asked_again(services: Services, charger_id: str) -> Known:
    """What is known once Zaptec has been asked; old still where it could not be."""
    snapshot = snapshots.fresh(services, charger_id)
    with services.database.reading() as connection:
        return replace(_known(connection, charger_id), snapshot=snapshot)


def _may_still(connection: Connection, receipt: Receipt) -> bool:
    """Whether whoever pressed may still do so: a demotion or removal voids what has not been sent."""
    role = Role.OWNER if receipt.action in OWNERS_ACTIONS else Role.MEMBER
    return receipt.origin != "page" or actor.still_may(connection, receipt.member_id, role)


def check(services: Services, charger_id: str, known: snapshots.Snapshot) -> Situation:
    """The situation as it is without any command of ours.

    Raises:
        LookupError: there is no such charger.
    """
    with services.database.reading() as connection:
        charger = chargers.find(connection, charger_id)
    if charger is None:
        raise LookupError(charger_id)
    return Known(charger, known).situation(services.now())


def _send(services: Services, receipt: Receipt, *, again: bool = False) -> None:
    client = services.account.client
    send = {
        Action.PAUSE: client.pause,
        Action.RESUME: client.resume,
        Action.DEAUTHORIZE: client.deauthorize_and_stop,
        Action.RESTART: client.restart,
    }[receipt.action]
    try:
        send(receipt.charger_id)
    except CommandRefused:
        snapshots.ask(services, receipt.charger_id, patient=False)
        refusal = _why(services, receipt)
        _refuse(services, receipt, refusal.reason if refusal else "refused_by_zaptec", refusal and refusal.remedy)
    except TryLater as error:
        if not error.was_not_carried_out:
            log.info(
                "command %s: no answer, its fate is unknown until the charger shows it",
                receipt.action.command,
            )
            _stop_waiting(services, receipt)  # it may have happened: the looks will tell
            return
        if again or error.cause != "rate_limited" or (error.retry_after_s or 1) > LONGEST_RETRY_AFTER_S:
            _refuse(services, receipt, error.cause)
        else:
            _send_once_more(services, receipt, error.retry_after_s or 1)
    except MalformedRequest as error:
        _refuse(services, receipt, failure_code(error))
    except NotUnderstood:
        _stop_waiting(services, receipt)  # whatever it was, it may have happened
    except ZaptecError as error:
        code = failure_code(error)
        _refuse(services, receipt, code, FAILURE_REMEDIES.get(code))
    else:
        with services.database.writing() as connection:
            receipts.change(connection, receipt.id, accepted_at=services.now(), worker_until=None)


def _stop_waiting(services: Services, receipt: Receipt) -> None:
    """There will be no answer to this command; from now on only the charger can tell."""
    with services.database.writing() as connection:
        receipts.change(connection, receipt.id, worker_until=None)


def _send_once_more(services: Services, receipt: Receipt, wait_s: float) -> None:
    """Zaptec turned it away unread (429): once more after the wait it asked for, and after a new check."""
    with services.database.writing() as connection:
        if not receipts.change(connection, receipt.id, sent_at=None, look_at=None):
            return
    sleep(wait_s)
    if _check(services, receipt, _asked_again(services, receipt.charger_id)):
        _send(services, receipt, again=True)


def _why(services: Services, receipt: Receipt) -> Refusal | None:
    """Why the charger will not do it, by its own state."""
    with services.database.reading() as connection:
        known = snapshots.read(connection, receipt.charger_id)
    return check(services, receipt.charger_id, known).refusals.get(receipt.action) if known else None


def _refuse(services: Services, receipt: Receipt, reason: str, remedy: object = None) -> None:
    with services.database.writing() as connection:
        receipts.end(
            connection, receipt, services.now(), REFUSED, reason=str(reason), remedy=str(remedy) if remedy else None
        )


def watch(services: Services, charger_id: str | None = None) -> None:
    """Look at what is under way, where a look is due; each look is taken by one process."""
    now = services.now()
    with services.database.reading() as connection:
        due = receipts.due(connection, now, charger_id)
    for receipt in due:
        with services.database.writing() as connection:
            if not receipts.claim_look(connection, receipt, now):
                continue
        snapshots.ask(services, receipt.charger_id, patient=False)
