"""What each of the five houses answers, written from their own descriptions."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from simulator.answers import Answer, as_json, empty
from simulator.price_house import CET, ONE_DAY, QUARTER, PriceHouse, Quoted
from simulator.request import Request

DAY_FILE = re.compile(r"/api/v1/prices/(\d{4})/(\d\d-\d\d)_([A-Z]{2}\d)\.json")
PER_EURO = {"NOK": 11.75, "SEK": 11.2, "DKK": 7.46}
TALLINN = ("ee", "fi", "lt", "lv")


def answer(house: PriceHouse, request: Request) -> Answer:
    """The answer of the house that the path begins with, or what goes wrong instead."""
    house.asked.append(request.target)
    host, _, path = request.path.lstrip("/").partition("/")
    if host not in HOUSES:
        return empty(404)
    return _instead(house) or HOUSES[host](house, request, f"/{path}")


def _instead(house: PriceHouse) -> Answer | None:
    troubles = house.troubles
    if troubles.retry_after_s is not None:
        return Answer(429, content_type="", headers={"Retry-After": str(troubles.retry_after_s)})
    if troubles.failing is not None:
        return Answer(troubles.failing, b"<h1>Trouble</h1>", "text/html")
    if troubles.redirect is not None:
        return Answer(302, content_type="", headers={"Location": troubles.redirect})
    if troubles.megabytes:
        return Answer(200, b"[" + b" " * round(troubles.megabytes * 1_000_000) + b"]")
    if troubles.garbage is not None:
        return Answer(200, troubles.garbage.encode())
    return None


def _written(house: PriceHouse, begin: datetime) -> datetime:
    """The instant as it is told; CET written as UTC is one or two hours too late."""
    return begin.astimezone(CET).replace(tzinfo=UTC) if house.troubles.cet_as_utc else begin


def energy_charts(house: PriceHouse, request: Request, path: str) -> Answer:
    """Both days are in. Source: https://api.energy-charts.info"""
    if path != "/price":
        return empty(404)
    area, day, last = request.text("bzn"), *map(date.fromisoformat, (request.text("start"), request.text("end")))
    told: list[Quoted] = []
    while day <= last:
        told += house.day(area, day)
        day += ONE_DAY
    return as_json(
        {
            "license_info": "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de",
            "unix_seconds": [int(_written(house, quoted.begin).timestamp()) for quoted in told],
            "price": [quoted.eur_per_mwh for quoted in told],
            "unit": f"{house.troubles.money} / MWh",
            "deprecated": False,
        }
    )


def day_files(currency: str) -> Callable[[PriceHouse, Request, str], Answer]:
    """Sources: https://www.hvakosterstrommen.no/strompris-api, https://www.elprisetjustnu.se/elpris-api"""

    def answer_file(house: PriceHouse, request: Request, path: str) -> Answer:
        named = DAY_FILE.fullmatch(path)
        told = house.day(named[3], date.fromisoformat(f"{named[1]}-{named[2]}")) if named else []
        return as_json([_crowns(house, quoted, currency) for quoted in told]) if told else empty(404)

    return answer_file


def _crowns(house: PriceHouse, quoted: Quoted, currency: str) -> dict[str, Any]:
    euros = None if quoted.eur_per_mwh is None else round(quoted.eur_per_mwh / 1000, 5)
    rate, is_as_ever = PER_EURO[currency], house.troubles.money == "EUR"
    money = {
        f"{currency}_per_kWh": None if euros is None else round(euros * rate, 5),
        "EUR_per_kWh": euros,
        "EXR": rate,
    }
    begin = quoted.begin.astimezone(CET)
    if house.troubles.cet_as_utc:
        begin = begin.replace(tzinfo=UTC)
    return (money if is_as_ever else {f"{house.troubles.money}_per_kWh": euros}) | {
        "time_start": begin.isoformat(),
        "time_end": (begin.astimezone(UTC) + QUARTER).astimezone(begin.tzinfo).isoformat(),
    }


def energidataservice(house: PriceHouse, request: Request, path: str) -> Answer:
    """The end is not in, and UTC carries no Z. Source: https://www.energidataservice.dk/guides/api-guides"""
    if path != "/dataset/DayAheadPrices":
        return empty(404)
    area = json.loads(request.text("filter"))["PriceArea"][0]
    day, end = (date.fromisoformat(request.text(name)[:10]) for name in ("start", "end"))
    told: list[Quoted] = []
    while day < end:
        told += house.day(area, day)
        day += ONE_DAY
    records = [_record(house, area, quoted) for quoted in told]
    return as_json({"total": len(records), "dataset": "DayAheadPrices", "records": records})


def _record(house: PriceHouse, area: str, quoted: Quoted) -> dict[str, Any]:
    local, price = quoted.begin.astimezone(CET).replace(tzinfo=None), quoted.eur_per_mwh
    money = house.troubles.money
    crowns = {"DayAheadPriceDKK": None if price is None else round(price * PER_EURO["DKK"], 6)}
    return {
        "TimeUTC": _written(house, quoted.begin).replace(tzinfo=None).isoformat(),
        "TimeDK": local.isoformat(),
        "PriceArea": area,
        f"DayAheadPrice{money}": price,
        **(crowns if money == "EUR" else {}),
    }


def elering(house: PriceHouse, request: Request, path: str) -> Answer:
    """Every country is told, whoever asks; begin and end are in. Source: https://dashboard.elering.ee"""
    if path != "/api/nps/price":
        return empty(404)
    begin, end = request.moment("start"), request.moment("end")
    if begin is None or end is None:
        return empty(400)
    return as_json({"success": True, "data": {area: _stamps(house, area, begin, end) for area in TALLINN}})


def _stamps(house: PriceHouse, area: str, begin: datetime, end: datetime) -> list[dict[str, Any]]:
    told = house.day(area.upper(), (begin + timedelta(hours=3)).astimezone(CET).date())
    is_whole = house.troubles.yesterday
    return [
        {"timestamp": int(_written(house, quoted.begin).timestamp()), "price": quoted.eur_per_mwh}
        for quoted in told
        if is_whole or begin <= quoted.begin <= end
    ]


HOUSES: dict[str, Callable[[PriceHouse, Request, str], Answer]] = {
    "api.energy-charts.info": energy_charts,
    "www.hvakosterstrommen.no": day_files("NOK"),
    "www.elprisetjustnu.se": day_files("SEK"),
    "api.energidataservice.dk": energidataservice,
    "dashboard.elering.ee": elering,
}
