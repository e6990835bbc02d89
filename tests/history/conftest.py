"""A household whose history is collected from the simulated cloud, a tick at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.history import fetching, tables  # noqa: F401 - so that every test begins with empty tables
from dashboard.services import Services
from tests.conftest import Household


def tick(app: Flask) -> None:
    """What the clock does for the history, once."""
    services: Services = app.extensions["services"]
    fetching.chore(services)


def collect_all(app: Flask) -> int:
    """Tick until the history rests; how many ticks that took."""
    from dashboard.charger import chargers

    services: Services = app.extensions["services"]
    chargers.read_list(services)
    for number in range(500):
        with services.database.reading() as connection:
            if not fetching.is_due(connection, services.now(), services.settings.charger_ids):
                return number
        tick(app)
    raise AssertionError("the history never rests")


@pytest.fixture
def filled(household: Household) -> Callable[[], Household]:
    """Collects everything that the cloud has by now."""

    def fill() -> Household:
        collect_all(household.app)
        return household

    return fill
