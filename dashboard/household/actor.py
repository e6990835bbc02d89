"""Whether somebody who acts still may, read again where the act is written down.

A request is let in by the role its person had then. Until it writes, an owner may have demoted, removed or signed
out that person; so whatever is done on a person's behalf asks here, inside the transaction that does it.
"""

from __future__ import annotations

from flask import abort, request
from flask_login import current_user
from sqlalchemy import Connection, or_, select

from dashboard.household.devices import member_with
from dashboard.household.members import Member
from dashboard.household.tables import member_table
from dashboard.services import current_services
from dashboard.web.access import Role, allowed, turn_away


def confirm(connection: Connection) -> Member:
    """Who acts, as they are now, if they may still use the route that this request came by.

    To be called at the beginning of a writing transaction: until it ends, nobody changes that person's role, so
    of an act and a demotion one comes wholly before the other.

    Raises:
        HTTPException: as at the door: 403 where the role is too low, the way to the sign-in where the device is
            not signed in any more.
    """
    role = Role(allowed(request.endpoint or ""))
    _hold(connection, current_user.id, with_owners=role is Role.OWNER)
    member = member_with(connection, current_user.token, current_services().now())
    if member is None:
        turn_away()
    if not member.role.includes(role):
        abort(403)
    return member


def still_may(connection: Connection, member_id: int | None, role: Role) -> bool:
    """Whether that person is still in the household, with that role at least; to be asked as `confirm` is."""
    if member_id is None:
        return False
    _hold(connection, member_id)
    role_now = connection.execute(select(member_table.c.role).where(member_table.c.id == member_id)).scalar()
    return role_now is not None and Role(role_now).includes(role)


def _hold(connection: Connection, member_id: int, *, with_owners: bool = False) -> None:
    """Keep a person's row, and before what only owners do all owners', from changing until the transaction ends.

    Always in the same order, so that two owners who demote each other do not wait for each other for ever. On
    SQLite a writing transaction is alone anyway.
    """
    if connection.dialect.name == "sqlite":
        return
    held = member_table.c.id == member_id
    if with_owners:
        held = or_(held, member_table.c.role == Role.OWNER)
    rows = select(member_table.c.id).where(held).order_by(member_table.c.id)
    connection.execute(rows.with_for_update(key_share=True)).all()
