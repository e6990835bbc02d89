"""The parts of a price, each rounded once to a millionth of the currency per kWh; the price is their sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from dashboard.tariff.contract import MICRO, Contract, FixedInsteadOfSpot, SpotSupport, SpotTerms
from dashboard.tariff.rounding import rounded

# Numerator and denominator: fractions are exact too, and ten times slower.
Quotient = tuple[int, int]
NO_SPOT: Quotient = (0, 1)


@dataclass(frozen=True)
class SpotUsed:
    """The price of the exchange that went into a price, in the contract's money, without VAT.

    Attributes:
        begin: of the billing step it is the price of.
        micro: rounded, to be shown; the parts are computed from what it is exactly.
    """

    source: str
    area: str
    begin: datetime
    step: timedelta
    micro: int


@dataclass(frozen=True)
class KwhPrice:
    """Why a kWh costs what it does, in millionths of the currency; support is negative.

    Attributes:
        spot: None where none was needed.
    """

    energy: int
    mark_up: int
    grid: int
    tax: int
    vat: int
    support: int
    spot: SpotUsed | None = None

    @property
    def micro_per_kwh(self) -> int:
        return self.energy + self.mark_up + self.grid + self.tax + self.vat + self.support


@lru_cache(maxsize=1024)  # of many sessions under few prices
def clock_kwh_price(contract: Contract, energy_micro: int, grid_micro: int) -> KwhPrice:
    """The price where the exchange plays no part, from what was typed for that hour."""
    return _sum_up(contract, NO_SPOT, (energy_micro, 0, grid_micro, contract.tax_micro))


def spot_kwh_price(contract: Contract, terms: SpotTerms, grid_micro: int, spot: Fraction | None) -> KwhPrice | None:
    """The price by that of the exchange, which is of one billing step and in the contract's money.

    None where it is needed and not known.
    """
    typed = (0, terms.mark_up_micro, grid_micro, contract.tax_micro)
    if isinstance(contract.support, FixedInsteadOfSpot):
        return _sum_up(contract, NO_SPOT, (contract.support.micro, *typed[1:]))
    if spot is None:
        return None
    with_factor = spot.numerator * terms.factor_micro, spot.denominator * MICRO
    return _sum_up(contract, with_factor, typed, _support(contract, spot))


def _sum_up(contract: Contract, spot: Quotient, typed: tuple[int, int, int, int], support: int = 0) -> KwhPrice:
    """What was typed with VAT comes out exactly: its net is rounded, and VAT is the rest."""
    net = _without(contract.vat_micro, typed) if contract.includes_vat else typed
    numerator, denominator = spot
    taxed = numerator if contract.includes_vat else numerator + sum(typed) * denominator
    vat = taxed * contract.vat_micro + (sum(typed) - sum(net)) * MICRO * denominator
    return KwhPrice(
        energy=rounded(numerator, denominator) + net[0],
        mark_up=net[1],
        grid=net[2],
        tax=net[3],
        vat=rounded(vat, MICRO * denominator),
        support=support,
    )


@lru_cache(maxsize=1024)
def _without(vat_micro: int, typed: tuple[int, ...]) -> tuple[int, ...]:
    """What was typed with VAT, without it."""
    return tuple(rounded(amount * MICRO, MICRO + vat_micro) for amount in typed)


def _support(contract: Contract, spot: Fraction) -> int:
    """What is taken off: a share of what the spot is above, both with VAT."""
    if not isinstance(contract.support, SpotSupport):
        return 0
    with_vat = MICRO + contract.vat_micro
    above = contract.support.above_micro * (MICRO if contract.includes_vat else with_vat) * spot.denominator
    paid = contract.support.share_micro * max(0, spot.numerator * with_vat - above)
    return -rounded(paid, MICRO * MICRO * spot.denominator)
