"""The weekly plan as a rule about time: random weeks in every zone, and the edges by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.plan.week import Week, Window, moment, next_time
from tests.plan.conftest import OSLO, at
from tests.plan.weeks import ODD, WEEKS, ZONES

ALWAYS = Window(frozenset(range(7)), 0, 1440)
EVERY_NIGHT = Window(frozenset(range(7)), 23 * 60, 6 * 60)
MOMENTS = st.integers(0, 13 * 365 * 86400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@settings(max_examples=300, deadline=None)
@given(WEEKS, MOMENTS, st.data())
def test_the_next_change_is_the_first_moment_at_which_the_state_differs(week, now, data):
    change = week.next_change(now)
    before = week.is_open(now)
    end = change or now + timedelta(days=15)
    if change is not None:
        assert change > now
        assert week.is_open(change) is not before
        assert week.is_open(change - timedelta(microseconds=1)) is before
    span = (end - now) / timedelta(microseconds=1)
    for part in data.draw(st.lists(st.floats(0, 1, exclude_max=True), min_size=5, max_size=5)):
        assert week.is_open(now + timedelta(microseconds=int(span * part))) is before


@settings(max_examples=100, deadline=None)
@given(WEEKS, MOMENTS, st.lists(st.integers(1, 200), min_size=1, max_size=6))
def test_however_time_is_cut_no_change_is_lost_or_seen_twice(week, start, hours):
    end = start
    found = []
    for piece in hours:
        found += week.changes(end, end + timedelta(hours=piece))
        end += timedelta(hours=piece)
    assert found == sorted(set(found))
    assert found[-100:] == week.changes(start, end)  # of a long time the latest hundred
    states = [week.is_open(start), *(week.is_open(change) for change in found)]
    assert all(one is not other for one, other in pairwise(states))


@settings(max_examples=200, deadline=None)
@given(WEEKS, MOMENTS)
def test_on_days_without_a_clock_change_the_rows_mean_what_the_clock_shows(week, now):
    here = now.astimezone(week.zone)
    around = {(now + timedelta(hours=hours)).astimezone(week.zone).utcoffset() for hours in range(-50, 51)}
    if len(around) > 1:
        return
    minute = here.hour * 60 + here.minute
    expected = any(
        (here.weekday() in one.days and one.start <= minute < one.last_minute)
        or ((here.weekday() - 1) % 7 in one.days and minute < one.last_minute - 1440)
        for one in week.windows
    )
    assert week.is_open(now) is expected


@given(WEEKS)
def test_a_week_survives_being_kept(week):
    assert Week.from_text(week.to_text(), week.zone) == week


@settings(max_examples=200)
@given(st.integers(0, 1439), MOMENTS, ZONES)
def test_the_next_time_comes_within_a_day_and_is_the_first(minutes, now, zone):
    found = next_time(minutes, now, zone)
    assert now < found <= now + timedelta(hours=26)
    here = found.astimezone(zone)
    shown = here.hour * 60 + here.minute
    assert shown >= minutes  # later only where the clock leaves the time out


def test_a_time_that_does_not_exist_means_when_the_clock_goes_forward():
    assert moment(date(2027, 3, 28), 150, OSLO) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert moment(date(2027, 3, 28), 150, OSLO).astimezone(OSLO).strftime("%H:%M") == "03:00"


def test_a_time_that_comes_twice_means_the_first():
    assert moment(date(2026, 10, 25), 150, OSLO) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_half_an_hour_of_summer_time_is_left_out_as_exactly():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert moment(date(2026, 10, 4), 135, lord_howe).astimezone(lord_howe).strftime("%H:%M") == "02:30"


def test_a_window_in_the_hour_that_is_left_out_does_not_open_and_the_one_after_is_still_found():
    week = Week((Window(frozenset({6}), 130, 170),), OSLO)
    assert week.next_change(at("2027-03-22T12:00")) == at("2027-04-04T02:10")
    assert not week.is_open(at("2027-03-28T03:00"))


def test_a_window_in_the_hour_that_comes_twice_opens_once():
    week = Week((Window(frozenset({6}), 135, 165),), OSLO)
    changes = week.changes(at("2026-10-24T12:00"), at("2026-10-26T12:00"))
    assert changes == [datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)]


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ODD])
def test_every_day_from_midnight_to_midnight_is_always_open_and_never_changes(zone):
    for window in (ALWAYS, Window(frozenset(range(7)), 600, 600)):
        week = Week((window,), zone)
        for month in range(1, 13):
            now = datetime(2026, month, 28, 23, 59, tzinfo=UTC)
            assert week.is_open(now) and week.next_change(now) is None
            assert week.next_opening(now) == (now, None)


def test_an_empty_week_is_never_open():
    week = Week((), OSLO)
    now = at("2026-11-20T18:00")
    assert not week.is_open(now) and week.next_change(now) is None and week.next_opening(now) is None


def test_rows_that_touch_or_overlap_make_one_opening():
    rows = (
        Window(frozenset({4}), 18 * 60, 20 * 60),
        Window(frozenset({4}), 20 * 60, 1440),
        Window(frozenset({5}), 0, 120),
        Window(frozenset({5}), 60, 240),
    )
    assert Week(rows, OSLO).changes(at("2026-11-20T12:00"), at("2026-11-23T12:00")) == [
        at("2026-11-20T18:00"),
        at("2026-11-21T04:00"),
    ]


def test_a_night_goes_over_the_end_of_february_in_a_leap_year():
    week = Week((Window(frozenset({1}), 23 * 60, 6 * 60),), OSLO)  # 29 February 2028 is a Tuesday
    assert week.changes(at("2028-02-29T12:00"), at("2028-03-05T12:00")) == [
        at("2028-02-29T23:00"),
        at("2028-03-01T06:00"),
    ]


def test_sunday_night_ends_on_monday():
    week = Week((Window(frozenset({6}), 22 * 60, 5 * 60),), OSLO)
    assert week.is_open(at("2026-11-23T04:59")) and not week.is_open(at("2026-11-24T04:59"))


def test_another_zone_moves_the_changes():
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert Week((EVERY_NIGHT,), OSLO).next_change(now) == datetime(2026, 11, 20, 22, tzinfo=UTC)
    assert Week((EVERY_NIGHT,), ZoneInfo("Asia/Tokyo")).next_change(now) == datetime(2026, 11, 20, 14, tzinfo=UTC)
