"""How often Zaptec was asked, and what will be asked next: for owners, on More."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, update

from dashboard.charger import snapshots
from dashboard.history import fetching
from dashboard.history.tables import history_source
from dashboard.plan.tables import weekly_plan
from tests.conftest import words_of


def test_owners_see_how_often_zaptec_was_asked(household, listed):
    page = words_of(household.anna.get("/more"))
    assert "the list of chargers" in page
    assert "How often Zaptec is asked 3 times since 01:00" in page  # midnight in UTC, by which it is counted
    assert "times since" not in words_of(household.ben.get("/more"))
    household.clock.advance(seconds=6 * 3600 + 1800)  # 00:30: the count began on the day before
    assert "since yesterday 01:00" in words_of(household.anna.get("/more"))


def test_owners_see_what_is_asked_though_nobody_looks(household, listed):
    first, second = listed
    services = household.app.extensions["services"]
    with household.app.app_context():
        snapshots.ask(services, first.id)
        snapshots.ask(services, second.id)
        fetching.fetch_if_due(services)  # begins with the present month
    page = words_of(household.anna.get("/more"))
    assert f"{first.name}: the sessions of earlier months" in page
    assert "its state, for the plan" not in page
    with household.database.writing() as connection:
        connection.execute(
            insert(weekly_plan).values(
                charger_id=first.id, is_on=True, windows="", zone="Europe/Oslo", is_open=False,
                cursor=household.clock.now(), next_at=household.clock.now() + timedelta(hours=5),
            )
        )  # fmt: skip
        connection.execute(
            update(history_source).values(is_filled=True, due_at=household.clock.now() + timedelta(days=1))
        )
    page = words_of(household.anna.get("/more"))
    assert f"18:02:00: {first.name}: its state, for the plan or a timer" in page
    assert f"23:00:00: {first.name}: a change by the plan or a timer" in page
    assert f"tomorrow 18:00: {second.name}: finished sessions" in page
    assert f"{second.name}: its state, for the plan" not in page
