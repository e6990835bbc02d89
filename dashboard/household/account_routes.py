"""One's own account: name, password, devices."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import delete, select

from dashboard import formats
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household import devices as sessions
from dashboard.household import members, passwords, throttle, words
from dashboard.household.blueprint import household
from dashboard.household.members import Refused
from dashboard.household.tables import device, member
from dashboard.services import current_services
from dashboard.web.access import Role, allow


@household.get("/account")
@allow(Role.VIEWER)
def show_account() -> ResponseReturnValue:
    return _page()


@household.get("/account/<path:rest>")
@allow(Role.VIEWER)
def lead_to_account(rest: str) -> ResponseReturnValue:
    """Below are forms only; whoever signs in on the way to one finds its button on the page."""
    return redirect(url_for("household.show_account"))


def _page(status: int = 200, wait_s: int = 0, *, wrong: str = "", **errors: str) -> ResponseReturnValue:
    """The page; an error stands at its form: `name_error`, `password_error`, and names its field."""
    now = current_services().now()
    query = select(device).where(device.c.member_id == current_user.id).order_by(device.c.last_seen_at.desc())
    with current_services().database.reading() as connection:
        devices = connection.execute(query).all()
    page = render_template(
        "household/account.html",
        you_are=words.you_are(current_user.role),
        new_name=request.form.get("name", ""),
        devices=[one for one in devices if not sessions.has_lapsed(one.last_seen_at, one.stays, now)],
        device_name=words.device_name,
        when=lambda moment: formats.moment_near(moment, now),
        wrong=wrong,
        **errors,
    )
    return page, status, {"Retry-After": str(wait_s)} if wait_s else {}


def _done(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("household.show_account"), code=303)


@household.post("/account/name")
@allow(Role.VIEWER)
def change_name() -> ResponseReturnValue:
    now, old = current_services().now(), current_user.name
    try:
        with current_services().database.writing() as connection:
            new = members.rename(connection, current_user.id, request.form.get("name", ""))
            if new != old:
                renamed = members.Member(current_user.id, new, current_user.role)
                details = {"old": old, "new": new}
                activity_log.record(
                    connection, at=now, kind=LineKind.MEMBER_RENAMED, member=renamed, details=details
                )
    except Refused as error:
        return _page(400, wrong="name", name_error=str(error))
    return _done(words.name_changed(new))


@household.post("/account/password")
@allow(Role.VIEWER)
def change_password() -> ResponseReturnValue:
    """Change the password; the old one is asked for, and guessing it is throttled like signing in."""
    old, new = request.form.get("old_password", ""), request.form.get("new_password", "")
    with current_services().database.reading() as connection:
        kept = connection.execute(select(member.c.password_hash).where(member.c.id == current_user.id)).scalar()
    try:
        with throttle.one_try(current_user.name) as counted:
            is_right = passwords.is_right(old, kept)
        if not is_right:
            return _page(400, wrong="old_password", password_error=words.old_password_wrong())
        with current_services().database.writing() as connection:
            counted.was_right(connection)
        if problem := passwords.problem_with(new, current_user.name):
            return _page(400, wrong="new_password", password_error=problem)
        hash = passwords.hash_password(new)
    except throttle.MustWait as wait:
        return _page(429, wait.seconds, password_error=words.must_wait(wait.seconds))
    except passwords.TooBusy:
        return _page(429, passwords.PATIENCE_S, password_error=words.too_busy())
    now = current_services().now()
    with current_services().database.writing() as connection:
        passwords.replace(connection, current_user.id, hash, keep_device=current_user.device_id)
        activity_log.record(connection, at=now, kind=LineKind.PASSWORD_CHANGED, member=current_user)
    return _done(words.password_changed())


@household.post("/account/devices/<int(max=2147483647):device_id>/sign-out")
@allow(Role.VIEWER)
def sign_out_device(device_id: int) -> ResponseReturnValue:
    """Sign out one device of one's own."""
    if device_id == current_user.device_id:
        return redirect(url_for("household.show_logout"), code=303)
    with current_services().database.writing() as connection:
        gone = connection.execute(
            delete(device)
            .where(device.c.id == device_id, device.c.member_id == current_user.id)
            .returning(device.c.browser, device.c.system)
        ).first()
    name = words.device_name(gone.browser, gone.system) if gone else ""
    return _done(words.device_signed_out(name) if gone else words.device_gone())


@household.post("/account/devices/sign-out-others")
@allow(Role.VIEWER)
def sign_out_others() -> ResponseReturnValue:
    with current_services().database.writing() as connection:
        count = sessions.sign_out(connection, current_user.id, except_device=current_user.device_id)
    return _done(words.devices_signed_out(count))
