"""Whoever set an aim hears that it will not be ready in time."""

from __future__ import annotations

import pytest

from dashboard.news import NewsKind
from simulator import SimulatedCharger
from tests.notices.conftest import Told
from tests.one_charger import page

pytestmark = pytest.mark.one_database


def test_an_aim_that_will_not_be_reached_any_more_is_told_to_whoever_set_it(
    told: Told, charger: SimulatedCharger
) -> None:
    for who in ("Anna", "Ben"):
        told.add_way(who, f"{who}s phone")
        told.hears(who, NewsKind.LATE)
    form = {"do": "set", "energy": "20", "hours": "", "ready_by": "22:00"}
    assert told.people.ben.post(f"{page(charger)}/aim", data=form).status_code in (200, 303)
    told.pass_time(minutes=10, step=120)
    assert told.carrier.arrived == []
    charger.limit_current(0)
    told.pass_time(hours=3, step=120)
    assert [to for to, _message in told.carrier.arrived] == ["Bens phone"]
    message = told.carrier.arrived[0][1]
    assert message.title == "It will not be ready in time" and "It was to be ready at 22:00." in message.body
