"""The public holidays of the countries of the presets, from `holidays.json`, which `make holidays` writes."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("holidays.json")


@cache
def _table() -> dict[str, frozenset[date]]:
    told = json.loads(TABLE.read_text(encoding="utf-8"))
    return {country: frozenset(map(date.fromisoformat, days)) for country, days in told.items()}


def countries() -> list[str]:
    """Two letters each, in order."""
    return sorted(_table())


def holidays_of(country: str) -> frozenset[date]:
    """The days that are holidays in all of the country; none where it is not known."""
    return _table().get(country, frozenset())
