"""The people of the household: who they are and what is true of them at all times.

There is always an owner once there was one; no two names are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dashboard.database import Database
from dashboard.household import words
from dashboard.household.names import checked_name, name_key
from dashboard.household.tables import invitation_table, member_table, reset_link, setup_code
from dashboard.web.access import Role
from dashboard.web.forms import Wrong


@dataclass(frozen=True)
class Member:
    """Somebody of the household, as signed in on one device.

    Attributes:
        device_id: the device they use now; None where there is none, such as in the shell.
    """

    id: int
    name: str
    role: Role
    device_id: int | None = None
    token: str = field(default="", repr=False)

    # What flask-login asks of a user:
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The device's token, not the member's number: so each device can be signed out by itself."""
        return self.token


def add_member(connection: Connection, name: str, role: Role, password_hash: str, now: datetime) -> Member:
    """Add a person.

    Raises:
        Wrong: the name is taken or not a name.
    """
    name = checked_name(name)
    row = {
        "name": name,
        "name_key": name_key(name),
        "role": role.value,
        "password_hash": password_hash,
        "created_at": now,
    }
    try:
        with connection.begin_nested():
            id = connection.execute(insert(member_table).values(row).returning(member_table.c.id)).scalar_one()
    except IntegrityError as error:
        raise Wrong(words.name_taken(name), "name") from error
    if role is Role.OWNER:
        connection.execute(delete(setup_code))
    return Member(id, name, role)


def find_by_name(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(member_table).where(member_table.c.name_key == name_key(name))).first()


def as_member(row: Row[Any]) -> Member:
    return Member(row.id, row.name, Role(row.role))


def has_owner(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).where(member_table.c.role == Role.OWNER)).scalar())


def owner_names(connection: Connection) -> list[str]:
    """The owners' names, in order: whom to ask for control."""
    query = select(member_table.c.name).where(member_table.c.role == Role.OWNER).order_by(member_table.c.name_key)
    return list(connection.execute(query).scalars())


def whom_to_ask(database: Database) -> str:
    """“Ask Anna or Ben.”: the owners, for whoever may not do something."""
    with database.reading() as connection:
        return words.ask_whom(owner_names(connection))


def everybody(connection: Connection) -> list[Row[Any]]:
    """All members: owners first, then by name."""
    rows = connection.execute(select(member_table).order_by(member_table.c.name_key)).all()
    return sorted(rows, key=lambda row: list(Role).index(Role(row.role)), reverse=True)


def first_at(connection: Connection) -> datetime | None:
    """Since when there is a household."""
    return connection.execute(select(func.min(member_table.c.created_at))).scalar()


def find(connection: Connection, member_id: int) -> Member:
    """The member with that number.

    Raises:
        Wrong: there is none (any more).
    """
    row = connection.execute(select(member_table).where(member_table.c.id == member_id)).first()
    if row is None:
        raise Wrong(words.is_gone(), status=404)
    return as_member(row)


def change_role(connection: Connection, member_id: int, role: Role) -> Member:
    """Give somebody another role; who they were before.

    Raises:
        Wrong: there is no such member, or the household would be without an owner.
    """
    before = find(connection, member_id)
    if role is not Role.OWNER:
        _keep_an_owner(connection, before)
        _void_links_of(connection, member_id)
    connection.execute(update(member_table).where(member_table.c.id == member_id).values(role=role.value))
    return before


def remove(connection: Connection, member_id: int) -> Member:
    """Remove somebody, who is signed out everywhere; their lines in the log stay.

    Raises:
        Wrong: there is no such member, or the household would be without an owner.
    """
    before = find(connection, member_id)
    _keep_an_owner(connection, before)
    _void_links_of(connection, member_id)
    connection.execute(delete(member_table).where(member_table.c.id == member_id))
    return before


def rename(connection: Connection, member_id: int, name: str) -> None:
    """Give somebody another name, as `checked_name` has returned it.

    Raises:
        Wrong: the name is taken.
    """
    changed = update(member_table).where(member_table.c.id == member_id).values(name=name, name_key=name_key(name))
    try:
        with connection.begin_nested():
            connection.execute(changed)
    except IntegrityError as error:
        raise Wrong(words.name_taken(name), "name") from error


def _keep_an_owner(connection: Connection, leaving: Member) -> None:
    """Wrong if nobody else is an owner; the rows stay locked, so of two at once one sees the other's."""
    if is_last_owner(connection, leaving, hold=True):
        raise Wrong(words.last_owner(leaving.name), status=409)


def is_last_owner(connection: Connection, person: Member, *, hold: bool = False) -> bool:
    """Whether nobody else is an owner; `hold` keeps the owners from changing until the transaction ends."""
    owners = select(member_table.c.id).where(member_table.c.role == Role.OWNER).order_by(member_table.c.id)
    return list(connection.scalars(owners.with_for_update() if hold else owners)) == [person.id]


def _void_links_of(connection: Connection, owner_id: int) -> None:
    """Whoever is no longer an owner leaves no invitation or reset link behind."""
    unused = invitation_table.c.used_at.is_(None)
    connection.execute(delete(invitation_table).where(invitation_table.c.made_by_id == owner_id, unused))
    connection.execute(delete(reset_link).where(reset_link.c.made_by_id == owner_id))
