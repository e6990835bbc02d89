"""From what has happened to notices for people: each person once, in one transaction with the event's claim."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, select, update

from dashboard.database import upsert
from dashboard.notices import choices, events, rules, truth
from dashboard.notices.choices import MORE
from dashboard.notices.events import Event
from dashboard.notices.rules import KEEPS, MUST_ARRIVE, Hearer
from dashboard.notices.stages import Stage
from dashboard.notices.tables import delivery_table, event_table, notice_table, way_table
from dashboard.services import Services


def hand_on(services: Services, event: Event) -> None:
    """Tell whom it concerns, unless it is too late for that, or no longer so."""
    now = services.now()
    with services.database.writing() as connection:
        if not events.claim(connection, event, now) or rules.is_stale(event.kind, event.at, now):
            return
        if not truth.is_still_so(connection, event):
            return
        for person in rules.audience(event.kind, event.member_id, choices.people(connection, now)):
            _tell(services, connection, event, person, now)


def _tell(services: Services, connection: Connection, event: Event, person: Hearer, now: datetime) -> None:
    """One person, now, in the morning, or not at all."""
    zone = services.zone(event.charger_id)
    left_alone_until = person.is_left_alone_until(event.kind, event.member_id, now, zone)
    if left_alone_until is not None and event.kind not in KEEPS:
        return
    is_held_back = rules.is_one_too_many(event.kind, person)
    notice_id = _add(connection, event, person, now, is_held_back=is_held_back)
    if notice_id is not None and not is_held_back:
        add_deliveries(connection, notice_id, person.ways, left_alone_until or now)


def _add(connection: Connection, event: Event, person: Hearer, now: datetime, **more: bool) -> int | None:
    """A notice for somebody who has none of this event yet; its number."""
    values = {"event_id": event.id, "member_id": person.id, "kind": event.kind.value, "asked_at": now, **more}
    return add_notice(connection, **values)


def add_notice(connection: Connection, **values: object) -> int | None:
    """Write down that somebody is to be told; None where they have been already."""
    new = upsert(connection, notice_table).values(tag=secrets.token_hex(12), **values)
    added = new.on_conflict_do_nothing(index_elements=["event_id", "member_id"]).returning(notice_table.c.id)
    found = connection.execute(added).scalar()
    return None if found is None else int(found)


def add_deliveries(connection: Connection, notice_id: int, way_ids: tuple[int, ...], at: datetime) -> None:
    """By each of somebody's ways."""
    ways = select(way_table.c.id, way_table.c.kind).where(way_table.c.id.in_(way_ids)).order_by(way_table.c.id)
    rows = [
        {"notice_id": notice_id, "way_id": way.id, "way_kind": way.kind, "stage": Stage.ASKED.value, "try_at": at}
        for way in connection.execute(ways)
    ]
    if rows:
        connection.execute(delivery_table.insert(), rows)


def tell_how_many_more(services: Services) -> None:
    """“And 7 more”: one line for what was held back, as soon as the hour allows it."""
    now = services.now()
    if not _are_held_back(services):
        return
    with services.database.writing() as connection:
        for person in choices.people(connection, now):
            if person.told_lately < rules.MOST_AN_HOUR:
                _tell_more(connection, person, now)


_IS_WAITING = (notice_table.c.is_held_back, notice_table.c.more_id.is_(None))


def _are_held_back(services: Services) -> bool:
    with services.database.reading() as connection:
        return connection.execute(select(notice_table.c.id).where(*_IS_WAITING).limit(1)).first() is not None


def _tell_more(connection: Connection, person: Hearer, now: datetime) -> None:
    theirs = (*_IS_WAITING, notice_table.c.member_id == person.id)
    if connection.execute(select(notice_table.c.id).where(*theirs).limit(1)).first() is None:
        return
    notice_id = add_notice(connection, member_id=person.id, kind=MORE, asked_at=now)
    count = connection.execute(update(notice_table).where(*theirs).values(more_id=notice_id)).rowcount
    if notice_id is None or not count:  # another process was first
        connection.execute(notice_table.delete().where(notice_table.c.id == notice_id))
        return
    connection.execute(update(notice_table).where(notice_table.c.id == notice_id).values(how_many=count))
    add_deliveries(connection, notice_id, person.ways, now)


def pass_on(services: Services) -> None:
    """Tell the next of the household where what must arrive did not."""
    now = services.now()
    with services.database.reading() as connection:
        failed = connection.execute(_failed(now)).all()
    for notice_id, event_id in failed:
        with services.database.writing() as connection:
            is_ours = (notice_table.c.id == notice_id, notice_table.c.passed_on_at.is_(None))
            claim = update(notice_table).where(*is_ours).values(passed_on_at=now)
            event = events.find(connection, event_id) if connection.execute(claim).rowcount else None
            if event is not None and truth.is_still_so(connection, event):
                _tell_the_next(services, connection, event, now)


def _failed(now: datetime) -> Select[Any]:
    """The notices that must arrive and have not, by any way."""
    told, tried = notice_table.c, delivery_table.c
    of_notice = tried.notice_id == told.id
    has_arrived = exists().where(of_notice, tried.stage.in_((Stage.HANDED_OVER, Stage.PERHAPS)))
    goes_on = exists().where(of_notice, tried.try_at.is_not(None))
    is_void = exists().where(of_notice, tried.reason.in_(truth.NOTHING_TO_TELL))
    return select(told.id, told.event_id).where(
        told.kind.in_(MUST_ARRIVE),
        told.asked_at > now - rules.STALE_AFTER,
        told.passed_on_at.is_(None),
        ~told.is_held_back,
        ~has_arrived,
        ~is_void,
        ~goes_on | (told.asked_at <= now - rules.HAS_FAILED_AFTER),
    )


def _tell_the_next(services: Services, connection: Connection, event: Event, now: datetime) -> None:
    told = connection.scalars(select(notice_table.c.member_id).where(notice_table.c.event_id == event.id)).all()
    people = choices.people(connection, now)
    person = rules.next_in_place(event.kind, told, people, now, services.zone(event.charger_id))
    if person is None:
        return
    notice_id = _add(connection, event, person, now, is_in_place_of_another=True)
    if notice_id is not None:
        add_deliveries(connection, notice_id, person.ways, now)


def forget_old(connection: Connection, now: datetime) -> None:
    """Delete what was told so long ago that no page shows it."""
    long_ago = now - truth.KEPT
    connection.execute(notice_table.delete().where(notice_table.c.asked_at < long_ago))
    still_told = select(notice_table.c.event_id).where(notice_table.c.event_id.is_not(None))
    is_old = (event_table.c.at < long_ago, event_table.c.id.not_in(still_told))
    connection.execute(event_table.delete().where(*is_old))
