"""Whose charge it was: of one session, of all in a month that are not assigned, and who usually charges."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from dashboard import formats
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.history import page as history_page
from dashboard.history import sessions, usual, whose_words
from dashboard.history.blueprint import history
from dashboard.history.sessions import BookedSession
from dashboard.history.totals import GUEST
from dashboard.history.usual import Usually
from dashboard.household import actor
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on, own_address

SESSION = "/history/sessions/<int(max=2147483647):session_id>"
WHO = "who"  # the section of the history, and where its page shows an answer


class Unknown(Exception):
    """Whoever was chosen is not in the household, or not any more."""


def _chosen(connection: Connection) -> tuple[int | None, str]:
    """The person that was chosen and their name: GUEST for guests, None to take it back.

    Raises:
        Unknown: there is nobody of that number.
    """
    names = whose_words.people(connection)
    person_id = request.form.get("person", type=int)  # None too where it cannot be read
    if request.form.get("person") and person_id not in names:
        raise Unknown
    return person_id, names[person_id] if person_id is not None else ""


def _answer(sentence: str, beside: str, address: str) -> ResponseReturnValue:
    flash(sentence, beside)
    return redirect(address, code=303)


@history.post(f"{SESSION}/person")
@allow(Role.MEMBER)
@button_on("history.show_session", WHO)
def assign(session_id: int) -> ResponseReturnValue:
    """Whose charge it was: a member's number, 0 for a guest, nothing to take it back."""
    own_page = url_for("history.show_session", session_id=session_id, _anchor=WHO)
    back, beside = own_address(request.form.get("next")) or own_page, f"session-{session_id}"
    try:
        with current_services().database.writing() as connection:
            actor.confirm(connection)
            session = _session(connection, session_id)
            person_id, name = _chosen(connection)
            if sessions.assign(connection, session_id, person_id, name or None):
                _record_assigned(connection, session, person_id, name)
    except Unknown:
        return _answer(whose_words.unknown_person(), beside, back)
    return _answer(whose_words.whose(name), beside, back)


def _session(connection: Connection, session_id: int) -> BookedSession:
    """The session; 404 for one that there is not, or that may not be seen."""
    return sessions.find(connection, session_id, history_page.scope(connection).limited_to) or abort(404)


def _record_assigned(connection: Connection, session: BookedSession, person_id: int | None, name: str) -> None:
    with formats.in_zone_of(session.charger_id):
        day = formats.local(session.start_at).date() if session.are_times_known else session.last_day
    kind = LineKind.CHARGE_UNASSIGNED if person_id is None else LineKind.CHARGE_ASSIGNED
    whose = {} if person_id is None else _named(person_id, name)
    _record(connection, kind, session.charger_id, **whose, day=day.isoformat())
    chargers.touch(connection, session.charger_id)


def _named(person_id: int | None, name: str) -> dict[str, Any]:
    """A person as the log keeps them."""
    if person_id is None:
        return {"is_nobody": True}
    return {"is_guest": True} if person_id == GUEST else {"name": name}


def _record(connection: Connection, kind: LineKind, charger_id: str | None, **details: Any) -> None:
    now = current_services().now()
    activity_log.record(connection, at=now, kind=kind, member=current_user, charger_id=charger_id, details=details)


@history.post("/history/mine")
@allow(Role.MEMBER)
@button_on("history.show_history", WHO)
def claim() -> ResponseReturnValue:
    """All sessions of the month that are not assigned were one's own."""
    month = history_page.asked_month()
    with current_services().database.writing() as connection:
        me = actor.confirm(connection)
        choice = history_page.scope(connection, request.args.get("charger")).choice(month.first, month.last)
        count = usual.claim(connection, choice, me.id)
        if count:
            _record(connection, LineKind.CHARGES_CLAIMED, None, count=count, month=month.key)
    return _answer(whose_words.claimed(count), WHO, history_page.back(WHO))


@history.post("/history/usual/<charger_id>")
@allow(Role.MEMBER)
@button_on("history.show_history", WHO)
def note_usual_person(charger_id: str) -> ResponseReturnValue:
    """Who usually charges at a charger; `open`: also whoever charged there and is not assigned."""
    try:
        with current_services().database.writing() as connection:
            actor.confirm(connection)
            history_page.scope(connection, charger_id)
            sentence = _note(connection, Usually(charger_id))
    except Unknown:
        sentence = whose_words.unknown_person()
    return _answer(sentence, WHO, history_page.back(WHO))


@history.post(f"{SESSION}/usual")
@allow(Role.OWNER)
@button_on("history.show_session", WHO)
def note_usual_person_of_card(session_id: int) -> ResponseReturnValue:
    """Who usually charges with the card of this session; for owners, because cards are private."""
    try:
        with current_services().database.writing() as connection:
            actor.confirm(connection)
            _session(connection, session_id)
            sentence = _note(connection, usual.of_session(connection, session_id) or abort(404))
    except Unknown:
        sentence = whose_words.unknown_person()
    own_page = url_for("history.show_session", session_id=session_id, _anchor=WHO)
    return _answer(sentence, f"session-{session_id}", own_page)


def _note(connection: Connection, of: Usually) -> str:
    """Note the person that was chosen, and give them what is not assigned if that was ticked; the answer."""
    person_id, name = _chosen(connection)
    if usual.note(connection, of, person_id):
        kind = LineKind.USUAL_PERSON_OF_CARD if of.is_card else LineKind.USUAL_PERSON
        _record(connection, kind, of.charger_id or None, **_named(person_id, name))
    count = 0
    if person_id is not None and request.form.get("open"):
        count = usual.give_open(connection, of, person_id, history_page.scope(connection).limited_to)
    return whose_words.noted_usual(name, count)
