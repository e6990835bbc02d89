"""The people of the demo: one of each role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from dashboard.database import Database
from dashboard.household.members import add_member
from dashboard.household.passwords import hash_password
from dashboard.household.tables import member_table
from dashboard.web.access import Role
from dashboard.web.forms import Wrong

PASSWORD = "demo"  # noqa: S105 - shown on the demo's sign-in page
PEOPLE = {
    "Anna": Role.OWNER,
    "Ben": Role.MEMBER,
    "Carla": Role.VIEWER,
}  # the first is whom *Enter the demo* signs in


def seed_demo(database: Database, now: datetime) -> None:
    """Create the demo's people, unless somebody is there already."""
    with database.reading() as connection:
        if connection.execute(select(member_table.c.id).limit(1)).first():
            return
    hash = hash_password(PASSWORD)
    with database.writing() as connection:
        for name, role in PEOPLE.items():
            try:
                add_member(connection, name, role, hash, now)
            except Wrong:
                return  # another process was first
