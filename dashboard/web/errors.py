"""What people see when something is not there, not allowed, or broken: a sentence, never a traceback."""

from __future__ import annotations

import logging

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from dashboard import formats
from dashboard.database import in_short
from dashboard.services import current_services
from dashboard.texts import _
from dashboard.web import words
from dashboard.web.forms import time_attributes
from dashboard.web.security import ForeignHost

log = logging.getLogger(__name__)


def page(code: int, sentence: str = "", **headers: str) -> ResponseReturnValue:
    shown = render_template("web/error.html", title=words.title(code), sentence=sentence or words.sentence(code))
    return shown, code, headers


def show(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code == 403 and error.description == "other-site":
        return page(403, words.from_another_site())
    if code == 403:
        return page(403, f"{words.sentence(403)} {current_services().whom_to_ask()}")
    if error.response is not None:
        return error.response
    headers = dict(error.get_headers()) if code in (405, 429) else {}
    helpful = {name: value for name, value in headers.items() if name in ("Allow", "Retry-After")}
    return page(code, **helpful)


def show_foreign_host(error: ForeignHost) -> ResponseReturnValue:
    # Bare text: no link and no name of this house for whoever points a foreign name at us.
    return words.foreign_host() + "\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def show_database_trouble(error: DBAPIError | PoolExhausted) -> ResponseReturnValue:
    log.error("the database failed at %s: %s", request.url_rule or "?", in_short(error), exc_info=error)
    if "_login_user" not in g:  # flask-login would ask the database who this is, once more in vain
        g._login_user = AnonymousUserMixin()
    return page(503, words.database_trouble(), **{"Retry-After": "30"})


def show_bug(error: Exception) -> ResponseReturnValue:
    log.error("a mistake at %s %s", request.method, request.url_rule or "?", exc_info=error)
    return page(500)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(_=_, time_attributes=time_attributes)
    for filter_ in (formats.clock, formats.clock_seconds, formats.day):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(ForeignHost, show_foreign_host)
    app.register_error_handler(DBAPIError, show_database_trouble)
    app.register_error_handler(PoolExhausted, show_database_trouble)
    app.register_error_handler(Exception, show_bug)
