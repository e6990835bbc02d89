"""The people: signing in, members and roles, invitations, devices, and the shell commands for them."""

from __future__ import annotations

import logging
import time

from flask import Blueprint, Flask
from flask_login import LoginManager, current_user

household = Blueprint("household", __name__)


def init_app(app: Flask) -> None:
    from dashboard.household import account, invitations, people, resets, setup, sign_in  # noqa: F401 - their routes
    from dashboard.household.cli import commands
    from dashboard.household.devices import load_member, renew_cookie
    from dashboard.household.proxies import note_forwarded
    from dashboard.household.tokens import mask_tokens

    manager = LoginManager()
    # It reads a raw X-Forwarded-For, and signs phones out that leave the Wi-Fi.
    manager.session_protection = None
    manager.user_loader(load_member)
    # Not `init_app`: its hook for a remember cookie, which we have not, opens the session for every file.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.jinja_env.globals["current_user"] = current_user
    app.extensions["sleep"] = time.sleep

    app.register_blueprint(household)
    app.before_request(note_forwarded)
    app.after_request(renew_cookie)
    app.cli.add_command(commands)
    for name in (app.logger.name, "dashboard.errors", "gunicorn.error"):
        logging.getLogger(name).addFilter(mask_tokens)
