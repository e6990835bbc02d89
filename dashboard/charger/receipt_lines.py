"""What is said of a command that has ended: a line in each of the two logs, and whom it is news for."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import receipt_news
from dashboard.charger.receipt import Receipt

log = logging.getLogger(__name__)


def write_line(
    connection: Connection,
    receipt: Receipt,
    now: datetime,
    outcome: str,
    reason: str | None = None,
    *,
    is_unsent: bool = False,
) -> None:
    """Say in both logs what became of a command.

    Args:
        outcome: confirmed, not_confirmed or refused.
        reason: the code of a refusal.
        is_unsent: nothing was sent to the charger.
    """
    log.info(
        "command %d …%s by %s: %s%s after %.0f s",
        receipt.action.command,
        receipt.charger_id[-6:],
        receipt.origin,
        outcome,
        f" ({reason})" if reason else "",
        (now - receipt.asked_at).total_seconds(),
    )
    activity_log.record(
        connection,
        at=now,
        kind=LineKind.COMMAND,
        member=receipt.author,
        charger_id=receipt.charger_id,
        origin=receipt.origin,
        details={
            "action": receipt.action.value,
            "outcome": outcome,
            "reason": reason,
            "asked_at": receipt.asked_at.isoformat(),
        },
    )
    receipt_news.report(connection, receipt, now, outcome, reason, is_unsent=is_unsent)
