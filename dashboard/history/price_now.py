"""What a kWh costs now, and from when it costs something else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from dashboard import formats
from dashboard.history import cost_words
from dashboard.history.tables import history_book, price_table
from dashboard.tariff.contracts import Contracts

ONE_DAY = timedelta(days=1)
# For the version of a card that shows it.
PRICES_STATE = select(history_book.c.prices_state).scalar_subquery()
HAS_CONTRACT = exists().where(price_table.c.terms.is_not(None), price_table.c.removed_in.is_(None))


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
