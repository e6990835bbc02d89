"""When the charger is looked at after a press, so that Zaptec's cache never has the old state repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.charger import looks
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    htmx,
    page,
    pass_time,
    press,
    rows,
    seen,
    situation_of,
)

pytestmark = pytest.mark.one_database


def test_the_charger_is_looked_at_after_2_7_15_30_45_and_60_s(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    started = household.clock.now()
    household.anna.post(page(charger, "pause"))
    cloud.forget_requests()
    pass_time(household, 100)
    after = [(one.at - started).total_seconds() for one in cloud.requests]
    assert after == [2, 7, 15, 30, 45, 60]


def test_a_look_waits_until_zaptec_asks_the_charger_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.state_cache_s = 15
    household.clock.advance(seconds=6)
    address = seen(household.anna.get(page(charger)))
    household.anna.post(page(charger, "pause"))
    started = household.clock.now()
    cloud.forget_requests()
    for _ in range(9):  # a page that is open asks nothing besides
        pass_time(household, 1)
        htmx(household.ben, address)
    assert [(one.at - started).total_seconds() for one in cloud.requests] == [2, 7, 9]
    assert situation_of(household.anna.get(page(charger))) == "paused"


def test_a_look_never_has_the_old_state_repeated_before_the_charger_has_acted(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.clock.advance(seconds=14)  # at 2 s Zaptec would ask the charger, and repeat that until 17 s
    household.anna.post(page(charger, "pause"))
    started = household.clock.now()
    cloud.forget_requests()
    pass_time(household, 100)
    assert [(one.at - started).total_seconds() for one in cloud.requests] == [5, 20, 35, 50, 65]
    assert rows(household)[0].outcome == "not_confirmed"


def test_an_answer_that_zaptec_may_have_repeated_makes_it_no_younger() -> None:
    now = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    later = timedelta(seconds=8)
    known = looks.cached_until(None, now, now)
    assert known == now + timedelta(seconds=15)
    assert looks.cached_until(known, now + later, now + later) == known
    assert looks.cached_until(known, known, known) == known + timedelta(seconds=15)
    ahead = now + timedelta(days=1)  # written by a clock that has been set back since
    assert looks.cached_until(ahead, now, now) == known


def test_where_no_look_succeeds_they_become_seldom(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    press(household.anna, charger, "pause")
    cloud.give_role(charger, 1)
    pass_time(household, 3600, step=5)
    cloud.forget_requests()
    pass_time(household, 7200, step=30)
    assert 10 <= cloud.asked("state") <= 20
    assert rows(household)[0].ended_at is None  # nobody knows
