"""How a notice leaves: claimed by one process, checked once more, handed over, noted; tried again for two hours.

Each stage is written before the next begins. Who takes a delivery moves its `try_at` with one conditional UPDATE;
if that process dies, the claim lapses. One that died while it was sending may have sent: what can take the place of
the first is sent again with the same tag, what cannot is not, and its receipt says *perhaps*. So does that of what
came to nothing after a try whose end nobody knows.
"""

from __future__ import annotations

import logging
import random
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from dashboard import doors
from dashboard.leases import JITTER
from dashboard.notices import addresses, choices, events, log_lines, messages, rules, truth
from dashboard.notices.addresses import KeptWay
from dashboard.notices.events import Event
from dashboard.notices.message import Outcome, Result
from dashboard.notices.rules import KEEPS
from dashboard.notices.stages import NotTold, Stage
from dashboard.notices.tables import delivery_table, notice_table
from dashboard.services import Services

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=1)  # longer than a sending may take
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
MOST_TRIES = 14  # which takes two hours
AT_ONCE = 2  # so many are sent at a time: one that hangs holds nobody else up
NOBODY_KNOWS = "no_answer"  # a code of `ways`: it was sent, and may have arrived


@dataclass(frozen=True)
class InHand:
    """A delivery that this process has taken.

    Attributes:
        until: until when it is ours.
        event: None of a test, and of “and 7 more”.
        is_in_doubt: it may have arrived by an earlier try.
    """

    id: int
    notice: Row[Any]
    way: KeptWay
    event: Event | None
    tries: int
    until: datetime
    is_in_doubt: bool


class _Senders:
    """How many threads of this process are sending."""

    def __init__(self) -> None:
        self.free = threading.BoundedSemaphore(AT_ONCE)


def begin(services: Services) -> float | None:
    """Hand over in the background what is due; in how many seconds there will be more."""
    with services.database.reading() as connection:
        next_at = connection.execute(select(func.min(delivery_table.c.try_at))).scalar()
    if next_at is None:
        return None
    if next_at <= services.now():
        begin_senders(services)
        return 1.0
    pause_s: float = (next_at - services.now()).total_seconds()
    return pause_s


def begin_senders(services: Services) -> list[Future[None]]:
    """Let as many as are free hand over what is due."""
    free = services.shared(_Senders).free
    return [
        services.background.start(lambda: _send_all(services))
        for _sender in range(AT_ONCE)
        if free.acquire(blocking=False)
    ]


def _send_all(services: Services) -> None:
    has_sent = False
    try:
        while taken := _take(services):
            has_sent = True
            _carry(services, taken)
    finally:
        services.shared(_Senders).free.release()
        if has_sent:
            services.clock.wake()  # what failed may have to be told to somebody else


def _take(services: Services) -> InHand | None:
    """The next that is due and shall be sent; what shall not is ended on the way."""
    while True:
        now = services.now()
        with services.database.writing() as connection:
            due = select(delivery_table).where(delivery_table.c.try_at <= now)
            row = connection.execute(due.order_by(delivery_table.c.try_at, delivery_table.c.id).limit(1)).first()
            if row is None:
                return None
            if not _claim(connection, row, now):
                continue
            if taken := _check(services, connection, row, now):
                return taken


def _claim(connection: Connection, row: Row[Any], now: datetime) -> bool:
    ours = (delivery_table.c.id == row.id, delivery_table.c.try_at == row.try_at)
    claim = update(delivery_table).where(*ours).values(try_at=now + CLAIM, tries=row.tries + 1)
    return bool(connection.execute(claim).rowcount)


def _check(services: Services, connection: Connection, row: Row[Any], now: datetime) -> InHand | None:
    """Whether it shall be sent; that it is being sent is written down."""
    notice = connection.execute(select(notice_table).where(notice_table.c.id == row.notice_id)).one()
    event = events.find(connection, notice.event_id) if notice.event_id else None
    way = addresses.find(connection, row.way_id) if row.way_id else None
    reason = _why_not(services, connection, notice, event, way, now) if way else NotTold.WAY_REMOVED
    is_in_doubt, until = row.is_sending, now + CLAIM
    if way is None or reason or (is_in_doubt and not addresses.can_replace(way.kind)):
        _end(connection, row.id, until, now, *_came_to_nothing(is_in_doubt, reason))
        return None
    _change(connection, row.id, until, is_sending=True)
    return InHand(row.id, notice, way, event, row.tries + 1, until, is_in_doubt)


