"""The address of the quick choices on a charger's card; what each does is the plan's business."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.card import pages
from dashboard.card.blueprint import card
from dashboard.charger import receipts
from dashboard.charger.chargers import Listed
from dashboard.charger.requested import find_charger
from dashboard.plan.quick_choices import Chosen, choose
from dashboard.services import services
from dashboard.web.access import Role, allow
from dashboard.web.htmx import HEADERS, is_htmx


@card.get("/chargers/<charger_id>/timers")
@allow(Role.VIEWER)
def show_timers(charger_id: str) -> ResponseReturnValue:
    """Where somebody comes back to who signed in to set a timer: the charger's page has the buttons."""
    return redirect(url_for("card.show_charger", charger_id=find_charger(charger_id).id))


@card.post("/chargers/<charger_id>/timers")
@allow(Role.MEMBER)
def set_timer(charger_id: str) -> ResponseReturnValue:
    """Set, cancel, except, or put an alert away: `do` says which."""
    listed = find_charger(charger_id)
    typed = request.form.get("until", "").strip()[:20]
    chosen = choose(listed, request.form.get("do", ""), typed)
    if chosen.is_problem:
        g.typed_until = typed
    return _answer(listed, chosen)


def _answer(listed: Listed, chosen: Chosen) -> ResponseReturnValue:
    """As any press is answered: the card for htmx, 303 for a plain form; what was typed wrong stays there."""
    message = chosen.message
    if request.form.get("on") == "plan":
        if message:
            flash(message)
        return redirect(url_for("plan.show_plan", charger=listed.id), code=303)
    focus = pages.focus_pressed_on()
    if is_htmx():
        shown = pages.card_of(listed, focus=focus, message=message)
        return render_template("fragments/charger.html", card=shown), HEADERS
    if chosen.is_problem:
        page = make_response(pages.show_page(listed, focus=focus, message=message))
        page.status_code = 400
        return page
    if message:
        flash(message)
    with services().database.reading() as connection:
        last = receipts.latest(connection, listed.id)
    return pages.redirect_back(listed, focus, last)
