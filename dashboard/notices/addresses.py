"""By which ways people are told: each belongs to one person, and its address is known to nobody else."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from dashboard.database import upsert
from dashboard.household.members import Member
from dashboard.notices import watches, ways
from dashboard.notices.message import Message, Outcome, Result, WayKind
from dashboard.notices.tables import way_table
from dashboard.services import Services


@dataclass(frozen=True)
class KeptWay:
    """One way of one person.

    Attributes:
        sealed: the address, which only `ways.unseal` can read.
        host: to whom it goes; empty where nothing leaves the house.
        base_url: where the page was when it was added.
    """

    id: int
    member_id: int
    kind: WayKind
    sealed: str
    host: str
    base_url: str
    added_at: datetime
    retired_at: datetime | None

    @classmethod
    def from_row(cls, row: Row[Any]) -> KeptWay:
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**{**values, "kind": WayKind(row.kind)})


def find(connection: Connection, way_id: int, member_id: int | None = None) -> KeptWay | None:
    """The way of that number, if it is that person's where one is named."""
    query = select(way_table).where(way_table.c.id == way_id)
    if member_id is not None:
        query = query.where(way_table.c.member_id == member_id)
    row = connection.execute(query).one_or_none()
    return KeptWay.from_row(row) if row else None


def of_person(connection: Connection, member_id: int) -> list[KeptWay]:
    """In the order in which they were added, those that have ended too."""
    query = select(way_table).where(way_table.c.member_id == member_id).order_by(way_table.c.id)
    return [KeptWay.from_row(row) for row in connection.execute(query)]


def all_live(connection: Connection) -> list[KeptWay]:
    query = select(way_table).where(way_table.c.retired_at.is_(None)).order_by(way_table.c.id)
    return [KeptWay.from_row(row) for row in connection.execute(query)]


def add(
    services: Services, connection: Connection, person: Member, kind: WayKind, address: str, base_url: str
) -> KeptWay:
    """Keep a way; the same address again is the same way, and a browser is one person's at a time."""
    fingerprint = _fingerprint(services, kind, address)
    if not all_live(connection):
        watches.forget(connection)
    if kind is WayKind.BROWSER:
        same = (way_table.c.kind == kind.value, way_table.c.fingerprint == fingerprint)
        connection.execute(way_table.delete().where(*same, way_table.c.member_id != person.id))
    values = {
        "sealed": _seal(services, kind, address),
        "host": "" if kind is WayKind.PRETEND else ways.host(kind, address, services),
        "base_url": base_url,
        "device_id": person.device_id if kind is WayKind.BROWSER else None,
        "added_at": services.now(),
        "retired_at": None,
    }
    row = upsert(connection, way_table).values(
        member_id=person.id, kind=kind.value, fingerprint=fingerprint, **values
    )
    row = row.on_conflict_do_update(index_elements=["member_id", "kind", "fingerprint"], set_=values)
    return KeptWay.from_row(connection.execute(row.returning(*way_table.c)).one())


def _fingerprint(services: Services, kind: WayKind, address: str) -> str:
    key, text = services.settings.secret_key.encode(), f"{kind.value} {address}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _seal(services: Services, kind: WayKind, address: str) -> str:
    return "" if kind is WayKind.PRETEND else ways.seal(services, address)


def remove(connection: Connection, way: KeptWay) -> None:
    connection.execute(way_table.delete().where(way_table.c.id == way.id))


def retire(connection: Connection, way: KeptWay, now: datetime) -> None:
    """Whoever carries it says that the address is no more; it stays on the page, which says so."""
    connection.execute(update(way_table).where(way_table.c.id == way.id).values(retired_at=now))


def masked(services: Services, way: KeptWay) -> str:
    """What the page may show of its address."""
    return "" if way.kind is WayKind.PRETEND else ways.masked(way.kind, ways.unseal(services, way.sealed))


def can_replace(kind: WayKind) -> bool:
    return kind is WayKind.PRETEND or ways.can_replace(kind)


def send(services: Services, way: KeptWay, message: Message) -> Outcome:
    """Send it once; the demo's phone shows it by its receipt."""
    if way.kind is WayKind.PRETEND:
        return Outcome(Result.HANDED_OVER)
    return ways.send(services, way.kind, ways.unseal(services, way.sealed), message)
