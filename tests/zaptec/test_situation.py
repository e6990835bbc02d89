from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaptec.charger import AccountRole, Charger, ChargerState, Family, OperationMode
from zaptec.commands import Action, Baseline, UnderWay
from zaptec.situation import Reason, Refusal, Remedy, SituationName, situation

NOW = datetime(2024, 3, 9, 18, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=2)
GO = Charger.from_json({"Id": "go", "DeviceType": 4, "CurrentUserRoles": 3})
PRO = Charger.from_json({"Id": "pro", "DeviceType": 1, "CurrentUserRoles": 3})
PAUSE, RESUME, DEAUTHORIZE, RESTART = Action

READY = {-2: "1", 711: "1", 712: "0", 718: "0", 120: "0", 708: "16", 510: "16"}
REQUESTING = READY | {710: "2", 702: "9", 513: "0"}
CHARGING = READY | {710: "3", 702: "6", 513: "7200"}
FINISHED = READY | {710: "5", 702: "9", 513: "0"}
PAUSED = FINISHED | {718: "1"}
SCHEDULE = {763: "2024-03-09T22:00:00Z"}


def state(texts, at=None):
    """Readings of long ago, except those whose time is given in `at`."""
    return ChargerState.from_json(
        [
            {
                "StateId": number,
                "ValueAsString": text,
                "Timestamp": (at or {}).get(number, LONG_AGO).isoformat(),
            }
            for number, text in texts.items()
        ]
    )


def find(texts, charger=GO, at=None, command=None):
    return situation(charger, state(texts, at), NOW, command)


def without(texts, *ids):
    return {number: text for number, text in texts.items() if number not in ids}


def under_way(action, before, seconds=5):
    return UnderWay(action, NOW - timedelta(seconds=seconds), Baseline.from_state(state(before)))


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


# No access, no data


def test_a_mere_user_has_no_access_and_still_sees_what_the_list_says():
    user = Charger.from_json(
        {"Id": "a", "DeviceType": 4, "CurrentUserRoles": 1, "OperatingMode": 3, "IsOnline": True}
    )
    found = situation(user, None, NOW)
    assert found.name is SituationName.NO_ACCESS
    assert found.why_not == Refusal(Reason.NO_ACCESS, Remedy.ASK_OWNER)
    assert [(reading.id, reading.text, reading.at) for reading in found.evidence] == [
        (-2, "1", None),
        (710, "3", None),
    ]
    assert set(found.refusals) == set(Action)


def test_what_was_read_before_the_role_was_lost_is_not_used():
    found = situation(replace(GO, roles=AccountRole.USER), state(PAUSED | {804: "262144"}), NOW)
    assert (found.name, found.evidence, found.warnings) == (SituationName.NO_ACCESS, (), ())


def test_zaptecs_refusal_counts_more_than_the_roles_in_the_list():
    found = situation(replace(GO, is_online=True), state(CHARGING), NOW, is_forbidden=True)
    assert (found.name, found.evidence[0].text) == (SituationName.NO_ACCESS, "1")
    assert set(found.refusals) == set(Action)


@pytest.mark.parametrize(
    "roles", [None, AccountRole.OWNER, AccountRole.SERVICE, AccountRole.USER | AccountRole.OWNER]
)
def test_owners_service_and_unnamed_roles_have_access(roles):
    assert situation(replace(GO, roles=roles), state(CHARGING), NOW).name is SituationName.CHARGING


@pytest.mark.parametrize("observations", [None, ChargerState({})])
def test_before_the_first_reading_there_is_no_data(observations):
    listed = replace(GO, is_online=True, operation_mode=OperationMode.CONNECTED_FINISHED)
    found = situation(listed, observations, NOW)
    assert found.name is SituationName.NO_DATA
    assert found.why_not == Refusal(Reason.NO_DATA, Remedy.WAIT)
    assert [reading.text for reading in found.evidence] == ["1", "5"]
    assert set(found.refusals) == set(Action)
    assert found.since is None


# Missing values


