"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection, Row, select, update

from dashboard.household import passwords, throttle, words
from dashboard.household.blueprint import household
from dashboard.household.devices import begin_session, end_session
from dashboard.household.members import Member, as_member, find_by_name, has_owner
from dashboard.household.tables import member_table
from dashboard.services import current_services
from dashboard.web.access import ANYBODY, allow, own_address
from dashboard.web.forms import Wrong


def after_sign_in() -> str:
    """Where somebody was going, if that is an address of ours."""
    return own_address(request.values.get("next")) or url_for("card.show_all")


@household.get("/login")
@allow(ANYBODY)
def show_login() -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        if not has_owner(connection):
            return redirect(url_for("household.show_setup"))
    if current_user.is_authenticated:
        return redirect(after_sign_in())
    return _form()


def _form(wrong: Wrong | None = None) -> ResponseReturnValue:
    next = own_address(request.values.get("next"))
    page = render_template(
        "household/login.html",
        why=words.why_sign_in() if next and not wrong and _was_signed_in() else "",
        wrong=wrong,
        name=request.form.get("name", ""),
        stays=request.method in ("GET", "HEAD") or "stay" in request.form,
        next=next,
        demo_people=current_services().demo_people,
    )
    return (page, wrong.status, wrong.headers) if wrong else page


def _was_signed_in() -> bool:
    """Whether this browser still has what somebody was signed in with; a first visit has nothing to explain."""
    return "_user_id" in session


@household.post("/login")
@allow(ANYBODY)
def sign_in() -> ResponseReturnValue:
    if current_services().demo_people and request.form.get("enter") == "demo":
        return _enter_demo()
    try:
        this_try, person = _right_person(request.form.get("name", ""), request.form.get("password", ""))
        with current_services().database.writing() as connection:
            member = _still_right(connection, person)
            this_try.was_right(connection)
            begin_session(connection, member, stays="stay" in request.form)
    except Wrong as wrong:
        return _form(wrong)
    return redirect(after_sign_in(), code=303)


def _still_right(connection: Connection, person: Row[Any]) -> Member:
    """The same person as they are now; comparing a password takes a while, in which much may happen.

    Raises:
        Wrong: they have been removed, or have another password.
    """
    same = (member_table.c.id == person.id, member_table.c.password_hash == person.password_hash)
    row = connection.execute(select(member_table).where(*same).with_for_update(key_share=True)).first()
    if row is None:
        raise Wrong(words.wrong_password(), "password", status=401)
    return as_member(row)


def _right_person(name: str, password: str) -> tuple[throttle.Try, Row[Any]]:
    """The member of that name, if the password is theirs, and the try that this was.

    Raises:
        Wrong: it is not, or it is not that try's turn yet.
    """
    if not name.strip() or not password:
        raise Wrong(words.name_and_password_missing(), "password" if name.strip() else "name")
    with throttle.one_try(name) as this_try:
        person = _compare(name, password)
        if person is None:
            raise this_try.was_wrong(words.wrong_password(), "password")
    return this_try, person


def _compare(name: str, password: str) -> Row[Any] | None:
    with current_services().database.reading() as connection:
        person = find_by_name(connection, name)
    if not passwords.is_right(password, person.password_hash if person else None) or person is None:
        return None
    return _hashed_anew(person, password) if passwords.is_outdated(person.password_hash) else person


def _hashed_anew(person: Row[Any], password: str) -> Row[Any] | None:
    """The person with their right password kept by today's method; None if it has been changed meanwhile."""
    new = passwords.hash_password(password)
    same = (member_table.c.id == person.id, member_table.c.password_hash == person.password_hash)
    with current_services().database.writing() as connection:
        change = update(member_table).where(*same).values(password_hash=new)
        return connection.execute(change.returning(member_table)).first()


def _enter_demo() -> ResponseReturnValue:
    with current_services().database.writing() as connection:
        person = find_by_name(connection, current_services().demo_people[0])
        if person is None:
            return _form(Wrong(words.demo_person_missing(), status=409))
        begin_session(connection, as_member(person))
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
    _recognise()
    with current_services().database.writing() as connection:
        end_session(connection)
    flash(words.signed_out())
    return redirect(own_address(request.form.get("next")) or url_for("household.show_login"), code=303)


def _recognise() -> None:
    """Find out who this is before a transaction begins.

    With that it is noted that their device was seen, in a transaction of its own, which would wait for ours to end.
    """
    current_user.get_id()
