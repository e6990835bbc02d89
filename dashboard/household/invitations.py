"""Invitations: a link for one person and one role. Looking at one does not use it up; joining does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household.devices import begin_session
from dashboard.household.members import Member, add_member
from dashboard.household.tables import invitation_table
from dashboard.household.tokens import hash_of, new_token
from dashboard.leases import holds, still_holds
from dashboard.services import current_services
from dashboard.web.access import Role

LONGEST = timedelta(days=7)
KEPT = timedelta(days=90)  # so that an old link still says kindly what became of it


class InvitationClosed(Exception):
    """The invitation has been used, withdrawn, or has expired."""


def lasts(role: Role) -> timedelta:
    return timedelta(days=1) if role is Role.OWNER else LONGEST


def make(connection: Connection, role: Role, by: Member, now: datetime) -> str:
    """Make an invitation; its token, which is kept nowhere."""
    if current_services().account.is_clock_right(connection):  # one that is ahead would withdraw them all
        connection.execute(delete(invitation_table).where(invitation_table.c.expires_at < now - KEPT))
    token = new_token()
    row = {
        "token_hash": hash_of(token),
        "role": role.value,
        "made_by_id": by.id,
        "made_by": by.name,
        "made_at": now,
        "expires_at": now + lasts(role),
    }
    connection.execute(insert(invitation_table).values(row))
    return token


def still_open(connection: Connection, now: datetime) -> list[Row[Any]]:
    query = select(invitation_table).where(*_is_open(now)).order_by(invitation_table.c.expires_at)
    return list(connection.execute(query))


def revoke(connection: Connection, invitation_id: int, now: datetime) -> str | None:
    """Withdraw an invitation; the role it was for, None if it was not open."""
    return connection.execute(
        update(invitation_table)
        .where(invitation_table.c.id == invitation_id, *_is_open(now))
        .values(revoked_at=now)
        .returning(invitation_table.c.role)
    ).scalar()


def _is_open(now: datetime) -> tuple[Any, ...]:
    columns = invitation_table.c
    return (columns.used_at.is_(None), columns.revoked_at.is_(None), holds(columns.expires_at, now, LONGEST))


def find(token: str) -> Row[Any] | None:
    """The invitation that belongs to a token; None where there is none."""
    with current_services().database.reading() as connection:
        query = select(invitation_table).where(invitation_table.c.token_hash == hash_of(token))
        return connection.execute(query).first()


def state_of(invitation: Row[Any] | None) -> str:
    """`open`, or why it is not: `unknown`, `used`, `revoked`, `expired`."""
    if invitation is None:
        return "unknown"
    if invitation.used_at is not None:
        return "used"
    if invitation.revoked_at is not None:
        return "revoked"
    return "open" if still_holds(invitation.expires_at, current_services().now(), LONGEST) else "expired"


def join(invitation: Row[Any], name: str, password_hash: str) -> None:
    """Let somebody join, signed in on this browser. One conditional UPDATE is the claim: of two at once, one does.

    Raises:
        InvitationClosed: it has been used, withdrawn, or has expired.
        Wrong: the name is taken or not a name.
    """
    now = current_services().now()
    is_this = invitation_table.c.id == invitation.id
    claim = update(invitation_table).where(is_this, *_is_open(now)).values(used_at=now)
    with current_services().database.writing() as connection:
        if connection.execute(claim).rowcount != 1:
            raise InvitationClosed
        joined = add_member(connection, name, Role(invitation.role), password_hash, now)
        details = {"role": invitation.role, "inviter": invitation.made_by}
        activity_log.record(connection, at=now, kind=LineKind.MEMBER_JOINED, member=joined, details=details)
        begin_session(connection, joined)
