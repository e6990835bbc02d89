"""Fetches finished sessions from Zaptec and books them; `due.py` says which and when.

One process of all fetches at a time, the one that has the lease. It works for a few months' worth of questions and
lets go; the next tick of any process goes on. Each month is stored together with the note that it is there, so a
process may die at any moment.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from dashboard import leases
from dashboard.charger import chargers
from dashboard.charger.account import failure_code
from dashboard.history import due
from dashboard.history.booking import HISTORY, SESSIONS, Booking
from dashboard.history.due import FetchSpan, FetchState
from dashboard.history.tables import history_source, unusable_sessions
from dashboard.services import Services
from zaptec.errors import NoAccess, NotUnderstood, TryLater, UnknownCharger, ZaptecError
from zaptec.sessions import CompletedSession

log = logging.getLogger(__name__)
FETCHING = "history"  # the lease of whoever fetches
LEASE = timedelta(minutes=3)  # longer than one question with its repetitions may take
QUESTIONS_AT_ONCE = 12  # then let go, so that a process which shall end does not have to wait long
COME_AGAIN_S = 5.0  # while there is more to fetch, or somebody is at it
GAP_S = 0.5  # between two questions: the charger's page comes first
CUT_AGAIN_AT_ONCE = 500
TRY_THE_OTHER = (NoAccess, UnknownCharger, NotUnderstood)


@dataclass
class FetchedMonths:
    """What Zaptec told of some months.

    Attributes:
        unusable: how many sessions of each month cannot be used, by the month's first day.
    """

    sessions: list[CompletedSession] = field(default_factory=list)
    unusable: Counter[date] = field(default_factory=Counter)


class _UnderWay:
    """Whether a thread of this process is fetching, or waits for its turn to."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def fetch_if_due(services: Services, *, is_looked_at: bool = False) -> float | None:
    """Fetch in the background if something is due and nobody is at it; the caller waits for no lock.

    Returns in how many seconds to come again, if there may be more to fetch then.
    """
    with services.database.reading() as connection:
        now, only = services.now(), services.settings.charger_ids
        if leases.is_taken(connection, FETCHING, now, LEASE):
            return COME_AGAIN_S
        if not due.is_any_due(connection, now, only, is_looked_at=is_looked_at):
            return None
    under_way = services.shared(_UnderWay)
    if under_way.lock.acquire(blocking=False):
        services.background.start(lambda: _fetch_and_let_go(services, under_way, is_looked_at))
    return COME_AGAIN_S


def _fetch_and_let_go(services: Services, under_way: _UnderWay, is_looked_at: bool) -> None:
    try:
        me = secrets.token_hex(8)
        if claim(services, me):
            fetch(services, me, is_looked_at=is_looked_at)
    finally:
        under_way.lock.release()


def claim(services: Services, me: str) -> bool:
    """Take the lease, or hold it longer if it is ours; False if somebody else has it."""
    with services.database.writing() as connection:
        return leases.take(connection, FETCHING, me, services.now(), LEASE)


def fetch(services: Services, me: str, *, is_looked_at: bool = False) -> None:
    """Ask for some months and let go of the lease."""
    only = services.settings.charger_ids
    with _lease(services, me):
        with services.database.writing() as connection:
            due.note_chargers(connection, services.now(), only)
            Booking(connection, services.zone, services.now()).cut_again(CUT_AGAIN_AT_ONCE)
            if is_looked_at:
                due.make_due(connection, services.now())
        for number in range(QUESTIONS_AT_ONCE):
            if number:
                services.sleep(GAP_S)
                if not claim(services, me):
                    return
            with services.database.reading() as connection:
                state = due.first_due(connection, services.now(), only)
            if state is None:
                return
            _ask(services, state)


@contextmanager
def _lease(services: Services, me: str) -> Iterator[None]:
    """Lets go at the end and after a mistake; a process that is killed just leaves the lease to lapse."""
    try:
        yield
    finally:
        with services.database.writing() as connection:
            leases.release(connection, me)


def _ask(services: Services, state: FetchState) -> None:
    """One question and what becomes of it."""
    span = state.next_span(services.now())
    try:
        endpoint, fetched = _fetch(services, state, span)
    except ZaptecError as error:
        _note_failure(services, state.charger_id, error)
    except BaseException:
        _note_failure(services, state.charger_id, NotUnderstood("a mistake of ours"))
        raise
    else:
        _keep(services, state, span, endpoint, fetched)


