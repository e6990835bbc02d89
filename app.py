"""The composition root: settings, then the database, then the topics, then the error pages.

Run by gunicorn as 'app:create_app()'; the shell commands and the tests call the same function.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import click
from flask import Flask

from dashboard import access, activity, assets, clock, demo, errors, health, install, more, security
from dashboard.background import Background, Threads
from dashboard.charging.account import Account
from dashboard.database import Database, DatabaseUnusable
from dashboard.services import Services, utc_now
from dashboard.settings import Settings, SettingsError, from_environment


def create_app(
    settings: Settings | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    background: Background | None = None,
) -> Flask:
    """Put the dashboard together; nothing is started and nobody is asked."""
    try:
        settings = settings or from_environment()
        database = Database(settings.database_url)
        database.migrate()
    except (SettingsError, DatabaseUnusable) as error:
        if click.get_current_context(silent=True):  # a shell command: a sentence, not a traceback
            raise click.ClickException(str(error)) from error
        raise

    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="demo" if settings.is_demo else "household",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
    )
    presses = background or Threads()
    background = background or Threads()
    account = Account(settings, database, now)
    app.extensions["services"] = Services(settings, database, now, background, presses, account)

    for topic in (errors, security, access, assets, activity, more, install, health, demo, clock):
        topic.init_app(app)
    _add_rooms(app)
    _trust_proxies(app, settings)
    return app


def _add_rooms(app: Flask) -> None:
    from dashboard import charging, history, household, plan

    for room in (household, charging, plan, history):
        room.init_app(app)


def _trust_proxies(app: Flask, settings: Settings) -> None:
    if count := settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
