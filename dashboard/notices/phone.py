"""The demo's phone: a way that goes nowhere, and what it would have shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy import Connection, select

from dashboard import formats
from dashboard.household.members import Member
from dashboard.notices import addresses, events, messages
from dashboard.notices.message import MessageLink, WayKind
from dashboard.notices.stages import Stage
from dashboard.notices.tables import delivery_table, notice_table
from dashboard.services import Services

SHOWN = 5


@dataclass(frozen=True)
class Shown:
    """One notice as the phone shows it; `link` opens the page that it leads to, `links` are its buttons."""

    at: str
    title: str
    text: str
    link: str
    links: tuple[MessageLink, ...]


@dataclass(frozen=True)
class Phone:
    """Somebody's pretend phone; `way_id` is None where they have none yet."""

    way_id: int | None
    shown: list[Shown]


def of_person(services: Services, connection: Connection, person: Member) -> Phone:
    """What their phone shows, newest first."""
    ways = addresses.of_person(connection, person.id)
    way = next((way for way in ways if way.kind is WayKind.PRETEND), None)
    if way is None:
        return Phone(None, [])
    rows = connection.execute(
        select(notice_table)
        .join(delivery_table, delivery_table.c.notice_id == notice_table.c.id)
        .where(delivery_table.c.way_id == way.id, delivery_table.c.stage == Stage.HANDED_OVER.value)
        .order_by(notice_table.c.id.desc())
        .limit(SHOWN)
    ).all()
    shown = []
    for row in rows:
        event = events.find(connection, row.event_id) if row.event_id else None
        message = messages.compose(services, connection, row, event, request.script_root)
        at = formats.moment_near(row.asked_at, services.now())
        shown.append(Shown(at, message.title, message.body, message.link, message.links))
    return Phone(way.id, shown)
