"""The tariff of these days, kept between requests: a card is made anew with all news, its prices seldom change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, func, select

from dashboard.history.tables import history_book
from dashboard.history.tariff import tariff
from dashboard.services import current_services
from dashboard.tariff.contract import ONE_DAY
from dashboard.tariff.contracts import Contracts, midnight
from dashboard.tariff.spot_prices import SpotPrices
from dashboard.tariff.tables import spot_day

KEPT = 8  # by time zones and the days on which charges began
# What all of it depends on besides the day: it is asked in one query.
_STATE = select(
    history_book.c.prices_state,
    history_book.c.currency,
    select(func.max(spot_day.c.asked_at)).scalar_subquery(),
    select(func.count()).select_from(spot_day).scalar_subquery(),
)


@dataclass(frozen=True)
class TariffNow:
    """The contracts as they are known now, with the exchange's prices of these days only."""

    contracts: Contracts
    currency: str | None


@dataclass
class KeptTariffs:
    """A small memory, shared by the threads of one process."""

    kept: OrderedDict[Hashable, TariffNow] = field(default_factory=OrderedDict)

    def keep(self, key: Hashable, made: TariffNow) -> TariffNow:
        self.kept[key] = made
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return made


def tariff_now(connection: Connection, zone: tzinfo, now: datetime, begin: datetime | None = None) -> TariffNow:
    """The tariff from yesterday, or from the day of an earlier beginning, to the end of tomorrow."""
    row = connection.execute(_STATE).one_or_none()
    state = tuple(row) if row else (0, None, None, 0)
    today = now.astimezone(zone).date()
    first = min(today - ONE_DAY, (begin or now).astimezone(zone).date())
    key = str(zone), first, today, state
    memory = current_services().shared(KeptTariffs)
    return memory.kept.get(key) or memory.keep(key, _read(connection, zone, (first, today), *state[:2]))


def _read(
    connection: Connection, zone: tzinfo, days: tuple[date, date], state: int, currency: str | None
) -> TariffNow:
    spot_prices = SpotPrices(connection)
    read = tariff(connection, zone, state, spot_prices).contracts
    read.between(midnight(days[0], zone), midnight(days[1] + 2 * ONE_DAY, zone))  # looks up what is needed
    return TariffNow(read.with_prices(spot_prices.as_read()), currency)
