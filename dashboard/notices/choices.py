"""What each person has chosen to hear, and when; and who can be told at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from dashboard.household import members
from dashboard.household.tables import member_table
from dashboard.news import NewsKind
from dashboard.notices import rules
from dashboard.notices.rules import Hearer, QuietHours
from dashboard.notices.tables import choice_table, hours_table, notice_table, way_table
from dashboard.web.access import Role

IS_LIVE = way_table.c.retired_at.is_(None)


@dataclass(frozen=True)
class Hours:
    """When somebody wants to hear of it, in minutes since midnight; None where they have not said."""

    tell_at: int | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None

    @property
    def quiet(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_to)


def hours_of(connection: Connection, member_id: int) -> Hours:
    row = connection.execute(select(hours_table).where(hours_table.c.member_id == member_id)).one_or_none()
    return Hours(row.tell_at, row.quiet_from, row.quiet_to) if row else Hours()


def wanted_by(connection: Connection, member_id: int, role: Role) -> frozenset[NewsKind]:
    """What somebody hears, were there a way."""
    query = select(choice_table.c.kind, choice_table.c.is_wanted).where(choice_table.c.member_id == member_id)
    return _wants({row.kind: row.is_wanted for row in connection.execute(query)}, role)


def _wants(chosen: dict[str, bool], role: Role) -> frozenset[NewsKind]:
    return frozenset(kind for kind in NewsKind if chosen.get(kind.value, rules.is_default(kind, role)))


def save(connection: Connection, member_id: int, wanted: Iterable[NewsKind], hours: Hours) -> None:
    """Keep what somebody has chosen, all of it."""
    kinds = set(wanted)
    for table in (choice_table, hours_table):
        connection.execute(delete(table).where(table.c.member_id == member_id))
    chosen = [{"member_id": member_id, "kind": kind.value, "is_wanted": kind in kinds} for kind in NewsKind]
    connection.execute(insert(choice_table), chosen)
    times = {"tell_at": hours.tell_at, "quiet_from": hours.quiet_from, "quiet_to": hours.quiet_to}
    connection.execute(insert(hours_table).values(member_id=member_id, **times))


def people(connection: Connection, now: datetime) -> list[Hearer]:
    """Everybody who can be told of something, by a way that has not ended."""
    ways: defaultdict[int, list[int]] = defaultdict(list)
    live = select(way_table.c.member_id, way_table.c.id).where(IS_LIVE).order_by(way_table.c.id)
    for member_id, way_id in connection.execute(live):
        ways[member_id].append(way_id)
    if not ways:
        return []
    chosen: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for row in connection.execute(select(choice_table)):
        chosen[row.member_id][row.kind] = row.is_wanted
    hours = {row.member_id: Hours(*row[1:]) for row in connection.execute(select(hours_table))}
    told = _told_lately(connection, now)
    return [
        Hearer(
            row.id,
            row.name,
            Role(row.role),
            _wants(chosen[row.id], Role(row.role)),
            hours.get(row.id, Hours()).quiet,
            tuple(ways[row.id]),
            told[row.id],
        )
        for row in members.everybody(connection)
        if row.id in ways
    ]


def _told_lately(connection: Connection, now: datetime) -> Counter[int]:
    """How often each was told in the last hour; tests do not count, nor what was held back."""
    told = notice_table.c
    query = (
        select(told.member_id, func.count().label("times"))
        .where(told.asked_at > now - rules.AN_HOUR, told.kind != TEST, ~told.is_held_back)
        .group_by(told.member_id)
    )
    return Counter({row.member_id: row.times for row in connection.execute(query)})


def evening_people(connection: Connection) -> list[tuple[int, int]]:
    """Who wants to hear in the evening that no car is there, and at which minute of the day."""
    chosen = select(choice_table.c.member_id).where(
        choice_table.c.kind == NewsKind.NOT_PLUGGED_IN.value, choice_table.c.is_wanted
    )
    with_way = select(way_table.c.member_id).where(IS_LIVE)
    rows = connection.execute(
        select(member_table.c.id, hours_table.c.tell_at)
        .outerjoin(hours_table, hours_table.c.member_id == member_table.c.id)
        .where(member_table.c.id.in_(chosen), member_table.c.id.in_(with_way))
    )
    return [(row.id, rules.EVENING_MINUTES if row.tell_at is None else row.tell_at) for row in rows]


TEST, MORE = "test", "more"  # kinds of notices besides those of news
