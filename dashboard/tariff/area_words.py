"""The exchange's price areas by name: nobody outside the market knows their codes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from dashboard.texts import _, mark

# An area's country or countries; where a country has several areas, the largest town or the side that is meant.
AREAS = {
    "AT": (mark("Austria"), ""),
    "BE": (mark("Belgium"), ""),
    "BG": (mark("Bulgaria"), ""),
    "CH": (mark("Switzerland"), ""),
    "CZ": (mark("Czechia"), ""),
    "DE-LU": (mark("Germany and Luxembourg"), ""),
    "DK1": (mark("Denmark"), mark("west")),
    "DK2": (mark("Denmark"), mark("east")),
    "EE": (mark("Estonia"), ""),
    "ES": (mark("Spain"), ""),
    "FI": (mark("Finland"), ""),
    "FR": (mark("France"), ""),
    "GR": (mark("Greece"), ""),
    "HR": (mark("Croatia"), ""),
    "HU": (mark("Hungary"), ""),
    "LT": (mark("Lithuania"), ""),
    "LV": (mark("Latvia"), ""),
    "NL": (mark("Netherlands"), ""),
    "NO1": (mark("Norway"), "Oslo"),
    "NO2": (mark("Norway"), "Kristiansand"),
    "NO3": (mark("Norway"), "Trondheim"),
    "NO4": (mark("Norway"), "Tromsø"),
    "NO5": (mark("Norway"), "Bergen"),
    "PL": (mark("Poland"), ""),
    "PT": (mark("Portugal"), ""),
    "RO": (mark("Romania"), ""),
    "SE1": (mark("Sweden"), "Luleå"),
    "SE2": (mark("Sweden"), "Sundsvall"),
    "SE3": (mark("Sweden"), "Stockholm"),
    "SE4": (mark("Sweden"), "Malmö"),
    "SI": (mark("Slovenia"), ""),
    "SK": (mark("Slovakia"), ""),
}


def choice(area: str) -> str:
    """“NO1 – Norway, Oslo”, “FI – Finland”."""
    country, part = _names(area)
    return f"{area} – {country}, {part}" if part else f"{area} – {country}"


def listed(areas: Iterable[str]) -> str:
    """“Finland, Norway (Oslo NO1, Bergen NO5)”: the codes where a country has several."""
    shown = []
    for country, in_it in groupby(sorted(areas, key=_names), key=lambda area: _names(area)[0]):
        parts = [f"{_names(area)[1]} {area}" for area in sorted(in_it) if _names(area)[1]]
        shown.append(f"{country} ({', '.join(parts)})" if parts else country)
    return ", ".join(shown)


def _names(area: str) -> tuple[str, str]:
    country, part = AREAS.get(area, (area, ""))
    return _(country), _(part) if part else ""
