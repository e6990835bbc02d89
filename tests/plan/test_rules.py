"""Who rules, and what happens next: person, timer, exception, plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.plan.rules import ActiveRules, Cause, PersonsPress, Ruler, Timer, TimerKind
from dashboard.plan.week import Week, Window
from tests.plan.weeks import WEEKS
from zaptec.commands import Action

OSLO = ZoneInfo("Europe/Oslo")
NIGHTS = Week((Window(frozenset(range(7)), 23 * 60, 6 * 60),), OSLO)
BASE = datetime(2026, 11, 20, tzinfo=OSLO)


def at(hours: float) -> datetime:
    """Hours after the midnight before Friday, 20 November 2026."""
    return (BASE + timedelta(hours=hours)).astimezone(UTC)


def pause(start: float, end: float) -> Timer:
    return Timer(1, TimerKind.PAUSE, at(start), at(start), at(end), "Ben")


def charge(set_at: float, start: float, end: float) -> Timer:
    return Timer(2, TimerKind.CHARGE, at(set_at), at(start), at(end), "Ben")


def test_the_plan_wants_what_its_rows_say():
    assert ActiveRules(NIGHTS).rule_without_person(at(22)).is_open is False
    assert ActiveRules(NIGHTS).rule_without_person(at(23)).is_open is True


def test_a_pause_outranks_the_plan_that_opens_meanwhile():
    rules = ActiveRules(NIGHTS, (pause(22, 24),))
    assert rules.wants(Cause.EDGE, True, at(23)).ruler is Ruler.TIMER
    assert rules.wants(Cause.EDGE, True, at(23)).is_open is False
    assert rules.wants(Cause.END, True, at(24), pause(22, 24)).is_open is True


def test_a_pause_that_ends_after_the_plan_has_closed_stays_paused():
    timer = pause(25, 31)
    assert ActiveRules(NIGHTS, (timer,)).wants(Cause.END, True, at(31), timer).is_open is False


def test_a_pause_within_a_closed_window_goes_on_as_promised():
    timer = pause(14, 16)
    rule = ActiveRules(NIGHTS, (timer,)).wants(Cause.END, True, at(16), timer)
    assert rule.is_open is True and rule.ruler is Ruler.TIMER


def test_a_single_charge_holds_the_car_back_before_unless_a_plan_rules_until_then():
    timer = charge(18, 40, 42)
    assert ActiveRules(None, (timer,)).rule_without_person(at(20)).is_open is False
    assert ActiveRules(NIGHTS, (timer,)).rule_without_person(at(23.5)).ruler is Ruler.PLAN


def test_after_a_single_charge_the_plan_takes_over_if_it_changed_meanwhile():
    timer = charge(18, 21, 25)
    assert ActiveRules(NIGHTS, (timer,)).wants(Cause.END, False, at(25), timer).is_open is True
    short = charge(18, 24, 25)
    assert ActiveRules(NIGHTS, (short,)).wants(Cause.END, False, at(25), short).is_open is False
    assert ActiveRules(None, (timer,)).wants(Cause.END, False, at(25), timer).is_open is False


def test_a_skipped_night_stays_closed_and_the_next_one_opens():
    skip = Timer(3, TimerKind.SKIP, at(20), at(23), at(30), "Ben")
    rules = ActiveRules(NIGHTS, (skip,))
    assert rules.wants(Cause.EDGE, True, at(23)).ruler is Ruler.EXCEPTION
    assert rules.next_change(at(20), False).at == at(47)


def test_what_older_versions_called_charge_now_lasts_until_the_next_change():
    now = Timer(3, TimerKind.CHARGE_NOW, at(20), at(20), at(23), "Ben")
    assert ActiveRules(NIGHTS, (now,)).rule_without_person(at(21)).is_open is True
    assert ActiveRules(NIGHTS, (now,)).next_change(at(21), True).at == at(30)


def test_a_persons_press_rules_until_the_next_change():
    rules = ActiveRules(NIGHTS, (), PersonsPress(Action.RESUME, at(20), "Anna"))
    assert rules.rule_at(at(22)).ruler is Ruler.PERSON
    assert rules.rule_at(at(23)).ruler is Ruler.PLAN


def test_a_plan_that_is_saved_rules_at_once_and_a_press_after_it_until_its_next_change():
    before, after = PersonsPress(Action.RESUME, at(20), "Anna"), PersonsPress(Action.RESUME, at(21), "Anna")
    assert ActiveRules(NIGHTS, (), before, saved_at=at(20.5)).rule_at(at(22)).ruler is Ruler.PLAN
    assert ActiveRules(NIGHTS, (), after, saved_at=at(20.5)).rule_at(at(22)).ruler is Ruler.PERSON
    assert ActiveRules(None, (), before, saved_at=at(20.5)).rule_at(at(22)).ruler is Ruler.PERSON


def test_a_pause_that_ends_after_a_plan_was_saved_does_what_the_plan_says():
    timer = pause(14, 16)
    assert ActiveRules(NIGHTS, (timer,), saved_at=at(15)).wants(Cause.END, True, at(16), timer).is_open is False


def test_who_lets_go_has_ended_the_pause():
    rules = ActiveRules(None, (pause(18, 22),), PersonsPress(Action.RESUME, at(19), "Anna")).current
    assert rules.timers == () and rules.rule_at(at(19)).ruler is Ruler.PERSON


def test_a_pause_over_the_start_of_a_charge_lets_it_begin_afterwards():
    rules = ActiveRules(None, (pause(20, 23.5), charge(18, 23, 27)))
    assert rules.wants(Cause.START, True, at(23), charge(18, 23, 27)).is_open is False
    assert rules.wants(Cause.END, True, at(23.5), pause(20, 23.5)).is_open is True


HOURS = st.integers(0, 60).map(float)


@st.composite
def timers(draw):
    found = []
    if draw(st.booleans()):
        start = draw(HOURS)
        found.append(pause(start, start + draw(st.integers(1, 30))))
    if draw(st.booleans()):
        start = draw(HOURS)
        found.append(charge(0, start, start + draw(st.integers(1, 24))))
    return tuple(found)


@settings(max_examples=100, deadline=None)
@given(WEEKS, timers(), HOURS)
def test_what_is_announced_next_is_what_the_rules_want_then(week, some, now):
    live = tuple(one for one in some if one.ends_at > at(now))
    for has_plan in (True, False):
        rules = ActiveRules(week if has_plan else None, live)
        announced = rules.changes(at(now))
        assert announced == sorted(announced, key=lambda one: one.at)
        for change in announced:
            assert change.at > at(now)
            over = [one for one in live if one.ends_at == change.at]
            if not over:
                assert rules.rule_without_person(change.at).is_open is change.is_open
