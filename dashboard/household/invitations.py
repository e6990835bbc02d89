"""Invitations: a link for one person and one role. Looking at one does not use it up; joining does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection, Row, delete, insert, select, update

from dashboard import activity
from dashboard.access import ANYBODY, Role, allow
from dashboard.household import household, passwords, words
from dashboard.household.devices import begin_session
from dashboard.household.members import Member, Refused, add_member
from dashboard.household.names import clean_name, problem_with_name
from dashboard.household.tables import invitation
from dashboard.household.tokens import hash_of, new_token
from dashboard.services import services

KEPT = timedelta(days=90)  # so that an old link still says kindly what became of it
GONE = {"unknown": 404, "used": 410, "expired": 410, "revoked": 410}


class NotOpen(Exception):
    """The invitation has been used, withdrawn, or has expired."""


def lasts(role: Role) -> timedelta:
    return timedelta(days=1 if role is Role.OWNER else 7)


def make(connection: Connection, role: Role, by: Member, now: datetime) -> str:
    """Make an invitation; its token, which is kept nowhere."""
    connection.execute(delete(invitation).where(invitation.c.expires_at < now - KEPT))
    token = new_token()
    row = {
        "token_hash": hash_of(token),
        "role": role.value,
        "made_by_id": by.id,
        "made_by": by.name,
        "made_at": now,
        "expires_at": now + lasts(role),
    }
    connection.execute(insert(invitation).values(row))
    return token


def open_ones(connection: Connection, now: datetime) -> list[Row[Any]]:
    query = select(invitation).where(*_is_open(now)).order_by(invitation.c.expires_at)
    return list(connection.execute(query))


def revoke(connection: Connection, invitation_id: int, now: datetime) -> str | None:
    """Withdraw an invitation; the role it was for, None if it was not open."""
    return connection.execute(
        update(invitation)
        .where(invitation.c.id == invitation_id, *_is_open(now))
        .values(revoked_at=now)
        .returning(invitation.c.role)
    ).scalar()


def _is_open(now: datetime) -> tuple[Any, ...]:
    return (invitation.c.used_at.is_(None), invitation.c.revoked_at.is_(None), invitation.c.expires_at > now)


def _find(token: str) -> Row[Any] | None:
    with services().database.reading() as connection:
        query = select(invitation).where(invitation.c.token_hash == hash_of(token))
        return connection.execute(query).first()


def _state(found: Row[Any] | None) -> str:
    if found is None:
        return "unknown"
    if found.used_at is not None:
        return "used"
    if found.revoked_at is not None:
        return "revoked"
    return "open" if found.expires_at > services().now() else "expired"


@household.get("/invitations/<token>")
@allow(ANYBODY)
def show_invitation(token: str) -> ResponseReturnValue:
    found = _find(token)
    if current_user.is_authenticated:
        return _signed_in_already()
    return _closed(_state(found)) if found is None or _state(found) != "open" else _form(found)


def _form(found: Row[Any], error: str | None = None, status: int = 200, wrong: str = "") -> ResponseReturnValue:
    page = render_template(
        "household/join.html",
        what=words.invites_you(found.made_by, found.role),
        error=error,
        wrong=wrong,
        name=request.form.get("name", ""),
    )
    return page, status


def _closed(state: str) -> ResponseReturnValue:
    return render_template("household/closed.html", what=words.invitation_is(state)), GONE[state]


def _signed_in_already(status: int = 200) -> ResponseReturnValue:
    what = words.signed_in_already(current_user.name)
    return render_template("household/signed_in_already.html", what=what, here=request.path), status


@household.post("/invitations/<token>")
@allow(ANYBODY)
def join(token: str) -> ResponseReturnValue:
    """Join: name, password, done."""
    found = _find(token)
    if current_user.is_authenticated:
        return _signed_in_already(409)
    if found is None or _state(found) != "open":
        return _closed(_state(found))
    name, password = clean_name(request.form.get("name", "")), request.form.get("password", "")
    wrong_name = problem_with_name(name)
    if problem := wrong_name or passwords.problem_with(password, name):
        return _form(found, problem, 400, "name" if wrong_name else "password")
    try:
        _join(found, name, passwords.hash_password(password))
    except passwords.TooBusy:
        return _form(found, words.too_busy(), 429)
    except Refused as error:
        return _form(found, str(error), 400, "name")
    except NotOpen:
        return _closed(_state(_find(token)))
    return redirect("/", code=303)


def _join(found: Row[Any], name: str, password_hash: str) -> None:
    """One conditional UPDATE is the claim: of two who join at once, one does."""
    now = services().now()
    claim = update(invitation).where(invitation.c.id == found.id, *_is_open(now)).values(used_at=now)
    with services().database.writing() as connection:
        if connection.execute(claim).rowcount != 1:
            raise NotOpen
        joined = add_member(connection, name, Role(found.role), password_hash, now)
        details = {"role": found.role, "inviter": found.made_by}
        activity.record(connection, at=now, kind="member_joined", member=joined, details=details)
        begin_session(connection, joined)
