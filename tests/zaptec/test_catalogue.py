from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaptec.catalogue import (
    EARTH_FAULTS,
    HARMLESS_WARNINGS,
    STOPPING_WARNINGS,
    UNSAFE_WARNINGS,
    ValueKind,
    active_warnings,
    define,
    describe,
    in_words,
    known_ids,
    parse,
    unknown_warnings,
    warning_in_words,
)
from zaptec.charger import Family
from zaptec.state import ChargerState

STATES = sorted(path.stem for path in Path(__file__).parents[1].glob("samples/state-*.json"))
PRIVATE = {
    *(-100, 100, 554, 713, 721, 722, 723, 724, 725, 750, 800, 861, 862, 863, 867, 950, 951, 952, 953),
    *(960, 961, 962, 963, 1000, 1140),
}


def test_the_catalogue_has_249_observations_in_order():
    assert len(known_ids()) == 249
    assert list(known_ids()) == sorted(set(known_ids()))


@pytest.mark.parametrize("name", STATES)
def test_every_observation_of_a_recorded_state_has_a_name_and_a_meaning(sample, name):
    for entry in sample(name):
        definition = define(entry["StateId"], Family.GO)
        assert definition.group != "unknown"
        assert definition.name
        assert definition.meaning


def test_values_of_recorded_states_are_read_as_their_kind_says(sample):
    types = {
        ValueKind.BOOL: bool,
        ValueKind.INT: int,
        ValueKind.FLOAT: float,
        ValueKind.BITFIELD: tuple,
        ValueKind.TIME: datetime,
        ValueKind.VERSION: tuple,
        ValueKind.JSON: dict,
    }
    for name in ("charging", "idle", "scheduled", "waiting-authorisation"):
        for entry in sample(f"state-go-{name}"):
            definition = define(entry["StateId"], Family.GO)
            text = entry.get("ValueAsString")
            value = parse(definition, text)
            assert (value is None) == (text is None)
            if text and definition.kind in types:
                assert isinstance(value, types[definition.kind]), definition.name


def test_exactly_these_are_private():
    assert {number for number in known_ids() if define(number).is_private} == PRIVATE


def test_every_kind_of_meter_text_is_private():
    ocmf = [define(number) for number in known_ids() if define(number).kind is ValueKind.OCMF]
    assert ocmf
    assert all(definition.is_private for definition in ocmf)


def test_an_unknown_id_has_a_name_and_is_private_because_nobody_knows_what_it_holds():
    definition = define(4711, Family.GO)
    assert definition.name == "Observation 4711"
    assert definition.is_private
    assert definition.group == "unknown"
    assert (parse(definition, "abc"), describe(definition, "abc")) == ("abc", None)


@pytest.mark.parametrize(
    ("number", "family", "name"),
    [
        (202, Family.GO, "TemperatureEMeterPhase1"),
        (202, Family.PRO, "TemperatureInternal6"),
        (820, Family.PRO, "UptimeVariscite"),
        (911, Family.SENSE, "SoftwareApplicationVersion"),
        (911, Family.UNKNOWN, "SmartComputerSoftwareApplicationVersion"),
    ],
)
def test_some_names_depend_on_the_family(number, family, name):
    assert define(number, family).name == name


@pytest.mark.parametrize(
    ("number", "text", "value"),
    [
        (711, "1", True),
        (711, "False", False),
        (714, "32", 32),
        (510, "16.000", 16.0),
        (710, "3", 3),
        (150, "LTE", "LTE"),
        (763, "2024-03-09T22:00:00Z", datetime(2024, 3, 9, 22, tzinfo=UTC)),
        (911, "2.0.4.6", (2, 0, 4, 6)),
        (100, '{"DeviceType": "Go"}', {"DeviceType": "Go"}),
        (512, "5", ("L1", "L3")),
        (717, "\r\n4: VG:1.27", "\r\n4: VG:1.27"),
        (554, 'OCMF|{"RD":[]}', 'OCMF|{"RD":[]}'),
        (721, None, None),
    ],
)
def test_a_text_becomes_the_value_it_stands_for(number, text, value):
    assert parse(define(number, Family.GO), text) == value


@pytest.mark.parametrize("number", [711, 714, 510, 710, 763, 911, 100, 512, 804])
@pytest.mark.parametrize("text", ["", "n/a", "-", "1.2.x"])
def test_a_text_that_cannot_be_read_is_kept(number, text):
    assert parse(define(number, Family.GO), text) == text


@pytest.mark.parametrize(
    ("number", "text", "label"),
    [
        (711, "1", "yes"),
        (711, "false", "no"),
        (711, "maybe", None),
        (519, "4", "L1+L2+L3 (TN)"),
        (522, "9", "three phases (IT)"),
        (519, "7", None),
        (520, "3", "three phases"),
        (702, "9", "car connected, not drawing power"),
        (702, "-12", "fault"),
        (714, "32", "32 A cable"),
        (715, "4", "TN, three phases"),
        (710, "5", "car connected, charging ended"),
        (710, "6", "unknown (6)"),
        (710, "0", "unknown"),
        (150, "wifi", "Wi-Fi"),
        (150, "5", "4G/LTE"),
        (150, "3", None),
        (811, "4", "brown-out"),
        (811, "6", None),
        (815, "4", "crash (panic)"),
        (513, "0.000", None),
        (721, None, None),
    ],
)
def test_a_value_has_a_label_where_it_stands_for_something(number, text, label):
    assert describe(define(number, Family.GO), text) == label


