"""Prices as the booked shares keep them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.tariff.contract import HOUR, QUARTER
from dashboard.tariff.kwh_price import KwhPrice, SpotUsed
from dashboard.tariff.price_text import from_text, to_text

BEGIN = datetime(2026, 3, 29, 0, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "price",
    [
        KwhPrice(energy=0, mark_up=0, grid=0, tax=0, vat=0, support=0),
        KwhPrice(energy=-40_000, mark_up=1, grid=620_000, tax=90_000, vat=167_500, support=0),
        KwhPrice(1, 2, 3, 4, 5, -6, SpotUsed("exchange.example", "NO1", BEGIN, QUARTER, 0)),
        KwhPrice(1, 2, 3, 4, 5, -6, SpotUsed("exchange.example", "NO1", BEGIN, HOUR, -123_456)),
    ],
)
def test_a_price_comes_back_as_it_was_kept(price: KwhPrice) -> None:
    assert from_text(to_text(price)) == price
