"""The clock: it sleeps until something is planned, and looks at once when somebody plans something sooner."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import dashboard.clock
from dashboard.clock import AFTER_A_FAILURE_S, AT_THE_LATEST_S, AT_THE_SOONEST_S, Clock, Job
from simulator import ManualClock
from tests.conftest import Household

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock(lambda: NOW)
    yield clock
    clock.stop()


@pytest.mark.parametrize(
    ("wishes", "pause"),
    [
        ([], AT_THE_LATEST_S),
        ([None, None], AT_THE_LATEST_S),
        ([12.5, None, 20], 12.5),
        ([86400], AT_THE_LATEST_S),
        ([-3], AT_THE_SOONEST_S),
    ],
)
def test_it_sleeps_until_the_soonest_that_is_planned_and_half_a_minute_at_most(
    clock: Clock, wishes: list[float | None], pause: float
) -> None:
    clock.jobs += [Job("any", lambda wish=wish: wish) for wish in wishes]
    assert clock.tick() == pause


def test_what_has_failed_is_tried_again_soon_and_the_others_are_done(clock: Clock) -> None:
    done: list[str] = []
    clock.jobs += [Job("fails", lambda: 1 / 0), Job("works", lambda: done.append("works"))]
    assert clock.tick() == AFTER_A_FAILURE_S
    assert done == ["works"]


def test_a_job_of_every_hour_is_left_out_in_between_and_done_after_the_clock_was_set_back() -> None:
    time, done = ManualClock(), []
    clock = Clock(time.now, jobs=[Job("hourly", lambda: done.append(time.now()), every=timedelta(hours=1))])
    for seconds in (0, 1800, 1799, 1, -86400):
        time.advance(seconds=seconds)
        clock.tick()
    assert len(done) == 3


def test_whoever_plans_something_wakes_it(clock: Clock) -> None:
    ticks: list[int] = []
    ticked = threading.Event()

    def count() -> None:
        ticks.append(1)
        ticked.set()

    clock.jobs.append(Job("any", count))
    clock.start()
    for number in range(1, 5):
        assert ticked.wait(20)  # half a minute, if nobody woke it
        assert len(ticks) >= number
        ticked.clear()
        clock.wake()


def test_a_wish_during_a_tick_is_not_lost(clock: Clock) -> None:
    ticks: list[int] = []
    ticked_again = threading.Event()

    def count() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            clock.wake()
        else:
            ticked_again.set()

    clock.jobs.append(Job("any", count))
    clock.start()
    assert ticked_again.wait(20)


def test_a_burst_of_wishes_is_one_tick(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard.clock, "AT_THE_SOONEST_S", 3600)
    ticks: list[int] = []
    ticked = threading.Event()

    def count() -> None:
        ticks.append(1)
        clock.wake()
        ticked.set()

    clock.jobs.append(Job("any", count))
    clock.start()
    assert ticked.wait(20)
    clock.stop()
    assert len(ticks) == 1


def test_a_stop_does_not_wait_for_the_next_tick(clock: Clock) -> None:
    ticked = threading.Event()
    clock.jobs.append(Job("any", ticked.set))
    clock.start()
    assert ticked.wait(20)
    clock.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "clock"]


def test_what_is_saved_on_a_page_wakes_it_and_a_look_does_not(household: Household) -> None:
    clock = household.app.extensions["services"].clock
    clock.alarm.clear()
    household.anna.get("/plan")
    assert not clock.alarm.is_set()
    household.anna.post("/plan")
    assert clock.alarm.is_set()
