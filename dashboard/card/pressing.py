"""What every button of a charger does: press, then answer with the card, or with the page it was on."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import reasons
from dashboard.card import page as card_page
from dashboard.card import receipt_words
from dashboard.charger import words as charger_words
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.press import Asker, Press, press
from dashboard.services import current_services
from dashboard.web.htmx import HEADERS, is_htmx
from zaptec.commands import Action


def press_and_answer(charger: HouseholdCharger, action: Action) -> ResponseReturnValue:
    """Press, then answer as any press is answered: the card for htmx, 303 for a plain form."""
    asker = Asker(current_user.name, current_user.id)
    pressed = press(current_services(), charger.id, action, asker)
    message = _message(charger, pressed, action)
    focus = card_page.focus_pressed_on()
    if is_htmx():
        card = card_page.card_of(charger, focus=focus, message=message, is_compact="compact" in request.form)
        return render_template("fragments/charger.html", card=card), HEADERS
    if message:
        flash(message)
    return card_page.redirect_back(charger, focus, pressed.receipt)


def _message(charger: HouseholdCharger, pressed: Press, action: Action) -> str:
    """The passing word about a press that sent nothing; a receipt speaks for itself."""
    if pressed.was_under_way and pressed.receipt is not None:
        if pressed.receipt.action is not action:
            return charger_words.other_under_way()
        is_own = pressed.receipt.member_id == current_user.id
        return receipt_words.just_asked(None if is_own else pressed.receipt.member_name)
    if pressed.refusal is None:
        return ""
    if not charger.is_listed:
        return reasons.not_listed()
    if pressed.refusal.is_already_so:
        return card_page.already_so(charger, pressed.refusal)
    return f"{reasons.reason(pressed.refusal.reason)}. {reasons.remedy(pressed.refusal.remedy)}"
