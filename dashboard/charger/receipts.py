"""Commands and their receipts: asked, accepted, confirmed by the charger; or refused; or not confirmed.

A row in `command` is the receipt, the log's source and, until it has ended, the lock against a second press.
Each step is written before the next begins, so that a crash in between never sends twice and never claims.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger.tables import command
from zaptec.charger import ChargerState
from zaptec.commands import (
    WATCH_AFTER_S,
    Action,
    Baseline,
    UnderWay,
)
from zaptec.reasons import ALREADY_SO

log = logging.getLogger(__name__)

CONFIRMED, NOT_CONFIRMED, REFUSED = "confirmed", "not_confirmed", "refused"
INTERRUPTED = "interrupted"  # the reason of a refusal: the program stopped before anything was sent
UNDO_FOR = timedelta(minutes=1)
SHOWN_FOR = timedelta(hours=12)  # after its end; then it is history, and the log has it
LOOK_AGAIN_EVERY = timedelta(seconds=30)  # after the last planned look, until one succeeds
LOOK_AGAIN_SELDOM = timedelta(minutes=10)  # where looking has failed for hours


@dataclass(frozen=True)
class Author:
    """Who pressed, as they were called then."""

    id: int
    name: str


@dataclass(frozen=True)
class Receipt:
    """One command: who asked for what, and what is known of it by now.

    Attributes:
        outcome: None while it is under way; else confirmed, not_confirmed or refused.
        reason, remedy: codes of a refusal.
        proof: 718's own time when it was confirmed, as text.
        worker_until: until when a process is at it, checking or waiting for Zaptec's answer; None when none is.
        flow: what became of a confirmed resume: flowing, car_not_asking, or not known.
    """

    id: int
    charger_id: str
    action: Action
    origin: str
    member_id: int | None
    member_name: str | None
    asked_at: datetime
    baseline: str | None
    worker_until: datetime | None
    sent_at: datetime | None
    accepted_at: datetime | None
    look_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    reason: str | None
    remedy: str | None
    proof: str | None
    flow: str | None
    revision: int

    @classmethod
    def from_row(cls, row: Row[Any]) -> Receipt:
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**{**values, "action": Action(row.action)})

    @property
    def author(self) -> Author | str | None:
        return Author(self.member_id, self.member_name) if self.member_id and self.member_name else self.member_name

    @property
    def counts_from(self) -> datetime:
        """When it was sent, or found to be so already: the check before it may be what showed that a car came."""
        return self.sent_at or self.ended_at or self.asked_at

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None

    @property
    def under_way(self) -> UnderWay | None:
        """For `situation()`: a command that was sent and has not ended, or has only just been asked for."""
        if not self.is_under_way:
            return None
        return self.as_sent()

    def as_sent(self) -> UnderWay:
        baseline = Baseline.from_record(json.loads(self.baseline)) if self.baseline else Baseline(ChargerState({}))
        return UnderWay(self.action, self.sent_at or self.asked_at, baseline)

    def is_waiting_for_answer(self, now: datetime) -> bool:
        """Whether it was sent and a process still waits for what Zaptec says to it."""
        return self.accepted_at is None and self.worker_until is not None and self.worker_until > now

    def is_over(self, now: datetime) -> bool:
        """Whether it ended so long ago that it says nothing of the charger as it is now."""
        return is_over(self.ended_at, now)

    def may_be_undone(self, now: datetime) -> bool:
        return (
            self.outcome == CONFIRMED
            and self.action.opposite is not None
            and self.ended_at is not None
            and now - self.ended_at < UNDO_FOR
        )


def is_over(ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is not None and now - ended_at >= SHOWN_FOR


# What was so already when somebody pressed is told in passing: the receipt before it stays on the page.
IS_SHOWN = or_(
    command.c.outcome.is_(None),
    command.c.outcome != REFUSED,
    command.c.reason.is_(None),
    command.c.reason.not_in(sorted(ALREADY_SO)),
)


def latest(connection: Connection, charger_id: str) -> Receipt | None:
    """The receipt that the page shows."""
    row = connection.execute(
        select(command).where(command.c.charger_id == charger_id, IS_SHOWN).order_by(command.c.id.desc()).limit(1)
    ).one_or_none()
    return Receipt.from_row(row) if row else None


def get(connection: Connection, receipt_id: int) -> Receipt | None:
    row = connection.execute(select(command).where(command.c.id == receipt_id)).one_or_none()
    return Receipt.from_row(row) if row else None


def last_wish(connection: Connection, charger_id: str) -> Receipt | None:
    """The last pause or resume that a person pressed on a page, and that came about or was so already."""
    was_so = (command.c.outcome == REFUSED) & command.c.reason.in_(sorted(ALREADY_SO))
    row = connection.execute(
        select(command)
        .where(
            command.c.charger_id == charger_id,
            command.c.origin == "page",
            command.c.action.in_((Action.PAUSE, Action.RESUME)),
            or_(command.c.outcome == CONFIRMED, was_so),
        )
        .order_by(command.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Receipt.from_row(row) if row else None


def asked_since(
    connection: Connection, charger_id: str, action: Action, origin: str, since: datetime
) -> list[Receipt]:
    """What was asked of a charger from somewhere (page, timer, plan) since a moment, the newest first."""
    same = (command.c.charger_id == charger_id, command.c.action == action, command.c.origin == origin)
    rows = connection.execute(
        select(command).where(*same, command.c.asked_at >= since).order_by(command.c.id.desc())
    )
    return [Receipt.from_row(row) for row in rows]


def achieved_since(connection: Connection, charger_id: str, since: datetime) -> bool:
    """Whether a command of ours was confirmed since then."""
    question = select(command.c.id).where(
        command.c.charger_id == charger_id, command.c.outcome == CONFIRMED, command.c.ended_at >= since
    )
    return connection.execute(question.limit(1)).first() is not None


def author_of_pause(connection: Connection, charger_id: str, state: ChargerState | None) -> Receipt | None:
    """Whose confirmed pause it is that holds now: the one that 718's own time proves."""
    at = state.final_stop_changed_at if state else None
    if at is None:
        return None
    row = connection.execute(
        select(command)
        .where(
            command.c.charger_id == charger_id,
            command.c.action == Action.PAUSE,
            command.c.outcome == CONFIRMED,
            command.c.proof == at.isoformat(),
        )
        .order_by(command.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Receipt.from_row(row) if row else None


def change(connection: Connection, receipt_id: int, *conditions: object, **values: object) -> bool:
    """Move a receipt on, if it has not ended and the conditions hold; its revision tells the pages."""
    return bool(
        connection.execute(
            update(command)
            .where(command.c.id == receipt_id, command.c.ended_at.is_(None), *conditions)  # type: ignore[arg-type]
            .values(revision=command.c.revision + 1, **values)
        ).rowcount
    )


def end(
    connection: Connection,
    receipt: Receipt,
    now: datetime,
    outcome: str,
    *,
    reason: str | None = None,
    remedy: str | None = None,
    proof: str | None = None,
) -> bool:
    """End a receipt and write its line in the log; only whoever really ends it writes one."""
    if not change(
        connection,
        receipt.id,
        ended_at=now,
        outcome=outcome,
        reason=reason,
        remedy=remedy,
        proof=proof,
        look_at=None,
    ):
        return False
    if reason not in ALREADY_SO:  # nothing was sent and nothing is wrong
        write_line(connection, receipt, now, outcome, reason)
    return True


def write_line(
    connection: Connection, receipt: Receipt, now: datetime, outcome: str, reason: str | None = None
) -> None:
    took_s = (now - receipt.asked_at).total_seconds()
    log.info(
        "command %d …%s by %s: %s%s after %.0f s",
        receipt.action.command,
        receipt.charger_id[-6:],
        receipt.origin,
        outcome,
        f" ({reason})" if reason else "",
        took_s,
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


def end_interrupted(connection: Connection, now: datetime) -> None:
    """End what a process left behind that died between the press and the sending: nothing was sent."""
    rows = connection.execute(
        select(command).where(
            command.c.ended_at.is_(None), command.c.sent_at.is_(None), command.c.worker_until <= now
        )
    ).all()
    for row in rows:
        end(connection, Receipt.from_row(row), now, REFUSED, reason=INTERRUPTED, remedy="press_again")


def due(connection: Connection, now: datetime, charger_id: str | None = None) -> list[Receipt]:
    """The receipts whose next look is due."""
    question = select(command).where(command.c.ended_at.is_(None), command.c.look_at <= now)
    if charger_id is not None:
        question = question.where(command.c.charger_id == charger_id)
    return [Receipt.from_row(row) for row in connection.execute(question)]


def under_way(connection: Connection) -> list[Receipt]:
    """The receipts of all chargers that have not ended."""
    rows = connection.execute(select(command).where(command.c.ended_at.is_(None)))
    return [Receipt.from_row(row) for row in rows]


def is_any_under_way(connection: Connection) -> bool:
    return connection.execute(select(command.c.id).where(command.c.ended_at.is_(None)).limit(1)).first() is not None


def claim_look(connection: Connection, receipt: Receipt, now: datetime) -> bool:
    """Take this look; of all processes that see it due, one gets it."""
    following = next_look(receipt, now)
    return bool(
        connection.execute(
            update(command)
            .where(
                and_(
                    command.c.id == receipt.id,
                    command.c.ended_at.is_(None),
                    command.c.look_at == receipt.look_at,
                )
            )
            .values(look_at=following)
        ).rowcount
    )


def next_look(receipt: Receipt, now: datetime) -> datetime:
    """The next moment of the plan 2, 7, 15, 30, 45, 60 s after the sending.

    Then every 30 s; where no look succeeds, ever more seldom: after a tenth of the time it has taken so far.
    """
    sent_at = receipt.sent_at or receipt.asked_at
    for seconds in WATCH_AFTER_S:
        if sent_at + timedelta(seconds=seconds) > now:
            return sent_at + timedelta(seconds=seconds)
    return now + min(max(LOOK_AGAIN_EVERY, (now - sent_at) / 10), LOOK_AGAIN_SELDOM)
