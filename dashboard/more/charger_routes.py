"""`/more/chargers`: the household's names and order for its chargers, and which of those that left are shown."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger
from dashboard.household import actor
from dashboard.household.members import Member
from dashboard.household.names import checked_name
from dashboard.more import words
from dashboard.more.blueprint import more
from dashboard.services import current_services
from dashboard.web.access import Role, allow
from dashboard.web.forms import Wrong


@more.get("/more/chargers")
@allow(Role.OWNER)
def show_chargers() -> ResponseReturnValue:
    return _page()


def _page(wrong: Wrong | None = None) -> ResponseReturnValue:
    page = render_template(
        "more/chargers.html",
        chargers=_chargers(),
        wrong=wrong,
        typed=request.form,
        left_account=words.left_account,
    )
    return (page, wrong.status, wrong.headers) if wrong else page


def _chargers() -> list[HouseholdCharger]:
    services = current_services()
    with services.database.reading() as connection:
        return chargers.all_chargers(connection, services.settings.charger_ids)


@more.post("/more/chargers")
@allow(Role.OWNER)
def arrange_chargers() -> ResponseReturnValue:
    """The household's own names and order; an empty name means Zaptec's."""
    move = request.form.get("move", "")
    try:
        save(move)
    except Wrong as wrong:
        return _page(wrong)
    flash(words.saved())
    return redirect(url_for("more.show_chargers", _anchor=_row_of(move)), code=303)


def save(move: str = "") -> None:
    """Keep the names that were typed, and the order after that move.

    Raises:
        Wrong: one of them is not a name.
    """
    household_chargers = _chargers()
    names = {charger.id: _typed_name(charger) for charger in household_chargers}
    in_order = _moved(household_chargers, move)
    with current_services().database.writing() as connection:
        owner = actor.confirm(connection)
        for charger in household_chargers:
            _record_new_name(connection, charger, names[charger.id] or charger.zaptec_name, owner)
        wishes = {charger.id: (place, names[charger.id]) for place, charger in enumerate(in_order)}
        chargers.arrange(connection, wishes)


def _typed_name(charger: HouseholdCharger) -> str:
    """Empty where it is Zaptec's: the form shows that one too, and a name that is kept follows no other.

    Raises:
        Wrong: it is not a name.
    """
    field = f"name-{charger.id}"
    name = _tidy(request.form.get(field, charger.name))
    return "" if not name or name == _tidy(charger.zaptec_name) else checked_name(name, field)


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _row_of(move: str) -> str | None:
    """Where on the page the charger stands that was moved."""
    return f"charger-{move.partition('-')[2]}" if move else None


def _moved(household_chargers: list[HouseholdCharger], move: str) -> list[HouseholdCharger]:
    """The chargers in order after `up-<charger>` or `down-<charger>`; whatever else that says changes nothing."""
    in_order = list(household_chargers)
    direction, _dash, charger_id = move.partition("-")
    here = next((place for place, charger in enumerate(in_order) if charger.id == charger_id), None)
    step = {"up": -1, "down": 1}.get(direction)
    if here is not None and step is not None and 0 <= here + step < len(in_order):
        in_order.insert(here + step, in_order.pop(here))
    return in_order


def _record_new_name(connection: Connection, charger: HouseholdCharger, name: str, owner: Member) -> None:
    if name == charger.name:
        return
    activity_log.record(
        connection,
        at=current_services().now(),
        kind=LineKind.CHARGER_RENAMED,
        member=owner,
        charger_id=charger.id,
        details={"old": charger.name, "new": name},
    )
