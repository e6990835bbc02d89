"""The charger that a request is about."""

from __future__ import annotations

from flask import abort
from flask_login import current_user

from dashboard.charger import chargers, snapshots
from dashboard.charger.chargers import HouseholdCharger
from dashboard.services import current_services
from dashboard.web.access import Role


def find_charger(charger_id: str) -> HouseholdCharger:
    """The charger of that id.

    Raises:
        NotFound: unknown, or not to be seen here, which are the same.
    """
    services = current_services()
    with services.database.reading() as connection:
        charger = chargers.find(connection, charger_id, services.settings.charger_ids)
    return charger or abort(404)


def first_charger() -> HouseholdCharger | None:
    """The first charger that this person and the account can act on; only when there is none, the first of all.

    In the owner's order, else by name. None before the first list of chargers.
    """
    services = current_services()
    with services.database.reading() as connection:
        household_chargers = chargers.in_use(connection, services.settings.charger_ids)
        forbidden = snapshots.forbidden_ids(connection)
    if current_user.role.includes(Role.MEMBER):
        allowed = [charger for charger in household_chargers if charger.id not in forbidden]
        if any(charger.takes_commands for charger in allowed):
            return chargers.first(allowed)
    return household_chargers[0] if household_chargers else None
