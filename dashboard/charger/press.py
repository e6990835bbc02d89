"""A press of a button, from the check to the command leaving for Zaptec.

The same way is taken by a page, a timer and the plan. Who sends it is in `sending`, what follows in `watching`.
"""

from __future__ import annotations

import json
from concurrent.futures import wait as wait_for_future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from dashboard import background
from dashboard.charger import clock_set_back, receipts, sending, snapshots
from dashboard.charger.looks import CACHED_BY_ZAPTEC, next_look
from dashboard.charger.receipt import PRESS_AGAIN, REFUSED, SEND_WITHIN, TOO_LATE, Receipt
from dashboard.charger.view import ChargerView, read_view
from dashboard.household import actor
from dashboard.services import Services
from dashboard.web.access import Role
from zaptec.commands import Action, Baseline
from zaptec.errors import TryLater
from zaptec.reasons import ALREADY_SO, Reason, Refusal

# As long as a process may be at it before the sending: a little longer than it may take, so that the process
# itself says that it took too long, unless it is dead.
CHECK_LEASE = SEND_WITHIN + timedelta(seconds=10)
ANSWER_WITHIN = timedelta(seconds=55)  # by then the time-outs have ended the waiting, or a crash has
ASKER_MAY_NOT = "asker_may_not"
OWNERS_ACTIONS = (Action.DEAUTHORIZE, Action.RESTART)


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
class Asker:
    """Who asks: a member on a page, or a timer or the plan on somebody's behalf.

    Attributes:
        has_just_set_it: a timer's first step, which its author wants now: as much a press as one of a button.
    """

    name: str | None
    member_id: int | None = None
    origin: str = "page"
    has_just_set_it: bool = False

    def may_still(self, connection: Connection, action: Action) -> bool:
        """Whether whoever presses may still do so: a demotion or removal voids what has not been sent."""
        if self.origin != "page" and not self.has_just_set_it:
            return True
        role = Role.OWNER if action in OWNERS_ACTIONS else Role.MEMBER
        return actor.still_may(connection, self.member_id, role)


@dataclass
class UnsentPresses:
    """The presses that this process checks or has yet to check: it alone knows that it is still at them."""

    by_id: dict[int, Receipt] = field(default_factory=dict)


def press(
    services: Services, charger_id: str, action: Action, asker: Asker, *, wait_s: float | None = None
) -> Press:
    """Ask the charger for something; waits a moment for Zaptec, then goes on in the background.

    Args:
        wait_s: how long a moment is; None: as long as a page waits.

    Raises:
        LookupError: there is no such charger.
    """
    try:
        with services.database.writing() as connection:
            _confirm(connection, asker)
            view = read_view(connection, charger_id, services.now())
            if pressed := _without_asking(connection, view, action, asker):
                return pressed
            receipt = _record(connection, view, action, asker, worker_until=view.now + CHECK_LEASE)
    except IntegrityError:  # somebody else's press came in between
        with services.database.reading() as connection:
            return Press(receipts.latest(connection, charger_id), was_under_way=True)
    services.shared(UnsentPresses).by_id[receipt.id] = receipt
    services.clock.wake()
    future = services.presses.start(lambda: carry_out(services, receipt, view, asker))
    wait_for_future([future], timeout=background.A_PAGE_WAITS_S if wait_s is None else wait_s)
    with services.database.reading() as connection:
        so_far = receipts.get(connection, receipt.id)
    if so_far and so_far.outcome == REFUSED and so_far.reason in ALREADY_SO:
        return Press(refusal=Refusal.because(Reason(so_far.reason)))
    return Press(so_far)


def _without_asking(connection: Connection, view: ChargerView, action: Action, asker: Asker) -> Press | None:
    """What a press comes to where the charger is not to be asked; None where it is."""
    if not view.charger.is_listed:
        return Press(refusal=Refusal.because(Reason.NO_ACCESS))
    last = receipts.latest(connection, view.charger.id)
    if last is not None and last.is_under_way:
        clock_set_back.put_right(connection, view.charger.id, view.now)
        receipts.end_interrupted(connection, view.now)
        last = receipts.latest(connection, view.charger.id)
    if last is not None and last.is_under_way:
        return Press(last, was_under_way=True)
    if _is_too_old(view):
        return None
    refusal = view.situation.refusals.get(action)
    if refusal and refusal.is_already_so and asker.origin == "page":
        _keep_wish(connection, view, action, asker, refusal)
    return Press(refusal=refusal) if refusal else None


