import json
from datetime import timedelta

import pytest

from tests.zaptec.charger_clock import CHARGING, OTHER_SESSION, PAUSED, PRESSED, SESSION, THEN, changed, state
from zaptec.charger import ChargerState, Observation
from zaptec.commands import (
    GIVE_UP_AFTER_S,
    Action,
    Baseline,
    Command,
    ResumeOutcome,
    UnderWay,
    had_its_chance,
    keep_achieved,
    outside_change,
    releases_cable,
    resume_outcome,
)


def test_each_action_has_its_command():
    assert {action: int(action.command) for action in Action} == {
        Action.PAUSE: 506,
        Action.RESUME: 507,
        Action.DEAUTHORIZE: 10001,
        Action.RESTART: 102,
    }
    assert {action.command for action in Action} == set(Command)


def test_pause_and_resume_undo_each_other_and_nothing_undoes_the_others():
    assert Action.PAUSE.opposite is Action.RESUME
    assert Action.RESUME.opposite is Action.PAUSE
    assert Action.DEAUTHORIZE.opposite is None
    assert Action.RESTART.opposite is None


def test_the_watch_lasts_a_minute_and_a_restart_five():
    assert dict(GIVE_UP_AFTER_S) == {
        Action.PAUSE: 60,
        Action.RESUME: 60,
        Action.DEAUTHORIZE: 60,
        Action.RESTART: 300,
    }


def test_a_stored_baseline_comes_back_equal(sample):
    baseline = Baseline.from_state(ChargerState.from_json(sample("state-go-charging")))
    assert Baseline.from_record(json.loads(json.dumps(baseline.to_record()))) == baseline
    assert {710, 718, 721, 807, 808, -2, 513} <= set(baseline.state.observations)
    assert 554 not in baseline.state.observations


# No flip-back


@pytest.mark.parametrize(
    ("news", "after_s", "had_it"),
    [
        ({"n513": "7200"}, 59, False),
        ({"n513": "7200"}, 60, True),
        ({"n710": "3"}, 1000, True),
        ({"n201": "31"}, 1000, False),  # a reading that no baseline holds tells of no time at the press
        ({"n718": "1", "n513": "7200"}, 1000, False),  # half of it is done
        ({}, 1000, False),  # news that is late: nothing since the press
    ],
)
def test_a_charger_that_went_on_reporting_has_had_its_chance_to_pause(news, after_s, had_it):
    before = state(CHARGING)
    under_way = UnderWay(Action.PAUSE, PRESSED, Baseline.from_state(before))
    assert had_its_chance(under_way, changed(before, after_s=after_s, **news)) is had_it


def test_a_charger_that_was_away_has_its_chance_from_its_return_on():
    before = state(CHARGING)
    under_way = UnderWay(Action.PAUSE, PRESSED, Baseline.from_state(before))
    back = ChargerState({**before.observations, -2: Observation(-2, "1", THEN + timedelta(hours=2))})
    assert not had_its_chance(under_way, back)
    assert not had_its_chance(under_way, changed(back, after_s=7230, n513="7200"))
    assert had_its_chance(under_way, changed(back, after_s=7260, n513="7200"))


def test_without_times_nothing_is_known_of_a_chance():
    nothing = ChargerState({})
    assert not had_its_chance(UnderWay(Action.PAUSE, PRESSED, Baseline(nothing)), state(CHARGING, after_s=900))
    assert not had_its_chance(UnderWay(Action.PAUSE, PRESSED, Baseline.from_state(state(CHARGING))), nothing)


def test_an_old_copy_does_not_take_back_what_a_command_has_achieved():
    charging = state(CHARGING)
    paused = changed(charging, n718="1", n710="5", n702="9")
    assert keep_achieved(charging, paused).is_paused
    assert keep_achieved(charging, paused).pilot == 9


def test_what_happens_after_a_command_is_believed():
    paused = state(PAUSED)
    resumed_by_somebody = changed(paused, n718="0", n710="2")
    assert keep_achieved(resumed_by_somebody, paused) == resumed_by_somebody


def test_only_what_commands_move_is_held():
    achieved = state(PAUSED | {201: "30"})
    older = state(CHARGING | {201: "29"}, older=(*CHARGING, 201))
    kept = keep_achieved(older, achieved)
    assert (kept.is_paused, kept.text(201)) == (True, "29")


def test_a_reading_that_a_copy_leaves_out_is_held():
    assert keep_achieved(ChargerState({}), state(PAUSED)).is_paused


# What came of a resume


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        ({710: "3", 702: "6", 513: "7200"}, ResumeOutcome.FLOWING),
        ({710: "3", 702: "6", 513: "0"}, None),
        ({710: "3", 702: "9", 513: "0"}, ResumeOutcome.CAR_NOT_ASKING),
        ({710: "2", 702: "9", 708: "16", 510: "16"}, ResumeOutcome.CAR_NOT_ASKING),
        ({710: "5", 702: "9"}, ResumeOutcome.CAR_NOT_ASKING),
        ({710: "2", 702: "9", 708: "0"}, None),
        ({710: "2", 702: "9", 120: "1", 722: None}, None),
        ({710: "2", 702: "9", 120: "1", 722: "nfc-1234"}, ResumeOutcome.CAR_NOT_ASKING),
        ({710: "3", 702: "9", 513: "0", 804: "4"}, None),
        ({710: "5", 702: "9", 804: "4096"}, None),
        ({710: "5", 702: "9", 804: "2"}, ResumeOutcome.CAR_NOT_ASKING),
        ({710: "2", 702: "6"}, None),
        ({710: "1", 702: "12"}, None),
        ({710: "5", 718: "1", 702: "9"}, None),
        ({}, None),
    ],
)
def test_a_confirmed_resume_says_whether_the_car_takes_it_up(texts, outcome):
    assert resume_outcome(state(texts)) is outcome


@pytest.mark.parametrize(("locked", "is_released"), [("0", True), ("1", False), (None, True), ("true", False)])
def test_a_pause_releases_the_cable_unless_it_is_locked_for_good(locked, is_released):
    assert releases_cable(state({151: locked})) is is_released


# Somebody else's


@pytest.mark.parametrize(
    ("before", "texts", "action"),
    [
        (CHARGING, {"n718": "1"}, Action.PAUSE),
        (CHARGING, {"n718": "1", "n710": "5"}, Action.PAUSE),
        (PAUSED, {"n718": "0", "n710": "2"}, Action.RESUME),
        (CHARGING, {}, None),
        (CHARGING, {"n718": "0"}, None),
        (PAUSED, {"n718": "0", "n710": "1"}, None),
        (PAUSED, {"n718": "0", "n710": "6"}, None),
        (PAUSED, {"n718": "0", "n710": "2", "n721": OTHER_SESSION}, None),
        (PAUSED, {"n718": "0", "n710": "2", "n721": None}, None),
        (PAUSED | {721: None}, {"n718": "0", "n710": "2", "n721": SESSION}, None),
        ({**CHARGING, 718: None}, {"n718": "1"}, Action.PAUSE),
    ],
)
def test_a_pause_or_resume_from_elsewhere_is_noticed_within_a_session(before, texts, action):
    before = state(before)
    assert outside_change(before, changed(before, **texts)) is action


def test_an_old_copy_is_no_change_from_elsewhere():
    assert outside_change(state(PAUSED), state(CHARGING, older=(718,))) is None
