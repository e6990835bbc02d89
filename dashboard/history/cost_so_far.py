"""What the running session has cost so far: its energy, spread over time by the power that was seen meanwhile.

Zaptec tells when in a session its energy flowed once it has ended; the cost that is booked then takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from dashboard.tariff.contract import MICRO
from dashboard.tariff.contracts import Contracts
from dashboard.tariff.kwh_price import KwhPrice

A_MILLISECOND = timedelta(milliseconds=1)
USUAL_DIFFERENCE_MWH = 500_000  # the session's energy grows in steps of up to half a kilowatt-hour
PricedWeight = tuple[int, KwhPrice | None]


@dataclass(frozen=True)
class PowerSpan:
    """Some time of a charge.

    Attributes:
        power_w: 0 where no power flowed; None where it did, and nobody knows how strongly.
    """

    begin: datetime
    end: datetime
    power_w: int | None

    @property
    def milliseconds(self) -> int:
        return (self.end - self.begin) // A_MILLISECOND

    @property
    def seen_mwh(self) -> int:
        return (self.power_w or 0) * self.milliseconds // 3_600


@dataclass(frozen=True)
class CostSoFar:
    """In millionths; about, where it is not known well enough when the energy flowed and what it cost then."""

    micro: int
    is_about: bool


def cost_so_far(
    contracts: Contracts, energy_mwh: int, spans: Sequence[PowerSpan], now: datetime
) -> CostSoFar | None:
    """None where a price, or when the energy flowed, is not known, and that makes a difference."""
    weighed = list(_weighed(contracts, energy_mwh, spans))
    if not weighed:
        return _at_the_only_price(contracts, energy_mwh, now)
    if any(price is None for _weight, price in weighed):
        return None
    priced = [(weight, price.micro_per_kwh) for weight, price in weighed if price is not None]
    whole = sum(weight for weight, _micro in priced)
    cost = round(Fraction(energy_mwh * sum(weight * micro for weight, micro in priced), whole * MICRO))
    is_one_price = len({micro for _weight, micro in priced}) == 1
    return CostSoFar(cost, not is_one_price and _is_coarse(energy_mwh, spans))


def _weighed(contracts: Contracts, energy_mwh: int, spans: Sequence[PowerSpan]) -> Iterator[PricedWeight]:
    """The pieces of time in which energy flowed at one price: how much of it, in a measure of their own."""
    unseen_w = _unseen_power_w(energy_mwh, spans)
    for span in spans:
        power_w = unseen_w if span.power_w is None else span.power_w
        if power_w:
            for stretch in contracts.between(span.begin, span.end):
                weight = power_w * ((stretch.end - stretch.begin) // A_MILLISECOND)
                if weight:
                    yield weight, stretch.price


def _unseen_power_w(energy_mwh: int, spans: Sequence[PowerSpan]) -> int:
    """How strongly the car was charged where nobody saw it: what is left of the energy went there."""
    unseen_ms = sum(span.milliseconds for span in spans if span.power_w is None)
    left_mwh = max(0, energy_mwh - sum(span.seen_mwh for span in spans))
    return left_mwh * 3_600 // unseen_ms if unseen_ms else 0


def _is_coarse(energy_mwh: int, spans: Sequence[PowerSpan]) -> bool:
    """Whether what was seen does not explain the energy."""
    differs = abs(energy_mwh - sum(span.seen_mwh for span in spans))
    return differs > max(USUAL_DIFFERENCE_MWH, energy_mwh // 10)


def _at_the_only_price(contracts: Contracts, energy_mwh: int, now: datetime) -> CostSoFar | None:
    """Of energy that flowed nobody knows when, under a contract that has one price."""
    contract = contracts.contract_at(now)
    if contract is None or contract.goes_by_the_time:
        return None
    cost = contracts.cost_micro(now, energy_mwh)
    return None if cost is None else CostSoFar(cost, is_about=False)
