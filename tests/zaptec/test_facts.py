"""What single readings mean for the situation: a car that does not draw, schedules, warnings, silence, faults."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.zaptec.readings import (
    CHARGING,
    DEAUTHORIZE,
    FINISHED,
    GO,
    LONG_AGO,
    NOW,
    PAUSE,
    PAUSED,
    PRO,
    READY,
    REQUESTING,
    RESTART,
    RESUME,
    SCHEDULE,
    find,
    under_way,
    without,
)
from zaptec.charger import Charger, ChargerState
from zaptec.commands import Action
from zaptec.situation import Reason, Refusal, Remedy, SituationName, situation

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


# Warnings


RELAY_STUCK = str(2**49)


@pytest.mark.parametrize(
    "texts",
    [CHARGING | {513: "0"}, PAUSED, FINISHED | SCHEDULE, REQUESTING, READY | {710: "1"}, CHARGING | {-2: "0"}],
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


@pytest.mark.parametrize("power", ["7200.0", None])
def test_pausing_stays_the_button_of_an_unsafe_charger_while_power_flows_or_may(power):
    found = find(CHARGING | {804: RELAY_STUCK, 513: power})
    assert (found.main_action, found.why_not) == (PAUSE, None)
    assert not found.allows(RESUME)


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
