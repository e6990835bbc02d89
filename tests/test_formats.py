"""How times and numbers are written on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dashboard import formats
from dashboard.charger import chargers
from simulator import Cloud

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def app(make_app, settings, cloud: Cloud) -> Flask:
    """A dashboard of one account with chargers in two countries, and no zone of its own set."""
    away = cloud.add_installation("Cabin", "Europe/Helsinki")
    cloud.add_charger("Cabin", installation=away)
    app = make_app(replace(settings, time_zone=""))
    with app.app_context():
        chargers.read_list(app.extensions["services"], force=True)
    return app


def test_times_about_a_charger_are_told_in_its_own_zone(app: Flask, cloud: Cloud) -> None:
    with app.app_context(), formats.in_zone_of(cloud.charger.id):
        assert formats.clock(NOON) == "13:00"
        with formats.in_zone_of(cloud.chargers[-1].id) as zone:
            assert str(zone) == "Europe/Helsinki" and formats.clock(NOON) == "14:00"
        assert formats.clock(NOON) == "13:00"


def test_a_page_that_breaks_leaves_no_zone_behind(app: Flask, cloud: Cloud) -> None:
    with app.app_context():
        before = formats.clock(NOON)
        for charger in cloud.chargers:
            with pytest.raises(RuntimeError), formats.in_zone_of(charger.id):
                raise RuntimeError
        assert formats.clock(NOON) == before


IMPOSSIBLE = [
    datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC),
    datetime(2014, 12, 31, tzinfo=UTC),
    NOON + timedelta(days=1, seconds=1),
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
]


@pytest.mark.parametrize("moment", IMPOSSIBLE)
def test_what_cannot_have_happened_then_has_no_known_time(app: Flask, moment: datetime) -> None:
    with app.app_context():
        assert formats.moment_past(moment, NOON) == "time not known"
        assert formats.age(moment, NOON) == formats.ago(moment, NOON) == "time not known"


@pytest.mark.parametrize("hours", [12, 23])
def test_nothing_has_happened_tomorrow(app: Flask, hours: int) -> None:
    with app.app_context():
        tomorrow = NOON + timedelta(hours=hours)
        assert formats.moment_near(tomorrow, NOON).startswith("tomorrow")
        assert formats.moment_past(tomorrow, NOON) == formats.second_past(tomorrow, NOON) == "time not known"


@pytest.mark.parametrize(
    ("before", "age"),
    [
        (timedelta(seconds=-3600), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=6), "6 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=4), "4 days"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_an_age_is_told_in_its_largest_sensible_unit(app: Flask, before: timedelta, age: str) -> None:
    with app.app_context():
        assert formats.age(NOON - before, NOON) == age
        assert formats.ago(NOON - before, NOON) == f"{age} ago"
        assert formats.moment_past(NOON - before, NOON) == formats.moment_near(NOON - before, NOON)
        assert formats.second_past(NOON - before, NOON) == formats.second_near(NOON - before, NOON)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-03T17:02", "2026-11-03T19:10", "Tue 3, 18:02 – 20:10"),
        ("2026-11-03T17:02", "2026-11-04T06:10", "Tue 3, 18:02 – Wed 4, 07:10"),
        ("2026-10-31T21:02", "2026-11-01T06:10", "Sat 31 October, 22:02 – Sun 1 November, 07:10"),
        ("2026-02-28T21:02", "2026-03-28T06:10", "Sat 28 February, 22:02 – Sat 28 March, 07:10"),
        ("2025-11-03T17:02", "2026-11-03T19:10", "Mon 3 November 2025, 18:02 – Tue 3 November 2026, 20:10"),
        ("2026-10-25T00:10", "2026-10-25T01:20", "Sun 25, 02:10 summer time – 02:20 winter time"),
        ("2026-10-24T23:59", "2026-10-25T02:00", "Sun 25, 01:59 – 03:00"),
        ("2026-03-29T00:59", "2026-03-29T01:01", "Sun 29, 01:59 – 03:01"),
    ],
)
def test_the_two_ends_of_a_time_are_told_apart(app: Flask, cloud: Cloud, start: str, end: str, words: str) -> None:
    with app.app_context(), formats.in_zone_of(cloud.charger.id):
        begin, until = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (start, end))
        assert formats.span(begin, until) == words


def test_the_hour_that_comes_twice_is_told_apart_wherever_a_time_stands(app: Flask, cloud: Cloud) -> None:
    first, now = datetime(2026, 10, 25, 0, 10, 5, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)
    with app.app_context(), formats.in_zone_of(cloud.charger.id):
        assert formats.clock(first) == "02:10 summer time"
        assert formats.clock(first + timedelta(hours=1)) == "02:10 winter time"
        assert formats.clock_seconds(first + timedelta(hours=1)) == "02:10:05 winter time"
        assert formats.moment_near(first, now) == "yesterday 02:10 summer time"
        assert formats.clock(first + timedelta(hours=2)) == "03:10"


@pytest.mark.parametrize(("micro", "text"), [(-4_000, "0.00"), (0, "0.00"), (-6_000, "-0.01"), (5_000, "0.00")])
def test_no_amount_is_minus_nothing(micro: int, text: str) -> None:
    assert f"{formats.amount(micro, 'EUR'):f}" == text
