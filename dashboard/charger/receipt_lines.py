"""The line about a command that has ended: one in the program's log, one in the household's."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger.receipt import Receipt

log = logging.getLogger(__name__)


def write_line(
    connection: Connection, receipt: Receipt, now: datetime, outcome: str, reason: str | None = None
) -> None:
    """Say in both logs what became of a command.

    Args:
        outcome: confirmed, not_confirmed or refused.
        reason: the code of a refusal.
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
