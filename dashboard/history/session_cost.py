"""What a session costs: its shares, each with the price that made it and all its parts, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert

from dashboard.history.shares import Share
from dashboard.history.tables import PART_COLUMNS, charge_day, charge_share
from dashboard.history.tariff import Tariff
from dashboard.tariff import price_text
from dashboard.tariff.contract import MICRO
from dashboard.tariff.contracts import cost_of
from dashboard.tariff.kwh_price import KwhPrice
from dashboard.tariff.price_text import PARTS
from dashboard.tariff.rounding import rounded

PricedShare = tuple[Share, KwhPrice | None]


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


def day_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What some shares come to, by session and day."""
    days: dict[tuple[int, date], dict[str, Any]] = {}
    for row in rows:
        key = row["session_id"], row["day"]
        known = days.get(key) or {"charger_id": row["charger_id"], "energy_mwh": 0, "open_mwh": 0}
        energy_mwh = row["energy_mwh"]
        known["energy_mwh"] += energy_mwh
        known["open_mwh"] += energy_mwh if row["cost_micro"] is None else 0
        for column in ("cost_micro", *PART_COLUMNS):
            known[column] = _added(known.get(column), row[column])
        days[key] = known
    return [{"session_id": session_id, "day": day, **values} for (session_id, day), values in days.items()]


def _added(known: int | None, more: int | None) -> int | None:
    return known if more is None else (known or 0) + more


def store(connection: Connection, session_ids: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
    """Put these in the place of all shares of some sessions."""
    ids = [{"b_id": id} for id in session_ids]
    for table, new in ((charge_share, rows), (charge_day, day_rows(rows))):
        connection.execute(delete(table).where(table.c.session_id == bindparam("b_id")), ids)
        if new:
            connection.execute(insert(table), new)
