"""Which sessions are asked for next, and when; nothing waits for a moment that cannot have been planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from dashboard import leases
from dashboard.charger import chargers
from dashboard.history import due, fetching
from dashboard.history.due import FetchState
from dashboard.history.next_requests import next_requests
from dashboard.history.tables import charge_session, history_source
from dashboard.services import Services
from simulator import Cloud
from tests.conftest import Household
from tests.history.conftest import collect_all, services_of, tick

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FILLED = FetchState(
    charger_id="a",
    endpoint="sessions",
    filled_to=datetime(2014, 1, 1, tzinfo=UTC),
    empty_months=24,
    is_filled=True,
    due_at=NOON + DAY / 2,
    collected_at=NOON - DAY / 2,
    long_look_at=NOON - DAY,
    failure=None,
    again_at=None,
)
NEW = replace(FILLED, filled_to=None, is_filled=False, due_at=NOON, collected_at=None, long_look_at=None)


def months(state: FetchState) -> list[str]:
    return [f"{since:%Y-%m-%d}" for since, _until in state.next_span(NOON).months()]


def test_the_present_month_comes_first_then_those_before_it() -> None:
    assert months(NEW) == ["2026-11-01"]
    filling = replace(FILLED, is_filled=False, filled_to=datetime(2026, 11, 1, tzinfo=UTC))
    assert months(filling) == ["2026-10-01"]
    assert months(replace(filling, due_at=NOON)) == ["2026-11-01"]  # what is new goes before


def test_what_is_new_is_asked_for_by_whole_months_and_ten_days_back() -> None:
    assert months(replace(FILLED, due_at=NOON)) == ["2026-11-01"]
    assert months(replace(FILLED, due_at=NOON, collected_at=NOON - 15 * DAY)) == ["2026-10-01", "2026-11-01"]
    [(_since, until)] = replace(FILLED, due_at=NOON).next_span(NOON).months()
    assert until == NOON


def test_once_a_week_it_looks_a_year_back_and_where_an_unset_clock_begins() -> None:
    asked = months(replace(FILLED, due_at=NOON, long_look_at=NOON - 7 * DAY))
    assert asked[0] == "2025-10-01" and asked[-2:] == ["2026-11-01", "1970-01-01"] and len(asked) == 15


@pytest.mark.parametrize("ahead", [2 * DAY, 400 * DAY, 3650 * DAY])
def test_what_was_planned_while_the_clock_was_ahead_is_over(ahead: timedelta) -> None:
    assert replace(FILLED, due_at=NOON + ahead).is_due(NOON)
    waiting = replace(FILLED, due_at=NOON, again_at=NOON + ahead)
    assert waiting.next_at(NOON) == NOON
    assert len(months(replace(FILLED, due_at=NOON, collected_at=NOON + ahead))) == 15  # what came meanwhile too
    assert len(months(replace(FILLED, due_at=NOON, long_look_at=NOON + ahead))) == 15
    assert not FILLED.is_due(NOON)
    assert replace(waiting, again_at=NOON + DAY / 48).next_at(NOON) == NOON + DAY / 48


def put(household: Household, **values: datetime) -> None:
    with household.database.writing() as connection:
        connection.execute(history_source.update().values(values))


@pytest.mark.parametrize("column", ["due_at", "again_at"])
def test_a_moment_that_cannot_have_been_planned_holds_nothing_up(
    filled: Callable[[], Household], cloud: Cloud, column: str
) -> None:
    household = filled()
    put(household, due_at=household.clock.now())
    put(household, **{column: household.clock.now() + 400 * DAY})
    cloud.forget_requests()
    tick(household.app)
    assert cloud.asked("sessions") > 0


def test_a_lease_of_a_clock_that_was_ahead_holds_nothing_up(filled: Callable[[], Household], cloud: Cloud) -> None:
    household = filled()
    household.clock.advance(400 * 86400)
    assert fetching.claim(services_of(household.app), "somebody else")
    household.clock.advance(-399 * 86400)
    cloud.forget_requests()
    tick(household.app)
    assert cloud.asked("sessions") > 0


def test_months_that_have_not_come_yet_do_not_end_the_first_fill(household: Household, cloud: Cloud) -> None:
    then = household.clock.now() - 3 * 365 * DAY
    cloud.add_session(then - DAY, then - DAY / 2, 5.0)
    cloud.skew_clock(-(3 * 365 * DAY).total_seconds())  # our clock is three years ahead
    collect_all(household.app)
    with household.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(charge_session)).scalar() == 1


class Later:
    """A background whose work begins when a test says so."""

    def __init__(self) -> None:
        self.work: list[Callable[[], object]] = []

    def start(self, work: Callable[[], object]) -> None:
        self.work.append(work)


def test_a_look_at_the_history_writes_nothing_and_waits_for_no_lock(household: Household, cloud: Cloud) -> None:
    services: Services = services_of(household.app)
    chargers.read_list(services)
    services.background = later = Later()  # type: ignore[assignment]
    written: list[str] = []
    event.listen(
        household.database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_more: written.append(statement),
    )
    with household.database.writing():
        answer = household.carla.get("/history")
    assert answer.status_code == 200
    assert [words for words in written if words.split()[0] in ("INSERT", "UPDATE", "DELETE")] == []
    household.carla.get("/history")
    assert len(later.work) == 1  # one at a time waits for its turn
    cloud.forget_requests()
    later.work.pop()()
    assert cloud.asked("sessions") > 0
    household.clock.advance(seconds=due.LOOKED_AT.total_seconds())
    household.carla.get("/history")
    assert len(later.work) == 1


def test_what_is_asked_next_is_said(filled: Callable[[], Household], cloud: Cloud) -> None:
    household = filled()
    names = {cloud.charger.id: "Garage"}
    now = household.clock.now()
    with household.app.app_context(), household.database.reading() as connection:
        [planned, looked_at] = list(next_requests(connection, names, now))
    assert planned.at is not None and now < planned.at <= now + DAY
    assert planned.why == "Garage: finished sessions"
    assert looked_at.at is None
    put(household, again_at=now + DAY / 48)
    with household.database.writing() as connection:
        connection.execute(history_source.update().values(is_filled=False))
        [filling, _looked_at] = list(next_requests(connection, names, now))
    assert (filling.at, filling.why) == (now + DAY / 48, "Garage: the sessions of earlier months")


def test_nobody_else_fetches_while_somebody_has_the_lease(household: Household, cloud: Cloud) -> None:
    services = services_of(household.app)
    chargers.read_list(services)
    with services.database.writing() as connection:
        assert leases.take(connection, fetching.FETCHING, "somebody else", services.now(), fetching.LEASE)
    cloud.forget_requests()
    tick(household.app)
    assert cloud.asked("sessions") == 0
