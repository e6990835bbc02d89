"""A price house on a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator import ManualClock, PriceHouse, serve_prices


@pytest.fixture
def house(clock: ManualClock) -> PriceHouse:
    """The houses that tell the exchange's prices; it is the evening of 20 November 2026."""
    return PriceHouse(clock)


@pytest.fixture
def price_url(house: PriceHouse) -> Iterator[str]:
    with serve_prices(house) as url:
        yield url
