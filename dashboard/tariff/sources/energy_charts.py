"""energy-charts.info, of Fraunhofer ISE: most of Europe, in euros per MWh.

Source: https://api.energy-charts.info
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.tariff.sources.answer import (
    ONE_DAY,
    PER_MWH,
    PricesUnusable,
    SourceFailure,
    Told,
    micro_of,
    moment_of_seconds,
    object_of,
    rows_of,
)

UNIT = "eur/mwh"


def request(area: str, day: date) -> tuple[str, dict[str, str]]:
    """The end may be meant to be in, so the day after may be told too."""
    return "/price", {"bzn": area, "start": day.isoformat(), "end": (day + ONE_DAY).isoformat()}


def read(told: Any, area: str) -> Mapping[str, list[Told]]:
    told = object_of(told)
    seconds, prices = rows_of(told.get("unix_seconds")), rows_of(told.get("price"))
    if len(seconds) != len(prices):
        raise PricesUnusable(SourceFailure.UNREADABLE)
    if not seconds:
        return {"EUR": []}
    if str(told.get("unit")).replace(" ", "").lower() != UNIT:
        raise PricesUnusable(SourceFailure.OTHER_MONEY)
    rows = zip(seconds, prices, strict=True)
    return {"EUR": [Told(moment_of_seconds(at), micro_of(price, PER_MWH)) for at, price in rows]}
