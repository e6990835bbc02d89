"""Why a kWh cost what it did, as text: what a booked share keeps, whatever is learnt or changed later."""

from __future__ import annotations

import json
from datetime import datetime

from dashboard.tariff.contract import MINUTE
from dashboard.tariff.kwh_price import KwhPrice, SpotUsed

PARTS = ("energy", "mark_up", "grid", "tax", "vat", "support")


def to_text(price: KwhPrice) -> str:
    """The parts that are not 0, and the exchange's price where one was used."""
    told: dict[str, object] = {part: micro for part in PARTS if (micro := getattr(price, part))}
    if price.spot is not None:
        told["spot"] = {
            "source": price.spot.source,
            "area": price.spot.area,
            "begin": price.spot.begin.isoformat(),
            "step_min": price.spot.step // MINUTE,
            "micro": price.spot.micro,
        }
    return json.dumps(told)


def from_text(text: str) -> KwhPrice:
    told = json.loads(text)
    spot = told.get("spot")
    used = spot and SpotUsed(
        source=spot["source"],
        area=spot["area"],
        begin=datetime.fromisoformat(spot["begin"]),
        step=spot["step_min"] * MINUTE,
        micro=spot["micro"],
    )
    return KwhPrice(**{part: told.get(part, 0) for part in PARTS}, spot=used)
