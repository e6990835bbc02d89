"""When finished sessions are asked for: all years once, newest first; then daily, and while somebody looks.

A moment further ahead than it can have been planned was written while our clock was ahead: it counts as over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, not_, or_, select, true, update

from dashboard import leases
from dashboard.charger.tables import charger_table
from dashboard.history.tables import history_source

FIRST_YEAR = datetime(2014, 1, 1, tzinfo=UTC)  # Zaptec sold its first charger later
UNSET_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)  # where the clock of a charger begins that was never set
EMPTY_MONTHS_UNTIL_THE_BEGINNING = 24
AFTER_A_SESSION = timedelta(seconds=90)  # Zaptec needs a moment to file it
LOOKED_AT = timedelta(minutes=15)
DAILY = timedelta(days=1)
OVERLAP = timedelta(days=10)  # sessions recorded offline come late
LONG_LOOK_EVERY = timedelta(days=7)
LONG_LOOK_BACK = timedelta(days=400)
BACK_OFF = leases.BackOff(timedelta(minutes=5), timedelta(minutes=5), seldom=timedelta(hours=1))


@dataclass(frozen=True)
class FetchSpan:
    """The sessions to ask for next: those that ended between two moments.

    Attributes:
        is_fill: a month of the first fill, else something newer.
        is_long: a year back, and the sessions of an unset clock.
    """

    since: datetime
    until: datetime
    is_fill: bool
    is_long: bool = False

    def months(self) -> Iterator[tuple[datetime, datetime]]:
        """The span by months in UTC, the first one whole: each is one question."""
        since = month_of(self.since)
        while since < self.until:
            after = month_of(since + timedelta(days=32))
            yield since, min(after, self.until)
            since = after
        if self.is_long:
            yield UNSET_CLOCK, UNSET_CLOCK.replace(year=1971)


@dataclass(frozen=True)
class FetchState:
    """How far the sessions of one charger are fetched; the fields are those of `history_source`."""

    charger_id: str
    endpoint: str
    filled_to: datetime | None
    empty_months: int
    is_filled: bool
    due_at: datetime
    collected_at: datetime | None
    long_look_at: datetime | None
    failure: str | None
    again_at: datetime | None

    def next_span(self, now: datetime) -> FetchSpan:
        """The present first; then, month by month, the past."""
        if self.collected_at is None or self.filled_to is None:
            return FetchSpan(month_of(now), now, is_fill=True)
        if self.is_due(now):
            is_long = self.wants_long_look(now)
            back = LONG_LOOK_BACK if is_long else OVERLAP
            return FetchSpan(min(self.collected_at, now) - back, now, is_fill=False, is_long=is_long)
        return FetchSpan(month_of(self.filled_to - timedelta(days=1)), self.filled_to, is_fill=True)

    def is_due(self, now: datetime) -> bool:
        """Whether newer sessions are to be asked for."""
        return not leases.still_holds(self.due_at, now, DAILY)

    def wants_long_look(self, now: datetime) -> bool:
        """Weekly: corrections, and chargers that were offline for months; and after our clock was ahead."""
        is_long_ago = self.long_look_at is None or not timedelta() <= now - self.long_look_at < LONG_LOOK_EVERY
        was_ahead = self.collected_at is not None and self.collected_at > now
        return self.is_filled and (is_long_ago or was_ahead)

    def next_at(self, now: datetime) -> datetime:
        """When it is asked for next, though nobody looks."""
        wanted_at = now if self.is_due(now) or not self.is_filled else self.due_at
        is_left_alone = leases.still_holds(self.again_at, now, BACK_OFF.longest)
        return max(wanted_at, self.again_at) if self.again_at and is_left_alone else wanted_at


FIELDS = [history_source.c[name] for name in FetchState.__dataclass_fields__]


def month_of(moment: datetime) -> datetime:
    """The beginning of its month, in UTC."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def note_chargers(connection: Connection, now: datetime, only: tuple[str, ...]) -> None:
    """Make a row for each charger that has none yet."""
    for charger_id in connection.execute(_without_row(only)).scalars().all():
        connection.execute(insert(history_source).values(charger_id=charger_id, due_at=now))


