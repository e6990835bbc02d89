"""`/setup`: the first owner's page."""

from __future__ import annotations

import secrets

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dashboard.household import passwords, setup, throttle, words
from dashboard.household.blueprint import household
from dashboard.household.members import Refused, has_owner
from dashboard.household.names import clean_name, problem_with_name
from dashboard.household.tables import setup_code
from dashboard.services import current_services
from dashboard.web.access import ANYBODY, allow


@household.get("/setup")
@allow(ANYBODY)
def show_setup() -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        if has_owner(connection):
            abort(404)
    return render_template("household/setup.html", error=None, wrong="", name="")


@household.post("/setup")
@allow(ANYBODY)
def create_first_owner() -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        if has_owner(connection):
            abort(404)
        kept = connection.execute(select(setup_code.c.code_hash)).scalar()
    code, name = request.form.get("code", ""), clean_name(request.form.get("name", ""))
    password = request.form.get("password", "")
    try:
        with throttle.one_try("", "setup code") as counted:
            is_right = kept is not None and secrets.compare_digest(kept, setup.hash_code(code))
        if kept is None or not is_right:
            return _form_again(words.wrong_setup_code(), 401, counted.wait_s, wrong="code")
        with current_services().database.writing() as connection:
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
        setup.create_owner(kept, name, hash)
    except Refused as error:
        return _form_again(str(error), 400, wrong="name")
    except setup.NotTheFirst:
        abort(404)
    return redirect("/", code=303)


def _form_again(error: str, status: int, wait_s: int = 0, *, wrong: str = "") -> ResponseReturnValue:
    if wait_s and status == 401:
        error, status = f"{error} {words.must_wait(wait_s)}", 429
    page = render_template("household/setup.html", error=error, wrong=wrong, name=request.form.get("name", ""))
    return page, status, {"Retry-After": str(wait_s)} if wait_s else {}
