"""The log of who did what: written by every room, read on one page, kept for a year."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from dashboard import activity_words
from dashboard.access import Role, allow
from dashboard.database import UtcTime, metadata
from dashboard.formats import clock, day, local
from dashboard.household import tables
from dashboard.services import services

KEPT = timedelta(days=365)
PAGE = 50
LAST_PAGE = 10_000

activity_log = Table(
    "activity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("member_id", Integer),  # no foreign key: the lines of people who left stay
    Column("member_name", Text),
    Column("charger_id", Text),
    Column("origin", Text, nullable=False),
    Column("details", Text, nullable=False),
    Index(None, "at"),
    Index(None, "charger_id", "at"),
    Index(None, "member_id", "at"),
    sqlite_autoincrement=True,
)
activity = Blueprint("activity", __name__)


class Person(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """One thing that happened.

    Attributes:
        kind: what happened; `activity_words` has a sentence for each.
        who: the name of the person at that time; None where no person did it.
        origin: from where: page, timer, plan, shell, outside.
        charger: the charger's name where it helps to tell chargers apart, else None.
    """

    at: datetime
    kind: str
    who: str | None = None
    origin: str = "page"
    charger: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return activity_words.sentence(self.kind, self.who, self.origin, self.charger, self.details, self.at)

    @property
    def time(self) -> str:
        return clock(self.at)


def record(
    connection: Connection,
    *,
    at: datetime,
    kind: str,
    member: Person | str | None = None,
    charger_id: str | None = None,
    origin: str = "page",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one line, inside the caller's transaction: what did not happen leaves no line.

    Args:
        member: who did it, as a person or by name; None where no person did.
        details: what the kind's sentence in `activity_words` needs; only plain values.
    """
    id, name = _who(member)
    connection.execute(
        insert(activity_log).values(
            at=at,
            kind=kind,
            member_id=id,
            member_name=name,
            charger_id=charger_id,
            origin=origin,
            details=json.dumps(dict(details or {}), ensure_ascii=False, separators=(",", ":")),
        )
    )


def _who(member: Person | str | None) -> tuple[Any, str | None]:
    """The member's id (or how to find it) and name."""
    if isinstance(member, str):
        return select(tables.member.c.id).where(tables.member.c.name == member).scalar_subquery(), member
    return (member.id, member.name) if member else (None, None)


def latest(connection: Connection, charger_id: str, count: int = 3) -> list[Line]:
    """The last lines about one charger, newest first; for that charger's own page."""
    return [_line(row, {}) for row in _newest(connection, None, charger_id, count, 0)]


def was_outside(connection: Connection, charger_id: str, at: datetime | None) -> bool:
    """Whether a line says that what happened to the charger at that moment was done outside this page."""
    query = select(activity_log.c.id).where(
        activity_log.c.kind == "outside", activity_log.c.charger_id == charger_id, activity_log.c.at == at
    )
    return at is not None and connection.execute(query.limit(1)).first() is not None


def forget_old(connection: Connection, now: datetime) -> int:
    """Delete the lines older than a year; how many there were."""
    return connection.execute(delete(activity_log).where(activity_log.c.at < now - KEPT)).rowcount


def _newest(
    connection: Connection, person: int | None, charger_id: str | None, count: int, skip: int
) -> Iterable[Row[Any]]:
    query = select(activity_log).order_by(activity_log.c.at.desc(), activity_log.c.id.desc())
    if person is not None:
        query = query.where(activity_log.c.member_id == person)
    if charger_id is not None:
        query = query.where(activity_log.c.charger_id == charger_id)
    return connection.execute(query.limit(count).offset(skip)).all()


def _line(row: Row[Any], chargers: Mapping[str, str]) -> Line:
    charger = chargers.get(row.charger_id) if len(chargers) > 1 else None
    return Line(row.at, row.kind, row.member_name, row.origin, charger, json.loads(row.details))


def _chargers(connection: Connection) -> dict[str, str]:
    """Each charger's name by id, in the household's order."""
    charger = metadata.tables.get("charger")
    if charger is None:
        return {}
    rows = connection.execute(
        select(charger.c.id, charger.c.name, charger.c.household_name).order_by(charger.c.position, charger.c.name)
    )
    shows = services().settings.shows
    return {row.id: row.household_name or row.name or row.id[-6:] for row in rows if shows(row.id)}


def _people(connection: Connection) -> dict[int, str]:
    """Everybody in the log, those who left too, by the name they had last."""
    last = select(func.max(activity_log.c.id)).where(activity_log.c.member_id.is_not(None))
    rows = connection.execute(
        select(activity_log.c.member_id, activity_log.c.member_name).where(
            activity_log.c.id.in_(last.group_by(activity_log.c.member_id))
        )
    )
    return dict(sorted((tuple(row) for row in rows), key=lambda one: str(one[1]).casefold()))


@activity.get("/activity")
@allow(Role.VIEWER)
def show_activity() -> ResponseReturnValue:
    """Show the log by day, newest first; `?person=`, `?charger=` and `?page=` choose."""
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with services().database.reading() as connection:
        people, chargers = _people(connection), _chargers(connection)
        person = request.args.get("person", type=int)
        person = person if person in people else None
        charger_id = request.args.get("charger")
        charger_id = charger_id if charger_id in chargers else None
        rows = list(_newest(connection, person, charger_id, PAGE + 1, PAGE * (page - 1)))
    lines = [_line(row, chargers) for row in rows[:PAGE]]
    days = [(day(ours[0].at), ours) for ours in _by_day(lines)]
    chosen = {"person": person, "charger": charger_id}
    return render_template(
        "activity/activity.html",
        days=days,
        people=people,
        chargers=chargers,
        chosen=chosen,
        page=page,
        has_older=len(rows) > PAGE,
    )


def _by_day(lines: list[Line]) -> list[list[Line]]:
    return [list(ours) for _date, ours in groupby(lines, key=lambda line: local(line.at).date())]


def init_app(app: Flask) -> None:
    app.register_blueprint(activity)
