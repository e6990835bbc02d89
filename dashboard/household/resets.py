"""Reset links: made by an owner, for somebody who forgot their password; each works once, within a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Row, delete, insert, select

from dashboard import activity
from dashboard.access import ANYBODY, allow
from dashboard.household import household, passwords, words
from dashboard.household.devices import begin_session
from dashboard.household.members import Member, find
from dashboard.household.tables import member, reset_link
from dashboard.household.tokens import hash_of, new_token
from dashboard.services import services

LASTS = timedelta(days=1)


class NotOpen(Exception):
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


def _find_open(token: str) -> Row[Any, Any, Any] | None:
    query = (
        select(reset_link.c.id, reset_link.c.member_id, member.c.name)
        .join(member)
        .where(reset_link.c.token_hash == hash_of(token), reset_link.c.expires_at > services().now())
    )
    with services().database.reading() as connection:
        return connection.execute(query).first()


@household.get("/reset/<token>")
@allow(ANYBODY)
def show_reset(token: str) -> ResponseReturnValue:
    found = _find_open(token)
    return _closed() if found is None else _form(found)


def _form(
    found: Row[Any, Any, Any], error: str | None = None, status: int = 200, wrong: str = ""
) -> ResponseReturnValue:
    return render_template("household/reset.html", name=found.name, error=error, wrong=wrong), status


def _closed() -> ResponseReturnValue:
    return render_template("household/closed.html", what=words.reset_is_closed()), 410


@household.post("/reset/<token>")
@allow(ANYBODY)
def reset_password(token: str) -> ResponseReturnValue:
    found = _find_open(token)
    if found is None:
        return _closed()
    password = request.form.get("password", "")
    if problem := passwords.problem_with(password, found.name):
        return _form(found, problem, 400, "password")
    try:
        _set(found, passwords.hash_password(password))
    except passwords.TooBusy:
        return _form(found, words.too_busy(), 429)
    except NotOpen:
        return _closed()
    return redirect("/", code=303)


def _set(found: Row[Any, Any, Any], password_hash: str) -> None:
    """Deleting the link is the claim: it works once."""
    now = services().now()
    with services().database.writing() as connection:
        if connection.execute(delete(reset_link).where(reset_link.c.id == found.id)).rowcount != 1:
            raise NotOpen
        passwords.replace(connection, found.member_id, password_hash)
        person = find(connection, found.member_id)
        activity.record(connection, at=now, kind="password_reset", member=person)
        begin_session(connection, person)
