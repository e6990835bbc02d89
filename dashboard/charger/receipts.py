"""Where commands are kept: every row of `command` is written, changed and read here.

Besides, `progress` tells a page's version from them, and `clock_set_back` puts their times right. Nobody else.

A row is the receipt, the log's source and, until it has ended, the lock against a second press. Each step is
written before the next begins, so that a crash in between never sends twice and never claims.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)

from dashboard.charger.looks import LOOK_AGAIN_SELDOM, LOOK_SOON
from dashboard.charger.progress import IS_SHOWN
from dashboard.charger.receipt import CONFIRMED, INTERRUPTED, NOT_CONFIRMED, PRESS_AGAIN, REFUSED, Receipt
from dashboard.charger.receipt_lines import write_line
from dashboard.charger.tables import command, snapshot_table
from dashboard.leases import CLOCK_SET_BACK
from zaptec.charger import ChargerState
from zaptec.commands import RESUME_OUTCOME_FOR_S, Action, ResumeOutcome
from zaptec.reasons import ALREADY_SO

FOR_A_BETTER_HOUR = ("aim", "plan", "timer")  # a person's press may have other reasons
_CACHED_UNTIL = select(snapshot_table.c.cached_until).where(snapshot_table.c.charger_id == bindparam("charger_id"))
_IS_UNDER_WAY = command.c.ended_at.is_(None)
_FOUND_ALREADY_SO = and_(command.c.outcome == REFUSED, command.c.reason.in_(sorted(ALREADY_SO)))


def _newest_first(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(command).where(*conditions).order_by(command.c.id.desc())


# Reading. What is asked at each look or with each answer is put together once.

_OF_CHARGER = command.c.charger_id == bindparam("charger")
_SINCE = bindparam("since", type_=command.c.sent_at.type)
_LATEST = _newest_first(_OF_CHARGER, IS_SHOWN).limit(1)
_LAST_SENT = _newest_first(
    _OF_CHARGER, command.c.sent_at.is_not(None), or_(command.c.sent_at > _SINCE, _IS_UNDER_WAY)
).limit(1)
_UNDER_WAY = select(command.c.id).where(_IS_UNDER_WAY).limit(1)
_AWAITS_A_LOOK = _UNDER_WAY.where(
    _OF_CHARGER, command.c.look_at > bindparam("now"), command.c.look_at <= bindparam("soon")
)
_ACHIEVED = select(command.c.id).where(_OF_CHARGER, command.c.outcome == CONFIRMED, command.c.ended_at >= _SINCE)


def get(connection: Connection, receipt_id: int) -> Receipt | None:
    row = connection.execute(select(command).where(command.c.id == receipt_id)).one_or_none()
    return Receipt.from_row(row) if row else None


def latest(connection: Connection, charger_id: str) -> Receipt | None:
    """The receipt that the page shows."""
    return _one(connection, _LATEST, charger=charger_id)


def under_way(connection: Connection) -> list[Receipt]:
    """The receipts of all chargers that have not ended."""
    return _all(connection, _IS_UNDER_WAY)


def is_any_under_way(connection: Connection) -> bool:
    return connection.execute(_UNDER_WAY).first() is not None


def due(connection: Connection, now: datetime, charger_id: str | None = None) -> list[Receipt]:
    """The receipts whose next look is due; of one charger, or of all."""
    of_charger = [] if charger_id is None else [command.c.charger_id == charger_id]
    is_due = or_(command.c.look_at <= now, command.c.look_at > now + LOOK_AGAIN_SELDOM + CLOCK_SET_BACK)
    return _all(connection, _IS_UNDER_WAY, is_due, *of_charger)


def awaits_a_look(connection: Connection, charger_id: str, now: datetime) -> bool:
    """Whether a command of a charger is watched so closely that nothing else asks before its next look."""
    values = {"charger": charger_id, "now": now, "soon": now + LOOK_SOON}
    return connection.execute(_AWAITS_A_LOOK, values).first() is not None


def last_sent(connection: Connection, charger_id: str, since: datetime) -> Receipt | None:
    """The command that may explain what the charger does; one that was not sent explains nothing."""
    return _one(connection, _LAST_SENT, charger=charger_id, since=since)


def asked_since(
    connection: Connection, charger_id: str, action: Action, origin: str, since: datetime
) -> list[Receipt]:
    """What was asked of a charger from somewhere (page, timer, plan) since a moment, the newest first."""
    same = (command.c.charger_id == charger_id, command.c.action == action, command.c.origin == origin)
    return _all(connection, *same, command.c.asked_at >= since)


def last_wish(connection: Connection, charger_id: str) -> Receipt | None:
    """The last pause or resume that a person pressed on a page, and that came about or was so already."""
    return _last(
        connection,
        command.c.charger_id == charger_id,
        command.c.origin == "page",
        command.c.action.in_((Action.PAUSE, Action.RESUME)),
        or_(command.c.outcome == CONFIRMED, _FOUND_ALREADY_SO),
    )


def author_of_pause(connection: Connection, charger_id: str, state: ChargerState | None) -> Receipt | None:
    """Whose confirmed pause it is that holds now: the one that 718's own time proves."""
    at = state.final_stop_changed_at if state else None
    if at is None:
        return None
    return _last(
        connection,
        command.c.charger_id == charger_id,
        command.c.action == Action.PAUSE,
        command.c.outcome == CONFIRMED,
        command.c.proof == at.isoformat(),
    )


