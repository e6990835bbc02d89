"""energidataservice.dk, of Energinet: Denmark, in crowns and euros per MWh. Its `TimeUTC` carries no Z.

Source: https://www.energidataservice.dk/tso-electricity/DayAheadPrices
"""

from __future__ import annotations

import json
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
    moment_of,
    object_of,
    rows_of,
)

COLUMNS = {"DKK": "DayAheadPriceDKK", "EUR": "DayAheadPriceEUR"}


def request(area: str, day: date) -> tuple[str, dict[str, str]]:
    """Begin and end are meant in Danish time, and the end is not in."""
    return "/dataset/DayAheadPrices", {
        "start": day.isoformat(),
        "end": (day + ONE_DAY).isoformat(),
        "filter": json.dumps({"PriceArea": [area]}, separators=(",", ":")),
        "sort": "TimeUTC asc",
    }


def read(told: Any, area: str) -> Mapping[str, list[Told]]:
    rows = [object_of(row) for row in rows_of(object_of(told).get("records"))]
    rows = [row for row in rows if row.get("PriceArea") == area]
    if any(column not in row for row in rows for column in COLUMNS.values()):
        raise PricesUnusable(SourceFailure.OTHER_MONEY)
    return {
        currency: [Told(moment_of(row.get("TimeUTC"), is_utc=True), micro_of(row[column], PER_MWH)) for row in rows]
        for currency, column in COLUMNS.items()
    }
