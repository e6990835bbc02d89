"""`/more`: the way to everything that is not the charger; for owners also how the account at Zaptec stands."""

from __future__ import annotations

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.background import ends_soon
from dashboard.charger import chargers
from dashboard.household import actor
from dashboard.household.devices import describe
from dashboard.more import (
    charger_routes,
    door_routes,
    first_steps_routes,
    home_screen_routes,
    page,
    sheet_routes,
    words,
)
from dashboard.more.account_check import AccountCheck
from dashboard.more.blueprint import more
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on

SCHEMES = ("light", "dark")
A_YEAR_S = 365 * 86400


@more.get("/more")
@allow(Role.VIEWER)
def show_more() -> ResponseReturnValue:
    _browser, system = describe(request.headers.get("User-Agent", ""))
    return render_template("more/more.html", page=page.read(current_services(), current_user, system))


@more.post("/more")
@allow(Role.VIEWER)
def set_scheme() -> ResponseReturnValue:
    """Light or dark, for this browser."""
    answer = redirect(url_for("more.show_more"), code=303)
    wish, path = request.form.get("scheme", ""), current_app.config["SESSION_COOKIE_PATH"]
    if wish in SCHEMES:
        secure = current_services().settings.is_https
        answer.set_cookie("scheme", wish, max_age=A_YEAR_S, path=path, httponly=True, samesite="Lax", secure=secure)
    else:
        answer.delete_cookie("scheme", path=path)
    return answer


def scheme() -> str:
    """Light or dark if this browser chose one; empty means as the system has it."""
    wish = request.cookies.get("scheme", "")
    return wish if wish in SCHEMES else ""


@more.post("/more/try-again")
@allow(Role.OWNER)
@button_on("more.show_more")
def try_again() -> ResponseReturnValue:
    """Let the remembered rejection go and ask Zaptec once; who waits longer than a moment looks again."""
    services = current_services()
    with services.database.writing() as connection:
        actor.confirm(connection)
        services.account.try_again(connection)
    asking = services.background.start(lambda: chargers.read_list(services, force=True))
    if ends_soon(asking) and asking.result():  # else somebody else is asking, and the last answer is an old one
        with services.database.reading() as connection:
            failure = chargers.list_status(connection).failure
        flash(words.after_trying_again(failure))
    else:
        flash(words.is_asking())
    return redirect(url_for("more.show_more"), code=303)


@more.get("/more/account")
@allow(Role.OWNER)
def show_account_check() -> ResponseReturnValue:
    """What the account at Zaptec may do with each charger; asked only when this page is opened."""
    check = current_services().shared(AccountCheck)
    work = check.work(current_services())
    if not ends_soon(work):
        return render_template("more/account_check.html", trouble=words.is_asking(), is_asking=True)
    check.was_shown(work)
    checked, trouble = work.result()
    return render_template("more/account_check.html", checked=checked, trouble=trouble)


TOPICS = (charger_routes, door_routes, first_steps_routes, home_screen_routes, sheet_routes)


def init_app(app: Flask) -> None:
    app.register_blueprint(more)
    app.context_processor(lambda: {"scheme": scheme()})