@pytest.mark.parametrize(
    ("texts", "listed", "name"),
    [
        (without(CHARGING, 711), {}, SituationName.CHARGING),
        (without(CHARGING, 712), {}, SituationName.CHARGING),
        (without(CHARGING, 718), {}, SituationName.CHARGING),
        (without(FINISHED, 718), {}, SituationName.FINISHED),
        (FINISHED | {763: None}, {}, SituationName.FINISHED),
        (FINISHED | {763: " "}, {}, SituationName.FINISHED),
        (without(CHARGING, -2), {"is_online": True}, SituationName.CHARGING),
        (without(CHARGING, -2), {"is_online": False}, SituationName.OFFLINE),
        (without(CHARGING, -2), {"is_online": None}, SituationName.CHARGING),
        (CHARGING, {"is_online": False}, SituationName.CHARGING),
        (without(REQUESTING, 120), {"is_authorisation_required": True}, SituationName.WAITING_AUTHORISATION),
        (without(REQUESTING, 120), {"is_authorisation_required": None}, SituationName.WAITING_CAR),
        (REQUESTING, {"is_authorisation_required": True}, SituationName.WAITING_CAR),
        (without(REQUESTING, 708, 510), {}, SituationName.WAITING_CAR),
        (without(CHARGING, 710), {"operation_mode": OperationMode.CONNECTED_CHARGING}, SituationName.UNKNOWN),
    ],
)
def test_a_missing_value_is_taken_as_unremarkable_or_from_the_list(texts, listed, name):
    assert situation(replace(GO, **listed), state(texts), NOW).name is name


def test_where_the_list_stands_in_the_evidence_has_no_time():
    found = situation(replace(GO, is_online=False), state(without(CHARGING, -2)), NOW)
    assert (found.evidence[0].id, found.evidence[0].text, found.evidence[0].at) == (-2, "0", None)
    assert found.since is None


# Not drawing


JUST_NOW = NOW - timedelta(seconds=119)


@pytest.mark.parametrize("number", [702, 513, 710])
def test_a_car_counts_as_not_drawing_only_after_two_minutes(number):
    idle = CHARGING | {702: "9", 513: "0.000"}
    assert find(idle, at={number: JUST_NOW}).name is SituationName.CHARGING
    since = NOW - timedelta(seconds=121)
    found = find(idle, at={number: since})
    assert (found.name, found.since) == (SituationName.NOT_DRAWING, since)


@pytest.mark.parametrize("texts", [{702: "9", 513: "3700"}, {702: "6", 513: "0"}, {513: "0", 702: None}])
def test_a_car_that_draws_or_asks_is_charging(texts):
    assert find(CHARGING | texts).name is SituationName.CHARGING


def test_metering_noise_is_no_power():
    assert find(CHARGING | {702: "9", 513: "3.2"}).name is SituationName.NOT_DRAWING
    assert find(without(CHARGING, 513) | {702: "9"}).name is SituationName.NOT_DRAWING


# The car's own timer


PLUGGED_IN = NOW - timedelta(hours=6)
TIMER = FINISHED | {721: "00000000-0000-4000-8000-000000000002", 553: "0.04"}


@pytest.mark.parametrize(
    ("texts", "ended_after", "reason"),
    [
        (TIMER, timedelta(minutes=3), Reason.CAR_TIMER),
        (TIMER | {553: "0.1"}, timedelta(minutes=3), Reason.FINISHED),
        (without(TIMER, 553), timedelta(minutes=3), Reason.FINISHED),
        (TIMER | {721: None}, timedelta(minutes=3), Reason.FINISHED),
        (TIMER, timedelta(minutes=31), Reason.FINISHED),
    ],
)
def test_a_car_that_stops_at_once_follows_its_own_timer(texts, ended_after, reason):
    found = find(texts, at={721: PLUGGED_IN, 710: PLUGGED_IN + ended_after})
    assert (found.name, found.why_not.reason) == (SituationName.FINISHED, reason)
    assert found.allows(PAUSE)


# Schedules