@pytest.mark.parametrize(
    ("family", "text", "label"),
    [
        (Family.PRO, "128", "relay stuck: stop using the charger"),
        (Family.GO, "128", "internal 12 V too low"),
        (Family.GO, str(2**49), "relay stuck: stop using the charger"),
        (Family.GO, "1024", "charger restarted (harmless)"),
        (Family.GO2, "4098", "warm, charging may be reduced; earth fault, DC 6 mA"),
        (Family.GO, str(2**55 + 2**56), "lock motor short; calibrated meter storage"),
        (Family.GO, str(2**60 + 1), "moisture in the housing; unknown (bit 60)"),
        (Family.PRO, str(2**49), "unknown (bit 49)"),
        (Family.GO, "0", "none"),
        (Family.GO, "-1", None),
        (Family.GO, "hot", None),
    ],
)
def test_warnings_are_words_that_depend_on_the_family(family, text, label):
    assert describe(define(804, family), text) == label


def test_every_warning_has_words():
    for family in (Family.PRO, Family.GO, Family.GO2):
        definition = define(804, family)
        assert set(definition.labels.values()) <= set(definition.words)
    assert warning_in_words("HUMIDITY") == "moisture in the housing"
    assert warning_in_words("bit 60") == "bit 60"


def test_notifications_of_a_go_have_a_table_of_their_own():
    assert describe(define(803, Family.GO), "1179648") == "new certificates requested; energy reading"
    assert describe(define(803, Family.GO2), "0") == "none"


@pytest.mark.parametrize("family", [Family.PRO, Family.UNKNOWN, Family.SENSE])
def test_notifications_of_other_families_are_not_decoded(family):
    assert describe(define(803, family), "1179648") is None


def test_an_unknown_family_gets_the_warnings_that_no_family_contradicts():
    labels = define(804).labels
    assert labels["262144"] == "RCD_FAILURE"
    assert labels[str(2**49)] == "RELAY_WELDED"
    assert "128" not in labels


def test_a_restart_is_not_worth_an_alert():
    assert active_warnings(1024, Family.GO) == ()
    assert active_warnings(1024 + 2, Family.GO) == ("TEMPERATURE",)


@pytest.mark.parametrize(
    ("family", "bit", "is_unsafe"),
    [
        (Family.PRO, 7, True),
        (Family.GO, 7, False),
        (Family.GO, 49, True),
        (Family.GO2, 49, True),
        (Family.PRO, 18, True),
        (Family.GO, 18, True),
        (Family.PRO, 21, True),
        (Family.GO, 21, True),
        (Family.GO, 22, True),
        (Family.PRO, 22, False),
        (Family.GO, 2, False),
        (Family.GO, 10, False),
    ],
)
def test_some_warnings_mean_stop_using_it(family, bit, is_unsafe):
    assert (not UNSAFE_WARNINGS.isdisjoint(active_warnings(1 << bit, family))) is is_unsafe


def test_unsafe_and_harmless_warnings_are_names_zaptec_uses():
    names = set(define(804, Family.GO).labels.values()) | set(define(804, Family.PRO).labels.values())
    assert names >= UNSAFE_WARNINGS
    assert names >= HARMLESS_WARNINGS


@given(st.sampled_from([*known_ids(), 4711]), st.sampled_from(list(Family)), st.none() | st.text())
def test_whatever_a_value_says_it_is_read_and_described(number, family, text):
    definition = define(number, family)
    value = parse(definition, text)
    assert (value is None) == (text is None)
    describe(definition, text)


@given(st.integers(0, 2**70), st.sampled_from([Family.PRO, Family.GO, Family.GO2]))
def test_every_warning_bit_has_a_name_or_counts_as_unknown(bits, family):
    named, unknown = active_warnings(bits, family), unknown_warnings(bits, family)
    assert len(named) + len(unknown) >= bits.bit_count() - 1
    assert all(bits >> bit & 1 for bit in unknown)


@pytest.mark.parametrize("bit", [32, 33, 34])
def test_bits_that_came_and_went_in_zaptecs_tables_are_unknown_to_a_go(bit):
    assert active_warnings(1 << bit, Family.GO) == ()
    assert unknown_warnings(1 << bit | 4, Family.GO) == (bit,)
    assert describe(define(804, Family.GO), str(1 << bit)) == f"unknown (bit {bit})"


def test_what_stops_a_charge_is_named_as_zaptec_names_it():
    names = set(define(804, Family.GO).labels.values()) | set(define(804, Family.PRO).labels.values())
    assert names >= STOPPING_WARNINGS >= EARTH_FAULTS
    assert not STOPPING_WARNINGS & (HARMLESS_WARNINGS | {"HUMIDITY", "TEMPERATURE", "MID"})


@pytest.mark.parametrize(
    ("family", "text", "words"),
    [
        (Family.GO, "5", "L1-L2 (IT)"),
        (Family.GO2, "6", "L2-L3 (IT)"),
        (Family.PRO, "8", "one phase (IT)"),
        (Family.UNKNOWN, "4", "L1+L2+L3 (TN)"),
        (Family.UNKNOWN, "5", None),
    ],
)
def test_phases_are_told_in_a_few_words_and_pairs_only_where_they_are_known(family, text, words):
    assert describe(define(519, family), text) == words
    assert describe(define(522, family), text) == words


def test_a_property_of_the_state_is_put_in_words():
    state = ChargerState.from_json([{"StateId": 519, "ValueAsString": "4"}])
    assert in_words(state, "phase_set", Family.GO) == "L1+L2+L3 (TN)"
    assert in_words(state, "power_w") is None
    with pytest.raises(KeyError):
        in_words(state, "colour")
