"""Every address of this room, and what signing in needs of Flask."""

from __future__ import annotations

import logging

from flask import Flask
from flask_login import LoginManager, current_user

from dashboard.household import (
    account_routes,
    invitation_routes,
    member_routes,
    reset_routes,
    setup_routes,
    sign_in_routes,
)
from dashboard.household.blueprint import household
from dashboard.household.cli import commands
from dashboard.household.devices import load_member, renew_cookie
from dashboard.household.proxies import note_forwarded
from dashboard.household.tokens import mask_tokens

TOPICS = (account_routes, invitation_routes, member_routes, reset_routes, setup_routes, sign_in_routes)


def init_app(app: Flask) -> None:
    manager = LoginManager()
    # It reads a raw X-Forwarded-For, and signs phones out that leave the Wi-Fi.
    manager.session_protection = None
    manager.user_loader(load_member)
    # Not `init_app`: its hook for a remember cookie, which we have not, opens the session for every file.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.jinja_env.globals["current_user"] = current_user

    app.register_blueprint(household)
    app.before_request(note_forwarded)
    app.after_request(renew_cookie)
    app.cli.add_command(commands)
    for name in (app.logger.name, "dashboard.web.errors", "gunicorn.error"):
        logging.getLogger(name).addFilter(mask_tokens)