def _came_to_nothing(is_in_doubt: bool, reason: str | None) -> tuple[Stage, str | None]:
    return (Stage.PERHAPS, NOBODY_KNOWS) if is_in_doubt else (Stage.FAILED, reason)


def _why_not(
    services: Services, connection: Connection, notice: Row[Any], event: Event | None, way: KeptWay, now: datetime
) -> NotTold | None:
    """Why it is not to be told any more, or not by this way."""
    if way.host and not doors.find(connection, way.host).is_open:
        return NotTold.SWITCHED_OFF
    if event is None:
        return NotTold.TOO_OLD if now - notice.asked_at > rules.STALE_AFTER else None
    if rules.is_stale(event.kind, event.at, now):
        return NotTold.TOO_OLD
    if not truth.is_still_so(connection, event):
        return NotTold.NO_LONGER_SO
    return NotTold.QUIET_HOURS if _is_quiet(services, connection, notice.member_id, event, now) else None


def _is_quiet(services: Services, connection: Connection, member_id: int, event: Event, now: datetime) -> bool:
    """Whether this try has come into somebody's quiet hours; what is kept for the morning comes then."""
    person = next((one for one in choices.people(connection, now) if one.id == member_id), None)
    if person is None or event.kind in KEEPS:
        return False
    zone = services.zone(event.charger_id)
    return person.is_left_alone_until(event.kind, event.member_id, now, zone) is not None


def _carry(services: Services, taken: InHand) -> None:
    """Hand it over, and write down what became of it."""
    try:
        with services.database.reading() as connection:
            message = messages.compose(services, connection, taken.notice, taken.event, taken.way.base_url)
        outcome = addresses.send(services, taken.way, message)
    except Exception:
        log.exception("a notice could not be put into words")
        outcome = Outcome(Result.FAILED, "mistake")
    with services.database.writing() as connection:
        _note(connection, taken, outcome, services.now())


def _note(connection: Connection, taken: InHand, outcome: Outcome, now: datetime) -> None:
    _note_at_door(connection, taken.way.host, outcome, now)
    if outcome.result is Result.HANDED_OVER:
        if _end(connection, taken.id, taken.until, now, Stage.HANDED_OVER, None):
            log_lines.write_told(connection, taken.notice, taken.event, now)
        return
    again_at = now + _pause(taken.tries, outcome.retry_after)
    is_in_doubt = taken.is_in_doubt or outcome.reason == NOBODY_KNOWS
    if outcome.result is Result.TRY_LATER and _may_be_tried(taken, again_at):
        values = {"try_at": again_at, "is_sending": is_in_doubt, "reason": outcome.reason[:32]}
        _change(connection, taken.id, taken.until, **values)
        return
    _end(connection, taken.id, taken.until, now, *_came_to_nothing(is_in_doubt, outcome.reason))
    if outcome.result is Result.GONE:
        addresses.retire(connection, taken.way, now)


def _note_at_door(connection: Connection, host: str, outcome: Outcome, now: datetime) -> None:
    if host and outcome.result is Result.HANDED_OVER:
        doors.note_answer(connection, host, now)
    elif host:
        doors.note_failure(connection, host, outcome.reason[:32], now, None)


def _pause(tries: int, retry_after: timedelta | None) -> timedelta:
    grown: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 16), LONGEST_PAUSE)
    return max(grown * random.uniform(1.0, JITTER), retry_after or timedelta())  # noqa: S311 - nothing secret


def _may_be_tried(taken: InHand, again_at: datetime) -> bool:
    if taken.event is not None and taken.event.kind in KEEPS:
        return taken.tries < MOST_TRIES
    asked_at: datetime = taken.notice.asked_at
    return again_at <= asked_at + rules.TRIED_FOR


def _end(
    connection: Connection, delivery_id: int, until: datetime, now: datetime, stage: Stage, reason: str | None
) -> bool:
    """End it, if it is still ours."""
    ended: dict[str, object] = {
        "stage": stage.value,
        "reason": reason and reason[:32],
        "try_at": None,
        "is_sending": False,
    }
    if stage is Stage.HANDED_OVER:
        ended["handed_over_at"] = now
    return _change(connection, delivery_id, until, ended_at=now, **ended)


def _change(connection: Connection, delivery_id: int, until: datetime, **values: object) -> bool:
    """Move it on, if it is still in the hands of whoever took it until then."""
    ours = (delivery_table.c.id == delivery_id, delivery_table.c.try_at == until)
    return bool(connection.execute(update(delivery_table).where(*ours).values(**values)).rowcount)
