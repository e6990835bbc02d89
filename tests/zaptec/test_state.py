import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.zaptec.readings import state_of
from tests.zaptec.wire import JSON
from zaptec.charger import (
    Charger,
    ChargerState,
    Installation,
    OperationMode,
)
from zaptec.observation import PROPERTIES, Observation

STATES = (
    "charging",
    "finished",
    "idle",
    "offline",
    "paused",
    "requesting",
    "scheduled",
    "starting",
    "waiting-authorisation",
)
ENTRIES = st.lists(
    st.dictionaries(st.sampled_from(["StateId", "stateid", "ValueAsString", "Timestamp", "x"]) | st.text(), JSON)
)


def test_a_recorded_state_has_names_and_units(sample):
    state = ChargerState.from_json(sample("state-go-charging"))
    assert state.mode is OperationMode.CONNECTED_CHARGING
    assert (state.is_online, state.is_enabled, state.is_stand_alone) == (True, True, False)
    assert (state.is_final_stop_active, state.is_paused) == (False, False)
    assert state.session_id == "00000000-0000-4000-8000-000000000002"
    assert state.user_id is None
    assert (state.power_w, state.session_energy_kwh) == (10964.213, 3.482)
    assert (state.allocated_current_a, state.max_current_a, state.is_current_too_low) == (16.0, 16.0, False)
    assert state.currents_a == (15.268, 15.239, 15.260)
    assert state.voltages_v == (238.902, 240.311, 239.487)
    assert (state.pilot, state.next_schedule_at, state.warnings) == (6, None, 0)
    assert (state.is_cable_locked, state.is_authentication_required) == (False, False)
    assert (state.firmware, state.pulse_interval_s, state.temperature_c) == ("2.3.1.2", 180, 29.874)
    assert state.heartbeat_at == datetime(2024, 3, 9, 17, 22, 8, 930000, UTC)
    assert state.meter_kwh == 1546.403
    assert state.at(710) == datetime(2024, 3, 9, 17, 5, 5, 190000, UTC)
    assert state.last_session_text.startswith("{")
    assert state.signal is not None


def test_paused_is_more_than_finished(sample):
    assert ChargerState.from_json(sample("state-go-paused")).is_paused
    assert not ChargerState.from_json(sample("state-go-finished")).is_paused


def test_the_schedules_next_change_is_a_moment(sample):
    state = ChargerState.from_json(sample("state-go-scheduled"))
    assert state.next_schedule_at == datetime(2024, 3, 9, 22, tzinfo=UTC)
    assert state.is_set(763)


def test_an_empty_state_knows_nothing_and_says_so():
    state = ChargerState.from_json([])
    assert state.mode is OperationMode.UNKNOWN
    assert (state.is_online, state.power_w, state.heartbeat_at, state.meter_kwh) == (None, None, None, None)
    assert (state.currents_a, state.warnings, state.is_final_stop_active) == ((None, None, None), 0, False)
    assert (state.session_id, state.is_current_too_low, state.is_set(763)) == (None, False, False)


@pytest.mark.parametrize(
    ("text", "mode", "is_plugged_in"),
    [
        ("1", OperationMode.DISCONNECTED, False),
        ("2", OperationMode.CONNECTED_REQUESTING, True),
        ("5.000", OperationMode.CONNECTED_FINISHED, True),
        ("0", OperationMode.UNKNOWN, False),
        ("4", OperationMode.UNKNOWN, False),
        ("6", OperationMode.UNKNOWN, False),
        ("charging", OperationMode.UNKNOWN, False),
        (None, OperationMode.UNKNOWN, False),
    ],
)
def test_a_mode_without_a_name_is_unknown_and_keeps_its_text(text, mode, is_plugged_in):
    state = state_of(n710=text)
    assert (state.mode, state.mode.is_plugged_in, state.text(710)) == (mode, is_plugged_in, text)


def test_the_last_of_doubled_ids_counts():
    state = ChargerState.from_json([{"StateId": 710, "ValueAsString": "3"}, {"StateId": 710, "ValueAsString": "5"}])
    assert state.mode is OperationMode.CONNECTED_FINISHED


def test_entries_without_a_usable_id_are_skipped():
    entries = [
        {},
        {"StateId": None},
        {"StateId": "x"},
        {"StateId": True},
        {"stateid": "710", "VALUEASSTRING": 3},
    ]
    state = ChargerState.from_json(entries)
    assert list(state.observations) == [710]
    assert state.text(710) == "3"


@pytest.mark.parametrize("odd", [None, [], "x", 5, {}, {"StateId": "x"}, {"StateId": 10**30}])
def test_an_entry_that_cannot_be_read_is_counted_and_hides_no_other(odd):
    state = ChargerState.from_json([odd, {"StateId": 710, "ValueAsString": "3"}, odd])
    assert (list(state.observations), state.unread) == ([710], 2)


