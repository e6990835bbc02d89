"""The first owner: made with a code that only the server's window or log shows."""

from __future__ import annotations

from sqlalchemy import delete, insert

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.database import Database
from dashboard.household.devices import begin_session
from dashboard.household.members import add_member, has_owner
from dashboard.household.tables import setup_code
from dashboard.household.tokens import hash_of
from dashboard.services import current_services
from dashboard.web.access import Role


class NotTheFirst(Exception):
    """There is an owner already, or the code is no longer the one."""


def prepare_setup_code(database: Database, code: str) -> str | None:
    """Make this the code for `/setup`, to be printed; None when there is an owner. Others are void."""
    with database.writing() as connection:
        connection.execute(delete(setup_code))
        if has_owner(connection):
            return None
        connection.execute(insert(setup_code).values(id=1, code_hash=hash_code(code)))
    return code


def hash_code(code: str) -> str:
    """What is kept of a code; small letters and missing dashes do not matter."""
    return hash_of("".join(c for c in code.upper() if c.isalnum()))


def create_owner(code_hash: str, name: str, password_hash: str) -> None:
    """Create the owner and sign them in; deleting the code is the claim, so it happens once.

    Raises:
        NotTheFirst: there is an owner already, or the code is no longer the one.
        Wrong: the name is not a name.
    """
    now = current_services().now()
    with current_services().database.writing() as connection:
        claimed = connection.execute(delete(setup_code).where(setup_code.c.code_hash == code_hash)).rowcount
        if not claimed or has_owner(connection):
            raise NotTheFirst
        owner = add_member(connection, name, Role.OWNER, password_hash, now)
        activity_log.record(connection, at=now, kind=LineKind.FIRST_OWNER, member=owner)
        begin_session(connection, owner)
