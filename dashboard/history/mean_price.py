"""What energy would have cost at the mean price of its month: whether charging waited for cheap hours.

The mean is that of the contract's price over all hours of the month in which it holds, each counting alike, as far
as prices are known. A session is compared with the mean of the price list by which it was booked.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.history import cost_words, tariff
from dashboard.history.tables import charge_day, charge_session
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import Choice, Month
from dashboard.services import current_services
from dashboard.tariff import mean, spot_prices
from dashboard.tariff.contract import MICRO, ONE_DAY, Contract
from dashboard.tariff.contracts import Contracts, midnight
from dashboard.tariff.mean import MeanPrice
from dashboard.tariff.rounding import rounded

MOST_MEANS = 500  # in memory
BookedBy = tuple[date, date, str, int]  # from when until when, at which charger, by which state of the price list


@dataclass(frozen=True)
class AtMeanPrice:
    """Some energy with a cost, at the mean price in its place; money in millionths.

    Attributes:
        has_one_mean: all of it is compared with the mean of the same hours by the same contracts.
    """

    energy_mwh: int
    cost_micro: int
    mean_cost_micro: int
    are_all_known: bool
    has_one_mean: bool

    @property
    def mean_micro(self) -> int | None:
        """None where there is more than one."""
        return rounded(self.mean_cost_micro * MICRO, self.energy_mwh) if self.has_one_mean else None


@dataclass(frozen=True)
class _Booked:
    """What was booked in a month under one contract, at a charger, by one price list."""

    contracts: Contracts
    begin: datetime
    end: datetime
    energy_mwh: int
    cost_micro: int

    @cached_property
    def held(self) -> tuple[Contract, ...]:
        return tuple(self.contracts.held_between(self.begin, self.end))

    @property
    def time(self) -> Hashable:
        """What its mean depends on besides the exchange's prices: several chargers mostly have the same."""
        return str(self.contracts.zone), self.begin, self.end, self.held

    @property
    def changes(self) -> bool:
        return any(contract.goes_by_the_time for contract in self.held)


class _Means:
    """The means that were computed."""

    def __init__(self) -> None:
        self.by_key: dict[Hashable, MeanPrice | None] = {}

    def keep(self, key: Hashable, mean: MeanPrice | None) -> MeanPrice | None:
        if len(self.by_key) >= MOST_MEANS:
            self.by_key.clear()
        self.by_key[key] = mean
        return mean


def of_month(connection: Connection, choice: Choice, person_id: int | None = None) -> list[str]:
    """Whether charging waited for cheap hours, in sentences; none where there are no cheap hours."""
    told, currency = compared(connection, choice, person_id), tariff.currency(connection)
    if told is None or currency is None:
        return []
    return [
        cost_words.at_mean_price(told.mean_cost_micro, told.cost_micro, currency),
        cost_words.what_mean_price(told.mean_micro, currency, are_all_known=told.are_all_known),
    ]


def of_year(connection: Connection, choice: Choice) -> list[str]:
    """The same of a year, whose months have a mean each."""
    told, currency = compared(connection, choice), tariff.currency(connection)
    if told is None or currency is None:
        return []
    return [
        cost_words.at_mean_prices(told.mean_cost_micro, told.cost_micro, currency),
        cost_words.what_mean_prices(are_all_known=told.are_all_known),
    ]


def compared(connection: Connection, choice: Choice, person_id: int | None = None) -> AtMeanPrice | None:
    """What has a cost in a period, at the mean prices of its months.

    None where the price never changes within them, or is not known.
    """
    booked = _booked(connection, choice, person_id)
    if not any(each.changes for each in booked):
        return None
    by_time = {time: _mean(connection, each) for time, each in {each.time: each for each in booked}.items()}
    means = [(each, by_time[each.time]) for each in booked]
    known = [(each, mean) for each, mean in means if mean is not None]
    if len(known) < len(means):
        return None
    return AtMeanPrice(
        energy_mwh=sum(each.energy_mwh for each, _mean in known),
        cost_micro=sum(each.cost_micro for each, _mean in known),
        mean_cost_micro=sum(mean.cost_micro(each.energy_mwh) for each, mean in known),
        are_all_known=all(mean.are_all_known for _each, mean in known),
        has_one_mean=len(by_time) == 1,
    )


def _booked(connection: Connection, choice: Choice, person_id: int | None) -> list[_Booked]:
    """What has a cost, by month and contract, by charger and by the state of the price list that made it."""
    tariffs = Tariffs(connection, current_services().zone)
    sums: dict[BookedBy, tuple[int, int]] = {}
    for day, charger_id, state, energy_mwh, cost_micro in _by_day(connection, choice, person_id):
        stretch = _under_one_contract(tariffs.of(charger_id, state).contracts, day, choice)
        energy_before, cost_before = sums.get((*stretch, charger_id, state), (0, 0))
        sums[(*stretch, charger_id, state)] = energy_before + int(energy_mwh), cost_before + int(cost_micro)
    found = []
    for (first, last, charger_id, state), (energy_mwh, cost_micro) in sums.items():
        contracts = tariffs.of(charger_id, state).contracts
        begin, end = midnight(first, contracts.zone), midnight(last + ONE_DAY, contracts.zone)
        found.append(_Booked(contracts, begin, end, energy_mwh, cost_micro))
    return found


def _under_one_contract(contracts: Contracts, day: date, choice: Choice) -> tuple[date, date]:
    """The days around one, within its month and the period, on which the same contract holds.

    Who changes the contract in a month has not charged when it was dear by having charged before.
    """
    month = Month.of(day)
    first, last = max(choice.first, month.first), min(choice.last, month.last)
    held = contracts.held_between(midnight(first, contracts.zone), midnight(last + ONE_DAY, contracts.zone))
    begins = [contract.valid_from for contract in held]
    return (
        max([first, *(begin for begin in begins if begin <= day)]),
        min([last, *(begin - ONE_DAY for begin in begins if begin > day)]),
    )


def _by_day(connection: Connection, choice: Choice, person_id: int | None) -> Sequence[Any]:
    """Energy and cost of each day, by charger and by the state of the price list."""
    day, session = charge_day.c, charge_session.c
    query = (
        select(day.day, day.charger_id, session.priced_in, func.sum(day.energy_mwh), func.sum(day.cost_micro))
        .join(charge_session, session.id == day.session_id)
        .where(*choice.where, day.cost_micro.is_not(None), session.priced_in.is_not(None))
        .group_by(day.day, day.charger_id, session.priced_in)
    )
    if person_id is not None:
        query = query.where(session.person_id == person_id)
    return connection.execute(query).all()


def _mean(connection: Connection, booked: _Booked) -> MeanPrice | None:
    """The mean of a month, computed once as long as its contracts and the exchange's prices stay as they are."""
    begin, end, known = booked.begin, booked.end, current_services().shared(_Means)
    needed = [contract.needed_spot for contract in booked.held]
    key = booked.time, tuple(spot_prices.fingerprint(connection, terms, begin, end) for terms in needed if terms)
    if key in known.by_key:
        return known.by_key[key]
    return known.keep(key, mean.mean_price(booked.contracts, begin, end, partial(spot_prices.runs, connection)))
