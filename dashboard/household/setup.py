"""The first owner: made on the page with a code that only the server's log shows."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, insert, select

from dashboard import activity
from dashboard.access import ANYBODY, Role, allow
from dashboard.database import Database
from dashboard.household import household, passwords, throttle, words
from dashboard.household.devices import begin_session
from dashboard.household.members import Refused, add_member, has_owner
from dashboard.household.names import clean_name, problem_with_name
from dashboard.household.tables import setup_code
from dashboard.household.tokens import hash_of
from dashboard.services import services

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another


class NotTheFirst(Exception):
    """There is an owner already, or the code is no longer the one."""


def prepare_setup_code(database: Database, now: datetime) -> str | None:
    """A new code for `/setup`, to be printed; None when there is an owner. Older codes are void."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    with database.writing() as connection:
        connection.execute(delete(setup_code))
        if has_owner(connection):
            return None
        connection.execute(insert(setup_code).values(id=1, code_hash=_hash(code)))
    return code


def _hash(code: str) -> str:
    return hash_of("".join(c for c in code.upper() if c.isalnum()))


@household.get("/setup")
@allow(ANYBODY)
def show_setup() -> ResponseReturnValue:
    with services().database.reading() as connection:
        if has_owner(connection):
            abort(404)
    return render_template("household/setup.html", error=None, wrong="", name="")


@household.post("/setup")
@allow(ANYBODY)
def create_first_owner() -> ResponseReturnValue:
    with services().database.reading() as connection:
        if has_owner(connection):
            abort(404)
        kept = connection.execute(select(setup_code.c.code_hash)).scalar()
    code, name = request.form.get("code", ""), clean_name(request.form.get("name", ""))
    password = request.form.get("password", "")
    try:
        with throttle.one_try("", "setup code") as counted:
            is_right = kept is not None and secrets.compare_digest(kept, _hash(code))
        if kept is None or not is_right:
            return _form_again(words.wrong_setup_code(), 401, counted.wait_s, wrong="code")
        with services().database.writing() as connection:
            counted.was_right(connection)
        wrong_name = problem_with_name(name)
        if problem := wrong_name or passwords.problem_with(password, name):
            return _form_again(problem, 400, wrong="name" if wrong_name else "password")
        hash = passwords.hash_password(password)
    except throttle.MustWait as wait:
        return _form_again(words.must_wait(wait.seconds), 429, wait.seconds)
    except passwords.TooBusy:
        return _form_again(words.too_busy(), 429, passwords.PATIENCE_S)
    try:
        _create(kept, name, hash)
    except Refused as error:
        return _form_again(str(error), 400, wrong="name")
    except NotTheFirst:
        abort(404)
    return redirect("/", code=303)


def _create(code_hash: str, name: str, password_hash: str) -> None:
    """Create the owner and sign them in; deleting the code is the claim, so it happens once."""
    now = services().now()
    with services().database.writing() as connection:
        claimed = connection.execute(delete(setup_code).where(setup_code.c.code_hash == code_hash)).rowcount
        if not claimed or has_owner(connection):
            raise NotTheFirst
        owner = add_member(connection, name, Role.OWNER, password_hash, now)
        activity.record(connection, at=now, kind="first_owner", member=owner)
        begin_session(connection, owner)


def _form_again(error: str, status: int, wait_s: int = 0, *, wrong: str = "") -> ResponseReturnValue:
    if wait_s and status == 401:
        error, status = f"{error} {words.must_wait(wait_s)}", 429
    page = render_template("household/setup.html", error=error, wrong=wrong, name=request.form.get("name", ""))
    return page, status, {"Retry-After": str(wait_s)} if wait_s else {}
