"""`/setup`: the first owner's page; it goes on with what a new household does next."""

from __future__ import annotations

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dashboard.household import page_words, passwords, setup, throttle, words
from dashboard.household.blueprint import household
from dashboard.household.members import has_owner
from dashboard.household.names import checked_name
from dashboard.household.tables import setup_code
from dashboard.services import current_services
from dashboard.web.access import ANYBODY, allow
from dashboard.web.forms import Wrong


@household.get("/setup")
@allow(ANYBODY)
def show_setup() -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        if has_owner(connection):
            abort(404)
    return _form()


def _form(wrong: Wrong | None = None) -> ResponseReturnValue:
    typed = {field: request.form.get(field, "") for field in ("code", "name")}
    page = render_template("household/setup.html", wrong=wrong, **typed)
    return (page, wrong.status, wrong.headers) if wrong else page


@household.post("/setup")
@allow(ANYBODY)
def create_first_owner() -> ResponseReturnValue:
    with current_services().database.reading() as connection:
        if has_owner(connection):
            abort(404)
    password = request.form.get("password", "")
    try:
        code_hash = _right_code(request.form.get("code", ""))
        name = checked_name(request.form.get("name", ""))
        passwords.check(password, name)
        setup.create_owner(code_hash, name, passwords.hash_password(password))
    except Wrong as wrong:
        return _form(wrong)
    except setup.NotTheFirst:
        abort(404)
    flash(page_words.welcome_first_owner(name))
    return redirect(url_for("more.show_first_steps"), code=303)


def _right_code(typed: str) -> str:
    """The hash of the setup code, if that is what was typed; guessing it is throttled.

    Raises:
        Wrong: it is not, or it is not that try's turn yet.
        setup.NotTheFirst: somebody has used it up since this request came.
    """
    with current_services().database.reading() as connection:
        kept_hash: str | None = connection.execute(select(setup_code.c.code_hash)).scalar()
        if kept_hash is None and has_owner(connection):
            raise setup.NotTheFirst
    with throttle.one_try("", "setup code") as this_try:
        if kept_hash is None or not secrets.compare_digest(kept_hash, setup.hash_code(typed)):
            raise this_try.was_wrong(words.wrong_setup_code(), "code")
    with current_services().database.writing() as connection:
        this_try.was_right(connection)
    return kept_hash
