"""The price sources: a line for each. Adding one is a module beside this, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.tariff.sources import day_files, elering, energidataservice, energy_charts
from dashboard.tariff.sources.answer import ONE_DAY, Told, delivery_day


@dataclass(frozen=True)
class PriceSource:
    """A house that tells the prices of the exchange.

    Attributes:
        areas: whose prices it tells, by the exchange's names.
        currencies: in which money, the country's own first.
        request: path and query for an area and a delivery day.
        read: the prices of an answer, by currency; raises PricesUnusable.
        tells_day_after: whether an answer may hold the day after too, as it is asked for.
    """

    host: str
    areas: tuple[str, ...]
    currencies: tuple[str, ...]
    request: Callable[[str, date], tuple[str, dict[str, str]]]
    read: Callable[[Any, str], Mapping[str, list[Told]]]
    tells_day_after: bool = False

    def until(self, day: date) -> datetime:
        """How far the answer for a day may reach."""
        return delivery_day(day + ONE_DAY if self.tells_day_after else day)[1]


# fmt: off
EUROPE = (
    "AT", "BE", "BG", "CH", "CZ", "DE-LU", "DK1", "DK2", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "LT", "LV", "NL",
    "NO2", "PL", "PT", "RO", "SE4", "SI", "SK",
)
# fmt: on
SOURCES = (
    PriceSource("api.energy-charts.info", EUROPE, ("EUR",), energy_charts.request, energy_charts.read, True),
    PriceSource(
        "www.hvakosterstrommen.no",
        ("NO1", "NO2", "NO3", "NO4", "NO5"),
        ("NOK", "EUR"),
        day_files.request,
        day_files.read_norwegian,
    ),
    PriceSource(
        "www.elprisetjustnu.se",
        ("SE1", "SE2", "SE3", "SE4"),
        ("SEK", "EUR"),
        day_files.request,
        day_files.read_swedish,
    ),
    PriceSource(
        "api.energidataservice.dk",
        ("DK1", "DK2"),
        ("DKK", "EUR"),
        energidataservice.request,
        energidataservice.read,
    ),
    PriceSource("dashboard.elering.ee", ("EE", "FI", "LT", "LV"), ("EUR",), elering.request, elering.read),
)
BY_HOST = {source.host: source for source in SOURCES}
