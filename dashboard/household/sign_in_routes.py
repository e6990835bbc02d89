"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row, update

from dashboard.household import passwords, throttle, words
from dashboard.household.blueprint import household
from dashboard.household.devices import begin_session, end_session
from dashboard.household.members import as_member, find_by_name, has_owner
from dashboard.household.tables import member
from dashboard.services import current_services
from dashboard.web.access import ANYBODY, allow, own_address


def after_sign_in() -> str:
    """Where somebody was going, if that is an address of ours."""
    return own_address(request.values.get("next")) or "/"


@household.get("/login")
@allow(ANYBODY)
def show_login() -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        if not has_owner(connection):
            return redirect(url_for("household.show_setup"))
    if current_user.is_authenticated:
        return redirect(after_sign_in())
    return _form()


def _form(error: str | None = None, status: int = 200, wait_s: int = 0, *, wrong: str = "") -> ResponseReturnValue:
    next = own_address(request.values.get("next"))
    page = render_template(
        "household/login.html",
        why=words.why_sign_in() if next and not error else "",
        error=error,
        wrong=wrong,
        name=request.form.get("name", ""),
        stays=request.method in ("GET", "HEAD") or "stay" in request.form,
        next=next,
        demo_people=current_services().demo_people,
    )
    return page, status, {"Retry-After": str(wait_s)} if wait_s else {}


@household.post("/login")
@allow(ANYBODY)
def sign_in() -> ResponseReturnValue:
    if current_services().demo_people and request.form.get("enter") == "demo":
        return _enter_demo()
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if not name.strip() or not password:
        return _form(words.name_and_password_missing(), 400, wrong="password" if name.strip() else "name")
    try:
        with throttle.one_try(name) as counted:
            found = _right(name, password)
    except throttle.MustWait as wait:
        return _form(words.must_wait(wait.seconds), 429, wait.seconds)
    except passwords.TooBusy:
        return _form(words.too_busy(), 429, passwords.PATIENCE_S)
    if found is None:
        if counted.wait_s:
            return _form(words.wrong_and_must_wait(counted.wait_s), 429, counted.wait_s, wrong="password")
        return _form(words.wrong_password(), 401, wrong="password")
    with current_services().database.writing() as connection:
        counted.was_right(connection)
        begin_session(connection, as_member(found), stays="stay" in request.form)
    return redirect(after_sign_in(), code=303)


def _right(name: str, password: str) -> Row[Any] | None:
    """The member of that name, if the password is theirs."""
    with current_services().database.reading() as connection:
        found = find_by_name(connection, name)
    if not passwords.is_right(password, found.password_hash if found else None) or found is None:
        return None
    if passwords.is_outdated(found.password_hash):
        new = passwords.hash_password(password)
        with current_services().database.writing() as connection:
            connection.execute(
                update(member)
                .where(member.c.id == found.id, member.c.password_hash == found.password_hash)
                .values(password_hash=new)
            )
    return found


def _enter_demo() -> ResponseReturnValue:
    with current_services().database.writing() as connection:
        found = find_by_name(connection, current_services().demo_people[0])
        if found is None:
            return _form(words.demo_person_missing(), 409)
        begin_session(connection, as_member(found))
    return redirect(after_sign_in(), code=303)


@household.get("/logout")
@allow(ANYBODY)
def show_logout() -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return redirect(url_for("household.show_login"))
    return render_template("household/logout.html")


@household.post("/logout")
@allow(ANYBODY)
def sign_out() -> ResponseReturnValue:
    with current_services().database.writing() as connection:
        end_session(connection)
    flash(words.signed_out())
    return redirect(own_address(request.form.get("next")) or url_for("household.show_login"), code=303)
