"""`/invitations/<token>`: joining the household."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row

from dashboard.household import invitations, passwords, words
from dashboard.household.blueprint import household
from dashboard.household.members import Refused
from dashboard.household.names import clean_name, problem_with_name
from dashboard.web.access import ANYBODY, allow

GONE = {"unknown": 404, "used": 410, "expired": 410, "revoked": 410}


@household.get("/invitations/<token>")
@allow(ANYBODY)
def show_invitation(token: str) -> ResponseReturnValue:
    found = invitations.find(token)
    if current_user.is_authenticated:
        return _signed_in_already()
    return (
        _closed(invitations.state_of(found))
        if found is None or invitations.state_of(found) != "open"
        else _form(found)
    )


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
    found = invitations.find(token)
    if current_user.is_authenticated:
        return _signed_in_already(409)
    if found is None or invitations.state_of(found) != "open":
        return _closed(invitations.state_of(found))
    name, password = clean_name(request.form.get("name", "")), request.form.get("password", "")
    wrong_name = problem_with_name(name)
    if problem := wrong_name or passwords.problem_with(password, name):
        return _form(found, problem, 400, "name" if wrong_name else "password")
    try:
        invitations.join(found, name, passwords.hash_password(password))
    except passwords.TooBusy:
        return _form(found, words.too_busy(), 429)
    except Refused as error:
        return _form(found, str(error), 400, "name")
    except invitations.NotOpen:
        return _closed(invitations.state_of(invitations.find(token)))
    return redirect("/", code=303)
