"""A sheet for the wall beside the charger."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dashboard.charger.requested import find_charger
from dashboard.household.links import link_to
from dashboard.more import words
from dashboard.more.blueprint import more
from dashboard.web.access import Role, allow


@more.get("/chargers/<charger_id>/sheet")
@allow(Role.VIEWER)
def show_sheet(charger_id: str) -> ResponseReturnValue:
    """The charger's address as a QR code, to print and hang up."""
    charger = find_charger(charger_id)
    path = url_for("card.show_charger", charger_id=charger.id)
    link = link_to(path, words.on_the_sheet())
    return render_template("more/sheet.html", charger=charger, link=link)
