"""The people of the household: who they are and what is true of them at all times.

There is always an owner once there was one; no two names are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from dashboard.access import Role
from dashboard.household import words
from dashboard.household.names import clean_name, name_key, problem_with_name
from dashboard.household.tables import member, setup_code


class Refused(Exception):
    """What was asked for cannot be done; the message says why, in a sentence for the page."""


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
        Refused: the name is taken or not a name.
    """
    name = clean_name(name)
    if problem := problem_with_name(name):
        raise Refused(problem)
    row = {
        "name": name,
        "name_key": name_key(name),
        "role": role.value,
        "password_hash": password_hash,
        "created_at": now,
    }
    try:
        with connection.begin_nested():
            id = connection.execute(insert(member).values(row).returning(member.c.id)).scalar_one()
    except IntegrityError as error:
        raise Refused(words.name_taken(name)) from error
    if role is Role.OWNER:
        connection.execute(delete(setup_code))
    return Member(id, name, role)


def find_by_name(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(member).where(member.c.name_key == name_key(name))).first()


def as_member(row: Row[Any]) -> Member:
    return Member(row.id, row.name, Role(row.role))


def has_owner(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).where(member.c.role == Role.OWNER)).scalar())


def owner_names(connection: Connection) -> list[str]:
    """The owners' names, in order: whom to ask for control."""
    query = select(member.c.name).where(member.c.role == Role.OWNER).order_by(member.c.name_key)
    return list(connection.execute(query).scalars())
