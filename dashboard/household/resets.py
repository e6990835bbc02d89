"""Reset links: made by an owner, for somebody who forgot their password; each works once, within a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household import passwords
from dashboard.household.devices import begin_session
from dashboard.household.members import Member, find
from dashboard.household.tables import member_table, reset_link
from dashboard.household.tokens import hash_of, new_token
from dashboard.leases import holds
from dashboard.services import current_services

LASTS = timedelta(days=1)


class ResetLinkClosed(Exception):
    """The link has been used or has expired."""


def make(connection: Connection, member_id: int, by: Member, now: datetime) -> str:
    """Make a link for that member, in place of any made before; its token, which is kept nowhere."""
    connection.execute(delete(reset_link).where(reset_link.c.member_id == member_id))
    token = new_token()
    row = {
        "token_hash": hash_of(token),
        "member_id": member_id,
        "made_by_id": by.id,
        "expires_at": now + LASTS,
    }
    connection.execute(insert(reset_link).values(row))
    return token


def find_open(token: str) -> Row[Any, Any, Any] | None:
    """The link that belongs to a token, with `member_id` and `name`; None where none is open."""
    now = current_services().now()
    query = (
        select(reset_link.c.id, reset_link.c.member_id, member_table.c.name)
        .join(member_table)
        .where(reset_link.c.token_hash == hash_of(token), holds(reset_link.c.expires_at, now, LASTS))
    )
    with current_services().database.reading() as connection:
        return connection.execute(query).first()


def use(link: Row[Any, Any, Any], password_hash: str) -> None:
    """Set a new password, signed in on this browser. Deleting the link is the claim: it works once.

    Raises:
        ResetLinkClosed: it has been used or has expired.
    """
    now = current_services().now()
    with current_services().database.writing() as connection:
        if connection.execute(delete(reset_link).where(reset_link.c.id == link.id)).rowcount != 1:
            raise ResetLinkClosed
        passwords.replace(connection, link.member_id, password_hash)
        person = find(connection, link.member_id)
        activity_log.record(connection, at=now, kind=LineKind.PASSWORD_RESET, member=person)
        begin_session(connection, person)
