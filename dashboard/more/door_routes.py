"""`/doors`: what leaves the house besides the questions to Zaptec, and the switch of each."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import doors
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household import actor, members
from dashboard.household import words as household_words
from dashboard.more import door_page, door_words
from dashboard.more.blueprint import more
from dashboard.notices import door_list
from dashboard.services import current_services
from dashboard.tariff.sources.table import BY_HOST
from dashboard.web.access import Role, allow


@more.get("/doors")
@allow(Role.VIEWER)
def show_doors() -> ResponseReturnValue:
    services = current_services()
    with services.database.reading() as connection:
        groups = door_page.read(connection, services.now())
        ask = household_words.ask_whom(members.owner_names(connection))
    return render_template("more/doors.html", groups=groups, is_owner=current_user.role is Role.OWNER, ask=ask)


@more.post("/doors")
@allow(Role.OWNER)
def switch_door() -> ResponseReturnValue:
    """Let a host be asked, or no more."""
    services = current_services()
    host, is_open = request.form.get("host", ""), request.form.get("open") == "yes"
    with services.database.writing() as connection:
        owner = actor.confirm(connection)
        if host not in BY_HOST and host not in {used.host for used in door_list.hosts(connection)}:
            abort(404)
        is_new = doors.switch(connection, host, is_open, services.now(), owner.name)
        if is_new:
            _record(connection, host, is_open)
    flash((door_words.switched if is_new else door_words.is_so_already)(host, is_open=is_open))
    return redirect(url_for("more.show_doors"), code=303)


def _record(connection: Connection, host: str, is_open: bool) -> None:
    activity_log.record(
        connection,
        at=current_services().now(),
        kind=LineKind.DOOR_OPENED if is_open else LineKind.DOOR_SHUT,
        member=current_user,
        details={"host": host},
    )
