"""The account's requests, one at a time: pauses that Zaptec asks for, what a queue leaves unsent, and the count."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from dashboard.charger import chargers, snapshots
from dashboard.charger.tables import request_count
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    house_of,
    page,
    press,
    receipt,
)
from zaptec.errors import TryLater


def test_a_retry_after_is_the_whole_accounts_in_every_process(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    """Zaptec counts the account's requests: who asks for something else meanwhile makes it worse."""
    services = house_of(household.app)
    cloud.rate_limit(300, path_contains="installation")
    chargers.read_list(services, force=True)  # what is asked for beside the list is turned away
    cloud.heal()
    cloud.forget_requests()
    other = house_of(make_app(settings))
    household.clock.advance(seconds=295)
    for each in (services, other):
        assert not snapshots.ask(each, charger.id)
        with pytest.raises(TryLater) as caught:
            each.account.client.installation("anything")
        assert caught.value.was_not_carried_out and 0 < (caught.value.retry_after_s or 0) <= 5
    assert "Refused: Zaptec asks us to wait." in receipt(press(household.anna, charger, "pause"))
    assert list(cloud.requests) == []
    household.clock.advance(seconds=6)
    assert snapshots.ask(other, charger.id)


def test_a_pause_that_a_wrong_clock_planned_is_over(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    services = house_of(household.app)
    household.clock.advance(seconds=86400)
    services.account.turns.pause(300)  # type: ignore[attr-defined]
    household.clock.advance(seconds=-86400)
    assert snapshots.ask(services, charger.id)


def test_a_request_that_waited_in_a_queue_behind_the_answer_is_not_sent(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    services = house_of(household.app)
    household.clock.advance(seconds=20)
    with household.database.reading() as connection:
        known = snapshots.freshness_of(connection, charger.id)
    assert known and known.is_due(household.clock.now())
    assert snapshots.ask(services, charger.id, unless_news=known)
    assert not snapshots.ask(services, charger.id, unless_news=known)
    assert cloud.asked("state") == 1


def test_requests_are_counted_before_they_are_written_down(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    counts = house_of(household.app).account.turns.counts
    today = household.clock.now().date()
    with household.database.writing() as connection:
        before = counts.of_day(connection, today)
        counts.write(connection)
        assert counts.of_day(connection, today) == before
    household.clock.advance(seconds=20)
    household.anna.get(page(charger))
    with household.database.reading() as connection:
        assert counts.of_day(connection, today)["state"] == before["state"] + 1
        stored = connection.execute(select(request_count.c.count).where(request_count.c.kind == "state")).scalar()
    assert stored == before["state"]
