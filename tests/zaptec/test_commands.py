import json
from datetime import UTC, datetime, timedelta

import pytest

from zaptec.charger import ChargerState, Observation
from zaptec.commands import (
    GIVE_UP_AFTER_S,
    Action,
    Baseline,
    Command,
    ResumeOutcome,
    UnderWay,
    had_its_chance,
    is_done,
    keep_achieved,
    outside_change,
    releases_cable,
    resume_outcome,
)

PRESSED = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # by our clock
THEN = datetime(2024, 3, 9, 17, 0, tzinfo=UTC)  # by a charger's clock that is years behind
SESSION, OTHER_SESSION = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
CHARGING = {-2: "1", 702: "6", 710: "3", 718: "0", 721: SESSION, 807: "#4 boot", 808: "0d 01h"}
PAUSED = CHARGING | {702: "9", 710: "5", 718: "1"}


def state(texts, *, after_s=0, older=()):
    """Readings `after_s` after THEN by the charger's clock; those in `older` a minute before THEN."""
    return ChargerState.from_json(
        [
            {
                "StateId": number,
                "ValueAsString": text,
                "Timestamp": (THEN + timedelta(seconds=-60 if number in older else after_s)).isoformat(),
            }
            for number, text in texts.items()
        ]
    )


def changed(before, after_s=5, **texts):
    """`before` with some readings sent anew, `n710="5"`; None takes the value away."""
    news = state({int(name[1:]): text for name, text in texts.items()}, after_s=after_s)
    return ChargerState({**before.observations, **news.observations})


def done(action, before, after, *, after_s=7.0):
    under_way = UnderWay(action, PRESSED, Baseline.from_state(before))
    return is_done(under_way, after, fetched_at=PRESSED + timedelta(seconds=after_s))


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


# Done


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
