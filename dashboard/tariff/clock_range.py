"""Between which prices a contract by the clock goes, for a list in which nobody wants to read all its hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache

from dashboard.tariff.contract import ClockPrice, Contract
from dashboard.tariff.holidays import holidays_of
from dashboard.tariff.kwh_price import clock_kwh_price

A_YEAR = 2026  # any: hours go by weekdays, months and holidays


@lru_cache(maxsize=64)
def clock_range(contract: Contract, energy: ClockPrice) -> tuple[int, int]:
    """The lowest and the highest price per kWh, in millionths: in a week of each month, and on holidays."""
    holidays = holidays_of(contract.holidays_of)
    prices = [
        clock_kwh_price(contract, energy.micro_at(moment, holidays), contract.grid.micro_at(moment, holidays))
        for moment in _moments(contract, holidays)
    ]
    told = [price.micro_per_kwh for price in prices]
    return min(told), max(told)


def _moments(contract: Contract, holidays: frozenset[date]) -> Iterator[datetime]:
    """When hours may begin or end, by the wall clock."""
    rows = [hours for price in contract.clock_prices for hours in price.hours]
    edges = {time(0)} | {edge for hours in rows for edge in (hours.begin, hours.end)}
    weeks = [date(A_YEAR, month, day) for month in range(1, 13) for day in range(8, 15)]
    for day in [*weeks, *(day for day in holidays if day.year == A_YEAR)]:
        yield from (datetime.combine(day, edge) for edge in edges)