def _fetch(services: Services, state: FetchState, span: FetchSpan) -> tuple[str, FetchedMonths]:
    """The sessions, and which endpoint told; the other one is tried where one does not answer.

    Raises:
        ZaptecError: neither does; what the first said.
    """
    preferred = state.endpoint
    if preferred == HISTORY and span.is_long:
        preferred = SESSIONS  # once a week the better one gets another chance
    other = HISTORY if preferred == SESSIONS else SESSIONS
    try:
        return preferred, _fetch_from(services, preferred, state.charger_id, span)
    except TRY_THE_OTHER as error:
        log.info("%s of …%s: %s; trying %s", preferred, state.charger_id[-6:], failure_code(error), other)
        try:
            return other, _fetch_from(services, other, state.charger_id, span)
        except TRY_THE_OTHER:
            raise error from None


def _fetch_from(services: Services, endpoint: str, charger_id: str, span: FetchSpan) -> FetchedMonths:
    client = services.account.client
    ask = client.completed_sessions if endpoint == SESSIONS else client.charge_history
    fetched = FetchedMonths()
    for number, (since, until) in enumerate(span.months()):
        if number:
            services.sleep(GAP_S)
        # Zaptec's times are whole seconds, so the last one is asked for by the next.
        entries = ask(since, until + timedelta(seconds=1), charger_id=charger_id)
        fetched.sessions += entries
        fetched.unusable[since.date()] = entries.unread
    return fetched


def zaptec_now(services: Services) -> datetime:
    """The time by Zaptec's clock, as of its last answer; ours before the first."""
    return services.now() - timedelta(seconds=services.account.client.clock_skew_s or 0.0)


def _keep(services: Services, state: FetchState, span: FetchSpan, endpoint: str, fetched: FetchedMonths) -> None:
    """Store the sessions and how far we have come, in one transaction."""
    now, by_zaptecs_clock = services.now(), zaptec_now(services)
    values = {"endpoint": endpoint, "failure": None, "again_at": None}
    values |= _progress(state, span, now, by_zaptecs_clock, has_sessions=bool(fetched.sessions))
    with services.database.writing() as connection:
        booking = Booking(connection, services.zone, now, by_zaptecs_clock)
        booked = booking.store(fetched.sessions, state.charger_id, endpoint)
        for session in booked.unusable:
            month = due.month_of(session.end).date()
            fetched.unusable[month if month in fetched.unusable else max(fetched.unusable)] += 1
        _note_unusable(connection, state.charger_id, fetched.unusable)
        connection.execute(_update(state.charger_id).values(**values))
        if booked.changed:
            chargers.touch(connection, state.charger_id)
    services.account.note_skew()


def _progress(
    state: FetchState, span: FetchSpan, now: datetime, by_zaptecs_clock: datetime, *, has_sessions: bool
) -> dict[str, Any]:
    """How far we have come when a span is stored."""
    values: dict[str, Any] = {}
    if state.collected_at is None or not span.is_fill:
        values |= {"collected_at": span.until, "due_at": now + due.DAILY}
    if span.is_long:
        values["long_look_at"] = now
    if span.is_fill:
        # A month that has not come yet is empty, but says nothing about the past.
        empty = 0 if has_sessions or span.until > by_zaptecs_clock + due.DAILY else state.empty_months + 1
        is_filled = empty >= due.EMPTY_MONTHS_UNTIL_THE_BEGINNING or span.since <= due.FIRST_YEAR
        values |= {"filled_to": span.since, "empty_months": empty, "is_filled": is_filled, "long_look_at": now}
    return values


def _note_unusable(connection: Connection, charger_id: str, counts: Counter[date]) -> None:
    """Replace the counts of the months that were asked for, whole as they were."""
    table = unusable_sessions.c
    connection.execute(
        delete(unusable_sessions).where(table.charger_id == charger_id, table.month.in_(list(counts)))
    )
    rows = [{"charger_id": charger_id, "month": month, "count": count} for month, count in counts.items() if count]
    if rows:
        connection.execute(insert(unusable_sessions), rows)


def _note_failure(services: Services, charger_id: str, error: ZaptecError) -> None:
    code = failure_code(error)
    retry_after_s = error.retry_after_s if isinstance(error, TryLater) else None
    # An answer that neither endpoint gives in a form we know will not come in a minute either.
    is_strange = isinstance(error, NotUnderstood)
    pause = due.BACK_OFF.seldom if is_strange else due.BACK_OFF.pause(code, 0, retry_after_s)
    with services.database.writing() as connection:
        connection.execute(_update(charger_id).values(failure=code, again_at=services.now() + pause))


def _update(charger_id: str) -> Any:
    return update(history_source).where(history_source.c.charger_id == charger_id)
