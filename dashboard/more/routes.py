"""`/more`: the way to everything that is not the charger; for owners also how the account at Zaptec stands."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import formats, reasons
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.background import ends_soon
from dashboard.charger import chargers
from dashboard.household import actor, members
from dashboard.household import words as household_words
from dashboard.household.names import checked_name
from dashboard.more import request_usage, sheet_routes, words
from dashboard.more.account_check import AccountCheck
from dashboard.more.blueprint import more
from dashboard.more.coming_requests import coming_requests
from dashboard.services import current_services
from dashboard.texts import _
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong

SCHEMES = ("light", "dark")
A_YEAR_S = 365 * 86400


@more.get("/more")
@allow(Role.VIEWER)
def show_more() -> ResponseReturnValue:
    services, now = current_services(), current_services().now()
    is_owner = current_user.role == Role.OWNER
    with services.database.reading() as connection:
        household_chargers = chargers.all_chargers(connection, services.settings.charger_ids)
        usage = request_usage.request_usage(connection, now) if is_owner else None
        coming = coming_requests(connection, services) if is_owner else []
        ask = household_words.ask_whom(members.owner_names(connection))
    return render_template(
        "more/more.html",
        chargers=household_chargers,
        usage=usage,
        refusal=words.refused_sign_in(usage.refused_sign_in) if usage else "",
        since=formats.moment_near(usage.since, now) if usage else "",
        coming=[(formats.second_near(request.at, now) if request.at else "", request.why) for request in coming],
        is_owner=is_owner,
        ask=ask,
    )


@more.post("/more")
@allow(Role.VIEWER)
def set_scheme() -> ResponseReturnValue:
    """Light or dark, for this browser."""
    answer = redirect(url_for("more.show_more"), code=303)
    wish = request.form.get("scheme", "")
    if wish in SCHEMES:
        secure = current_services().settings.is_https
        answer.set_cookie("scheme", wish, max_age=A_YEAR_S, httponly=True, samesite="Lax", secure=secure)
    else:
        answer.delete_cookie("scheme")
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
    services.account.try_again()
    asking = services.background.start(lambda: chargers.read_list(services, force=True))
    if ends_soon(asking) and asking.result():  # else somebody else is asking, and the last answer is an old one
        with services.database.reading() as connection:
            failure = chargers.list_status(connection).failure
        flash(f"{reasons.reason(failure)}." if failure else _("Zaptec has accepted the sign-in."))
    else:
        flash(_("Asking Zaptec… Look again in a moment."))
    return redirect(url_for("more.show_more"), code=303)


@more.get("/more/account")
@allow(Role.OWNER)
def show_account_check() -> ResponseReturnValue:
    """What the account at Zaptec may do with each charger; asked only when this page is opened."""
    check = current_services().shared(AccountCheck)
    work = check.work(current_services())
    if not ends_soon(work):
        return render_template("more/account_check.html", is_asking=True)
    check.was_shown(work)
    checked, trouble = work.result()
    return render_template("more/account_check.html", checked=checked, trouble=trouble)


@more.get("/more/chargers")
@allow(Role.OWNER)
def show_chargers() -> ResponseReturnValue:
    return _chargers_form()


@more.post("/more/chargers")
@allow(Role.OWNER)
def arrange_chargers() -> ResponseReturnValue:
    """The household's own names and order for its chargers; an empty name means Zaptec's."""
    services = current_services()
    with services.database.reading() as connection:
        found = chargers.all_chargers(connection, services.settings.charger_ids)
    try:
        names = {charger.id: _typed_name(charger) for charger in found}
    except Wrong as wrong:
        return _chargers_form(wrong)
    places = {one.id: request.form.get(f"place-{one.id}", len(found), type=int) for one in found}
    order = sorted(found, key=lambda one: places[one.id])
    wishes = {one.id: (place, names[one.id]) for place, one in enumerate(order)}
    with services.database.writing() as connection:
        owner = actor.confirm(connection)
        for one in found:
            name = names[one.id] or one.zaptec_name
            if name != one.name:
                details = {"old": one.name, "new": name}
                activity_log.record(
                    connection,
                    at=services.now(),
                    kind=LineKind.CHARGER_RENAMED,
                    member=owner,
                    charger_id=one.id,
                    details=details,
                )
        chargers.arrange(connection, wishes)
    flash(_("Saved."))
    return redirect(url_for("more.show_chargers"), code=303)


def _typed_name(charger: chargers.HouseholdCharger) -> str:
    """Empty where it is Zaptec's: the form shows that one too, and a name that is kept follows no other.

    Raises:
        Wrong: it is not a name.
    """
    field = f"name-{charger.id}"
    name = _tidy(request.form.get(field, charger.name))
    return "" if not name or name == _tidy(charger.zaptec_name) else checked_name(name, field)


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _chargers_form(wrong: Wrong | None = None) -> ResponseReturnValue:
    services = current_services()
    with services.database.reading() as connection:
        found = chargers.all_chargers(connection, services.settings.charger_ids)
    page = render_template("more/chargers.html", chargers=found, wrong=wrong, typed=request.form)
    return (page, wrong.status, wrong.headers) if wrong else page


TOPICS = (sheet_routes,)


def init_app(app: Flask) -> None:
    app.register_blueprint(more)
    app.context_processor(lambda: {"scheme": scheme()})
