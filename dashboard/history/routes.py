"""`/history`: what the car took and what it cost; one session; whose charge it was."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.history import (
    charts,
    download_routes,
    fetching,
    price_routes,
    recalculate_routes,
    sessions,
    statement_routes,
    tariff,
    totals,
    words,
)
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.history.meter_check import check
from dashboard.history.sessions import BookedSession
from dashboard.history.shares import Stretch, stretches
from dashboard.history.totals import GUEST
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on, own_address

SESSION = "/history/sessions/<int(max=2147483647):session_id>"


@history.get("/history")
@allow(Role.VIEWER)
def show_history() -> ResponseReturnValue:
    """A month and its year; `?month=2026-03` and `?charger=` choose."""
    fetching.fetch_if_due(current_services(), is_looked_at=True)
    return history_page.render_history()


@history.get(SESSION)
@allow(Role.VIEWER)
def show_session(session_id: int) -> ResponseReturnValue:
    """One session: figures, curve, whose it was, what the meter says."""
    role = Role(current_user.role)
    with current_services().database.reading() as connection:
        seen = history_page.scope(connection)
        session = sessions.find(connection, session_id, seen.limited_to) or abort(404)
        with formats.in_zone_of(session.charger_id):
            shown = _session_page(connection, session)
        if role is Role.OWNER:
            shown["authorised"] = sessions.authorised(connection, session_id)
    return render_template(
        "history/session.html",
        session=session,
        charger=seen.names.get(session.charger_id, ""),
        is_member=role.includes(Role.MEMBER),
        words=words,
        **shown,
    )


def _session_page(connection: Connection, session: BookedSession) -> dict[str, Any]:
    """What the page of a session shows besides its figures."""
    intervals = sessions.intervals(connection, session)
    flowed = stretches(session.start_at, intervals)
    before, after = sessions.neighbours(connection, session)
    names = totals.people(connection)
    day = formats.local(session.start_at).date() if session.are_times_known else session.last_day
    return {
        "title": words.title(session),
        "when": words.when(session, current_services().now()),
        "lasted": words.how_long(session.lasted),
        "month": totals.Month.of(day).key,
        "flags": words.flag_sentences(session),
        "replacement": sessions.replacement(connection, session),
        "flowed": [_reading_row(stretch) for stretch in flowed],
        "chart": charts.curve_chart(session.start_at, session.end_at, flowed) if flowed else None,
        "peak": max(flowed, key=lambda stretch: stretch.power_w, default=None),
        "check": check(session, sessions.meter_text(connection, session.id), intervals, before, after),
        "before": before,
        "after": after,
        "names": names | {GUEST: words.guest()},
        "person": words.person(session.person_id, session.person_name, names),
        "currency": tariff.currency(connection),
    }


def _reading_row(stretch: Stretch) -> tuple[str, str, Stretch]:
    """Begin and end in words, and what flowed."""
    begin = f"{formats.short_day(formats.local(stretch.begin))}, {formats.clock(stretch.begin)}"
    return begin, formats.clock(stretch.end), stretch


@history.post(f"{SESSION}/person")
@allow(Role.MEMBER)
@button_on("history.show_session")
def assign(session_id: int) -> ResponseReturnValue:
    """Whose charge it was: a member's number, 0 for a guest, nothing to take it back."""
    services = current_services()
    back = own_address(request.form.get("next")) or url_for("history.show_session", session_id=session_id)
    with services.database.reading() as connection:
        session = sessions.find(connection, session_id, history_page.scope(connection).limited_to) or abort(404)
        names = totals.people(connection) | {GUEST: words.guest()}
    person_id = request.form.get("person", type=int)  # None too where it cannot be read
    if request.form.get("person") and person_id not in names:
        flash(words.unknown_person())
        return redirect(back, code=303)
    name = names[person_id] if person_id is not None else ""
    with services.database.writing() as connection:
        actor.confirm(connection)
        if sessions.assign(connection, session_id, person_id, name or None):
            _record(connection, session, person_id, name)
    flash(words.whose(name))
    return redirect(back, code=303)


def _record(connection: Connection, session: BookedSession, person_id: int | None, name: str) -> None:
    with formats.in_zone_of(session.charger_id):
        day = formats.local(session.start_at).date() if session.are_times_known else session.last_day
    whose: dict[str, Any] = {}
    if person_id is not None:
        whose = {"is_guest": True} if person_id == GUEST else {"name": name}
    activity_log.record(
        connection,
        at=current_services().now(),
        kind=LineKind.CHARGE_ASSIGNED if whose else LineKind.CHARGE_UNASSIGNED,
        member=current_user,
        charger_id=session.charger_id,
        details=whose | {"day": day.isoformat()},
    )
    chargers.touch(connection, session.charger_id)


TOPICS = (download_routes, price_routes, recalculate_routes, statement_routes)


def init_app(app: Flask) -> None:
    app.register_blueprint(history)
