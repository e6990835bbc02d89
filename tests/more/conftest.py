"""The household's two chargers, as the dashboard knows them."""

from __future__ import annotations

import pytest

from dashboard.background import Threads
from dashboard.charger import chargers


@pytest.fixture
def threads(household):
    """What runs in the background really does."""
    services = household.app.extensions["services"]
    services.background = Threads(household.app.app_context)
    yield
    services.background.stop()


@pytest.fixture
def listed(household, cloud):
    """The household's two chargers, as the dashboard has read them from the account."""
    services = household.app.extensions["services"]
    with household.app.app_context():
        chargers.read_list(services)
    return cloud.chargers
