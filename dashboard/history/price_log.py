"""The log's lines about the price list; every card shows what follows from it, so all are drawn anew."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_login import current_user
from sqlalchemy import Connection

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.charger import chargers
from dashboard.history import tariff
from dashboard.history.price_form import EnteredPrice
from dashboard.history.tariff import FROM_THE_FIRST, Price
from dashboard.services import current_services
from dashboard.tariff.contract import Contract


def record_price(connection: Connection, kind: LineKind, price: Price | EnteredPrice, **more: int) -> None:
    details = {"micro_per_kwh": price.micro_per_kwh, "currency": tariff.currency(connection), **more}
    _record(connection, kind, price.valid_from, details)


def record_contract(connection: Connection, kind: LineKind, contract: Contract) -> None:
    _record(connection, kind, contract.valid_from, {"contract": contract.kind.value})


def _record(connection: Connection, kind: LineKind, valid_from: date, details: dict[str, Any]) -> None:
    if valid_from != FROM_THE_FIRST:
        details["day"] = valid_from.isoformat()
    activity_log.record(connection, at=current_services().now(), kind=kind, member=current_user, details=details)
    chargers.touch_all(connection)
