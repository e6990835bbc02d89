"""`/chargers/<id>/next.json`: the aim for programs; and the form of an aim on the plan's page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask.typing import ResponseReturnValue

from dashboard import formats
from dashboard.charger.requested import find_charger
from dashboard.plan import active_rules
from dashboard.plan.aim import Aim
from dashboard.plan.blueprint import blueprint
from dashboard.services import current_services
from dashboard.web.access import Role, allow

MICRO = 1_000_000


@blueprint.get("/chargers/<charger_id>/next.json")
@allow(Role.VIEWER)
def show_next(charger_id: str) -> ResponseReturnValue:
    """The aim that is set, with its hours without jitter; null where there is none."""
    services, charger = current_services(), find_charger(charger_id)
    with formats.in_zone_of(charger.id) as zone, services.database.reading() as connection:
        aim = active_rules.read(connection, charger.id, zone, services.now()).aim
        return {"aim": _as_json(aim, services.now()) if aim else None}, {"Cache-Control": "no-store"}


def _as_json(aim: Aim, now: datetime) -> dict[str, Any]:
    return {
        "ready_by": _iso(aim.ready_by),
        "energy_kwh": None if aim.energy_wh is None else aim.energy_wh / 1000,
        "slots": [] if aim.is_suspended else [[_iso(begin), _iso(end)] for begin, end in aim.blocks],
        "latest_start": _iso(aim.latest_start),
        "cost": None if aim.cost_micro is None else _money(aim.cost_micro, aim.currency),
        "reason": reason(aim, now),
    }


def reason(aim: Aim, now: datetime) -> str:
    """Why it charges then, as a code; what somebody has paused by hand does not."""
    if aim.is_given_up_at(now):
        return "late"
    return "paused_by_hand" if aim.is_suspended else aim.reason.value


def _iso(at: datetime) -> str:
    return formats.local(at).isoformat()


def _money(micro: int, currency: str | None) -> str:
    return str(formats.amount(micro, currency) if currency else Decimal(micro) / MICRO)
