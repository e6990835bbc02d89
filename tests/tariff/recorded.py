"""A recorded answer of each price source, and how it is read, for the tests of what else an answer may be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.tariff.sources.answer import DayPrices, PricesUnusable, prices_of_day, read_json
from dashboard.tariff.sources.table import BY_HOST

SAMPLES = Path(__file__).parent.parent / "samples"
ENERGY_CHARTS = "api.energy-charts.info"
NORWEGIAN, SWEDISH = "www.hvakosterstrommen.no", "www.elprisetjustnu.se"
DANISH, ELERING = "api.energidataservice.dk", "dashboard.elering.ee"
RECORDED = {
    ENERGY_CHARTS: ("prices-energy-charts.json", "NL", date(2026, 11, 27), 96),
    NORWEGIAN: ("prices-hvakosterstrommen.json", "NO1", date(2024, 7, 24), 96),
    SWEDISH: ("prices-elprisetjustnu.json", "SE3", date(2026, 3, 29), 92),
    DANISH: ("prices-energidataservice.json", "DK1", date(2026, 10, 25), 100),
    ELERING: ("prices-elering.json", "FI", date(2026, 11, 27), 96),
}
Json = Any


def sample(host: str) -> Json:
    return json.loads(SAMPLES.joinpath(RECORDED[host][0]).read_text(encoding="utf-8"))


def read(host: str, told: Json, day: date | None = None) -> DayPrices:
    source, (_file, area, recorded, _quarters) = BY_HOST[host], RECORDED[host]
    day = day or recorded
    return prices_of_day(source.read(read_json(json.dumps(told).encode()), area), day, source.until(day))


def failure(host: str, told: Json, day: date | None = None) -> str:
    with pytest.raises(PricesUnusable) as caught:
        read(host, told, day)
    return caught.value.failure.value


def rows(host: str, told: Json) -> list[Any]:
    """The list of prices in an answer; of energy-charts that of its stamps."""
    where = {ENERGY_CHARTS: "unix_seconds", DANISH: "records"}
    if host == ELERING:
        found: list[Any] = told["data"]["fi"]
        return found
    return told[where[host]] if host in where else told  # type: ignore[no-any-return]


def without(host: str, first: int, last: int | None) -> Json:
    """The sample without some of its prices."""
    told = sample(host)
    del rows(host, told)[first:last]
    if host == ENERGY_CHARTS:
        del told["price"][first:last]
    return told


every_source = pytest.mark.parametrize("host", RECORDED)