def _is_too_old(view: ChargerView) -> bool:
    """Whether the news is too old to check a command against."""
    return view.snapshot.is_older_than(CACHED_BY_ZAPTEC, view.now)


def _confirm(connection: Connection, asker: Asker) -> None:
    """Whoever pressed may have been demoted or removed since the request came in; a timer and the plan go on."""
    if asker.origin == "page":
        actor.confirm(connection)


def _keep_wish(connection: Connection, view: ChargerView, action: Action, asker: Asker, refusal: Refusal) -> None:
    """What somebody wants and is so already is no receipt, but it is what a person wants of timers and plan."""
    _record(connection, view, action, asker, ended_at=view.now, outcome=REFUSED, reason=refusal.reason.value)


def _record(connection: Connection, view: ChargerView, action: Action, asker: Asker, **progress: object) -> Receipt:
    who = {"origin": asker.origin, "member_id": asker.member_id, "member_name": asker.name}
    return receipts.add(connection, view.charger.id, action, view.now, **who, **progress)


def carry_out(services: Services, receipt: Receipt, view: ChargerView, asker: Asker) -> None:
    """Check, send once, and begin to watch. Every end is written on the receipt."""
    unsent = services.shared(UnsentPresses).by_id
    try:
        if _check(services, receipt, view, asker):
            unsent.pop(receipt.id, None)
            sending.send(services, receipt, check_again=lambda: _check(services, receipt, view, asker))
    except BaseException:
        with services.database.writing() as connection:  # a mistake of ours: only what was not sent may be given up
            receipts.let_go(connection, receipt.id, services.now())
        raise
    finally:
        unsent.pop(receipt.id, None)


def _check(services: Services, receipt: Receipt, view: ChargerView, asker: Asker) -> bool:
    """Check against what is known, if young enough, else a fresh state; then write down that it is sent.

    Refuses it where it makes no sense, and where it has taken so long that nobody counts on it any more.
    """
    view = replace(view, now=services.now())
    if receipt.may_be_sent(view.now) and _is_too_old(view):
        view = _ask_again(services, receipt.charger_id)
    if not receipt.may_be_sent(view.now):  # a queue, or the answer, has taken too long
        return _refuse(services, receipt, TOO_LATE, PRESS_AGAIN)
    if _is_too_old(view):
        return _refuse(services, receipt, view.snapshot.failure or "timed_out")
    if refusal := view.situation.refusals.get(receipt.action):
        return _refuse(services, receipt, refusal.reason.value, refusal.remedy.value)
    return _note_sending(services, receipt, view, asker)


def _ask_again(services: Services, charger_id: str) -> ChargerView:
    """What is known once Zaptec has been asked; old still where it could not be."""
    snapshot = snapshots.fresh(services, charger_id)
    with services.database.reading() as connection:
        return replace(read_view(connection, charger_id, services.now()), snapshot=snapshot)


def _note_sending(services: Services, receipt: Receipt, view: ChargerView, asker: Asker) -> bool:
    """Write down that it is sent now, and take its turn; False where it has ended or its asker may not any more."""
    state, now = view.snapshot.state, view.now
    baseline = json.dumps(Baseline.from_state(state).to_record()) if state else None
    with services.database.writing() as connection:
        if not asker.may_still(connection, receipt.action):
            receipts.refuse_unsent(connection, receipt, now, ASKER_MAY_NOT)
            return False
        is_ours = receipts.note_sending(
            connection,
            receipt.id,
            sent_at=now,
            worker_until=now + ANSWER_WITHIN,
            baseline=baseline,
            look_at=next_look(now, now, view.snapshot.cached_until),
        )
        if is_ours:
            with suppress(TryLater):  # Zaptec wants to be left alone, which the sending will find too
                services.account.turns.reserve(connection, f"command {receipt.action.command}")
        return is_ours


def _refuse(services: Services, receipt: Receipt, reason: str, remedy: str | None = None) -> bool:
    """End it, unless it has been sent; always False: it is not to be sent."""
    with services.database.writing() as connection:
        receipts.refuse_unsent(connection, receipt, services.now(), reason, remedy)
    return False


def give_up_late(services: Services) -> None:
    """End the presses whose check takes so long that they will not be sent any more: they say so at once."""
    for receipt in list(services.shared(UnsentPresses).by_id.values()):
        if not receipt.may_be_sent(services.now()):
            _refuse(services, receipt, TOO_LATE, PRESS_AGAIN)
