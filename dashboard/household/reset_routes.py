"""`/reset/<token>`: a new password by a reset link."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from dashboard.household import passwords, resets, words
from dashboard.household.blueprint import household
from dashboard.web.access import ANYBODY, allow
from dashboard.web.forms import Wrong


@household.get("/reset/<token>")
@allow(ANYBODY)
def show_reset(token: str) -> ResponseReturnValue:
    link = resets.find_open(token)
    return _closed() if link is None else _form(link)


def _form(link: Row[Any, Any, Any], wrong: Wrong | None = None) -> ResponseReturnValue:
    page = render_template("household/reset.html", name=link.name, wrong=wrong)
    return (page, wrong.status, wrong.headers) if wrong else page


def _closed() -> ResponseReturnValue:
    return render_template("household/closed.html", what=words.reset_is_closed()), 410


@household.post("/reset/<token>")
@allow(ANYBODY)
def reset_password(token: str) -> ResponseReturnValue:
    link = resets.find_open(token)
    if link is None:
        return _closed()
    password = request.form.get("password", "")
    try:
        passwords.check(password, link.name)
        resets.use(link, passwords.hash_password(password))
    except Wrong as wrong:
        return _form(link, wrong)
    except resets.ResetLinkClosed:
        return _closed()
    flash(words.password_is_set())
    return redirect(url_for("card.show_all"), code=303)
