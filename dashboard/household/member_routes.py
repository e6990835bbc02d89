"""The page of the household: its members, their roles, open invitations. For owners."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household import actor, invitations, members, page, resets, words
from dashboard.household.blueprint import household
from dashboard.household.devices import end_session
from dashboard.household.links import Link, link_to
from dashboard.household.members import Member
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong

MEMBER = "/household/members/<int(max=2147483647):member_id>"


@household.get("/household")
@allow(Role.OWNER)
def show_household() -> ResponseReturnValue:
    return _page()


def _page(wrong: Wrong | None = None, link: Link | None = None) -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        shown = page.read(connection, current_user, current_services().now())
    answer = render_template(
        "household/household.html",
        page=shown,
        roles=words.roles(),
        role_names={role.value: words.role(role) for role in Role},
        wrong=wrong,
        link=link,
    )
    return (answer, wrong.status, wrong.headers) if wrong else answer


def _done(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("household.show_household"), code=303)


def _chosen_role(field: str) -> Role:
    """The role that was chosen; `field` names the select in question.

    Raises:
        Wrong: there is no such role.
    """
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise Wrong(words.unknown_role(), field) from None


@household.post("/household")
@allow(Role.OWNER)
def invite() -> ResponseReturnValue:
    """Make an invitation; its link is in this answer and nowhere else."""
    try:
        return _page(link=new_invitation())
    except Wrong as wrong:
        return _page(wrong)


def new_invitation() -> Link:
    """Make an invitation for the role that was chosen; its link, which is kept nowhere.

    Raises:
        Wrong: there is no such role.
    """
    role = _chosen_role("role")
    with current_services().database.writing() as connection:
        owner = actor.confirm(connection)
        token = invitations.make(connection, role, owner, current_services().now())
        _record(connection, LineKind.MEMBER_INVITED, owner, role=role.value)
    path = url_for("household.show_invitation", token=token)
    return link_to(path, words.invitation_for(role.value, invitations.lasts(role).days))


def _record(connection: Connection, kind: LineKind, owner: Member, **details: str) -> None:
    activity_log.record(connection, at=current_services().now(), kind=kind, member=owner, details=details)


@household.post("/household/invitations/<int(max=2147483647):invitation_id>/revoke")
@allow(Role.OWNER)
@button_on("household.show_household")
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    with current_services().database.writing() as connection:
        owner = actor.confirm(connection)
        role = invitations.revoke(connection, invitation_id, current_services().now())
        if role is not None:
            _record(connection, LineKind.INVITATION_REVOKED, owner, role=role)
    return _done(words.revoked()) if role else _page(Wrong(words.not_open_any_more(), status=409))


@household.post(f"{MEMBER}/role")
@allow(Role.OWNER)
@button_on("household.show_household")
def change_role(member_id: int) -> ResponseReturnValue:
    try:
        role = _chosen_role(f"role-{member_id}")
        with current_services().database.writing() as connection:
            owner = actor.confirm(connection)
            before = members.change_role(connection, member_id, role)
            if before.role is not role:
                _record(connection, LineKind.ROLE_CHANGED, owner, name=before.name, role=role.value)
    except Wrong as wrong:
        return _page(wrong)
    if before.id == current_user.id and role is not Role.OWNER:
        return redirect(url_for("household.show_account"), code=303)  # this page is no longer theirs
    return _done(words.is_now(before.name, role.value))


@household.get(f"{MEMBER}/remove")
@allow(Role.OWNER)
def show_removal(member_id: int) -> ResponseReturnValue:
    """What removing somebody means, with the button that does it."""
    with current_services().database.reading() as connection:
        try:
            person = members.find(connection, member_id)
        except Wrong as wrong:
            return _page(wrong)
        is_last_owner = members.is_last_owner(connection, person)
    return render_template(
        "household/remove.html",
        person=person,
        means=words.what_removal_means(person.name, is_oneself=person.id == current_user.id),
        why_not=words.last_owner(person.name) if is_last_owner else "",
    )


@household.post(f"{MEMBER}/remove")
@allow(Role.OWNER)
def remove_member(member_id: int) -> ResponseReturnValue:
    try:
        with current_services().database.writing() as connection:
            owner = actor.confirm(connection)
            removed = members.remove(connection, member_id)
            _record(connection, LineKind.MEMBER_REMOVED, owner, name=removed.name)
            if removed.id == owner.id:
                end_session(connection)
    except Wrong as wrong:
        return _page(wrong)
    return _done(words.is_removed(removed.name))


@household.post(f"{MEMBER}/reset")
@allow(Role.OWNER)
@button_on("household.show_household")
def make_reset_link(member_id: int) -> ResponseReturnValue:
    """Make a link with which somebody sets a new password; it is in this answer and nowhere else."""
    try:
        with current_services().database.writing() as connection:
            owner = actor.confirm(connection)
            person = members.find(connection, member_id)
            token = resets.make(connection, person.id, owner, current_services().now())
            _record(connection, LineKind.RESET_LINK_MADE, owner, name=person.name)
    except Wrong as wrong:
        return _page(wrong)
    path = url_for("household.show_reset", token=token)
    return _page(link=link_to(path, words.reset_link_for(person.name)))
