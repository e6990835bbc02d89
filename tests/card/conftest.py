"""For the tests of the charger's page: the household with one charger."""

import pytest

from simulator import SimulatedCharger
from tests.one_charger import Household, charger, make_app, pass_time, press, threads

__all__ = ["charger", "make_app", "threads"]


@pytest.fixture
def paused(household: Household, charger: SimulatedCharger) -> SimulatedCharger:
    """Paused by Anna at 18:01:07, seen by everybody."""
    press(household.anna, charger, "pause")
    pass_time(household, 7)
    return charger
