"""Elering: Finland and the Baltic countries, in euros per MWh.

Source: https://dashboard.elering.ee/assets/api-doc.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.tariff.sources.answer import (
    PER_MWH,
    PricesUnusable,
    SourceFailure,
    Told,
    delivery_day,
    micro_of,
    moment_of_seconds,
    object_of,
    rows_of,
)


def request(area: str, day: date) -> tuple[str, dict[str, str]]:
    """The end is in."""
    begin, end = delivery_day(day)
    return "/api/nps/price", {"start": _stamp(begin), "end": _stamp(end - timedelta(milliseconds=1))}


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(told: Any, area: str) -> Mapping[str, list[Told]]:
    told = object_of(told)
    if told.get("success") is not True:
        raise PricesUnusable(SourceFailure.UNREADABLE)
    rows = [object_of(row) for row in rows_of(object_of(told.get("data")).get(area.lower(), []))]
    return {
        "EUR": [Told(moment_of_seconds(row.get("timestamp")), micro_of(row.get("price"), PER_MWH)) for row in rows]
    }
