"""`/history/statement`: a month made for printing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dashboard import formats
from dashboard.history import page as history_page
from dashboard.history import price_words, sessions, tariff, totals, usual, whose_words, words
from dashboard.history.blueprint import history
from dashboard.history.page import Scope
from dashboard.history.sessions import BookedSession
from dashboard.history.totals import ChargeSum
from dashboard.services import current_services
from dashboard.web.access import Role, allow


@dataclass(frozen=True)
class StatementLine:
    """One session of a statement; `start` and `end` are a day and a time, for a column each."""

    session: BookedSession
    start: tuple[str, str]
    end: tuple[str, str]
    charger: str
    person: str
    flags: str


@history.get("/history/statement")
@allow(Role.VIEWER)
def show_statement() -> ResponseReturnValue:
    """A month to print or to hand to an employer: `?month=`, `?charger=`, `?person=` choose."""
    month = history_page.asked_month()
    person_id = request.args.get("person", type=int)
    with current_services().database.reading() as connection:
        seen = history_page.scope(connection, request.args.get("charger"))
        choice = seen.choice(month.first, month.last)
        names = whose_words.people(connection)
        person_id = person_id if person_id in names else None
        of_month = sessions.of_period(
            connection, choice, person_id=person_id, with_uncounted=False, oldest_first=True
        )
        currency = tariff.currency(connection)
        notes = history_page.notes(connection, seen)
        is_told_apart = usual.is_told_apart(connection)
    return render_template(
        "history/statement.html",
        month=month,
        month_name=formats.month(month.first),
        scope=seen,
        person=names.get(person_id) if person_id is not None else None,
        person_id=person_id,
        names=names if is_told_apart else {},
        lines=[_line(session, seen, names) for session in of_month],
        sums=_sums(of_month, seen, names)[: 2 if is_told_apart else 1],
        total=totals.total(_sum(session) for session in of_month),
        notes=notes,
        currency=currency,
        now=current_services().now(),
        words=price_words,
        tells_times=any(not session.has_reliable_clock for session in of_month),
    )


def _sum(session: BookedSession) -> ChargeSum:
    open_mwh = session.share_mwh if session.share_cost_micro is None else 0
    return ChargeSum(session.share_mwh, session.share_cost_micro, open_mwh)


def _sums(
    of_month: list[BookedSession], seen: Scope, names: dict[int, str]
) -> list[tuple[str, list[tuple[str, ChargeSum]]]]:
    """The month per charger and per person, each from the very lines that stand above."""
    by_charger: dict[str, ChargeSum] = {}
    by_person: dict[str, ChargeSum] = {}
    for session in of_month:
        charger = seen.names.get(session.charger_id, "")
        person = whose_words.person(session.person_id, session.person_name, names) or whose_words.nobody()
        by_charger[charger] = by_charger.get(charger, ChargeSum()) + _sum(session)
        by_person[person] = by_person.get(person, ChargeSum()) + _sum(session)
    return [(words.per_charger(), sorted(by_charger.items())), (words.per_person(), sorted(by_person.items()))]


def _line(session: BookedSession, seen: Scope, names: dict[int, str]) -> StatementLine:
    with formats.in_zone_of(session.charger_id):
        start, end = _day_and_time(session.start_at), _day_and_time(session.end_at)
    return StatementLine(
        session=session,
        start=start,
        end=end,
        charger=seen.names.get(session.charger_id, ""),
        person=whose_words.person(session.person_id, session.person_name, names),
        flags=", ".join(words.flags(session)),
    )


def _day_and_time(moment: datetime) -> tuple[str, str]:
    here = formats.local(moment)
    return here.date().isoformat(), formats.clock_of(here)
