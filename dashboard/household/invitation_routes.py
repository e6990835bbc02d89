"""`/invitations/<token>`: joining the household."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row

from dashboard.household import invitations, page_words, passwords, words
from dashboard.household.blueprint import household
from dashboard.household.devices import describe
from dashboard.household.names import checked_name
from dashboard.web.access import ANYBODY, allow, here
from dashboard.web.forms import Wrong

GONE = {"unknown": 404, "used": 410, "expired": 410, "revoked": 410}


@household.get("/invitations/<token>")
@allow(ANYBODY)
def show_invitation(token: str) -> ResponseReturnValue:
    invitation = invitations.find(token)
    if current_user.is_authenticated:
        return _signed_in_already()
    if invitation is None or invitations.state_of(invitation) != "open":
        return _closed(invitations.state_of(invitation))
    return _form(invitation)


def _form(invitation: Row[Any], wrong: Wrong | None = None) -> ResponseReturnValue:
    page = render_template(
        "household/join.html",
        what=words.invites_you(invitation.made_by, invitation.role),
        wrong=wrong,
        name=request.form.get("name", ""),
    )
    return (page, wrong.status, wrong.headers) if wrong else page


def _closed(state: str) -> ResponseReturnValue:
    return render_template("household/closed.html", what=words.invitation_is(state)), GONE[state]


def _signed_in_already(status: int = 200) -> ResponseReturnValue:
    what = words.signed_in_already(current_user.name)
    return render_template("household/signed_in_already.html", what=what, here=here()), status


@household.post("/invitations/<token>")
@allow(ANYBODY)
def join(token: str) -> ResponseReturnValue:
    """Join: name, password, done."""
    invitation = invitations.find(token)
    if current_user.is_authenticated:
        return _signed_in_already(409)
    if invitation is None or invitations.state_of(invitation) != "open":
        return _closed(invitations.state_of(invitation))
    password = request.form.get("password", "")
    try:
        name = checked_name(request.form.get("name", ""))
        passwords.check(password, name)
        invitations.join(invitation, name, passwords.hash_password(password))
    except Wrong as wrong:
        return _form(invitation, wrong)
    except invitations.InvitationClosed:
        return _closed(invitations.state_of(invitations.find(token)))
    flash(page_words.welcome(name, invitation.role, describe(request.headers.get("User-Agent", ""))[1]))
    return redirect(url_for("card.show_all"), code=303)
