"""What of a command's end somebody may want to hear: it did not get through, or somebody has paused or resumed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard.charger.receipt import CONFIRMED, Receipt
from dashboard.news import News, NewsKind
from dashboard.services import current_services
from zaptec.commands import Action

THE_ANSWER_SAID_IT = timedelta(seconds=2)  # what was refused sooner stood on the very page that answered the press
PRESSES = (Action.PAUSE, Action.RESUME)


def report(
    connection: Connection, receipt: Receipt, now: datetime, outcome: str, reason: str | None, *, is_unsent: bool
) -> None:
    """Of what a person pressed; timers and the plan try again, and tell of it themselves when they give up."""
    if receipt.origin != "page":
        return
    if outcome == CONFIRMED and receipt.action in PRESSES:
        kind = NewsKind.PRESSED
    elif outcome != CONFIRMED and not (is_unsent and _has_just_been_asked(receipt, now)):
        kind = NewsKind.NOT_TAKEN
    else:
        return
    news = News(
        kind,
        f"{kind}:command:{receipt.id}",
        now,
        receipt.charger_id,
        receipt.member_id,
        {
            "action": receipt.action.value,
            "who": receipt.member_name,
            "asked_at": receipt.asked_at.isoformat(),
            "reason": reason,
            "command": receipt.id,
        },
    )
    current_services().report(connection, news)


def _has_just_been_asked(receipt: Receipt, now: datetime) -> bool:
    """Whether whoever pressed still waits for the page."""
    return now - receipt.asked_at < THE_ANSWER_SAID_IT


def report_outside(connection: Connection, charger_id: str, action: Action, at: datetime, now: datetime) -> None:
    """Somebody has paused or resumed in Zaptec's app, or in another way that is not ours."""
    key = f"{NewsKind.PRESSED}:outside:{charger_id}:{at.isoformat()}"
    facts = {"action": action.value, "who": None, "asked_at": at.isoformat()}
    current_services().report(connection, News(NewsKind.PRESSED, key, now, charger_id, facts=facts))