@pytest.mark.parametrize("name", ["Lift \ud83d", "\udc00", "a\0b", "two\nlines", "n" * 200_000])
def test_an_odd_name_hides_no_charger_and_can_be_stored_and_shown(name):
    charger = Charger.from_json({"Id": "c", "DeviceType": 4, "Name": name, "InstallationName": name})
    for shown in (charger.name, charger.installation_name):
        assert shown.encode() and len(shown) <= 200 and shown.isprintable()


@pytest.mark.parametrize("number", [10**30, -(2**63) - 1, 1e308, float("inf"), float("nan"), "9" * 40, "1e999"])
def test_a_number_that_cannot_be_is_as_good_as_none(number):
    charger = Charger.from_json({"Id": "c", "DeviceType": number, "CurrentUserRoles": number})
    assert (charger.device_type, charger.roles) == (0, None)


@pytest.mark.parametrize("read", [Charger.from_json, Installation.from_json])
def test_what_is_too_long_for_an_id_is_none(read):
    with pytest.raises(ValueError, match="without an Id"):
        read({"Id": "x" * 65})


def test_a_cleared_value_is_not_a_missing_one(sample):
    state = ChargerState.from_json(sample("state-go-idle"))
    assert state.observations[721].text is None
    assert state.at(721) is not None
    assert 763 not in state.observations


@pytest.mark.parametrize(
    ("text", "flag"),
    [("1", True), ("0", False), ("true", True), ("False", False), (" TRUE ", True), ("2", None), ("", None)],
)
def test_yes_and_no_are_spelt_in_several_ways(text, flag):
    assert state_of(n711=text).flag(711) is flag


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("32.000", 32.0),
        ("-61", -61.0),
        ("1e3", 1000.0),
        ("", None),
        ("n/a", None),
        ("nan", None),
        ("inf", None),
        ("1_000", None),
        ("32,5", None),
    ],
)
def test_only_finite_numbers_are_numbers(text, number):
    assert state_of(n513=text).power_w == number


def test_warning_bits_are_exact_beyond_2_to_the_53():
    assert state_of(n804=str(2**56 + 1)).warnings == 2**56 + 1
    assert state_of(n804="-1").warnings == 0


@pytest.mark.parametrize(
    ("allocated", "highest", "is_too_low"),
    [("5.9", "32", True), ("16", "0", True), ("6", "6", False), (None, None, False), ("x", "16", False)],
)
def test_under_six_amperes_no_car_can_charge(allocated, highest, is_too_low):
    assert state_of(n708=allocated, n510=highest).is_current_too_low is is_too_low


def test_the_meter_is_the_newer_of_the_hourly_reading_and_the_last_sessions():
    def ocmf(kwh):
        return 'OCMF|{"RD":[{"RV":' + kwh + "}]}"

    session = json.dumps({"SignedSession": ocmf("12.5")})
    assert state_of(n554=ocmf("11.25"), n723=session).meter_kwh == 12.5
    assert state_of(n554=ocmf("13.25"), n723=session).meter_kwh == 13.25
    assert state_of(n554="OCMF|{}", n723="{}").meter_kwh is None


@pytest.mark.parametrize("name", STATES)
def test_a_stored_state_comes_back_equal(sample, name):
    state = ChargerState.from_json(sample(f"state-go-{name}"))
    assert ChargerState.from_record(json.loads(json.dumps(state.to_record()))) == state


@given(ENTRIES)
def test_whatever_zaptec_lists_is_read_and_stored(entries):
    state = ChargerState.from_json(entries)
    assert ChargerState.from_record(json.loads(json.dumps(state.to_record()))) == state
    for name in dir(ChargerState):
        if isinstance(getattr(ChargerState, name), property):
            getattr(state, name)


@given(st.dictionaries(st.integers(-3, 1200).map(lambda number: f"n{number}"), st.text()))
def test_whatever_the_values_say_every_property_answers(texts):
    state = state_of(**texts)
    for name in dir(ChargerState):
        if isinstance(getattr(ChargerState, name), property):
            getattr(state, name)


@pytest.mark.parametrize(("number", "name"), PROPERTIES.items())
def test_a_property_reads_the_observation_it_is_listed_for(number, name):
    at = datetime(2024, 3, 9, 17, tzinfo=UTC)
    text = "2024-03-09T22:00:00Z" if name == "next_schedule_at" else "1"
    observation = Observation(number, text, at)
    state = ChargerState({number: observation})
    assert getattr(state, name) != getattr(ChargerState({}), name)
    assert (observation.property_name, state.changed_at(name)) == (name, at)


def test_an_observation_without_a_property_says_so():
    assert Observation(4711, "1", None).property_name is None


def test_the_time_of_a_pause_is_that_of_the_final_stop():
    at = datetime(2024, 3, 9, 17, tzinfo=UTC)
    assert ChargerState({718: Observation(718, "1", at)}).final_stop_changed_at == at
    assert state_of().final_stop_changed_at is None


def test_a_schedule_counts_though_its_time_cannot_be_read():
    assert state_of(n763="soon").has_schedule
    assert not state_of(n763=" ").has_schedule


def test_values_stay_out_of_what_is_printed():
    assert "nfc-1234" not in repr(state_of(n722="nfc-1234"))
