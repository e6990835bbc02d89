"""What the energy of a month would have cost at the month's mean price: whether charging waited for cheap hours.

The mean is that of the contract's price over all hours of the month, each counting alike, as far as prices are
known. A session is compared with the mean of the price list by which it was booked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.history import cost_words, tariff
from dashboard.history.tables import charge_session, charge_share
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import Choice
from dashboard.services import current_services
from dashboard.tariff.contract import MICRO, ONE_DAY, Contract
from dashboard.tariff.contracts import Contracts, midnight
from dashboard.tariff.rounding import rounded
from dashboard.tariff.spot_prices import fingerprint

A_SECOND = timedelta(seconds=1)
MOST_MEANS = 500  # in memory


@dataclass(frozen=True)
class MeanPrice:
    """The mean over some time.

    Attributes:
        weight: price times seconds, summed up.
        known_s: for how many seconds the price is known.
    """

    weight: int
    known_s: int
    are_all_known: bool

    def cost_micro(self, energy_mwh: int) -> int:
        return rounded(energy_mwh * self.weight, self.known_s * MICRO)


@dataclass(frozen=True)
class AtMeanPrice:
    """Some energy with a cost, at the mean price in its place; money in millionths."""

    energy_mwh: int
    cost_micro: int
    mean_cost_micro: int
    are_all_known: bool

    @property
    def mean_micro(self) -> int:
        return rounded(self.mean_cost_micro * MICRO, self.energy_mwh)


class _Means:
    """The means that were computed: a month of quarters of an hour is thousands of prices."""

    def __init__(self) -> None:
        self.by_key: dict[Hashable, MeanPrice | None] = {}

    def keep(self, key: Hashable, mean: MeanPrice | None) -> MeanPrice | None:
        if len(self.by_key) >= MOST_MEANS:
            self.by_key.clear()
        self.by_key[key] = mean
        return mean


def sentences(connection: Connection, choice: Choice, person_id: int | None = None) -> list[str]:
    """Whether charging waited for cheap hours, in sentences; none where there are no cheap hours."""
    told, currency = compared(connection, choice, person_id), tariff.currency(connection)
    if told is None or currency is None:
        return []
    return [
        cost_words.at_mean_price(told.mean_cost_micro, told.cost_micro, currency),
        cost_words.what_mean_price(told.mean_micro, currency, are_all_known=told.are_all_known),
    ]


def compared(connection: Connection, choice: Choice, person_id: int | None = None) -> AtMeanPrice | None:
    """What has a cost in a period, at its mean price; None where the price never changes, or is not known."""
    tariffs = Tariffs(connection, current_services().zone)
    groups = [
        (row, tariffs.of(row.charger_id, row.priced_in).contracts) for row in _groups(connection, choice, person_id)
    ]
    if not any(_changes(contracts, choice) for _row, contracts in groups):
        return None
    means = [(row, _mean(connection, contracts, choice)) for row, contracts in groups]
    known = [(row, mean, int(row.energy_mwh)) for row, mean in means if mean is not None]
    if len(known) < len(means):
        return None
    return AtMeanPrice(
        energy_mwh=sum(energy for _row, _mean, energy in known),
        cost_micro=sum(int(row.cost_micro) for row, _mean, _energy in known),
        mean_cost_micro=sum(mean.cost_micro(energy) for _row, mean, energy in known),
        are_all_known=all(mean.are_all_known for _row, mean, _energy in known),
    )


def _groups(connection: Connection, choice: Choice, person_id: int | None) -> Iterable[Any]:
    """What has a cost, by charger and by the state of the price list that made it."""
    share, session = charge_share.c, charge_session.c
    sums = (func.sum(share.energy_mwh).label("energy_mwh"), func.sum(share.cost_micro).label("cost_micro"))
    query = (
        select(share.charger_id, session.priced_in, *sums)
        .join(charge_session, session.id == share.session_id)
        .where(*choice.where, share.cost_micro.is_not(None), session.priced_in.is_not(None))
        .group_by(share.charger_id, session.priced_in)
    )
    if person_id is not None:
        query = query.where(session.person_id == person_id)
    return connection.execute(query).all()


def _span(contracts: Contracts, choice: Choice) -> tuple[datetime, datetime]:
    return midnight(choice.first, contracts.zone), midnight(choice.last + ONE_DAY, contracts.zone)


def _held(contracts: Contracts, choice: Choice) -> tuple[Contract, ...]:
    return tuple(contracts.held_between(*_span(contracts, choice)))


def _changes(contracts: Contracts, choice: Choice) -> bool:
    return any(contract.goes_by_the_time for contract in _held(contracts, choice))


def _mean(connection: Connection, contracts: Contracts, choice: Choice) -> MeanPrice | None:
    """The mean over a period, computed once as long as its contracts and the exchange's prices stay as they are."""
    begin, end = _span(contracts, choice)
    held, known = _held(contracts, choice), current_services().shared(_Means)
    spot = tuple(fingerprint(connection, terms, begin, end) for of in held if (terms := of.needed_spot))
    key = str(contracts.zone), begin, end, held, spot
    if key in known.by_key:
        return known.by_key[key]
    return known.keep(key, _computed(contracts, begin, end))


def _computed(contracts: Contracts, begin: datetime, end: datetime) -> MeanPrice | None:
    told = [(part.price, (part.end - part.begin) // A_SECOND) for part in contracts.between(begin, end)]
    known = [(price.micro_per_kwh, seconds) for price, seconds in told if price is not None]
    known_s = sum(seconds for _micro, seconds in known)
    if not known_s:
        return None
    weight = sum(micro * seconds for micro, seconds in known)
    return MeanPrice(weight, known_s, are_all_known=len(known) == len(told))
