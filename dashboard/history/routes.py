"""`/history`: what the car took and what it cost; one session; whose charge it was."""

from __future__ import annotations

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.history import charts, download_routes, fetching, price_routes, sessions, tariff, totals, words
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.history.meter_check import check
from dashboard.history.sessions import Entry
from dashboard.history.shares import Stretch, stretches
from dashboard.history.totals import GUEST
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow, own_address

SESSION = "/history/sessions/<int(max=2147483647):session_id>"


@history.get("/history")
@allow(Role.VIEWER)
def show_history() -> ResponseReturnValue:
    """A month and its year; `?month=2026-03` and `?charger=` choose."""
    services = current_services()
    fetching.chore(services, is_looked_at=True)
    return history_page.render_history()


@history.get(SESSION)
@allow(Role.VIEWER)
def show_session(session_id: int) -> ResponseReturnValue:
    """One session: figures, curve, whose it was, what the meter says."""
    role = Role(current_user.role)
    with current_services().database.reading() as connection:
        ours = history_page.scope(connection)
        entry = sessions.one(connection, session_id, ours.limited_to) or abort(404)
        intervals = sessions.intervals(connection, session_id)
        before, after = sessions.neighbours(connection, entry)
        names = totals.people(connection)
        shown = {
            "currency": tariff.currency(connection),
            "replacement": sessions.replacement(connection, entry),
            "authorised": sessions.authorised(connection, session_id) if role is Role.OWNER else None,
        }
    flowed = stretches(entry.start_at, intervals)
    return render_template(
        "history/session.html",
        entry=entry,
        charger=ours.names.get(entry.charger_id, ""),
        when=formats.span(entry.start_at, entry.end_at),
        day=formats.day(entry.start_at),
        month=totals.Month.of(formats.local(entry.start_at).date()).key,
        flowed=[_reading_row(one) for one in flowed],
        chart=charts.curve_chart(entry.start_at, entry.end_at, flowed) if flowed else None,
        peak=max(flowed, key=_power, default=None),
        check=check(entry, intervals, before, after),
        before=before,
        after=after,
        names=names | {GUEST: words.person(GUEST, None, {})},
        person=words.person(entry.person_id, entry.person_name, names),
        flags=words.flag_sentences(entry),
        lasted=words.how_long(entry.lasted),
        is_member=role.includes(Role.MEMBER),
        **shown,
    )


def _reading_row(stretch: Stretch) -> tuple[str, str, Stretch]:
    """Begin and end in words, and what flowed."""
    begin = f"{formats.short_day(formats.local(stretch.begin))}, {formats.clock(stretch.begin)}"
    return begin, formats.clock(stretch.end), stretch


def _power(one: Stretch) -> float:
    return one.power_w


@history.get(f"{SESSION}/person")
@allow(Role.MEMBER)
def lead_to_session(session_id: int) -> ResponseReturnValue:
    """Whoever signed in on the way to a press finds the button on the session's page."""
    return redirect(url_for("history.show_session", session_id=session_id))


@history.post(f"{SESSION}/person")
@allow(Role.MEMBER)
def assign(session_id: int) -> ResponseReturnValue:
    """Whose charge it was: a member's number, 0 for a guest, nothing to take it back."""
    services = current_services()
    wish = request.form.get("person", "")
    back = own_address(request.form.get("next")) or url_for("history.show_session", session_id=session_id)
    with services.database.reading() as connection:
        entry = sessions.one(connection, session_id, history_page.scope(connection).limited_to) or abort(404)
        names = totals.people(connection) | {GUEST: words.person(GUEST, None, {})}
    person_id = request.form.get("person", type=int)  # None too where it cannot be read
    if wish and person_id not in names:
        flash(words.unknown_person())
        return redirect(back, code=303)
    name = names[person_id] if person_id is not None else ""
    with services.database.writing() as connection:
        actor.confirm(connection)
        if sessions.assign(connection, session_id, person_id, name or None):
            _record(connection, entry, person_id, name)
    flash(words.whose(name))
    return redirect(back, code=303)


def _record(connection: Connection, entry: Entry, person_id: int | None, name: str) -> None:
    day = formats.local(entry.start_at).date().isoformat()
    whose = {} if person_id is None else {"is_guest": True} if person_id == GUEST else {"name": name}
    activity_log.record(
        connection,
        at=current_services().now(),
        kind=LineKind.CHARGE_ASSIGNED if whose else LineKind.CHARGE_UNASSIGNED,
        member=current_user,
        charger_id=entry.charger_id,
        details=whose | {"day": day},
    )
    chargers.touch(connection, entry.charger_id)


TOPICS = (download_routes, price_routes)


def init_app(app: Flask) -> None:
    app.register_blueprint(history)
