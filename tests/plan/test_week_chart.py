"""The picture of the coming days draws what will happen, today first."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.plan.rules import ActiveRules, PersonsPress, Timer, TimerKind
from dashboard.plan.week import MINUTES_A_DAY, Week, Window
from dashboard.plan.week_chart import BarKind, has_gaps, rows
from tests.conftest import words_of
from tests.plan.conftest import OSLO, at
from tests.plan.weeks import WEEKS
from zaptec.commands import Action

NIGHTS = Week((Window(frozenset(range(7)), 23 * 60, 6 * 60),), OSLO)
NOTHING = Week((), OSLO)
FRIDAY_EVENING = at("2026-11-20T18:00")
OPEN, LEFT_OUT, OFF = BarKind.OPEN, BarKind.LEFT_OUT, BarKind.OFF


def drawn(rules: ActiveRules, week: Week, now: datetime = FRIDAY_EVENING):
    """Of each day the bars, from which hour to which."""
    days = [row.bars for row in rows(rules, week, now)]
    return [[(bar.x / 60, (bar.x + bar.width) / 60, bar.kind) for bar in bars] for bars in days]


def timer(kind: TimerKind, begins: str, ends: str) -> Timer:
    return Timer(1, kind, FRIDAY_EVENING, at(begins), at(ends), "Ben")


def test_today_is_first_and_what_is_over_is_not_drawn():
    shown = rows(ActiveRules(NIGHTS), NIGHTS, FRIDAY_EVENING)
    assert [row.day for row in shown] == [4, 5, 6, 0, 1, 2, 3]
    assert [row.now for row in shown] == [18 * 60] + [None] * 6
    days = drawn(ActiveRules(NIGHTS), NIGHTS)
    assert days[0] == [(23, 24, OPEN)]
    assert all(day == [(0, 6, OPEN), (23, 24, OPEN)] for day in days[1:])
    assert drawn(ActiveRules(NIGHTS), NIGHTS, at("2026-11-20T03:00"))[0] == [(3, 6, OPEN), (23, 24, OPEN)]


def test_with_nothing_to_draw_there_is_no_picture():
    assert rows(ActiveRules(), NOTHING, FRIDAY_EVENING) == []
    pause = timer(TimerKind.PAUSE, "2026-11-20T18:00", "2026-11-20T20:00")
    assert rows(ActiveRules(None, (pause,)), NOTHING, FRIDAY_EVENING) == []


def test_a_plan_that_is_off_is_drawn_as_outlines_and_a_single_charge_beside_it_as_what_happens():
    assert drawn(ActiveRules(), NIGHTS)[:2] == [[(23, 24, OFF)], [(0, 6, OFF), (23, 24, OFF)]]
    once = timer(TimerKind.CHARGE, "2026-11-20T23:00", "2026-11-21T03:00")
    assert drawn(ActiveRules(None, (once,)), NIGHTS)[:2] == [
        [(23, 24, OPEN)],
        [(0, 3, OPEN), (3, 6, OFF), (23, 24, OFF)],
    ]


def test_a_skipped_night_is_left_out_and_so_is_what_a_pause_takes_away():
    skip = timer(TimerKind.SKIP, "2026-11-20T23:00", "2026-11-21T06:00")
    assert drawn(ActiveRules(NIGHTS, (skip,)), NIGHTS)[:2] == [
        [(23, 24, LEFT_OUT)],
        [(0, 6, LEFT_OUT), (23, 24, OPEN)],
    ]
    pause = timer(TimerKind.PAUSE, "2026-11-20T18:00", "2026-11-21T01:00")
    days = drawn(ActiveRules(NIGHTS, (pause,)), NIGHTS)
    assert days[1] == [(0, 1, LEFT_OUT), (1, 6, OPEN), (23, 24, OPEN)]
    assert has_gaps(rows(ActiveRules(NIGHTS, (skip,)), NIGHTS, FRIDAY_EVENING))
    assert not has_gaps(rows(ActiveRules(NIGHTS), NIGHTS, FRIDAY_EVENING))


def test_what_somebody_started_by_hand_is_drawn_until_the_plan_pauses_it():
    pressed = PersonsPress(Action.RESUME, FRIDAY_EVENING - timedelta(minutes=5), "Anna")
    assert drawn(ActiveRules(NIGHTS, (), pressed), NIGHTS)[0] == [(18, 24, OPEN)]


def test_the_day_on_which_the_clock_changes_is_drawn_as_the_clock_shows_it():
    for day in ("2027-03-27", "2027-10-30"):
        assert drawn(ActiveRules(NIGHTS), NIGHTS, at(f"{day}T18:00"))[1] == [(0, 6, OPEN), (23, 24, OPEN)]


@settings(max_examples=60, deadline=None)
@given(WEEKS, st.integers(0, 365 * 24).map(lambda hours: FRIDAY_EVENING + timedelta(hours=hours)))
def test_no_bar_leaves_its_day_and_a_plan_alone_has_no_gaps(week, now):
    shown = rows(ActiveRules(week), week, now)
    assert len(shown) in (0, 7)
    for row in shown:
        assert all(bar.x >= 0 and bar.width > 0 for bar in row.bars)
        assert all(bar.x + bar.width <= MINUTES_A_DAY + 1 and bar.kind is OPEN for bar in row.bars)


def test_a_zone_far_away_has_its_own_today():
    week = Week(NIGHTS.windows, ZoneInfo("Pacific/Auckland"))
    assert rows(ActiveRules(week), week, FRIDAY_EVENING)[0].day == 5


def test_the_week_is_a_picture_with_words_and_now_marked(home):
    home.save(days="01234")
    page = home.people.carla.get("/plan").text
    assert page.count('class="open"') == 9  # this Friday's evening to next Thursday's
    assert page.count('class="now"') == 1
    assert "<title" in page and "Weekly plan: Mon–Fri 23:00–06:00." in page
    assert "style=" not in page and "<script" not in page.split("</main>")[0].split("<main")[1]


def test_a_skipped_night_is_hatched_and_a_plan_that_is_off_drawn_as_outlines(home):
    home.save()
    home.post(home.people.ben, "skip")
    page = home.people.carla.get("/plan")
    assert page.text.count('class="left-out"') == 2
    assert "Weekly plan: every day 23:00–06:00. Hatched: left out." in words_of(page)
    home.save(on="")
    page = home.people.carla.get("/plan")
    assert page.text.count('class="off"') == 13 and 'class="open"' not in page.text
    assert "Outlined, because the plan is off: every day 23:00–06:00." in words_of(page)


def test_a_single_charge_is_drawn_without_a_plan_too(home):
    home.people.ben.post("/plan/once", data={"charger": home.id, "start": "23:00", "end": "06:00"})
    assert home.people.carla.get("/plan").text.count('class="open"') == 2