def test_a_schedule_says_when_it_lets_go():
    assert find(FINISHED | SCHEDULE).next_change_at == datetime(2024, 3, 9, 22, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2024-03-09T17:59:00Z", "soon"])
def test_a_schedule_holds_as_long_as_it_is_set_even_when_its_time_has_passed(text):
    found = find(FINISHED | {763: text})
    assert (found.name, found.next_change_at) == (SituationName.SCHEDULED, None)
    assert found.allows(RESUME)


def test_a_schedule_that_holds_nothing_back_is_not_announced():
    assert find(CHARGING | SCHEDULE).next_change_at is None


# Firmware


@pytest.mark.parametrize("firmware", ["3.2", "3.2.0.0", "3.1.9", "2.0.4.6", "3"])
def test_an_old_pro_can_neither_pause_nor_resume(firmware):
    charging = find(CHARGING | {911: firmware}, PRO)
    assert charging.name is SituationName.CHARGING
    assert charging.why_not == Refusal(Reason.FIRMWARE_TOO_OLD, Remedy.UPDATE_FIRMWARE)
    paused = find(PAUSED | {911: firmware}, PRO)
    assert paused.why_not.reason is Reason.FIRMWARE_TOO_OLD
    assert paused.refusals[PAUSE].reason is Reason.ALREADY_PAUSED
    assert paused.allows(DEAUTHORIZE)


@pytest.mark.parametrize(
    ("charger", "firmware"),
    [(PRO, "3.2.1"), (PRO, "3.10"), (PRO, "4.0.0.1"), (PRO, "beta"), (PRO, None), (GO, "2.0")],
)
def test_a_newer_pro_and_any_go_can_pause(charger, firmware):
    assert find(CHARGING | {911: firmware}, charger).main_action is PAUSE


# Warnings


RELAY_STUCK = str(2**49)


@pytest.mark.parametrize(
    "texts", [CHARGING, PAUSED, FINISHED | SCHEDULE, REQUESTING, READY | {710: "1"}, CHARGING | {-2: "0"}]
)
def test_advice_to_stop_using_it_takes_the_buttons_place(texts):
    found = find(texts | {804: RELAY_STUCK})
    assert found.name is find(texts).name
    assert (found.is_unsafe, found.warnings) == (True, ("RELAY_WELDED",))
    assert found.main_action is None
    assert found.why_not == Refusal(Reason.UNSAFE, Remedy.STOP_USING)
    assert not found.allows(RESUME)
    assert 804 in [reading.id for reading in found.evidence]


def test_stopping_stays_possible_on_an_unsafe_charger():
    found = find(CHARGING | {804: RELAY_STUCK})
    assert found.allows(PAUSE)
    assert found.allows(DEAUTHORIZE)


def test_the_advice_stays_while_a_command_is_under_way():
    found = find(CHARGING | {804: RELAY_STUCK}, command=under_way(RESTART, CHARGING))
    assert found.why_not.reason is Reason.UNSAFE


def test_a_warning_stands_beside_the_state():
    found = find(CHARGING | {804: "2"})
    assert (found.warnings, found.is_unsafe, found.main_action) == (("TEMPERATURE",), False, PAUSE)


def test_a_restart_alarms_nobody():
    assert find(CHARGING | {804: "1024"}).warnings == ()


def test_the_family_decides_what_a_warning_means():
    assert find(CHARGING | {804: "128"}, PRO).is_unsafe
    assert find(CHARGING | {804: "128"}, GO).warnings == ("LOW_LEVEL_12V",)


def test_notifications_are_no_warnings():
    assert find(CHARGING | {803: "1179648"}).warnings == ()


# Silence


@pytest.mark.parametrize(
    ("texts", "age_s", "is_silent"),
    [
        ({147: "180", -1: None}, 539, False),
        ({147: "180", -1: None}, 541, True),
        ({147: "600", -1: None}, 1799, False),
        ({147: "600", -1: None}, 1801, True),
        ({-1: None}, 5399, False),
        ({-1: None}, 5401, True),
        ({147: "0", -1: None}, 5399, False),
        ({147: "999999", -1: None}, 5401, False),
        ({147: "9" * 30, -1: None}, 5401, True),
        ({}, 5401, False),
    ],
)
def test_a_charger_is_silent_when_three_heartbeats_are_overdue(texts, age_s, is_silent):
    found = find(CHARGING | texts, at={-1: NOW - timedelta(seconds=age_s)})
    assert found.is_silent is is_silent
    assert found.name is SituationName.CHARGING


@pytest.mark.parametrize("at", [datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC), NOW + timedelta(days=400)])
def test_a_heartbeat_by_a_clock_that_cannot_be_right_alarms_nobody(at):
    assert not find(CHARGING | {-1: None}, at={-1: at}).is_silent


# Commands under way


