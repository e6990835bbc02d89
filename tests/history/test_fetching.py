"""Sessions come from Zaptec once, completely, politely, and survive whatever happens to the process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.charger import chargers
from dashboard.history import fetching
from dashboard.history.booking import HISTORY, SESSIONS, Booked, Booking
from dashboard.history.tables import charge_session, charge_share, history_source
from dashboard.settings import Settings
from simulator import Cloud, ManualClock
from tests.conftest import Household, words_of
from tests.databases import Databases
from tests.history.conftest import collect_all, services_of, tick

pytestmark = pytest.mark.one_database

SAMPLES = Path(__file__).parent.parent / "samples"


def content(app: Flask) -> list[tuple[Any, ...]]:
    """Everything that was booked, without our own numbers."""
    names = ("zaptec_id", "charger_id", "start_at", "end_at", "energy_mwh", "is_counted", "replaced_by", "last_day")
    with services_of(app).database.reading() as connection:
        rows = connection.execute(select(*(charge_session.c[name] for name in names)).order_by("zaptec_id")).all()
        shares = connection.execute(
            select(charge_session.c.zaptec_id, charge_share.c.day, charge_share.c.energy_mwh)
            .join(charge_share, charge_share.c.session_id == charge_session.c.id)
            .order_by(charge_session.c.zaptec_id, charge_share.c.position)
        ).all()
    return [tuple(row) for row in [*rows, *shares]]


def sum_of(app: Flask, column: Any) -> int:
    with services_of(app).database.reading() as connection:
        return int(connection.execute(select(func.sum(column))).scalar() or 0)


@pytest.mark.long
def test_all_years_come_and_totals_are_the_sum_of_the_parts(filled: Callable[[], Household], cloud: Cloud) -> None:
    cloud.add_history(years=2)
    app = filled().app
    told = cloud.sessions()
    counted = [session for session in told if not session.voided and not session.aborted]
    expected = sum(round(session.energy_kwh * 1000) for session in counted) * 1000
    assert sum_of(app, charge_share.c.energy_mwh) == expected
    assert len(content(app)) > len(told)
    with services_of(app).database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(charge_session)).scalar() == len(told)


@pytest.mark.long
def test_both_endpoints_tell_the_same(
    settings: Settings, make_app: Callable[[Settings], Flask], cloud: Cloud, databases: Databases
) -> None:
    cloud.add_history(years=1)
    apps = []
    for off in ("chargehistory", "sessions"):
        cloud.turn_off(off)
        app = make_app(replace(settings, database_url=databases.migrated()))
        collect_all(app)
        cloud.turn_on(off)
        apps.append(app)
    assert content(apps[0]) == content(apps[1]) != []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_endpoint_that_is_gone_is_replaced_by_the_other_and_that_is_remembered(
    household: Household, cloud: Cloud, status: int
) -> None:
    cloud.add_history(years=1)
    cloud.turn_off("sessions", status)
    collect_all(household.app)
    assert len(content(household.app)) > 100
    assert cloud.asked("sessions") <= len(cloud.chargers)  # the first question of each charger; never again
    with household.database.reading() as connection:
        assert set(connection.execute(select(history_source.c.endpoint)).scalars()) == {HISTORY}
    household.clock.advance(seconds=8 * 86400)
    cloud.turn_on("sessions")
    collect_all(household.app)  # once a week the better one gets another chance
    with household.database.reading() as connection:
        assert set(connection.execute(select(history_source.c.endpoint)).scalars()) == {SESSIONS}


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.long
def test_killed_three_times_during_the_first_fill_the_result_is_the_same(
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    cloud: Cloud,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    databases: Databases,
) -> None:
    cloud.add_history(years=1)
    untouched = make_app(replace(settings, database_url=databases.migrated()))
    collect_all(untouched)

    store, book = Booking.store, Booking.book
    for place in ("between months", "while a month is stored", "before the first month"):
        app = make_app(settings)
        chargers.read_list(services_of(app), force=True)
        seen = {"months": 0, "sessions": 0}

        def dying_store(self: Booking, *arguments: Any, place: str = place, seen: dict[str, int] = seen) -> Booked:
            seen["months"] += 1
            if place == "before the first month" or (place == "between months" and seen["months"] > 4):
                raise Killed
            return store(self, *arguments)

        def dying_book(self: Booking, id: int, place: str = place, seen: dict[str, int] = seen) -> None:
            seen["sessions"] += 1
            if place == "while a month is stored" and seen["sessions"] > 20:
                raise Killed
            book(self, id)

        monkeypatch.setattr(Booking, "store", dying_store)
        monkeypatch.setattr(Booking, "book", dying_book)
        monkeypatch.setattr(fetching, "_lease", Abandoned)  # a killed process does not let go
        monkeypatch.setattr(fetching, "_note_failure", lambda *_arguments: None)
        with pytest.raises(Killed):
            tick(app)
        monkeypatch.undo()
        successor = make_app(settings)
        tick(successor)  # the dead one's lease still holds
        clock.advance(seconds=fetching.LEASE.total_seconds() + 1)

    survivor = make_app(settings)
    collect_all(survivor)
    assert content(survivor) == content(untouched)


class Abandoned:
    """A lease that nobody lets go of."""

    def __init__(self, *_arguments: Any) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_arguments: Any) -> None:
        pass


def test_only_one_process_collects_at_a_time(household: Household, cloud: Cloud) -> None:
    services = services_of(household.app)
    chargers.read_list(services)
    assert fetching.claim(services, "somebody else")
    cloud.forget_requests()
    tick(household.app)
    assert cloud.asked("sessions") == 0
    household.clock.advance(seconds=fetching.LEASE.total_seconds() + 1)  # it died
    tick(household.app)
    assert cloud.asked("sessions") > 0


def answered(cloud: Cloud) -> int:
    """Questions for sessions that were answered; an expired token costs one more."""
    return sum(1 for asked in cloud.requests if "/sessions/archived" in asked.path and asked.status == 200)


def test_afterwards_it_is_asked_daily_and_every_quarter_of_an_hour_while_somebody_looks(
    filled: Callable[[], Household], cloud: Cloud
) -> None:
    cloud.add_history(years=0.2)
    household = filled()
    cloud.forget_requests()
    for _ in range(20):
        household.clock.advance(seconds=3600)
        tick(household.app)
    assert answered(cloud) == 0
    household.anna.get("/history")
    assert answered(cloud) == len(cloud.chargers)
    household.anna.get("/history")
    household.clock.advance(seconds=14 * 60)
    household.carla.get("/history")
    assert answered(cloud) == len(cloud.chargers)
    household.clock.advance(seconds=86400)
    tick(household.app)
    assert answered(cloud) == 2 * len(cloud.chargers)


def test_a_session_that_ends_is_booked_at_once_and_completed_by_zaptec_later(
    filled: Callable[[], Household], cloud: Cloud
) -> None:
    household = filled()
    page = f"/chargers/{cloud.charger.id}"
    cloud.charger.plug_in_and_charge()
    household.anna.get(page)
    household.clock.advance(seconds=3 * 3600)
    household.anna.get(page)
    cloud.charger.unplug()
    household.clock.advance(seconds=120)
    cloud.forget_requests()
    card = words_of(household.anna.get(page))
    assert "Last session" in card
    assert cloud.asked("sessions") == 0
    with household.database.reading() as connection:
        row = connection.execute(select(charge_session)).one()
    assert row.source == "observation" and row.energy_mwh > 0
    household.clock.advance(seconds=91)
    tick(household.app)
    assert cloud.asked("sessions") == 1
    with household.database.reading() as connection:
        row = connection.execute(select(charge_session)).one()
    assert row.source == SESSIONS


@pytest.mark.both_databases
def test_a_failure_becomes_a_calm_sentence_and_is_tried_again(
    filled: Callable[[], Household], cloud: Cloud
) -> None:
    cloud.add_history(years=0.2)
    household = filled()
    cloud.go_down()
    household.clock.advance(seconds=86401)
    tick(household.app)
    page = words_of(household.carla.get("/history"))
    assert "It is tried again at" in page and "Zaptec has trouble" in page
    cloud.heal()
    household.clock.advance(seconds=400)
    tick(household.app)
    assert "tried again" not in words_of(household.carla.get("/history"))


def test_progress_is_told_while_the_first_fill_runs(
    household: Household, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.add_history(years=1)
    chargers.read_list(services_of(household.app))
    monkeypatch.setattr(fetching, "QUESTIONS_AT_ONCE", 6)
    tick(household.app)
    page = words_of(household.carla.get("/history"))
    assert "is being fetched from Zaptec, newest first. It reaches back to" in page
