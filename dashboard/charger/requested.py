"""The charger that a request is about."""

from __future__ import annotations

from flask import abort

from dashboard.charger import chargers
from dashboard.charger.chargers import Listed
from dashboard.services import services


def find_charger(charger_id: str) -> Listed:
    """The charger, or 404: unknown and not to be seen are the same."""
    house = services()
    with house.database.reading() as connection:
        listed = chargers.find(connection, charger_id, house.settings.charger_ids)
    return listed or abort(404)


def first_charger() -> Listed | None:
    """The first charger this person may see: by the owner's order, else by name."""
    house = services()
    with house.database.reading() as connection:
        return chargers.first(chargers.all_chargers(connection, house.settings.charger_ids))
