"""`/more/home-screen`: how to have the dashboard at hand, and what works on this device."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.more import home_screen
from dashboard.more.blueprint import more
from dashboard.services import current_services
from dashboard.web.access import Role, allow


@more.get("/more/home-screen")
@allow(Role.VIEWER)
def show_home_screen() -> ResponseReturnValue:
    services = current_services()
    with services.database.reading() as connection:
        shown = home_screen.read(connection, services, current_user)
    return render_template("more/home_screen.html", screen=shown)
