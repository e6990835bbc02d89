"""What the pages of the household and of one's account show, as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from dashboard import formats
from dashboard.household import devices, invitations, members, page_words, proxies, words
from dashboard.household.members import Member
from dashboard.household.tables import device_table
from dashboard.web.access import Role


@dataclass(frozen=True)
class PersonLine:
    """One person of the household.

    Attributes:
        about: role and when last seen, in words.
        may_change: whether another role or removal is possible: not of the only owner.
        may_reset: whether a reset link makes sense: not for oneself, who changes the password on the own account.
    """

    id: int
    name: str
    role: str
    is_you: bool
    about: str
    may_change: bool
    may_reset: bool


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation that nobody has used yet; `about` says for which role, by whom, until when."""

    id: int
    about: str


@dataclass(frozen=True)
class HouseholdPage:
    """Everything the page is made from; `alert` is empty where nothing needs attention."""

    people: list[PersonLine]
    invitations: list[OpenInvitation]
    alert: str


def read(connection: Connection, you: Member, now: datetime) -> HouseholdPage:
    people = members.everybody(connection)
    owners = sum(person.role == Role.OWNER for person in people)
    return HouseholdPage(
        people=[_person(row, you, now, is_last=row.role == Role.OWNER and owners == 1) for row in people],
        invitations=[_invitation(row, now) for row in invitations.still_open(connection, now)],
        alert=words.forwarded() if proxies.forwarded_lately(connection, now) else "",
    )


def _person(row: Row[Any], you: Member, now: datetime, *, is_last: bool) -> PersonLine:
    last_seen = formats.moment_near(row.last_seen_at, now) if row.last_seen_at else ""
    return PersonLine(
        id=row.id,
        name=row.name,
        role=row.role,
        is_you=row.id == you.id,
        about=page_words.about_person(row.role, last_seen),
        may_change=not is_last,
        may_reset=row.id != you.id,
    )


def _invitation(row: Row[Any], now: datetime) -> OpenInvitation:
    made, ends = (formats.moment_near(moment, now) for moment in (row.made_at, row.expires_at))
    return OpenInvitation(row.id, page_words.about_invitation(row.role, made, row.made_by, ends))


@dataclass(frozen=True)
class DeviceLine:
    """One browser that somebody is signed in with.

    Attributes:
        name: as people call it, with a number where several are called the same.
        about: since when it is signed in and when it was last seen, in words.
        is_this: whether it is the one that asks.
    """

    id: int
    name: str
    about: str
    is_this: bool


def devices_of(connection: Connection, person: Member, now: datetime) -> list[DeviceLine]:
    """This one first, then the others, last seen first."""
    rows = connection.execute(
        select(device_table).where(device_table.c.member_id == person.id).order_by(device_table.c.created_at)
    )
    kept = [row for row in rows if not devices.has_lapsed(row.last_seen_at, row.stays, now)]
    names = told_apart([words.device_name(row.browser, row.system) for row in kept])
    by_last_seen = sorted(zip(kept, names, strict=True), key=lambda device: device[0].last_seen_at, reverse=True)
    lines = [_device(row, name, person, now) for row, name in by_last_seen]
    return sorted(lines, key=lambda line: not line.is_this)


def _device(row: Row[Any], name: str, person: Member, now: datetime) -> DeviceLine:
    is_this = row.id == person.device_id
    since, seen = (formats.moment_past(moment, now) for moment in (row.created_at, row.last_seen_at))
    about = page_words.this_device(since) if is_this else page_words.other_device(since, seen)
    return DeviceLine(row.id, name, about, is_this)


def told_apart(names: list[str]) -> list[str]:
    """What is called the same gets a number, in this order: “Chrome on Linux”, “Chrome on Linux (2)”."""
    so_far: Counter[str] = Counter()
    numbered = []
    for name in names:
        so_far[name] += 1
        numbered.append(f"{name} ({so_far[name]})" if so_far[name] > 1 else name)
    return numbered
