"""What every button of a charger does: press, then answer with the card, or with the page it was on."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import reasons
from dashboard.card import page as card_page
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.press import Asker, Press, press
from dashboard.services import current_services
from dashboard.texts import _
from dashboard.web.htmx import HEADERS, is_htmx
from zaptec.commands import Action


def press_and_answer(charger: HouseholdCharger, action: Action) -> ResponseReturnValue:
    """Press, then answer as any press is answered: the card for htmx, 303 for a plain form."""
    asker = Asker(current_user.name, current_user.id)
    done = press(current_services(), charger.id, action, asker)
    message = said(charger, done, action)
    focus = card_page.focus_pressed_on()
    if is_htmx():
        card = card_page.card_of(charger, focus=focus, message=message, is_compact="compact" in request.form)
        return render_template("fragments/charger.html", card=card), HEADERS
    if message:
        flash(message)
    return card_page.redirect_back(charger, focus, done.receipt)


def said(charger: HouseholdCharger, done: Press, action: Action) -> str:
    """The passing word about a press that sent nothing; a receipt speaks for itself."""
    if done.was_under_way and done.receipt is not None:
        if done.receipt.action is action:
            who = done.receipt.member_name
            if who is None or done.receipt.member_id == current_user.id:
                return _("This has just been asked for.")
            return _("%s has just asked for this.") % who
        return _("Something else is still under way; try again when it has ended.")
    if done.refusal is None:
        return ""
    if not charger.is_listed:
        return reasons.not_listed()
    if done.refusal.is_already_so:
        return card_page.already_so(charger, done.refusal)
    return f"{reasons.reason(done.refusal.reason)}. {reasons.remedy(done.refusal.remedy)}"