@pytest.mark.parametrize(
    ("action", "before", "after", "name"),
    [
        (PAUSE, CHARGING, CHARGING, SituationName.PAUSING),
        (PAUSE, CHARGING, CHARGING | {718: "1"}, SituationName.PAUSING),
        (PAUSE, REQUESTING, REQUESTING, SituationName.PAUSING),
        (PAUSE, FINISHED, FINISHED, SituationName.PAUSING),
        (RESUME, PAUSED, PAUSED, SituationName.RESUMING),
        (RESUME, PAUSED, PAUSED | {718: "0"}, SituationName.RESUMING),
        (RESUME, FINISHED | SCHEDULE, FINISHED | SCHEDULE, SituationName.RESUMING),
        (RESUME, REQUESTING | SCHEDULE, REQUESTING | SCHEDULE, SituationName.RESUMING),
    ],
)
def test_our_pause_and_resume_show_until_the_charger_has_done_them(action, before, after, name):
    command = under_way(action, before)
    found = find(after, command=command)
    assert (found.name, found.since) == (name, command.asked_at)
    assert found.why_not == Refusal(Reason.COMMAND_UNDER_WAY, Remedy.WAIT)
    assert {refusal.reason for refusal in found.refusals.values()} == {Reason.COMMAND_UNDER_WAY}
    assert set(found.refusals) == set(Action)


@pytest.mark.parametrize(
    ("action", "before", "after", "name"),
    [
        (PAUSE, CHARGING, PAUSED, SituationName.PAUSED),
        (RESUME, PAUSED, CHARGING, SituationName.CHARGING),
        (RESUME, PAUSED, REQUESTING, SituationName.WAITING_CAR),
        (DEAUTHORIZE, CHARGING, REQUESTING, SituationName.WAITING_CAR),
    ],
)
def test_a_command_that_is_done_is_in_nobodys_way(action, before, after, name):
    found = find(after, at=dict.fromkeys(after, NOW), command=under_way(action, before))
    assert found.name is name
    assert found.main_action is not None


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (CHARGING | {-2: "0"}, SituationName.OFFLINE),
        (CHARGING | {711: "0"}, SituationName.DISABLED),
        (CHARGING | {712: "1"}, SituationName.STAND_ALONE),
        (READY | {710: "1"}, SituationName.DISCONNECTED),
        (READY | {710: "6"}, SituationName.UNKNOWN),
    ],
)
def test_a_command_under_way_does_not_hide_what_makes_it_pointless(texts, name):
    assert find(texts, command=under_way(PAUSE, CHARGING)).name is name


@pytest.mark.parametrize("action", [DEAUTHORIZE, RESTART])
def test_while_another_command_is_under_way_nothing_else_can_be_asked_for(action):
    found = find(PAUSED, command=under_way(action, PAUSED))
    assert found.name is SituationName.PAUSED
    assert found.why_not == Refusal(Reason.COMMAND_UNDER_WAY, Remedy.WAIT)
    assert set(found.refusals) == set(Action)


# Deauthorize and restart


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (REQUESTING, None),
        (CHARGING, None),
        (FINISHED, None),
        (PAUSED, None),
        (CHARGING | {711: "0"}, None),
        (READY | {710: "1"}, Reason.NOT_PLUGGED_IN),
        (READY | {710: "6"}, Reason.UNKNOWN_MODE),
        (CHARGING | {712: "1"}, None),
        (READY | {710: "6", 702: "9"}, None),
        (CHARGING | {-2: "0"}, Reason.OFFLINE),
    ],
)
def test_deauthorizing_needs_a_car(texts, reason):
    refusal = find(texts).refusals.get(DEAUTHORIZE)
    assert (refusal and refusal.reason) is reason


@pytest.mark.parametrize("row", [row for row in ROWS if row != "offline"])
def test_a_charger_that_can_be_reached_can_be_restarted(row):
    assert find(ROWS[row][0]).allows(RESTART)


def test_nothing_reaches_a_charger_that_is_offline():
    found = find(CHARGING | {-2: "0"})
    assert {action: refusal.reason for action, refusal in found.refusals.items()} == dict.fromkeys(
        Action, Reason.OFFLINE
    )


def test_an_offline_charger_was_last_known_to_do_something():
    assert find(CHARGING | {-2: "0"}).last_known is SituationName.CHARGING
    assert find(CHARGING).last_known is None


# What else is so


def test_a_charger_on_its_own_offers_quietly_what_may_have_no_effect():
    found = find(CHARGING | {712: "1"})
    assert (found.main_action, found.why_not) == (None, Refusal(Reason.STAND_ALONE, Remedy.LEAVE_STAND_ALONE))
    assert found.allows(PAUSE) and found.allows(DEAUTHORIZE)


