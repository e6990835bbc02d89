"""When each command is done: by newer readings of the charger, and by nothing else."""

from datetime import timedelta

import pytest

from tests.zaptec.charger_clock import CHARGING, OTHER_SESSION, PAUSED, PRESSED, SESSION, changed, state
from zaptec.charger import ChargerState
from zaptec.commands import (
    Action,
    Baseline,
    UnderWay,
    is_done,
)


def done(action, before, after, *, after_s=7.0):
    under_way = UnderWay(action, PRESSED, Baseline.from_state(before))
    return is_done(under_way, after, fetched_at=PRESSED + timedelta(seconds=after_s))


@pytest.mark.parametrize(
    ("texts", "is_over"),
    [
        ({"n718": "1"}, False),
        ({"n710": "5"}, False),
        ({"n718": "1", "n710": "5"}, True),
        ({"n718": "1", "n710": "1"}, False),
    ],
)
def test_a_pause_is_done_when_the_charger_has_stopped_because_of_it(texts, is_over):
    before = state(CHARGING)
    assert done(Action.PAUSE, before, changed(before, **texts)) is is_over


@pytest.mark.parametrize(
    ("texts", "is_over"),
    [
        ({"n718": "0"}, False),
        ({"n718": "0", "n710": "2"}, True),
        ({"n718": "0", "n710": "3"}, True),
        ({"n718": "0", "n710": "1"}, False),
        ({"n710": "2"}, False),
    ],
)
def test_a_resume_is_done_when_the_charger_has_let_go(texts, is_over):
    before = state(PAUSED)
    assert done(Action.RESUME, before, changed(before, **texts)) is is_over


def test_an_equal_copy_proves_nothing():
    held = state(CHARGING | {710: "2", 763: "2024-03-09T22:00:00Z"})
    assert not done(Action.RESUME, held, held)


@pytest.mark.parametrize("texts", [{"n763": None}, {"n710": "3"}, {"n718": "0"}, {"n710": "2"}])
def test_a_resume_of_a_scheduled_car_needs_something_newer_than_at_the_press(texts):
    held = state(CHARGING | {710: "2", 763: "2024-03-09T22:00:00Z"})
    assert done(Action.RESUME, held, changed(held, **texts))


def test_a_resume_out_of_a_schedule_that_has_stopped_the_car_is_done_when_it_asks_again():
    held = state(CHARGING | {710: "5", 763: "2024-03-09T22:00:00Z"})
    assert not done(Action.RESUME, held, changed(held, n763=None))
    assert done(Action.RESUME, held, changed(held, n763=None, n710="2"))


def test_an_old_copy_from_an_earlier_pause_confirms_no_new_one():
    resumed = state(CHARGING)
    old_copy = state(PAUSED, older=PAUSED)
    assert not done(Action.PAUSE, resumed, old_copy)
    mixed = changed(old_copy, n710="5")
    assert not done(Action.PAUSE, resumed, mixed)


def test_a_state_read_before_the_press_proves_nothing():
    before = state(CHARGING)
    after = changed(before, n718="1", n710="5")
    assert not done(Action.PAUSE, before, after, after_s=-1)
    assert done(Action.PAUSE, before, after, after_s=0)


def test_without_timestamps_a_changed_text_counts():
    before = ChargerState.from_json([{"StateId": 710, "ValueAsString": "3"}])
    after = ChargerState.from_json([{"StateId": 710, "ValueAsString": "5"}, {"StateId": 718, "ValueAsString": "1"}])
    assert done(Action.PAUSE, before, after)
    assert not done(Action.PAUSE, after, after)


@pytest.mark.parametrize(
    ("mode", "texts", "is_over"),
    [
        ("3", {"n721": None}, True),
        ("3", {"n721": OTHER_SESSION}, True),
        ("3", {"n710": "1"}, True),
        ("3", {"n710": "2"}, True),
        ("3", {"n710": "5"}, True),
        ("3", {"n721": SESSION}, False),
        ("3", {"n710": "3"}, False),
        ("3", {"n710": "0"}, False),
        ("3", {}, False),
        ("5", {"n710": "2"}, False),
        ("5", {"n710": "1"}, True),
        ("2", {"n721": None}, True),
    ],
)
def test_a_deauthorization_is_done_when_the_session_or_the_charging_has_ended(mode, texts, is_over):
    before = state(CHARGING | {710: mode})
    assert done(Action.DEAUTHORIZE, before, changed(before, **texts)) is is_over


def test_an_old_copy_of_another_session_confirms_no_deauthorization():
    before = state(CHARGING)
    assert not done(Action.DEAUTHORIZE, before, state(CHARGING | {721: OTHER_SESSION, 710: "1"}, older=(721, 710)))


@pytest.mark.parametrize(
    ("texts", "after_s", "is_over"),
    [
        ({"n807": "#5 boot"}, 60, True),
        ({"n808": "0d 00h"}, 75, True),
        ({"n807": "#5 boot"}, 59, False),
        ({"n807": "#5 boot", "n-2": "0"}, 90, False),
        ({"n710": "2"}, 90, False),
        ({}, 300, False),
    ],
)
def test_a_restart_is_done_when_the_charger_is_back_and_no_sooner_than_a_minute(texts, after_s, is_over):
    before = state(CHARGING)
    assert done(Action.RESTART, before, changed(before, **texts), after_s=after_s) is is_over
