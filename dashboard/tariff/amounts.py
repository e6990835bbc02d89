"""Numbers as people type them, in millionths."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from dashboard.tariff.contract import MICRO

HIGHEST = 1_000_000


def read_amount(text: str, highest: int = HIGHEST) -> int | None:
    """Millionths from what somebody typed, with a point or a comma; None if it is no number from 0 to `highest`."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= highest:
        return None
    return int((value * MICRO).to_integral_value(ROUND_HALF_EVEN))


def as_typed(micro: int) -> str:
    """0.2875, without zeros at the end."""
    return f"{(Decimal(micro) / MICRO).normalize():f}"
