"""hvakosterstrommen.no and elprisetjustnu.se: a file for each day and area, per kWh without VAT.

Sources: https://www.hvakosterstrommen.no/strompris-api, https://www.elprisetjustnu.se/elpris-api
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.tariff.sources.answer import (
    PER_KWH,
    PricesUnusable,
    SourceFailure,
    Told,
    micro_of,
    moment_of,
    object_of,
    rows_of,
)


def request(area: str, day: date) -> tuple[str, dict[str, str]]:
    return f"/api/v1/prices/{day:%Y}/{day:%m-%d}_{area}.json", {}


def read_norwegian(told: Any, area: str) -> Mapping[str, list[Told]]:
    return _read(told, "NOK")


def read_swedish(told: Any, area: str) -> Mapping[str, list[Told]]:
    return _read(told, "SEK")


def _read(told: Any, currency: str) -> Mapping[str, list[Told]]:
    """The money of the country has to be told; euros are taken where they are."""
    rows = [object_of(row) for row in rows_of(told)]
    if any(f"{currency}_per_kWh" not in row for row in rows):
        raise PricesUnusable(SourceFailure.OTHER_MONEY)
    currencies = [currency, "EUR"] if rows and all("EUR_per_kWh" in row for row in rows) else [currency]
    return {name: [_told(row, f"{name}_per_kWh") for row in rows] for name in currencies}


def _told(row: Mapping[str, Any], column: str) -> Told:
    begin, until = moment_of(row.get("time_start")), moment_of(row.get("time_end"))
    return Told(begin, micro_of(row[column], PER_KWH), until)
