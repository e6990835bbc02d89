"""The exchange's prices as they are kept, and which days are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.database import upsert
from dashboard.leases import BackOff
from dashboard.tariff.contract import QUARTER, SpotTerms
from dashboard.tariff.contracts import QuarterPrice
from dashboard.tariff.mean import SpotRun
from dashboard.tariff.sources.answer import DELIVERY_ZONE, DayPrices, delivery_day
from dashboard.tariff.tables import spot_day, spot_price

# Where a day is not there yet, or not whole: soon at first, then more seldom.
DAY_BACK_OFF = BackOff(timedelta(minutes=10), timedelta(hours=1), seldom=timedelta(hours=1))
PAST_DAY_PAUSE = timedelta(days=1)


@dataclass(frozen=True)
class PriceArea:
    """An area of the exchange, as one source tells of it."""

    source: str
    area: str


@dataclass(frozen=True)
class DayState:
    """How far a delivery day is known; the fields are those of `spot_day`."""

    day: date
    is_complete: bool
    asked_at: datetime
    failures: int
    again_at: datetime | None


class SpotPrices:
    """The price of a quarter as it is kept, for `Contracts`; a delivery day is read at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._days: dict[tuple[str, str, str, date], dict[datetime, int]] = {}

    @staticmethod
    def _key(terms: SpotTerms, begin: datetime) -> tuple[str, str, str, date]:
        return terms.source, terms.area, terms.currency, begin.astimezone(DELIVERY_ZONE).date()

    def __call__(self, terms: SpotTerms, begin: datetime) -> int | None:
        key = self._key(terms, begin)
        if key not in self._days:
            self._days[key] = self._read(*key)
        return self._days[key].get(begin)

    def as_read(self) -> QuarterPrice:
        """What was read so far, to be kept beyond the connection; of other days it knows nothing."""
        days = dict(self._days)

        def quarter_price(terms: SpotTerms, begin: datetime) -> int | None:
            return days.get(self._key(terms, begin), {}).get(begin)

        return quarter_price

    def _read(self, source: str, area: str, currency: str, day: date) -> dict[datetime, int]:
        begin, end = delivery_day(day)
        table = spot_price.c
        query = select(table.begin_at, table.micro_per_kwh).where(
            table.source == source,
            table.area == area,
            table.currency == currency,
            table.begin_at >= begin,
            table.begin_at < end,
        )
        return {row.begin_at: row.micro_per_kwh for row in self._connection.execute(query)}


def runs(connection: Connection, terms: SpotTerms, begin: datetime, end: datetime) -> list[SpotRun]:
    """What is known of some time: one run, and more where some of it is missing."""
    table = spot_price.c
    of_time = (
        table.source == terms.source,
        table.area == terms.area,
        table.currency == terms.currency,
        table.begin_at >= begin,
        table.begin_at < end,
    )
    of_quarters = select(table.micro_per_kwh).where(*of_time).order_by(table.begin_at)
    micros = connection.execute(of_quarters).scalars().all()
    if len(micros) * QUARTER == end - begin:  # thousands: their moments need not be read
        return [SpotRun(begin, micros)]
    rows = connection.execute(select(table.begin_at, table.micro_per_kwh).where(*of_time).order_by(table.begin_at))
    return runs_of([(begin_at, micro) for begin_at, micro in rows])


def runs_of(quarters: Sequence[tuple[datetime, int]]) -> list[SpotRun]:
    """Quarters with their prices, oldest first, cut where one is missing."""
    found: list[tuple[datetime, list[int]]] = []
    for at, micro in quarters:
        if not found or at != found[-1][0] + len(found[-1][1]) * QUARTER:
            found.append((at, []))
        found[-1][1].append(micro)
    return [SpotRun(begin, micros) for begin, micros in found]


def fingerprint(connection: Connection, terms: SpotTerms, begin: datetime, end: datetime) -> tuple[int, str]:
    """Another one where a price of that time has come, or was corrected."""
    table = spot_day.c
    first, last = (at.astimezone(DELIVERY_ZONE).date() for at in (begin, end))
    query = select(func.count(), func.max(table.asked_at)).where(
        table.source == terms.source, table.area == terms.area, table.day.between(first, last)
    )
    count, asked_at = connection.execute(query).one()
    return int(count), str(asked_at)


def states_of(connection: Connection, where: PriceArea) -> dict[date, DayState]:
    """The days that were asked for, by day."""
    table = spot_day.c
    columns = [table[name] for name in DayState.__dataclass_fields__]
    query = select(*columns).where(table.source == where.source, table.area == where.area)
    return {row.day: DayState(*row) for row in connection.execute(query)}


def keep(connection: Connection, where: PriceArea, day: date, prices: DayPrices, now: datetime) -> None:
    """Store what was told of a day; what an earlier answer had more stays."""
    rows = [
        {"currency": currency, "begin_at": at, "micro_per_kwh": micro}
        for currency, quarters in prices.by_currency.items()
        for at, micro in quarters.items()
    ]
    insert = upsert(connection, spot_price).values(source=where.source, area=where.area)
    insert = insert.on_conflict_do_update(
        index_elements=["source", "area", "currency", "begin_at"],
        set_={"micro_per_kwh": insert.excluded.micro_per_kwh},
    )
    connection.execute(insert, rows)
    _note(connection, where, day, now, is_complete=prices.is_complete)


def note_missing(connection: Connection, where: PriceArea, day: date, now: datetime) -> None:
    """A day was asked for and not told."""
    _note(connection, where, day, now, is_complete=False)


def _note(connection: Connection, where: PriceArea, day: date, now: datetime, *, is_complete: bool) -> None:
    before = states_of(connection, where).get(day)
    failures = 0 if is_complete else (before.failures if before else 0) + 1
    values: dict[str, Any] = {"is_complete": is_complete, "asked_at": now, "failures": failures, "again_at": None}
    if not is_complete:
        is_past = day < now.astimezone(DELIVERY_ZONE).date()
        values["again_at"] = now + (PAST_DAY_PAUSE if is_past else DAY_BACK_OFF.pause("", failures - 1))
    row = upsert(connection, spot_day).values(source=where.source, area=where.area, day=day, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["source", "area", "day"], set_=values))
