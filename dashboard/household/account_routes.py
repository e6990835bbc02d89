"""One's own account: name, password, devices."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection, delete, select

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household import actor, members, page, page_words, passwords, throttle, words
from dashboard.household import devices as sessions
from dashboard.household.blueprint import household
from dashboard.household.members import Member
from dashboard.household.names import checked_name
from dashboard.household.tables import device_table, member_table
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on, turn_away
from dashboard.web.forms import Wrong


@household.get("/account")
@allow(Role.VIEWER)
def show_account() -> ResponseReturnValue:
    return _page()


def show_with(wrong: Wrong) -> ResponseReturnValue:
    """The page again, with what is wrong in a section that another room has added."""
    return _page(section_wrong=wrong)


def _page(
    *, name_wrong: Wrong | None = None, password_wrong: Wrong | None = None, section_wrong: Wrong | None = None
) -> ResponseReturnValue:
    """The page; what is wrong stands at its form."""
    services = current_services()
    with services.database.reading() as connection:
        devices = page.devices_of(connection, current_user, services.now())
        sections = [make(connection, current_user, section_wrong) for make in services.account_sections]
    answer = render_template(
        "household/account.html",
        you_are=words.you_are(current_user.role),
        you_may=page_words.you_may(current_user.role),
        new_name=request.form.get("name", ""),
        devices=devices,
        name_wrong=name_wrong,
        password_wrong=password_wrong,
        sections=sections,
    )
    wrong = name_wrong or password_wrong or section_wrong
    return (answer, wrong.status, wrong.headers) if wrong else answer


def _done(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("household.show_account"), code=303)


@household.post("/account/name")
@allow(Role.VIEWER)
@button_on("household.show_account")
def change_name() -> ResponseReturnValue:
    try:
        name = checked_name(request.form.get("name", ""))
        with current_services().database.writing() as connection:
            before = actor.confirm(connection)
            members.rename(connection, before.id, name)
            if name != before.name:
                details = {"old": before.name, "new": name}
                _record(connection, LineKind.MEMBER_RENAMED, replace(before, name=name), details)
    except Wrong as wrong:
        return _page(name_wrong=wrong)
    return _done(words.name_changed(name))


def _record(connection: Connection, kind: LineKind, member: Member, details: dict[str, str] | None = None) -> None:
    now = current_services().now()
    activity_log.record(connection, at=now, kind=kind, member=member, details=details)


@household.post("/account/password")
@allow(Role.VIEWER)
@button_on("household.show_account")
def change_password() -> ResponseReturnValue:
    """Change the password; the old one is asked for, and guessing it is throttled like signing in."""
    try:
        hash = _new_hash(request.form.get("old_password", ""), request.form.get("new_password", ""))
    except Wrong as wrong:
        return _page(password_wrong=wrong)
    with current_services().database.writing() as connection:
        member = actor.confirm(connection)
        passwords.replace(connection, member.id, hash, keep_device=member.device_id)
        _record(connection, LineKind.PASSWORD_CHANGED, member)
    return _done(words.password_changed())


def _new_hash(old: str, new: str) -> str:
    """What is kept of the new password, if the old one is right.

    Raises:
        Wrong: it is not, or the new one cannot be chosen, or it is not that try's turn yet.
        HTTPException: nobody is signed in here any more.
    """
    query = select(member_table.c.password_hash).where(member_table.c.id == current_user.id)
    with current_services().database.reading() as connection:
        kept_hash = connection.execute(query).scalar()
    if kept_hash is None:
        turn_away()
    with throttle.one_try(current_user.name) as this_try:
        if not passwords.is_right(old, kept_hash):
            raise this_try.was_wrong(words.old_password_wrong(), "old_password", status=400)
    with current_services().database.writing() as connection:
        this_try.was_right(connection)
    passwords.check(new, current_user.name, "new_password")
    return passwords.hash_password(new)


@household.post("/account/devices/<int(max=2147483647):device_id>/sign-out")
@allow(Role.VIEWER)
@button_on("household.show_account")
def sign_out_device(device_id: int) -> ResponseReturnValue:
    """Sign out one device of one's own."""
    if device_id == current_user.device_id:
        return redirect(url_for("household.show_logout"), code=303)
    with current_services().database.writing() as connection:
        member = actor.confirm(connection)
        gone = connection.execute(
            delete(device_table)
            .where(device_table.c.id == device_id, device_table.c.member_id == member.id)
            .returning(device_table.c.browser, device_table.c.system)
        ).first()
    name = words.device_name(gone.browser, gone.system) if gone else ""
    return _done(words.device_signed_out(name) if gone else words.device_gone())


@household.post("/account/devices/sign-out-others")
@allow(Role.VIEWER)
@button_on("household.show_account")
def sign_out_others() -> ResponseReturnValue:
    with current_services().database.writing() as connection:
        member = actor.confirm(connection)
        count = sessions.sign_out(connection, member.id, except_device=member.device_id)
    return _done(words.devices_signed_out(count))
