"""Whether what is to be told is still so when it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, select

from dashboard.charger import receipts, snapshots
from dashboard.charger.receipt import CONFIRMED
from dashboard.news import NewsKind
from dashboard.notices import watches
from dashboard.notices.events import Event
from dashboard.notices.stages import NotTold
from dashboard.plan import aims
from dashboard.plan.tables import step_table
from zaptec.modes import OperationMode

KEPT = timedelta(days=90)
# Where it was not told for one of these, nobody else has to be.
NOTHING_TO_TELL = (NotTold.NO_LONGER_SO, NotTold.TOO_OLD)


def is_still_so(connection: Connection, event: Event) -> bool:
    """Whether it can be told as it is worded; what has happened and is over in any case stays so."""
    check = _CHECKS.get(event.kind)
    return check is None or check(connection, event)


def _is_still_not_taken(connection: Connection, event: Event) -> bool:
    if "command" in event.facts:
        return _has_command_failed(connection, event.facts["command"])
    query = select(step_table.c.is_trouble).where(step_table.c.id == event.facts.get("step"))
    return "step" not in event.facts or bool(connection.scalar(query))


def _has_command_failed(connection: Connection, command_id: int) -> bool:
    """Not confirmed late, nor carried out when somebody asked again."""
    failed = receipts.get(connection, command_id)
    if failed is None or failed.outcome == CONFIRMED:
        return False
    since = receipts.asked_since(connection, failed.charger_id, failed.action, failed.origin, failed.asked_at)
    return all(receipt.outcome != CONFIRMED for receipt in since)


def _is_watched_still(connection: Connection, event: Event) -> bool:
    """What was told of because it held for a while holds still; that it is over again, likewise."""
    condition = event.facts.get("condition")
    if condition is None:
        return True
    subject = event.facts.get("subject", event.charger_id or "")
    holds = watches.holds(connection, subject, watches.Condition(condition))
    return holds is not bool(event.facts.get("is_over"))


def _is_late_still(connection: Connection, event: Event) -> bool:
    aim = aims.find(connection, event.charger_id or "")
    return aim is not None and aim.id == event.facts.get("aim") and aim.is_late


def _is_plugged_in(connection: Connection, event: Event) -> bool:
    snapshot = snapshots.read(connection, event.charger_id or "")
    return bool(snapshot and snapshot.state and snapshot.state.mode is not OperationMode.DISCONNECTED)


def _is_not_plugged_in(connection: Connection, event: Event) -> bool:
    return not _is_plugged_in(connection, event)


_CHECKS: dict[NewsKind, Callable[[Connection, Event], bool]] = {
    NewsKind.NOT_TAKEN: _is_still_not_taken,
    NewsKind.NOT_CHARGING: _is_watched_still,
    NewsKind.OFFLINE: _is_watched_still,
    NewsKind.WARNING: _is_watched_still,
    NewsKind.OWNER: _is_watched_still,
    NewsKind.LATE: _is_late_still,
    NewsKind.PLUGGED_IN: _is_plugged_in,
    NewsKind.NOT_PLUGGED_IN: _is_not_plugged_in,
}
