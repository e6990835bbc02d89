"""What else has a say at a charger is named: who takes the current away on the hour steers as well."""

from datetime import UTC, datetime

import pytest

from dashboard.plan.conflicts import is_steered
from zaptec.charger import ChargerState
from zaptec.observation import Observation


@pytest.mark.parametrize(
    ("amps", "at", "is_so"),
    [("0", "22:00:40", True), ("0", "21:58:30", True), ("0", "22:17:00", False), ("16", "22:00:40", False)],
)
def test_a_current_that_goes_away_on_the_hour_is_somebody_else_who_steers(amps: str, at: str, is_so: bool) -> None:
    moment = datetime.fromisoformat(f"2026-11-20T{at}").replace(tzinfo=UTC)
    assert is_steered(ChargerState({708: Observation(708, amps, moment)})) is is_so
