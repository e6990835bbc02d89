"""Shares as they are stored: each with its cost, and the price that made it with all its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.history.shares import Share
from dashboard.history.tariff import Tariff
from dashboard.tariff import price_text
from dashboard.tariff.contract import MICRO
from dashboard.tariff.contracts import cost_of
from dashboard.tariff.kwh_price import KwhPrice
from dashboard.tariff.price_text import PARTS
from dashboard.tariff.rounding import rounded

PricedShare = tuple[Share, KwhPrice | None]
PART_COLUMNS = tuple(f"{part}_micro" for part in PARTS)


def priced(cut: Sequence[Share], prices: Tariff) -> list[PricedShare]:
    """The shares with their prices: a session has a cost as a whole, or none."""
    found = [prices.price_at(share.begin) for share in cut]
    return list(zip(cut, [None] * len(cut) if None in found else found, strict=True))


def total_micro(shares: Sequence[PricedShare]) -> int | None:
    """What they cost together; None where that is not known."""
    costs = [cost_of(share.energy_mwh, price) for share, price in shares if price is not None]
    return sum(costs) if len(costs) == len(shares) else None


def share_rows(session_id: int, charger_id: str, shares: Sequence[PricedShare]) -> Iterator[dict[str, Any]]:
    for position, (share, price) in enumerate(shares):
        yield {
            "session_id": session_id,
            "position": position,
            "charger_id": charger_id,
            "begin_at": share.begin,
            "day": share.day,
            "energy_mwh": share.energy_mwh,
            "cost_micro": None if price is None else cost_of(share.energy_mwh, price),
            "price": None if price is None else price_text.to_text(price),
            **cost_parts(share.energy_mwh, price),
        }


def cost_parts(energy_mwh: int, price: KwhPrice | None) -> dict[str, int | None]:
    """What each part of a price makes of a cost, by column; what rounding leaves goes to the largest of them."""
    if price is None:
        return dict.fromkeys(PART_COLUMNS)
    micro = {f"{part}_micro": rounded(energy_mwh * getattr(price, part), MICRO) for part in PARTS}
    largest = max(micro, key=lambda column: abs(micro[column]))
    micro[largest] += cost_of(energy_mwh, price) - sum(micro.values())
    return {**micro}
