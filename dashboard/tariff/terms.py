"""A contract as text, for the price list: everything but the day it is valid from and the currency of the list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from dashboard.tariff.contract import (
    MINUTE,
    ClockHours,
    ClockPrice,
    Contract,
    FixedInsteadOfSpot,
    SpotSupport,
    SpotTerms,
)

Json = dict[str, Any]


def to_text(contract: Contract) -> str:
    return json.dumps(
        {
            "energy": _spot(contract.energy) if isinstance(contract.energy, SpotTerms) else _clock(contract.energy),
            "grid": _clock(contract.grid),
            "tax": contract.tax_micro,
            "vat": contract.vat_micro,
            "includes_vat": contract.includes_vat,
            "support": _support(contract.support),
            "holidays_of": contract.holidays_of,
        }
    )


def from_text(text: str, valid_from: date, currency: str) -> Contract:
    told: Json = json.loads(text)
    energy = told["energy"]
    return Contract(
        valid_from=valid_from,
        currency=currency,
        energy=_spot_of(energy) if "source" in energy else _clock_of(energy),
        grid=_clock_of(told["grid"]),
        tax_micro=told["tax"],
        vat_micro=told["vat"],
        includes_vat=told["includes_vat"],
        support=_support_of(told["support"]),
        holidays_of=told["holidays_of"],
    )


def _clock(price: ClockPrice) -> Json:
    return {"base": price.base_micro, "hours": [_hours(hours) for hours in price.hours]}


def _hours(hours: ClockHours) -> Json:
    return {
        "begin": f"{hours.begin:%H:%M}",
        "end": f"{hours.end:%H:%M}",
        "micro": hours.micro,
        "days": sorted(hours.days),
        "months": sorted(hours.months),
    }


def _clock_of(told: Mapping[str, Any]) -> ClockPrice:
    return ClockPrice(told["base"], tuple(_hours_of(hours) for hours in told["hours"]))


def _hours_of(told: Mapping[str, Any]) -> ClockHours:
    begin, end = time.fromisoformat(told["begin"]), time.fromisoformat(told["end"])
    return ClockHours(begin, end, told["micro"], frozenset(told["days"]), frozenset(told["months"]))


def _spot(terms: SpotTerms) -> Json:
    return {
        "source": terms.source,
        "area": terms.area,
        "currency": terms.currency,
        "step_min": terms.step // MINUTE,
        "factor": terms.factor_micro,
        "mark_up": terms.mark_up_micro,
        "rate": terms.rate_micro,
    }


def _spot_of(told: Mapping[str, Any]) -> SpotTerms:
    return SpotTerms(
        source=told["source"],
        area=told["area"],
        currency=told["currency"],
        step=told["step_min"] * MINUTE,
        factor_micro=told["factor"],
        mark_up_micro=told["mark_up"],
        rate_micro=told["rate"],
    )


def _support(support: SpotSupport | FixedInsteadOfSpot | None) -> Json | None:
    if isinstance(support, SpotSupport):
        return {"share": support.share_micro, "above": support.above_micro}
    return None if support is None else {"fixed": support.micro}


def _support_of(told: Mapping[str, Any] | None) -> SpotSupport | FixedInsteadOfSpot | None:
    if told is None:
        return None
    return FixedInsteadOfSpot(told["fixed"]) if "fixed" in told else SpotSupport(told["share"], told["above"])
