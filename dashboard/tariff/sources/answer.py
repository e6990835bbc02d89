"""What of a price source's answer is believed: instants, quarters, whole numbers, one delivery day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

DELIVERY_ZONE = ZoneInfo("Europe/Brussels")  # the exchange's day is CET's, whatever the household's
QUARTER, HOUR, ONE_DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
PER_KWH, PER_MWH = 1_000_000, 1_000
HIGHEST_MICRO = 1_000_000_000  # a thousand per kWh: the exchange's own limit is about five euros, sixty crowns
Quarters = dict[datetime, int]


class SourceFailure(StrEnum):
    """Why there are no prices; `dashboard.tariff.words` says it to people."""

    NOT_YET = "not_yet"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    OTHER_MONEY = "other_money"
    OTHER_DAY = "other_day"


class PricesUnusable(Exception):
    """A source gave no prices that can be used.

    Attributes:
        retry_after_s: how long it wants to be left alone, if it said so.
    """

    def __init__(self, failure: SourceFailure, retry_after_s: float | None = None) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Told:
    """One price of an answer.

    Attributes:
        until: None where the source tells beginnings only.
        micro: per kWh; None where the source knows the instant and no price.
    """

    begin: datetime
    micro: int | None
    until: datetime | None = None


@dataclass(frozen=True)
class DayPrices:
    """What a source told of one delivery day.

    Attributes:
        by_currency: prices in millionths per kWh, by currency and by the beginning of a quarter.
        is_complete: every instant of the day has a price in every currency.
    """

    by_currency: Mapping[str, Quarters]
    is_complete: bool


def delivery_day(day: date) -> tuple[datetime, datetime]:
    """Its first instant, and that of the next day."""
    begin, end = (datetime.combine(day + n * ONE_DAY, time(0), DELIVERY_ZONE).astimezone(UTC) for n in (0, 1))
    return begin, end


def read_json(body: bytes) -> Any:
    """The answer, its numbers exact.

    Raises:
        PricesUnusable: it is no JSON.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise PricesUnusable(SourceFailure.UNREADABLE) from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def rows_of(told: Any) -> list[Any]:
    """The list that an answer has to be, or to hold."""
    if not isinstance(told, list):
        raise PricesUnusable(SourceFailure.UNREADABLE)
    return told


def object_of(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise PricesUnusable(SourceFailure.UNREADABLE)
    return told


def micro_of(value: Any, unit: int) -> int | None:
    """A price in millionths per kWh, rounded half to even; None for null.

    Args:
        unit: PER_KWH or PER_MWH.
    """
    if value is None:
        return None
    highest = HIGHEST_MICRO // unit
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not -highest <= value <= highest:
        raise PricesUnusable(SourceFailure.UNREADABLE)
    return int((Decimal(value) * unit).to_integral_value(ROUND_HALF_EVEN))


def moment_of(text: Any, *, is_utc: bool = False) -> datetime:
    """A moment from a time stamp; one without an offset only where it `is_utc`."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None and is_utc:
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise PricesUnusable(SourceFailure.UNREADABLE) from error


def moment_of_seconds(seconds: Any) -> datetime:
    """A moment from the seconds since 1970."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 2**33:
        raise PricesUnusable(SourceFailure.UNREADABLE)
    return datetime.fromtimestamp(seconds, UTC)


def prices_of_day(by_currency: Mapping[str, Iterable[Told]], day: date, until: datetime | None = None) -> DayPrices:
    """What is believed of an answer: by instant, never by position.

    One that lacks the day's first instant, or reaches beyond what was asked for, is refused whole: yesterday's day
    again, or CET written as UTC. One that only ends early, or has holes, is used as far as it goes.

    Args:
        until: how far the answer may reach, where more than the day was asked for.

    Raises:
        PricesUnusable: not_yet for an answer without prices; other_day; unreadable.
    """
    begin, end = delivery_day(day)
    quarters = {currency: _quarters(list(rows)) for currency, rows in by_currency.items()}
    instants: set[datetime] = set().union(*quarters.values())
    if not any(micro is not None for rows in quarters.values() for micro in rows.values()):
        raise PricesUnusable(SourceFailure.NOT_YET)
    if begin not in instants or min(instants) < begin or max(instants) >= (until or end):
        raise PricesUnusable(SourceFailure.OTHER_DAY)
    known = {
        currency: {at: micro for at, micro in sorted(rows.items()) if micro is not None and at < end}
        for currency, rows in quarters.items()
    }
    wanted = (end - begin) // QUARTER
    return DayPrices(known, all(len(rows) == wanted for rows in known.values()))


def _quarters(rows: list[Told]) -> dict[datetime, int | None]:
    """The prices by quarter: one that holds for an hour is that of its four."""
    begins = sorted({row.begin for row in rows})
    gap = min((later - begin for begin, later in pairwise(begins)), default=QUARTER)
    quarters: dict[datetime, int | None] = {}
    for row in rows:
        step = gap if row.until is None else row.until - row.begin
        if step not in (QUARTER, HOUR) or row.begin.timestamp() % step.total_seconds():
            raise PricesUnusable(SourceFailure.UNREADABLE)
        for place in range(step // QUARTER):
            at = row.begin + place * QUARTER
            if quarters.setdefault(at, row.micro) != row.micro:  # two prices for one instant
                raise PricesUnusable(SourceFailure.UNREADABLE)
    return quarters
