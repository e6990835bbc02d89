"""`/more`: the way to everything that is not the charger; for owners also how the account at Zaptec stands."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.access import Role, allow
from dashboard.charging import chargers, manners, words
from dashboard.services import services
from dashboard.texts import _

more = Blueprint("more", __name__)


@more.get("/more")
@allow(Role.VIEWER)
def show_more() -> ResponseReturnValue:
    house = services()
    is_owner = current_user.role == Role.OWNER
    with house.database.reading() as connection:
        found = chargers.all_chargers(connection, house.settings.charger_ids)
        standing = manners.standing(connection, house.now()) if is_owner else None
    return render_template("more.html", chargers=found, standing=standing, is_owner=is_owner)


@more.post("/more")
@allow(Role.OWNER)
def try_again() -> ResponseReturnValue:
    """Let the remembered rejection go and ask Zaptec once."""
    house = services()
    house.account.try_again()
    chargers.read_list(house, force=True)
    with house.database.reading() as connection:
        failure = chargers.list_standing(connection).failure
    flash(f"{words.reason(failure)}." if failure else _("Zaptec has accepted the sign-in."))
    return redirect(url_for("more.show_more"), code=303)


def init_app(app: Flask) -> None:
    app.register_blueprint(more)
