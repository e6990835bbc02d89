"""The charger that a request is about."""

from __future__ import annotations

from flask import abort

from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger
from dashboard.services import current_services


def find_charger(charger_id: str) -> HouseholdCharger:
    """The charger, or 404: unknown and not to be seen are the same."""
    services = current_services()
    with services.database.reading() as connection:
        charger = chargers.find(connection, charger_id, services.settings.charger_ids)
    return charger or abort(404)


def first_charger() -> HouseholdCharger | None:
    """The first charger this person may see: by the owner's order, else by name."""
    services = current_services()
    with services.database.reading() as connection:
        return chargers.first(chargers.all_chargers(connection, services.settings.charger_ids))
