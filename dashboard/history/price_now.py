"""What a kWh costs now, from when it costs something else, and the picture of the hours to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from dashboard import formats
from dashboard.history import cost_words
from dashboard.history.tables import history_book, price_table
from dashboard.tariff.contracts import Contracts
from dashboard.tariff.hours_chart import HoursChart, hours_chart
from dashboard.tariff.price_bars import hours_to_come

ONE_DAY = timedelta(days=1)
# For the version of a card that shows it.
PRICES_STATE = select(history_book.c.prices_state).scalar_subquery()
HAS_CONTRACT = exists().where(price_table.c.terms.is_not(None), price_table.c.removed_in.is_(None))


@dataclass(frozen=True)
class PriceNow:
    """What a charger's card says of the price, for history/price_now.html.

    Attributes:
        chart: None where no price of the hours to come is known.
    """

    sentence: str
    chart: HoursChart | None


def price_now(contracts: Contracts, now: datetime, currency: str | None) -> PriceNow | None:
    """None where the price goes by no time, or there is none."""
    told = sentence(contracts, now, currency)
    return PriceNow(told, hours_chart(hours_to_come(contracts, now), now, currency)) if told else None


def sentence(contracts: Contracts, now: datetime, currency: str | None) -> str:
    """“2.31 kr now, 1.12 kr from 22:00”; empty where the price goes by no time, or there is none."""
    contract = contracts.contract_at(now)
    if contract is None or currency is None or not contract.goes_by_the_time:
        return ""
    begins = [now, *contracts.changes_between(now, now + ONE_DAY)]
    told = [(at, price.micro_per_kwh if price else None) for at in begins for price in [contracts.price_at(at)]]
    now_micro = told[0][1]
    changed = next(((formats.clock(at), micro) for at, micro in told if micro != now_micro), None)
    return cost_words.price_now(now_micro, changed, currency)
