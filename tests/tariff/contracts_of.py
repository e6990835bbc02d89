"""Contracts for tests, and an exchange whose prices are made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.tariff.contract import HOUR, QUARTER, ClockHours, ClockPrice, Contract, SpotTerms
from dashboard.tariff.contracts import Contracts

AMSTERDAM, OSLO = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Europe/Oslo")
LONG_AGO = date(2015, 1, 1)


class Exchange:
    """Prices by the beginning of a quarter, in millionths per kWh; `everywhere` where nothing else is said."""

    def __init__(self, everywhere: int | None = None) -> None:
        self.everywhere = everywhere
        self.prices: dict[datetime, int | None] = {}
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, terms: SpotTerms, begin: datetime) -> int | None:
        self.asked.append((terms.source, terms.area, terms.currency))
        return self.prices.get(begin, self.everywhere)

    def set_hour(self, begin: datetime, *quarters: int | None) -> None:
        for place, price in enumerate(quarters):
            self.prices[begin + place * QUARTER] = price


def hours(begin: str, end: str, micro: int, days: str = "", months: tuple[int, ...] = ()) -> ClockHours:
    """`days` with commas between."""
    named = frozenset(name.strip() for name in days.split(",") if name)
    return ClockHours(time.fromisoformat(begin), time.fromisoformat(end), micro, named, frozenset(months))


def clock(base_micro: int, *exceptions: ClockHours) -> ClockPrice:
    return ClockPrice(base_micro, exceptions)


def contract(energy: ClockPrice | SpotTerms, valid_from: date = LONG_AGO, **parts: Any) -> Contract:
    return Contract(valid_from, parts.pop("currency", "EUR"), energy, **parts)


def spot(step: timedelta = HOUR, **parts: Any) -> SpotTerms:
    return SpotTerms("exchange.example", "NL", "EUR", step, **parts)


def contracts(
    *several: Contract, zone: tzinfo = AMSTERDAM, exchange: Exchange | None = None, state: int = 0
) -> Contracts:
    return Contracts(zone, several, exchange or Exchange(), state)


def local(text: str, zone: tzinfo = AMSTERDAM, fold: int = 0) -> datetime:
    """A moment by the wall clock, such as `2026-01-05 14:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)
