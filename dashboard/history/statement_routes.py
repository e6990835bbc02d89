"""`/history/statement`: a month made for printing."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import formats
from dashboard.history import cost_words, price_words, statement, tariff, usual, whose_words
from dashboard.history import page as history_page
from dashboard.history.blueprint import history
from dashboard.services import current_services
from dashboard.web.access import Role, allow


@history.get("/history/statement")
@allow(Role.VIEWER)
def show_statement() -> ResponseReturnValue:
    """A month to print or to hand to an employer: `?month=`, `?charger=`, `?person=` choose."""
    month, person_id = history_page.asked_month(), request.args.get("person", type=int)
    with current_services().database.reading() as connection:
        seen = history_page.scope(connection, request.args.get("charger"))
        choice = seen.choice(month.first, month.last)
        names = whose_words.people(connection)
        person_id = person_id if person_id in names else None
        is_owner = Role(current_user.role) is Role.OWNER
        told = statement.read(connection, seen, choice, person_id, is_owner=is_owner)
        currency, notes = tariff.currency(connection), history_page.notes(connection, seen)
        is_told_apart = usual.is_told_apart(connection)
    return render_template(
        "history/statement.html",
        month=month,
        month_name=formats.month(month.first),
        scope=seen,
        statement=told,
        person_id=person_id,
        names=names if is_told_apart else {},
        notes=notes,
        currency=currency,
        now=current_services().now(),
        words=price_words,
        cost_words=cost_words,
    )
