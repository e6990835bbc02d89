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
from dashboard.texts import _, mark
from dashboard.web.security import ForeignHost

log = logging.getLogger(__name__)
TITLES = {
    400: mark("That was not understood"),
    403: mark("Not allowed"),
    404: mark("Not found"),
    405: mark("That does not work here"),
    413: mark("That was too much"),
    429: mark("Too many tries"),
    500: mark("Something went wrong"),
    503: mark("Not possible now"),
}
SENTENCES = {
    400: mark("The request was not complete. Go back and try again."),
    403: mark("Your role in this household does not allow this."),
    404: mark("There is nothing at this address, or you may not see it."),
    405: mark("This address shows something, or takes a form, but not what was sent to it."),
    413: mark("What was sent is larger than anything this dashboard expects. Nothing was changed."),
    500: mark("This is a mistake in the dashboard. It has been written to the log; nothing else was changed."),
}


def page(code: int, sentence: str = "", **headers: str) -> ResponseReturnValue:
    title = _(TITLES.get(code, TITLES[500]))
    return (
        render_template("web/error.html", title=title, sentence=sentence or _(SENTENCES.get(code, ""))),
        code,
        headers,
    )


def show(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code == 403 and error.description == "other-site":
        return page(
            403,
            _("This form was sent from another site, so nothing was done. Open the page here and try again."),
        )
    if code == 403:
        return page(403, f"{_(SENTENCES[403])} {current_services().whom_to_ask()}")
    if error.response is not None:
        return error.response
    headers = dict(error.get_headers()) if code in (405, 429) else {}
    kept = {name: value for name, value in headers.items() if name in ("Allow", "Retry-After")}
    return page(code, **kept)


def show_foreign_host(error: ForeignHost) -> ResponseReturnValue:
    # Bare text: no link and no name of this house for whoever points a foreign name at us.
    text = _("This dashboard does not answer to that name. If it should, set PUBLIC_URL to its address.")
    return text + "\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def show_database_trouble(error: DBAPIError | PoolExhausted) -> ResponseReturnValue:
    log.error("the database failed at %s: %s", request.url_rule or "?", in_short(error), exc_info=error)
    if "_login_user" not in g:  # flask-login would ask the database who this is, once more in vain
        g._login_user = AnonymousUserMixin()
    sentence = _(
        "The dashboard’s database cannot be used right now, so nothing was changed. Try again in a minute."
    )
    return page(503, sentence, **{"Retry-After": "30"})


def show_bug(error: Exception) -> ResponseReturnValue:
    log.error("a mistake at %s %s", request.method, request.url_rule or "?", exc_info=error)
    return page(500)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["_"] = _
    for filter_ in (formats.clock, formats.clock_seconds, formats.day):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(ForeignHost, show_foreign_host)
    app.register_error_handler(DBAPIError, show_database_trouble)
    app.register_error_handler(PoolExhausted, show_database_trouble)
    app.register_error_handler(Exception, show_bug)
