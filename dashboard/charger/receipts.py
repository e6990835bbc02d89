"""Where commands are kept: every row of `command` is written, changed and read here.

A row is the receipt, the log's source and, until it has ended, the lock against a second press. Each step is
written before the next begins, so that a crash in between never sends twice and never claims.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from dashboard.charger.looks import LOOK_AGAIN_SELDOM, LOOK_SOON
from dashboard.charger.progress import CommandProgress
from dashboard.charger.receipt import CONFIRMED, INTERRUPTED, NOT_CONFIRMED, REFUSED, Receipt
from dashboard.charger.receipt_lines import write_line
from dashboard.charger.tables import charger_table, command, snapshot_table
from dashboard.leases import CLOCK_SET_BACK
from zaptec.charger import ChargerState
from zaptec.commands import RESUME_OUTCOME_FOR_S, Action, ResumeOutcome
from zaptec.reasons import ALREADY_SO

LONGEST_WORK = timedelta(minutes=2)  # no process says that it is at something for longer
WRITTEN_AHEAD_AT_MOST = 50  # so many of the newest rows may be of a time when the clock was ahead
_CACHED_UNTIL = select(snapshot_table.c.cached_until).where(snapshot_table.c.charger_id == bindparam("charger_id"))
_IS_UNDER_WAY = command.c.ended_at.is_(None)
_FOUND_ALREADY_SO = and_(command.c.outcome == REFUSED, command.c.reason.in_(sorted(ALREADY_SO)))
# What was so already when somebody pressed is told in passing: the receipt before it stays on the page.
_IS_SHOWN = or_(
    command.c.outcome.is_(None),
    command.c.outcome != REFUSED,
    command.c.reason.is_(None),
    command.c.reason.not_in(sorted(ALREADY_SO)),
)


# Reading


def get(connection: Connection, receipt_id: int) -> Receipt | None:
    row = connection.execute(select(command).where(command.c.id == receipt_id)).one_or_none()
    return Receipt.from_row(row) if row else None


def latest(connection: Connection, charger_id: str) -> Receipt | None:
    """The receipt that the page shows."""
    return _last(connection, command.c.charger_id == charger_id, _IS_SHOWN)


def under_way(connection: Connection) -> list[Receipt]:
    """The receipts of all chargers that have not ended."""
    return _all(connection, _IS_UNDER_WAY)


def is_any_under_way(connection: Connection) -> bool:
    return connection.execute(select(command.c.id).where(_IS_UNDER_WAY).limit(1)).first() is not None


def due(connection: Connection, now: datetime, charger_id: str | None = None) -> list[Receipt]:
    """The receipts whose next look is due; of one charger, or of all."""
    of_charger = [] if charger_id is None else [command.c.charger_id == charger_id]
    is_due = or_(command.c.look_at <= now, command.c.look_at > now + LOOK_AGAIN_SELDOM + CLOCK_SET_BACK)
    return _all(connection, _IS_UNDER_WAY, is_due, *of_charger)


def awaits_a_look(connection: Connection, charger_id: str, now: datetime) -> bool:
    """Whether a command of a charger is watched so closely that nothing else asks before its next look."""
    of_charger = (command.c.charger_id == charger_id, _IS_UNDER_WAY)
    return _is_any(connection, *of_charger, command.c.look_at > now, command.c.look_at <= now + LOOK_SOON)


def last_sent(connection: Connection, charger_id: str, since: datetime) -> Receipt | None:
    """The command that may explain what the charger does; one that was not sent explains nothing."""
    lately = or_(command.c.sent_at > since, _IS_UNDER_WAY)
    return _last(connection, command.c.charger_id == charger_id, command.c.sent_at.is_not(None), lately)


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
    return _is_any(connection, command.c.charger_id == charger_id, command.c.proof == at.isoformat())


def achieved_since(connection: Connection, charger_id: str, since: datetime) -> bool:
    """Whether a command of ours was confirmed since then."""
    was_confirmed = (command.c.outcome == CONFIRMED, command.c.ended_at >= since)
    return _is_any(connection, command.c.charger_id == charger_id, *was_confirmed)


def _last(connection: Connection, *conditions: ColumnElement[bool]) -> Receipt | None:
    row = connection.execute(_newest_first(*conditions).limit(1)).one_or_none()
    return Receipt.from_row(row) if row else None


def _all(connection: Connection, *conditions: ColumnElement[bool]) -> list[Receipt]:
    return [Receipt.from_row(row) for row in connection.execute(_newest_first(*conditions))]


def _newest_first(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(command).where(*conditions).order_by(command.c.id.desc())


def _is_any(connection: Connection, *conditions: ColumnElement[bool]) -> bool:
    return connection.execute(select(command.c.id).where(*conditions).limit(1)).first() is not None


# Of the receipt a page shows, what tells whether the page has to change

PROGRESS = tuple(command.c[name] for name in CommandProgress.__dataclass_fields__)
_shown_id = (
    select(func.max(command.c.id))
    .where(command.c.charger_id == charger_table.c.id, _IS_SHOWN)
    .correlate(charger_table)
    .scalar_subquery()
)


def with_progress(chargers: FromClause) -> FromClause:
    """A join of chargers to which `PROGRESS` of each is added."""
    return chargers.outerjoin(command, and_(command.c.charger_id == charger_table.c.id, command.c.id == _shown_id))


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
        refuse_unsent(connection, receipt, now, INTERRUPTED, "press_again")


def refuse_unsent(
    connection: Connection, receipt: Receipt, now: datetime, reason: str, remedy: str | None = None
) -> bool:
    """End it as refused, unless it has been sent meanwhile."""
    return end(connection, receipt, now, REFUSED, reason=reason, remedy=remedy, is_unsent=True)


def put_right(connection: Connection, charger_id: str, now: datetime) -> None:
    """Bring back what was written while our clock was ahead and that it has been set right since.

    Nothing has happened later than now, and nothing is planned further ahead than it can have been.
    """
    latest_at = {
        **dict.fromkeys((command.c.asked_at, command.c.sent_at, command.c.accepted_at), CLOCK_SET_BACK),
        command.c.ended_at: CLOCK_SET_BACK,
        command.c.look_at: LOOK_AGAIN_SELDOM + CLOCK_SET_BACK,
        command.c.worker_until: LONGEST_WORK,
    }
    is_ahead = {column: column > now + margin for column, margin in latest_at.items()}
    newest = select(func.max(command.c.id)).scalar_subquery()
    _change(
        connection,
        command.c.charger_id == charger_id,
        command.c.id > newest - WRITTEN_AHEAD_AT_MOST,
        or_(*is_ahead.values()),
        **{column.name: case((is_wrong, now), else_=column) for column, is_wrong in is_ahead.items()},
    )


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
