"""`/history`: what the car took and what it cost; one session."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.history import (
    charts,
    contract_routes,
    cost_words,
    download_routes,
    fetching,
    price_routes,
    recalculate_routes,
    sessions,
    statement_routes,
    tariff,
    totals,
    usual,
    whose_page,
    whose_routes,
    whose_words,
    why,
    words,
)
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.history.meter_check import check
from dashboard.history.page import Scope
from dashboard.history.sessions import BookedSession
from dashboard.history.shares import Stretch, stretches
from dashboard.history.whose_routes import SESSION
from dashboard.services import current_services
from dashboard.web.access import Role, allow


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
            shown |= _for_owners(connection, session_id, seen)
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
    names = whose_words.people(connection)
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
        "why": why.read(connection, session, intervals),
        "waiting": cost_words.waiting_saved(
            session.saved_micro, session.share_cost_micro, tariff.currency(connection)
        ),
        "peak": max(flowed, key=lambda stretch: stretch.power_w, default=None),
        "check": check(session, sessions.meter_text(connection, session.id), intervals, before, after),
        "before": before,
        "after": after,
        "is_told_apart": usual.is_told_apart(connection),
        "names": names,
        "not_assigned": whose_words.nobody(),
        "person": whose_words.person(session.person_id, session.person_name, names) or whose_words.nobody(),
        "currency": tariff.currency(connection),
    }


def _for_owners(connection: Connection, session_id: int, seen: Scope) -> dict[str, Any]:
    """Who authorised it, and who usually charges with that card."""
    card = usual.of_session(connection, session_id)
    if card is None or not usual.is_told_apart(connection):
        return {"card": card}
    address = url_for("history.note_usual_person_of_card", session_id=session_id)
    label = whose_words.usually_with_this_card()
    return {
        "card": card,
        "usual": whose_page.usual_choice(connection, card, label, address, seen.limited_to),
    }


def _reading_row(stretch: Stretch) -> tuple[str, str, Stretch]:
    """Begin and end in words, and what flowed."""
    begin = f"{formats.short_day(formats.local(stretch.begin))}, {formats.clock(stretch.begin)}"
    return begin, formats.clock(stretch.end), stretch


TOPICS = (contract_routes, download_routes, price_routes, recalculate_routes, statement_routes, whose_routes)


def init_app(app: Flask) -> None:
    app.register_blueprint(history)