@pytest.mark.parametrize("number", [711, 712])
@pytest.mark.parametrize(
    ("texts", "besides", "is_flowing"),
    [(CHARGING, SituationName.CHARGING, True), (PAUSED, SituationName.PAUSED, False)],
)
def test_disabled_and_stand_alone_say_what_the_charger_does_besides(number, texts, besides, is_flowing):
    found = find(texts | {number: "0" if number == 711 else "1"})
    assert (found.besides, found.is_power_flowing) == (besides, is_flowing)
    assert find(texts).besides is None


@pytest.mark.parametrize(
    ("texts", "is_flowing", "has_charged"),
    [
        (CHARGING, True, False),
        (CHARGING | {513: "9.7", 553: "0.0"}, False, False),
        (CHARGING | {513: "9.7", 553: "14.2"}, False, True),
        (without(CHARGING, 513), None, False),
        (FINISHED | {553: "14.2"}, False, True),
    ],
)
def test_no_power_yet_is_told_from_hardly_any_power_any_more(texts, is_flowing, has_charged):
    found = find(texts)
    assert (found.is_power_flowing, found.has_charged) == (is_flowing, has_charged)


# Causes that a reading names


NOT_DRAWING = CHARGING | {702: "9", 513: "0"}


@pytest.mark.parametrize("texts", [NOT_DRAWING, FINISHED, REQUESTING])
@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ({804: "4"}, Reason.TOO_HOT),
        ({804: "4100"}, Reason.TOO_HOT),
        ({804: "4096"}, Reason.EARTH_FAULT),
        ({804: "8192"}, Reason.EARTH_FAULT),
        ({804: str(2**50)}, Reason.EARTH_FAULT),
        ({804: "16"}, Reason.FAULT),
        ({804: str(2**26)}, Reason.FAULT),
        ({702: "-12"}, Reason.FAULT),
    ],
)
def test_a_fault_or_heat_is_named_before_the_car_is_blamed(texts, cause, reason):
    found = find(texts | cause)
    assert (found.fault, found.refusals[RESUME].reason) == (reason, reason)
    assert {reading.id for reading in found.evidence} >= set(cause)
    assert found.evidence[0].id in cause
    assert not found.refusals[RESUME].is_already_so and not found.refusals[RESUME].is_pointless


@pytest.mark.parametrize("texts", [CHARGING, PAUSED, FINISHED | SCHEDULE, READY | {710: "1"}])
def test_a_fault_explains_nothing_where_power_flows_or_somebody_paused(texts):
    found = find(texts | {804: "4"})
    assert (found.fault, found.warnings) == (None, ("TEMPERATURE_ERROR",))


def test_no_power_at_all_in_heat_is_no_beginning():
    assert find(CHARGING | {513: "0", 804: "4"}).fault is Reason.TOO_HOT


@pytest.mark.parametrize("warning", ["1", "2", "1024", str(2**30), str(2**33)])
def test_a_warning_that_stops_nothing_is_no_cause(warning):
    assert find(FINISHED | {804: warning}).why_not.reason is Reason.FINISHED


def test_a_warning_nobody_knows_alarms_nobody():
    found = find(CHARGING | {804: str(2**33 + 2)})
    assert (found.warnings, found.unknown_warnings, found.main_action) == (("TEMPERATURE",), (33,), PAUSE)


@pytest.mark.parametrize("texts", [REQUESTING, FINISHED | {553: "0"}])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_permission_of_an_operator_comes_from_the_operator(texts, number):
    charger = Charger.from_json({"Id": "go", "DeviceType": 4, "AuthenticationType": number})
    found = find(texts | {120: "1", 722: None}, charger)
    assert found.name is SituationName.WAITING_AUTHORISATION
    assert found.why_not == Refusal(Reason.WAITING_OPERATOR, Remedy.ASK_OPERATOR)


@pytest.mark.parametrize(
    "texts", [CHARGING, PAUSED, FINISHED, REQUESTING, CHARGING | {712: "1"}, READY | {710: "1"}]
)
@pytest.mark.parametrize("device_type", [None, 0, 2, 99])
def test_a_device_of_a_type_nobody_knows_is_shown_and_takes_no_commands(texts, device_type):
    charger = Charger.from_json({"Id": "x", "DeviceType": device_type, "DeviceId": "ZAP000001"})
    found = find(texts, charger)
    assert found.name is find(texts).name
    assert found.why_not == Refusal(Reason.UNKNOWN_DEVICE, Remedy.USE_ZAPTECS_APP)
    assert {action: refusal.reason for action, refusal in found.refusals.items()} == dict.fromkeys(
        Action, Reason.UNKNOWN_DEVICE
    )