def is_any_due(connection: Connection, now: datetime, only: tuple[str, ...], *, is_looked_at: bool = False) -> bool:
    """Whether there is something to ask for, or a charger that nobody has noted yet."""
    queries = (_due(now, only, is_looked_at), _without_row(only))
    return any(connection.execute(query.limit(1)).first() for query in queries)


def first_due(connection: Connection, now: datetime, only: tuple[str, ...]) -> FetchState | None:
    """Who is next: new sessions before old ones, and of old ones the latest months first."""
    row = connection.execute(_due(now, only).limit(1)).first()
    return FetchState(*row) if row else None


def _due(now: datetime, only: tuple[str, ...], is_looked_at: bool = False) -> Select[Any]:
    table = history_source.c
    is_left_alone = leases.holds(table.again_at, now, BACK_OFF.longest)
    is_due = not_(leases.holds(table.due_at, now, DAILY))
    wants = or_(is_due, table.is_filled.is_(False))
    if is_looked_at:
        wants = or_(wants, _is_stale(now))
    order = (not_(is_due), table.filled_to.is_not(None), table.filled_to.desc())
    is_shown = table.charger_id.in_(select(charger_table.c.id).where(*_shown(only)))
    return select(*FIELDS).where(not_(is_left_alone), wants, is_shown).order_by(*order)


def _is_stale(now: datetime) -> ColumnElement[bool]:
    """Whether somebody who looks wants newer sessions."""
    collected_at = history_source.c.collected_at
    return or_(collected_at <= now - LOOKED_AT, collected_at > now)


def _without_row(only: tuple[str, ...]) -> Select[Any]:
    noted = select(history_source.c.charger_id)
    return select(charger_table.c.id).where(*_shown(only), charger_table.c.id.not_in(noted))


def _shown(only: tuple[str, ...]) -> tuple[ColumnElement[bool], ...]:
    """The chargers of the account that the settings leave."""
    return charger_table.c.is_listed, func.lower(charger_table.c.id).in_(only) if only else true()


def make_due(connection: Connection, now: datetime) -> None:
    """Somebody looks: ask now for what is older than they should see."""
    waits = and_(history_source.c.due_at > now, _is_stale(now))
    connection.execute(update(history_source).where(waits).values(due_at=now))


def session_ended(connection: Connection, charger_id: str, now: datetime) -> None:
    """Ask soon: Zaptec will have a new session."""
    soon = now + AFTER_A_SESSION
    later = and_(history_source.c.charger_id == charger_id, history_source.c.due_at > soon)
    connection.execute(update(history_source).where(later).values(due_at=soon))


@dataclass(frozen=True)
class FetchProgress:
    """How the fetching stands, over all chargers.

    Attributes:
        filled_to: until when the first fill has come back, while it runs.
        is_filled: all years are here.
        failure: why the last question failed, as a code; None when all is well.
    """

    filled_to: datetime | None = None
    is_filled: bool = False
    collected_at: datetime | None = None
    failure: str | None = None
    again_at: datetime | None = None


def progress(connection: Connection, only: tuple[str, ...]) -> FetchProgress:
    """How the fetching stands, over the chargers that are shown."""
    query = select(*FIELDS).join(charger_table, charger_table.c.id == history_source.c.charger_id)
    states = [FetchState(*row) for row in connection.execute(query.where(*_shown(only)))]
    if not states:
        return FetchProgress()
    failed = next((state for state in states if state.failure), None)
    waiting = [state.filled_to for state in states if not state.is_filled]
    collected = [state.collected_at for state in states if state.collected_at]
    return FetchProgress(
        filled_to=max((moment for moment in waiting if moment), default=None),
        is_filled=not waiting,
        collected_at=min(collected) if len(collected) == len(states) else None,
        failure=failed.failure if failed else None,
        again_at=failed.again_at if failed else None,
    )
