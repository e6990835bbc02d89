"""`/reset/<token>`: a new password by a reset link."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from dashboard.household import passwords, resets, words
from dashboard.household.blueprint import household
from dashboard.web.access import ANYBODY, allow


@household.get("/reset/<token>")
@allow(ANYBODY)
def show_reset(token: str) -> ResponseReturnValue:
    found = resets.find_open(token)
    return _closed() if found is None else _form(found)


def _form(
    found: Row[Any, Any, Any], error: str | None = None, status: int = 200, wrong: str = ""
) -> ResponseReturnValue:
    return render_template("household/reset.html", name=found.name, error=error, wrong=wrong), status


def _closed() -> ResponseReturnValue:
    return render_template("household/closed.html", what=words.reset_is_closed()), 410


@household.post("/reset/<token>")
@allow(ANYBODY)
def reset_password(token: str) -> ResponseReturnValue:
    found = resets.find_open(token)
    if found is None:
        return _closed()
    password = request.form.get("password", "")
    if problem := passwords.problem_with(password, found.name):
        return _form(found, problem, 400, "password")
    try:
        resets.use(found, passwords.hash_password(password))
    except passwords.TooBusy:
        return _form(found, words.too_busy(), 429)
    except resets.NotOpen:
        return _closed()
    return redirect("/", code=303)
