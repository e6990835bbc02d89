"""What a kWh costs now, from when it costs something else, and the picture of the hours to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from dashboard import formats
from dashboard.history import cost_words
from dashboard.history.tables import history_book, price_table
from dashboard.plan.aim import Aim
from dashboard.tariff.contracts import Contracts, PricedStretch
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


def price_now(contracts: Contracts, now: datetime, currency: str | None, aim: Aim | None = None) -> PriceNow | None:
    """None where the price goes by no time, or there is none.

    Args:
        aim: what may wait for the cheapest hours; they are marked.
    """
    contract = contracts.contract_at(now)
    if contract is None or currency is None or not contract.goes_by_the_time:
        return None
    stretches = hours_to_come(contracts, now)
    if aim is None or not aim.is_cheapest or aim.is_suspended:
        return PriceNow(sentence(stretches, now, currency), hours_chart(stretches, now, currency))
    latest = aim.latest_start if aim.latest_start > now and not aim.is_open else None
    chart = hours_chart(stretches, now, currency, chosen=aim.blocks, latest_start=latest)
    return PriceNow(sentence(stretches, now, currency), chart)


def sentence(stretches: Iterable[PricedStretch], now: datetime, currency: str) -> str:
    """“2.31 kr now, 1.12 kr from 22:00”, of what follows within a day."""
    coming = (part for part in stretches if part.end > now and part.begin < now + ONE_DAY)
    told = [(part.begin, part.price.micro_per_kwh if part.price else None) for part in coming]
    now_micro = told[0][1]
    shown = formats.money(now_micro, currency)  # what differs by less is no change to anybody
    others = ((formats.clock(at), micro) for at, micro in told if formats.money(micro, currency) != shown)
    changed = next(others, None)
    return cost_words.price_now(now_micro, changed, currency)