def is_proof(connection: Connection, charger_id: str, at: datetime) -> bool:
    """Whether that change of 718 is what confirmed a command of ours."""
    proven = (command.c.charger_id == charger_id, command.c.proof == at.isoformat())
    return connection.execute(select(command.c.id).where(*proven).limit(1)).first() is not None


def achieved_since(connection: Connection, charger_id: str, since: datetime) -> bool:
    """Whether a command of ours was confirmed since then."""
    return connection.execute(_ACHIEVED, {"charger": charger_id, "since": since}).first() is not None


def is_held_back(
    charger_id: ColumnElement[str], begin: ColumnElement[datetime], end: ColumnElement[datetime]
) -> ColumnElement[bool]:
    """Whether a pause was confirmed in some time that had no other reason than a better hour, for a query."""
    return exists().where(
        command.c.charger_id == charger_id,
        command.c.action == Action.PAUSE.value,
        command.c.origin.in_(FOR_A_BETTER_HOUR),
        command.c.outcome == CONFIRMED,
        command.c.asked_at.between(begin, end),
    )


def _last(connection: Connection, *conditions: ColumnElement[bool]) -> Receipt | None:
    return _one(connection, _newest_first(*conditions).limit(1))


def _one(connection: Connection, statement: Select[Any], **values: object) -> Receipt | None:
    row = connection.execute(statement, values).one_or_none()
    return Receipt.from_row(row) if row else None


def _all(connection: Connection, *conditions: ColumnElement[bool]) -> list[Receipt]:
    return [Receipt.from_row(row) for row in connection.execute(_newest_first(*conditions))]


# Writing


def add(connection: Connection, charger_id: str, action: Action, asked_at: datetime, **values: object) -> Receipt:
    """Write down a new command.

    Args:
        values: further columns, such as who asked.

    Raises:
        IntegrityError: another command of this charger is under way.
    """
    row = {"charger_id": charger_id, "action": action.value, "asked_at": asked_at, "revision": 0, **values}
    return Receipt.from_row(connection.execute(insert(command).values(row).returning(*command.c)).one())


def change(connection: Connection, receipt_id: int, *conditions: ColumnElement[bool], **values: object) -> bool:
    """Move a receipt on, if it has not ended and the conditions hold; its revision tells the pages."""
    return _change(connection, command.c.id == receipt_id, _IS_UNDER_WAY, *conditions, **values)


def note_sending(connection: Connection, receipt_id: int, **values: object) -> bool:
    """Write down that it is sent now; False when it has been sent already, or has ended."""
    return change(connection, receipt_id, command.c.sent_at.is_(None), **values)


