"""Fetches finished sessions from Zaptec: all years once, newest first, then what is new.

One process of all collects at a time, the one that has the lease. It
works for a few months' worth of questions and lets go; the next tick of any process goes on. Each month is
stored together with the note that it is there, so a process may die at any moment.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, true, update

from dashboard import leases
from dashboard.charger import chargers
from dashboard.charger.account import failure_code
from dashboard.charger.tables import charger_table
from dashboard.history.booking import HISTORY, SESSIONS, Booking
from dashboard.history.tables import history_source
from dashboard.history.tariff import ensure_book
from dashboard.services import Services
from zaptec.errors import NoAccess, NotUnderstood, TryLater, UnknownCharger, ZaptecError
from zaptec.sessions import CompletedSession

log = logging.getLogger(__name__)
FETCHING = "history"  # the lease of whoever collects
LEASE = timedelta(minutes=3)  # longer than one question with its repetitions may take
QUESTIONS_AT_ONCE = 12  # then let go, so that a process which shall end does not have to wait long
GAP_S = 0.5  # between two questions: the charger's page comes first
FIRST_YEAR = datetime(2014, 1, 1, tzinfo=UTC)  # Zaptec sold its first charger later
EMPTY_MONTHS_UNTIL_THE_BEGINNING = 24
AFTER_A_SESSION = timedelta(seconds=90)  # Zaptec needs a moment to file it
LOOKED_AT = timedelta(minutes=15)
DAILY = timedelta(days=1)
OVERLAP = timedelta(days=10)  # sessions recorded offline come late
LONG_LOOK_EVERY = timedelta(days=7)
LONG_LOOK_BACK = timedelta(days=400)
MONTH = timedelta(days=31)
BACK_OFF = leases.BackOff(timedelta(minutes=5), timedelta(minutes=5), seldom=timedelta(hours=1))
TRY_THE_OTHER = (NoAccess, UnknownCharger, NotUnderstood)


@dataclass(frozen=True)
class Span:
    """The next thing to ask for.

    Attributes:
        is_fill: a month of the first fill, else something newer.
    """

    since: datetime
    until: datetime
    is_fill: bool


def note_chargers(connection: Connection, now: datetime, only: tuple[str, ...]) -> None:
    """Make a row for each charger that has none yet."""
    known = select(history_source.c.charger_id)
    query = select(charger_table.c.id).where(
        charger_table.c.is_listed, _named(only), charger_table.c.id.not_in(known)
    )
    for id in connection.execute(query).scalars().all():
        connection.execute(insert(history_source).values(charger_id=id, due_at=now))


def is_due(connection: Connection, now: datetime, only: tuple[str, ...], *, is_looked_at: bool = False) -> bool:
    """Whether there is something to ask for, or a charger that nobody has noted yet."""
    known = select(history_source.c.charger_id)
    new = select(charger_table.c.id).where(
        charger_table.c.is_listed, _named(only), charger_table.c.id.not_in(known)
    )
    if leases.is_taken(connection, FETCHING, now, LEASE):
        return False
    return any(connection.execute(query.limit(1)).first() for query in (_due(now, only, is_looked_at), new))


def _due(now: datetime, only: tuple[str, ...], is_looked_at: bool = False) -> Any:
    """Who is next: new sessions before old ones, and of old ones the latest months first."""
    waits = ~leases.holds(history_source.c.again_at, now, BACK_OFF.longest)
    wants = or_(history_source.c.due_at <= now, history_source.c.is_filled.is_(False))
    if is_looked_at:
        wants = or_(wants, history_source.c.collected_at <= now - LOOKED_AT)
    filled_to = history_source.c.filled_to
    order = (history_source.c.due_at > now, filled_to.is_not(None), filled_to.desc())
    here = (charger_table.c.is_listed, _named(only))
    charger = select(charger_table.c.id).where(*here)
    return select(history_source).where(waits, wants, history_source.c.charger_id.in_(charger)).order_by(*order)


def _named(only: tuple[str, ...]) -> ColumnElement[bool]:
    """The chargers that the settings leave."""
    return func.lower(charger_table.c.id).in_(only) if only else true()


def chore(services: Services, *, is_looked_at: bool = False) -> None:
    """Collect in the background if something is due and nobody is at it."""
    with services.database.reading() as connection:
        if not is_due(connection, services.now(), services.settings.charger_ids, is_looked_at=is_looked_at):
            return
    me = secrets.token_hex(8)
    if claim(services, me):
        services.background.start(lambda: collect(services, me, is_looked_at=is_looked_at))


def claim(services: Services, me: str) -> bool:
    """Take the lease, or hold it longer if it is ours; False if somebody else has it."""
    with services.database.writing() as connection:
        ensure_book(connection)
        return leases.take(connection, FETCHING, me, services.now(), LEASE)


def collect(services: Services, me: str, *, is_looked_at: bool = False) -> None:
    """Ask for some months and let go of the lease."""
    only = services.settings.charger_ids
    with _lease(services, me):
        zone = services.zone()
        with services.database.writing() as connection:
            note_chargers(connection, services.now(), only)
            Booking(connection, zone, services.now()).cut_again(500)
        if is_looked_at:
            _make_due(services)
        for number in range(QUESTIONS_AT_ONCE):
            if number:
                services.sleep(GAP_S)
                if not claim(services, me):
                    return
            with services.database.reading() as connection:
                row = connection.execute(_due(services.now(), only).limit(1)).first()
            if row is None:
                return
            _ask(services, row)


@contextmanager
def _lease(services: Services, me: str) -> Iterator[None]:
    """Lets go at the end and after a mistake; a process that is killed just leaves the lease to lapse."""
    try:
        yield
    finally:
        with services.database.writing() as connection:
            leases.release(connection, me)


def _make_due(services: Services) -> None:
    now = services.now()
    stale = history_source.c.collected_at <= now - LOOKED_AT
    with services.database.writing() as connection:
        connection.execute(update(history_source).where(stale, history_source.c.due_at > now).values(due_at=now))


def _ask(services: Services, row: Row[Any]) -> None:
    """One question and what becomes of it."""
    span = next_span(row, services.now())
    try:
        endpoint, found = _fetch(services, row, span)
    except ZaptecError as error:
        _note_failure(services, row.charger_id, error)
    except BaseException:
        _note_failure(services, row.charger_id, NotUnderstood("a mistake of ours"))
        raise
    else:
        _keep(services, row, span, endpoint, found)


def next_span(row: Row[Any], now: datetime) -> Span:
    """The present first; then, month by month, the past."""
    if row.collected_at is None:
        return Span(_month_of(now), now, is_fill=True)
    if row.due_at <= now:
        back = LONG_LOOK_BACK if _wants_long_look(row, now) else OVERLAP
        return Span(min(row.collected_at, now) - back, now, is_fill=False)
    return Span(_month_of(row.filled_to - timedelta(days=1)), row.filled_to, is_fill=True)


def _wants_long_look(row: Row[Any], now: datetime) -> bool:
    """Weekly, a year back: corrections, and chargers that were offline for months."""
    return row.is_filled and (row.long_look_at is None or now - row.long_look_at >= LONG_LOOK_EVERY)


def _month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _fetch(services: Services, row: Row[Any], span: Span) -> tuple[str, list[CompletedSession]]:
    """The sessions, and which endpoint told; the other one is tried where one does not answer.

    Raises:
        ZaptecError: neither does; what the first said.
    """
    preferred = row.endpoint
    if preferred == HISTORY and _wants_long_look(row, services.now()):
        preferred = SESSIONS  # once a week the better one gets another chance
    other = HISTORY if preferred == SESSIONS else SESSIONS
    try:
        return preferred, _fetch_from(services, preferred, row.charger_id, span)
    except TRY_THE_OTHER as error:
        log.info("%s of …%s: %s; trying %s", preferred, row.charger_id[-6:], failure_code(error), other)
        try:
            return other, _fetch_from(services, other, row.charger_id, span)
        except TRY_THE_OTHER:
            raise error from None


def _fetch_from(services: Services, endpoint: str, charger_id: str, span: Span) -> list[CompletedSession]:
    client = services.account.client
    ask = client.completed_sessions if endpoint == SESSIONS else client.charge_history
    found: list[CompletedSession] = []
    since = span.since
    while since < span.until:  # a month at a time
        until = min(since + MONTH, span.until)
        # Zaptec's times are whole seconds, so the last one is asked for by the next.
        found += ask(since, until + timedelta(seconds=1), charger_id=charger_id)
        since = until
        if since < span.until:
            services.sleep(GAP_S)
    return found


def _keep(services: Services, row: Row[Any], span: Span, endpoint: str, found: Iterable[CompletedSession]) -> None:
    """Store the sessions and how far we have come, in one transaction."""
    now, zone = services.now(), services.zone()
    sessions = list(found)
    values: dict[str, Any] = {"endpoint": endpoint, "failure": None, "again_at": None}
    if row.collected_at is None or not span.is_fill:
        values |= {"collected_at": span.until, "due_at": now + DAILY}
    if not span.is_fill and _wants_long_look(row, now):
        values["long_look_at"] = now
    if span.is_fill:
        empty = 0 if sessions else row.empty_months + 1
        is_filled = empty >= EMPTY_MONTHS_UNTIL_THE_BEGINNING or span.since <= FIRST_YEAR
        values |= {"filled_to": span.since, "empty_months": empty, "is_filled": is_filled, "long_look_at": now}
    with services.database.writing() as connection:
        changed = Booking(connection, zone, now).store(sessions, row.charger_id, endpoint)
        connection.execute(_of(row.charger_id).values(**values))
        if changed:
            chargers.touch(connection, row.charger_id)


def _note_failure(services: Services, charger_id: str, error: ZaptecError) -> None:
    code = failure_code(error)
    retry_after_s = error.retry_after_s if isinstance(error, TryLater) else None
    # An answer that neither endpoint gives in a form we know will not come in a minute either.
    wait = BACK_OFF.seldom if isinstance(error, NotUnderstood) else BACK_OFF.pause(code, 0, retry_after_s)
    with services.database.writing() as connection:
        connection.execute(_of(charger_id).values(failure=code, again_at=services.now() + wait))


def _of(charger_id: str) -> Any:
    return update(history_source).where(history_source.c.charger_id == charger_id)


def session_ended(connection: Connection, charger_id: str, now: datetime) -> None:
    """Ask soon: Zaptec will have a new session."""
    soon = now + AFTER_A_SESSION
    connection.execute(_of(charger_id).where(history_source.c.due_at > soon).values(due_at=soon))


@dataclass(frozen=True)
class Progress:
    """How the collecting stands, over all chargers.

    Attributes:
        filled_to: until when the first fill has come back, while it runs.
        is_filled: all years are here.
        failure: why the last question failed, as a code; None when all is well.
    """

    filled_to: datetime | None
    is_filled: bool
    collected_at: datetime | None
    failure: str | None
    again_at: datetime | None


def progress(connection: Connection, only: tuple[str, ...]) -> Progress:
    query = select(history_source).join(charger_table, charger_table.c.id == history_source.c.charger_id)
    rows = connection.execute(query.where(charger_table.c.is_listed, _named(only))).all()
    if not rows:
        return Progress(None, False, None, None, None)
    failed = next((row for row in rows if row.failure), None)
    waiting = [row.filled_to for row in rows if not row.is_filled]
    collected = [row.collected_at for row in rows if row.collected_at]
    return Progress(
        filled_to=max((at for at in waiting if at), default=None),
        is_filled=not waiting,
        collected_at=min(collected) if len(collected) == len(rows) else None,
        failure=failed.failure if failed else None,
        again_at=failed.again_at if failed else None,
    )
