"""The addresses of the quick choices and the aim on a charger's card; what each does is the plan's business."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.card import page as card_page
from dashboard.card.blueprint import card
from dashboard.card.view import FormAnswer
from dashboard.charger import receipts
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.requested import find_charger
from dashboard.plan.aim_choice import choose_aim
from dashboard.plan.quick_choices import choose
from dashboard.services import current_services
from dashboard.web.access import Role, allow, button_on
from dashboard.web.forms import Wrong
from dashboard.web.htmx import HEADERS, is_htmx

QUICK, AIM = "plan/quick.html", "plan/aim.html"


@card.post("/chargers/<charger_id>/timers")
@allow(Role.MEMBER)
@button_on("card.show_charger")
def set_timer(charger_id: str) -> ResponseReturnValue:
    """Set, cancel, except, or put an alert away: `do` says which."""
    charger = find_charger(charger_id)
    typed = request.form.get("until", "").strip()[:20]
    try:
        return _answer(charger, FormAnswer(QUICK, choose(charger, request.form.get("do", ""), typed)))
    except Wrong as wrong:
        g.typed_until = typed
        return _answer(charger, FormAnswer(QUICK, wrong.sentence), wrong)


@card.post("/chargers/<charger_id>/aim")
@allow(Role.MEMBER)
@button_on("card.show_charger")
def set_aim(charger_id: str) -> ResponseReturnValue:
    """Set an aim, or cancel it: `do` says which."""
    charger = find_charger(charger_id)
    try:
        return _answer(charger, FormAnswer(AIM, choose_aim(charger, request.form)))
    except Wrong as wrong:
        return _answer(charger, FormAnswer(AIM), wrong)  # the form says what is wrong


def _answer(charger: HouseholdCharger, answer: FormAnswer, wrong: Wrong | None = None) -> ResponseReturnValue:
    """As any press is answered: the card for htmx, 303 for a plain form; what was typed wrong stays there."""
    if request.form.get("on") == "plan":
        if answer.text:
            flash(answer.text)
        return redirect(url_for("plan.show_plan", charger=charger.id), code=303)
    focus = card_page.focus_pressed_on()
    if is_htmx():
        shown = card_page.card_of(charger, focus=focus, answer=answer)
        return render_template("fragments/charger.html", card=shown), HEADERS
    if wrong:
        page = make_response(card_page.show_page(charger, focus=focus, answer=answer))
        page.status_code = wrong.status
        return page
    if answer.text:
        flash(answer.text)
    with current_services().database.reading() as connection:
        last = receipts.latest(connection, charger.id)
    return card_page.redirect_back(charger, focus, last)