def let_go(connection: Connection, receipt_id: int, now: datetime) -> None:
    """The process that was at it gives up; what had been sent stays under way, the rest is ended."""
    change(connection, receipt_id, command.c.sent_at.is_(None), worker_until=now)
    end_interrupted(connection, now)


def end_interrupted(connection: Connection, now: datetime) -> None:
    """End what a process left behind that died between the press and the sending: nothing was sent."""
    for receipt in _all(connection, _IS_UNDER_WAY, command.c.sent_at.is_(None), command.c.worker_until <= now):
        refuse_unsent(connection, receipt, now, INTERRUPTED, PRESS_AGAIN)


def refuse_unsent(
    connection: Connection, receipt: Receipt, now: datetime, reason: str, remedy: str | None = None
) -> bool:
    """End it as refused, unless it has been sent meanwhile."""
    return end(connection, receipt, now, REFUSED, reason=reason, remedy=remedy, is_unsent=True)


def claim_look(connection: Connection, receipt: Receipt, now: datetime) -> bool:
    """Take this look; of all processes that see it due, one gets it."""
    cached_until = connection.execute(_CACHED_UNTIL, {"charger_id": receipt.charger_id}).scalar()
    claim = update(command).where(command.c.id == receipt.id, _IS_UNDER_WAY, command.c.look_at == receipt.look_at)
    return bool(connection.execute(claim.values(look_at=receipt.next_look(now, cached_until))).rowcount)


def end(
    connection: Connection,
    receipt: Receipt,
    now: datetime,
    outcome: str,
    *,
    reason: str | None = None,
    remedy: str | None = None,
    proof: str | None = None,
    is_unsent: bool = False,
) -> bool:
    """End a receipt, if need be only one not sent, and write its line; only whoever really ends it does."""
    conditions = [command.c.sent_at.is_(None)] if is_unsent else []
    values = {"outcome": outcome, "reason": reason, "remedy": remedy, "proof": proof}
    if not change(connection, receipt.id, *conditions, ended_at=now, look_at=None, **values):
        return False
    if reason not in ALREADY_SO:  # nothing was sent and nothing is wrong
        write_line(connection, receipt, now, outcome, reason, is_unsent=is_unsent)
    return True


def note_seen(connection: Connection, receipt_id: int, member_id: int, now: datetime) -> None:
    """Whoever pressed has seen that it came to nothing; nobody else's look counts."""
    failed = command.c.outcome.in_((NOT_CONFIRMED, REFUSED))
    is_theirs = (command.c.id == receipt_id, command.c.member_id == member_id, command.c.seen_at.is_(None))
    connection.execute(update(command).where(*is_theirs, failed).values(seen_at=now))


def confirm_late(connection: Connection, receipt: Receipt, now: datetime, proof: str | None) -> None:
    """What was given up has come about after all."""
    is_given_up = (command.c.id == receipt.id, command.c.outcome == NOT_CONFIRMED)
    if _change(connection, *is_given_up, outcome=CONFIRMED, ended_at=now, proof=proof):
        write_line(connection, receipt, now, CONFIRMED)


def note_flow(
    connection: Connection, receipt_id: int, flow: ResumeOutcome, now: datetime, *, after: timedelta
) -> None:
    """Write down what came of a resume, within five minutes of its end and not sooner than `after` it."""
    _change(
        connection,
        command.c.id == receipt_id,
        command.c.outcome == CONFIRMED,
        command.c.ended_at <= now - after,
        command.c.ended_at > now - timedelta(seconds=RESUME_OUTCOME_FOR_S),
        or_(command.c.flow.is_(None), command.c.flow != flow.value),
        flow=flow.value,
    )


def _change(connection: Connection, *conditions: ColumnElement[bool], **values: object) -> bool:
    changed = update(command).where(*conditions).values(revision=command.c.revision + 1, **values)
    return bool(connection.execute(changed).rowcount)
