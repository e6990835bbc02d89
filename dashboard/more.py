"""`/more`: the way to everything that is not the charger; for owners also how the account at Zaptec stands."""

from __future__ import annotations

from concurrent.futures import wait

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.access import Role, allow
from dashboard.charging import chargers, manners, words
from dashboard.household import members
from dashboard.services import services
from dashboard.texts import _

more = Blueprint("more", __name__)
SCHEMES = ("light", "dark")
WAITS_S = 1.0


@more.get("/more")
@allow(Role.VIEWER)
def show_more() -> ResponseReturnValue:
    house = services()
    is_owner = current_user.role == Role.OWNER
    with house.database.reading() as connection:
        found = chargers.all_chargers(connection, house.settings.charger_ids)
        standing = manners.standing(connection, house.now()) if is_owner else None
        ask = words.ask_whom(members.owner_names(connection))
    return render_template("more.html", chargers=found, standing=standing, is_owner=is_owner, ask=ask)


@more.post("/more")
@allow(Role.VIEWER)
def change() -> ResponseReturnValue:
    """The forms of this page: light or dark for this browser; for owners, another try at the sign-in."""
    if "scheme" in request.form:
        return set_scheme(request.form["scheme"])
    if current_user.role != Role.OWNER:
        abort(403)
    return try_again()


def set_scheme(scheme: str) -> ResponseReturnValue:
    answer = redirect(url_for("more.show_more"), code=303)
    if scheme in SCHEMES:
        answer.set_cookie(
            "scheme",
            scheme,
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=services().settings.is_https,
        )
    else:
        answer.delete_cookie("scheme")
    return answer


def scheme() -> str:
    """Light or dark if this browser chose one; empty means as the system has it."""
    wish = request.cookies.get("scheme", "")
    return wish if wish in SCHEMES else ""


def try_again() -> ResponseReturnValue:
    """Let the remembered rejection go and ask Zaptec once; a slow answer is not waited for."""
    house = services()
    house.account.try_again()
    question = house.background.start(lambda: chargers.read_list(house, force=True))
    if wait([question], timeout=WAITS_S).not_done:
        flash(_("Zaptec is being asked; look again in a moment."))
    else:
        with house.database.reading() as connection:
            failure = chargers.list_standing(connection).failure
        flash(f"{words.reason(failure)}." if failure else _("Zaptec has accepted the sign-in."))
    return redirect(url_for("more.show_more"), code=303)


def init_app(app: Flask) -> None:
    app.register_blueprint(more)
    app.context_processor(lambda: {"scheme": scheme()})
