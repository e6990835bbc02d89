"""The demo goes by the exchange's prices, which its own price house tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from dashboard.clock import Job
from dashboard.demo.prices import seed_prices
from dashboard.history import tariff
from dashboard.services import Services
from dashboard.settings import Settings
from simulator import ManualClock, PriceHouse, serve_prices


@pytest.fixture
def price_url(clock: ManualClock) -> Iterator[str]:
    with serve_prices(PriceHouse(clock)) as url:
        yield url


def prices_job(services: Services) -> Job:
    return next(job for job in services.clock.jobs if job.name == "prices")


def test_the_demo_has_prices_of_today_and_tomorrow(
    settings: Settings, make_app: Callable[..., Flask], clock: ManualClock, price_url: str
) -> None:
    services: Services = make_app(replace(settings, price_api_url=price_url)).extensions["services"]
    seed_prices(services.database, clock.now())
    for _ in range(2):
        prices_job(services).do()
    with services.database.reading() as connection:
        prices = tariff.tariff(connection, services.zone()).contracts
        tomorrow = clock.now().replace(day=21)
        hours = [stretch.price for stretch in prices.between(clock.now(), tomorrow)]
    assert len(hours) > 4 and all(hour is not None and hour.spot is not None for hour in hours)


def test_prices_that_somebody_has_entered_stay(
    settings: Settings, make_app: Callable[..., Flask], clock: ManualClock
) -> None:
    services: Services = make_app(settings).extensions["services"]
    for _ in range(2):
        seed_prices(services.database, clock.now())
    with services.database.reading() as connection:
        assert len(tariff.prices(connection)) == 2