def test_an_unknown_device_that_is_offline_is_offline():
    charger = Charger.from_json({"Id": "x", "DeviceType": 99})
    assert find(CHARGING | {-2: "0"}, charger).why_not.reason is Reason.OFFLINE


# Times that cannot be


@pytest.mark.parametrize("at", ["1970-01-01T00:00:12", "2014-12-31T23:59:59", "2024-03-09T21:00:00"])
def test_a_time_that_cannot_be_says_nothing_of_since_when(at):
    entry = {"StateId": 710, "ValueAsString": "1", "Timestamp": at}
    assert situation(GO, ChargerState.from_json([entry]), NOW).since is None


def test_a_clock_a_minute_ahead_is_believed():
    at = NOW + timedelta(minutes=1)
    assert find(CHARGING, at={710: at}).since == at


def test_a_reading_from_the_future_does_not_hide_a_car_that_has_stopped():
    idle = CHARGING | {702: "9", 513: "0"}
    found = find(idle, at={702: NOW + timedelta(hours=3), 513: LONG_AGO, 710: LONG_AGO})
    assert (found.name, found.since) == (SituationName.NOT_DRAWING, LONG_AGO)


def test_a_schedule_that_would_let_go_in_years_is_not_announced():
    assert find(FINISHED | {763: "2031-03-09T22:00:00Z"}).next_change_at is None


# Evidence


@pytest.mark.parametrize(
    ("texts", "decided_by"),
    [
        (CHARGING | {-2: "0"}, -2),
        (CHARGING | {711: "0"}, 711),
        (CHARGING | {712: "1"}, 712),
        (CHARGING, 710),
        (CHARGING | {718: "1"}, 718),
        (PAUSED, 718),
        (FINISHED | SCHEDULE, 710),
        (REQUESTING | {708: "0"}, 710),
        (READY | {710: "6"}, 710),
    ],
)
def test_the_deciding_reading_comes_first_and_says_since_when(texts, decided_by):
    at = NOW - timedelta(minutes=17)
    found = find(texts, at={decided_by: at})
    assert found.evidence[0].id == decided_by
    assert found.evidence[0].text == texts[decided_by]
    assert found.since == at


def test_without_a_timestamp_nobody_knows_since_when():
    found = situation(GO, ChargerState.from_json([{"StateId": 710, "ValueAsString": "1"}]), NOW)
    assert (found.name, found.since) == (SituationName.DISCONNECTED, None)


# Refusals


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_remedy(reason):
    assert Refusal.because(reason).remedy in Remedy


def test_a_refusal_tells_what_is_so_already_from_what_is_pointless():
    assert find(PAUSED).refusals[PAUSE].is_already_so
    assert find(CHARGING).refusals[RESUME].is_already_so
    assert find(READY | {710: "1"}).refusals[PAUSE].is_pointless
    assert find(FINISHED).refusals[RESUME].is_pointless
    offline = find(PAUSED | {-2: "0"}).refusals[RESUME]
    assert (offline.is_already_so, offline.is_pointless) == (False, False)


TEXTS = st.sampled_from(["0", "1", "2", "3", "5", "6", "9", "12", "128", "2.0", ""]) | st.none() | st.text()
READINGS = st.dictionaries(
    st.sampled_from([-2, -1, 100, 120, 147, 513, 553, 702, 708, 710, 711, 712, 718, 721, 722, 763, 804, 911]),
    TEXTS,
)


@given(
    READINGS,
    READINGS,
    st.none() | st.sampled_from(Action),
    st.sampled_from(Family),
    st.none() | st.sampled_from([AccountRole.USER, AccountRole.OWNER]),
)
def test_whatever_the_readings_there_is_a_button_or_a_reason(texts, before, action, family, roles):
    command = under_way(action, before) if action else None
    found = situation(replace(GO, family=family, roles=roles), state(texts), NOW, command)
    assert (found.main_action is None) != (found.why_not is None)
    assert found.main_action is None or found.allows(found.main_action)
    assert not (found.is_unsafe and found.allows(RESUME))
