"""A command on its way to Zaptec: sent once, and what the answer says about it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from dashboard.charger import receipts, snapshots
from dashboard.charger.account import failure_code
from dashboard.charger.receipt import REFUSED, SEND_WITHIN, TOO_LATE, Receipt
from dashboard.charger.view import read_view
from dashboard.services import Services
from zaptec.commands import Action
from zaptec.errors import CommandRefused, MalformedRequest, NotUnderstood, TryLater, ZaptecError
from zaptec.reasons import Refusal

log = logging.getLogger(__name__)
LONGEST_RETRY_AFTER_S = 10.0
FAILURE_REMEDIES = {"no_access": "ask_owner", "unknown_charger": "ask_owner"}


def send(services: Services, receipt: Receipt, check_again: Callable[[], bool] | None) -> None:
    """Send the command, and write down what is known of it then.

    Args:
        check_again: whether it may still be sent, after a wait that Zaptec asked for; None: it is not sent again.
    """
    try:
        _send_once(services, receipt)
    except CommandRefused:
        _refuse_with_reason(services, receipt)
    except TryLater as error:
        _after_no_answer(services, receipt, error, check_again)
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


def _send_once(services: Services, receipt: Receipt) -> None:
    """Send it, unless the time in which it may be sent has gone by when its turn comes."""
    client = services.account.client
    command = {
        Action.PAUSE: client.pause,
        Action.RESUME: client.resume,
        Action.DEAUTHORIZE: client.deauthorize_and_stop,
        Action.RESTART: client.restart,
    }[receipt.action]
    with services.account.sending_until(receipt.asked_at + SEND_WITHIN):
        command(receipt.charger_id)


def _after_no_answer(
    services: Services, receipt: Receipt, error: TryLater, check_again: Callable[[], bool] | None
) -> None:
    if not error.was_not_carried_out:
        number = receipt.action.command
        log.info("command %s: no answer, its fate is unknown until the charger shows it", number)
        _stop_waiting(services, receipt)  # it may have happened: the looks will tell
        return
    wait_s = error.retry_after_s or 1.0
    if error.cause != "rate_limited" or wait_s > LONGEST_RETRY_AFTER_S or check_again is None:
        _refuse(services, receipt, error.cause if receipt.may_be_sent(services.now()) else TOO_LATE)
        return
    # Zaptec turned it away unread (429): once more after the wait it asked for, and after a new check.
    with services.database.writing() as connection:
        if not receipts.change(connection, receipt.id, sent_at=None, look_at=None):
            return
    services.sleep(wait_s)
    if check_again():
        send(services, receipt, check_again=None)


def _stop_waiting(services: Services, receipt: Receipt) -> None:
    """There will be no answer to this command; from now on only the charger can tell."""
    with services.database.writing() as connection:
        receipts.change(connection, receipt.id, worker_until=None)


def _refuse_with_reason(services: Services, receipt: Receipt) -> None:
    """Zaptec refused it: the charger's own state says why."""
    snapshots.ask(services, receipt.charger_id, patient=False)
    refusal = _refusal_by_state(services, receipt)
    if refusal is None:
        _refuse(services, receipt, "refused_by_zaptec")
    else:
        _refuse(services, receipt, refusal.reason.value, refusal.remedy.value)


def _refusal_by_state(services: Services, receipt: Receipt) -> Refusal | None:
    with services.database.reading() as connection:
        view = read_view(connection, receipt.charger_id, services.now())
    return view.situation.refusals.get(receipt.action)


def _refuse(services: Services, receipt: Receipt, reason: str, remedy: str | None = None) -> None:
    with services.database.writing() as connection:
        receipts.end(connection, receipt, services.now(), REFUSED, reason=reason, remedy=remedy)
