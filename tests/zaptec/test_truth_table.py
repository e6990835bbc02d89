"""Each row of the table of situations, and the recorded states."""

import pytest

from tests.zaptec.readings import (
    CHARGING,
    FINISHED,
    NOW,
    PAUSE,
    PAUSED,
    READY,
    REQUESTING,
    RESTART,
    RESUME,
    SCHEDULE,
    find,
)
from zaptec.charger import Charger, ChargerState
from zaptec.situation import Reason, SituationName, situation

# The table: name, readings, situation, pause, resume, main action. A reason stands for a refusal.
ROWS = {
    "offline": (CHARGING | {-2: "0"}, SituationName.OFFLINE, Reason.OFFLINE, Reason.OFFLINE, None),
    "disabled": (CHARGING | {711: "0"}, SituationName.DISABLED, Reason.DISABLED, Reason.DISABLED, None),
    "disabled without a car": (
        READY | {710: "1", 711: "0"},
        SituationName.DISABLED,
        Reason.DISABLED,
        Reason.DISABLED,
        None,
    ),
    "stand-alone": (CHARGING | {712: "1"}, SituationName.STAND_ALONE, None, Reason.ALREADY_CHARGING, None),
    "stand-alone and paused": (PAUSED | {712: "1"}, SituationName.STAND_ALONE, Reason.ALREADY_PAUSED, None, None),
    "stand-alone without a car": (
        READY | {710: "1", 712: "1"},
        SituationName.STAND_ALONE,
        Reason.NOT_PLUGGED_IN,
        Reason.NOT_PLUGGED_IN,
        None,
    ),
    "no car": (
        READY | {710: "1", 718: "1"} | SCHEDULE,
        SituationName.DISCONNECTED,
        Reason.NOT_PLUGGED_IN,
        Reason.NOT_PLUGGED_IN,
        None,
    ),
    "a cable but no car": (
        READY | {710: "1", 714: "32"},
        SituationName.DISCONNECTED,
        Reason.NOT_PLUGGED_IN,
        Reason.NOT_PLUGGED_IN,
        None,
    ),
    "a pause taking effect": (
        CHARGING | {718: "1"},
        SituationName.PAUSING,
        Reason.PAUSE_TAKING_EFFECT,
        Reason.PAUSE_TAKING_EFFECT,
        None,
    ),
    "a pause taking effect before the car charges": (
        REQUESTING | {718: "1"} | SCHEDULE,
        SituationName.PAUSING,
        Reason.PAUSE_TAKING_EFFECT,
        Reason.PAUSE_TAKING_EFFECT,
        None,
    ),
    "charging without current": (
        CHARGING | {708: "0", 702: "9", 513: "0"},
        SituationName.WAITING_POWER,
        None,
        Reason.WAITING_POWER,
        PAUSE,
    ),
    "charging, though the limit is told to be too low": (
        CHARGING | {708: "0"},
        SituationName.CHARGING,
        None,
        Reason.ALREADY_CHARGING,
        PAUSE,
    ),
    "ended without permission": (
        FINISHED | {120: "1", 722: None, 553: "0.000"},
        SituationName.WAITING_AUTHORISATION,
        None,
        Reason.WAITING_AUTHORISATION,
        None,
    ),
    "ended after a charge whose permission is gone": (
        FINISHED | {120: "1", 722: None, 553: "4.1"},
        SituationName.FINISHED,
        None,
        Reason.FINISHED,
        None,
    ),
    "ended for want of current": (
        FINISHED | {708: "0"},
        SituationName.WAITING_POWER,
        None,
        Reason.WAITING_POWER,
        None,
    ),
    "scheduled, no current": (
        FINISHED | {708: "0"} | SCHEDULE,
        SituationName.SCHEDULED,
        None,
        None,
        RESUME,
    ),
    "charging": (CHARGING, SituationName.CHARGING, None, Reason.ALREADY_CHARGING, PAUSE),
    "not drawing": (
        CHARGING | {702: "9", 513: "0"},
        SituationName.NOT_DRAWING,
        None,
        Reason.CAR_NOT_DRAWING,
        PAUSE,
    ),
    "paused": (PAUSED, SituationName.PAUSED, Reason.ALREADY_PAUSED, None, RESUME),
    "paused within a schedule": (PAUSED | SCHEDULE, SituationName.PAUSED, Reason.ALREADY_PAUSED, None, RESUME),
    "scheduled": (FINISHED | SCHEDULE, SituationName.SCHEDULED, None, None, RESUME),
    "finished": (FINISHED, SituationName.FINISHED, None, Reason.FINISHED, None),
    "scheduled, asking": (REQUESTING | SCHEDULE, SituationName.SCHEDULED, None, None, RESUME),
    "scheduled before authorisation": (
        REQUESTING | SCHEDULE | {120: "1"},
        SituationName.SCHEDULED,
        None,
        None,
        RESUME,
    ),
    "waiting for authorisation": (
        REQUESTING | {120: "1", 722: None, 708: "0"},
        SituationName.WAITING_AUTHORISATION,
        None,
        Reason.WAITING_AUTHORISATION,
        None,
    ),
    "waiting for power": (
        REQUESTING | {708: "5.9"},
        SituationName.WAITING_POWER,
        None,
        Reason.WAITING_POWER,
        PAUSE,
    ),
    "waiting for power by its own limit": (
        REQUESTING | {510: "0"},
        SituationName.WAITING_POWER,
        None,
        Reason.LIMIT_TOO_LOW,
        PAUSE,
    ),
    "waiting for the car": (REQUESTING, SituationName.WAITING_CAR, None, Reason.WAITING_CAR, PAUSE),
    "authorised, waiting for the car": (
        REQUESTING | {120: "1", 722: "nfc-1234"},
        SituationName.WAITING_CAR,
        None,
        Reason.WAITING_CAR,
        PAUSE,
    ),
    "mode 0": (READY | {710: "0"}, SituationName.UNKNOWN, Reason.UNKNOWN_MODE, Reason.UNKNOWN_MODE, None),
    "mode 4": (READY | {710: "4"}, SituationName.UNKNOWN, Reason.UNKNOWN_MODE, Reason.UNKNOWN_MODE, None),
    "mode 6": (READY | {710: "6"}, SituationName.UNKNOWN, Reason.UNKNOWN_MODE, Reason.UNKNOWN_MODE, None),
    "mode 6 with a car": (READY | {710: "6", 702: "9"}, SituationName.UNKNOWN, None, None, None),
    "no mode": (READY, SituationName.UNKNOWN, Reason.UNKNOWN_MODE, Reason.UNKNOWN_MODE, None),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_truth_table(row):
    texts, name, pause, resume, main = ROWS[row]
    found = find(texts)
    assert found.name is name
    assert {action: refusal.reason for action, refusal in found.refusals.items() if action in (PAUSE, RESUME)} == {
        action: reason for action, reason in ((PAUSE, pause), (RESUME, resume)) if reason
    }
    assert found.main_action is main
    assert (found.why_not is None) == (main is not None)
    if main is None and resume is not None and name is not SituationName.STAND_ALONE:
        assert found.why_not.reason is resume


@pytest.mark.parametrize(
    ("name", "expected", "main"),
    [
        ("idle", SituationName.DISCONNECTED, None),
        ("requesting", SituationName.WAITING_POWER, PAUSE),
        ("charging", SituationName.CHARGING, PAUSE),
        ("starting", SituationName.WAITING_CAR, PAUSE),
        ("paused", SituationName.PAUSED, RESUME),
        ("finished", SituationName.FINISHED, None),
        ("offline", SituationName.OFFLINE, None),
        ("waiting-authorisation", SituationName.WAITING_AUTHORISATION, None),
        ("scheduled", SituationName.SCHEDULED, RESUME),
    ],
)
def test_each_recorded_state_is_the_situation_it_was_recorded_for(sample, name, expected, main):
    charger = Charger.from_json(sample("charger"))
    found = situation(charger, ChargerState.from_json(sample(f"state-go-{name}")), NOW)
    assert (found.name, found.main_action) == (expected, main)


@pytest.mark.parametrize("row", [row for row in ROWS if row != "offline"])
def test_a_charger_that_can_be_reached_can_be_restarted(row):
    assert find(ROWS[row][0]).allows(RESTART)
