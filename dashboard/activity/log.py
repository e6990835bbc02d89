"""The log of who did what: written by every room inside its own transactions, kept for a year."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from dashboard.activity.kinds import PEOPLE, LineKind, Topic
from dashboard.database import UtcTime, metadata

KEPT = timedelta(days=365)

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


class Person(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def record(
    connection: Connection,
    *,
    at: datetime,
    kind: LineKind,
    member: Person | str | None = None,
    charger_id: str | None = None,
    origin: str = "page",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write one line, inside the caller's transaction: what did not happen leaves no line. Its number.

    Args:
        member: who did it, as a person or by name; None where no person did.
        details: facts and no words, so that each reader has them in their own language: codes, names that people
            gave, days and times in ISO 8601, money in millionths with its currency.
    """
    line = insert(activity_log).values(
        at=at,
        kind=kind.value,
        member_id=None if isinstance(member, str) else member and member.id,
        member_name=member if isinstance(member, str) else member and member.name,
        charger_id=charger_id,
        origin=origin,
        details=_as_text(details or {}),
    )
    return int(connection.execute(line.returning(activity_log.c.id)).scalar_one())


def add_details(connection: Connection, line_id: int, details: Mapping[str, Any]) -> None:
    """Add to a line what has become known since, such as that a notice was opened."""
    mine = activity_log.c.id == line_id
    kept = connection.execute(select(activity_log.c.details).where(mine)).scalar()
    if kept is not None:
        text = _as_text(json.loads(kept) | dict(details))
        connection.execute(update(activity_log).where(mine).values(details=text))


def _as_text(details: Mapping[str, Any]) -> str:
    return json.dumps(dict(details), ensure_ascii=False, separators=(",", ":"))


def was_outside(connection: Connection, charger_id: str, at: datetime | None) -> bool:
    """Whether a line says that what happened to the charger at that moment was done outside this page."""
    if at is None:
        return False
    told = activity_log.c.details.contains(f'"changed_at":"{at.isoformat()}"', autoescape=True)
    query = select(activity_log.c.id).where(
        activity_log.c.kind == LineKind.OUTSIDE.value,
        activity_log.c.charger_id == charger_id,
        or_(activity_log.c.at == at, told),
    )
    return connection.execute(query.limit(1)).first() is not None


def forget_old(connection: Connection, now: datetime) -> int:
    """Delete the lines older than a year; how many there were."""
    return connection.execute(delete(activity_log).where(activity_log.c.at < now - KEPT)).rowcount


@dataclass(frozen=True)
class LineFilter:
    """Which lines are wanted: of one topic, of one person, about one charger; None means all of them.

    Attributes:
        with_told: those about who was told of something, too.
    """

    topic: Topic | None = None
    person: int | None = None
    charger_id: str | None = None
    with_told: bool = True

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        columns = activity_log.c
        if self.topic is Topic.PEOPLE:
            yield columns.kind.in_(PEOPLE)
        elif self.topic is Topic.CHARGER:
            yield columns.kind.not_in(PEOPLE)
        elif self.topic is Topic.ALL:
            yield columns.kind != LineKind.SIGNED_IN
        if self.person is not None:
            yield columns.member_id == self.person
        if self.charger_id is not None:
            yield columns.charger_id == self.charger_id
        if not self.with_told:
            yield columns.kind != LineKind.TOLD


def newest(connection: Connection, choice: LineFilter, count: int, skip: int = 0) -> Iterable[Row[Any]]:
    """The lines that are wanted, newest first; `skip` of them are left out."""
    query = select(activity_log).where(*choice.conditions())
    in_order = query.order_by(activity_log.c.at.desc(), activity_log.c.id.desc())
    return connection.execute(in_order.limit(count).offset(skip)).all()


def people(connection: Connection) -> dict[int, str]:
    """Everybody in the log, those who left too, by the name they had last."""
    last = select(func.max(activity_log.c.id)).where(activity_log.c.member_id.is_not(None))
    rows = connection.execute(
        select(activity_log.c.member_id, activity_log.c.member_name).where(
            activity_log.c.id.in_(last.group_by(activity_log.c.member_id))
        )
    )
    return dict(sorted((tuple(row) for row in rows), key=lambda person: str(person[1]).casefold()))
