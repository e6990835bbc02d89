import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaptec.ocmf import ACTIVE_IMPORT, Ocmf


def text_of(*readings, signature=None, **fields):
    sections = ["OCMF", json.dumps({"FV": "1.0", "GI": "Zaptec Pro MID", "RD": list(readings), **fields})]
    return "|".join(sections if signature is None else [*sections, json.dumps(signature)])


def test_the_energy_of_the_recorded_go_session_is_its_last_reading_minus_its_first(sample):
    ocmf = Ocmf.from_text(sample("chargehistory")["Data"][0]["SignedSession"])
    assert (ocmf.last_kwh, ocmf.first_kwh) == (Decimal("149.119"), Decimal("140.121"))
    assert ocmf.energy_kwh == Decimal("8.998")
    assert not ocmf.is_signed
    assert [reading.reason for reading in ocmf.readings] == ["B", "T", "T", "T", "T", "E"]
    assert ocmf.readings[0].at == datetime(2023, 6, 12, 18, 22, 48, tzinfo=UTC)
    assert ocmf.readings[0].clock == "R"


def test_a_recorded_pro_mid_session_is_signed_and_no_reading_is_lost(sample):
    session = sample("chargehistory-pro-mid")["Data"][0]
    ocmf = Ocmf.from_text(session["SignedSession"])
    assert ocmf.is_signed
    assert len(ocmf.readings) == len(json.loads(session["SignedSession"].split("|", 2)[1])["RD"])
    assert abs(float(ocmf.energy_kwh) - session["Energy"]) < 0.001


def test_the_hourly_reading_of_a_recorded_state_has_one_reading_and_no_energy(sample):
    text = next(each["ValueAsString"] for each in sample("state-go-charging") if each["StateId"] == 554)
    ocmf = Ocmf.from_text(text)
    assert (ocmf.last_kwh, ocmf.energy_kwh) == (Decimal("1546.403"), 0)
    assert ocmf.readings[0].reason is None


def test_what_a_later_reading_leaves_out_is_that_of_the_reading_before():
    ocmf = Ocmf.from_text(
        text_of(
            {"RV": 1000, "RI": ACTIVE_IMPORT, "RU": "Wh", "RT": "AC", "ST": "G"},
            {"RV": 2500},
            {"RV": 4.5, "RU": "kWh"},
            {"RV": 5},
        )
    )
    assert [reading.meter_kwh for reading in ocmf.readings] == [1, Decimal("2.5"), Decimal("4.5"), 5]
    assert ocmf.energy_kwh == 4


def test_only_energy_drawn_counts():
    ocmf = Ocmf.from_text(
        text_of(
            {"RV": 10, "RI": ACTIVE_IMPORT, "RU": "kWh"},
            {"RV": 99, "RI": "1-0:2.8.0"},
            {"RV": 12, "RI": ACTIVE_IMPORT},
            {"RV": 99, "RI": "1-0:2.8.0"},
        )
    )
    assert ocmf.energy_kwh == 2


def test_a_reading_of_another_unit_takes_nothing_else_away():
    amperes = {"RV": 16.0, "RI": "1-0:32.7.0", "RU": "A", "ST": "G"}
    energy = {"RI": ACTIVE_IMPORT, "RU": "kWh", "ST": "G"}
    for middle in (amperes, amperes | {"RI": ACTIVE_IMPORT}, {"RV": "many"}, {"RV": None}, {"RV": 1e308}, 7, None):
        ocmf = Ocmf.from_text(text_of(energy | {"RV": 100.0}, middle, energy | {"RV": 110.2}))
        assert (ocmf.energy_kwh, ocmf.left_out) == (Decimal("10.2"), 1)


def test_the_unit_that_a_reading_leaves_out_is_that_of_the_same_count():
    ocmf = Ocmf.from_text(
        text_of(
            {"RV": 1000, "RI": ACTIVE_IMPORT, "RU": "Wh"},
            {"RV": 16, "RI": "1-0:32.7.0", "RU": "A"},
            {"RV": 3000, "RI": ACTIVE_IMPORT},
        )
    )
    assert ocmf.energy_kwh == 2


def test_doubtful_readings_decide_nothing_while_there_are_good_ones():
    first, last, doubtful = {"RV": 100, "ST": "G"}, {"RV": 110, "ST": "G"}, {"RV": 0, "ST": "E"}
    for readings in ([first, last, doubtful], [doubtful, first, last], [first, doubtful, last]):
        ocmf = Ocmf.from_text(text_of(*readings))
        assert (ocmf.energy_kwh, ocmf.doubtful, len(ocmf.readings)) == (10, 1, 3)
    ocmf = Ocmf.from_text(text_of({"RV": 1, "ST": "E"}, {"RV": 3, "ST": "T"}))
    assert (ocmf.energy_kwh, ocmf.doubtful) == (2, 2)


@pytest.mark.parametrize("signature", [None, {"SA": "ECDSA", "SD": "abc"}])
@pytest.mark.parametrize("is_escaped", [False, True])
@pytest.mark.parametrize("bars", ["{}", "{}|", "{}||", "{} | ", "{}|\n"])
def test_neither_escaped_quotes_nor_a_bar_too_many_hide_anything(signature, is_escaped, bars):
    text = text_of({"RV": 100.5, "RI": ACTIVE_IMPORT, "RU": "kWh"}, signature=signature)
    text = text.replace('"', '\\"') if is_escaped else text
    for twisted in (bars.format(text), bars.format(text).replace("|", "||", 1)):
        ocmf = Ocmf.from_text(twisted)
        assert (ocmf.last_kwh, ocmf.is_signed) == (Decimal("100.5"), signature is not None)


def test_a_bar_inside_of_a_section_does_not_end_it():
    assert Ocmf.from_text(text_of({"RV": 1}, MF="1|2|3", signature={"SD": "30|65"})).is_signed


def test_long_decimals_of_old_firmware_stay_exact():
    text = 'OCMF|{"RD":[{"RV":140.12100000000001},{"RV":149.11900000000003}]}'
    assert Ocmf.from_text(text).energy_kwh == Decimal("8.99800000000002")


@pytest.mark.parametrize(
    ("written", "moment", "clock"),
    [
        ("2023-06-13T14:00:00,250+00:00 R", datetime(2023, 6, 13, 14, 0, 0, 250000, UTC), "R"),
        ("2023-06-13T16:00:00,000+02:00 S", datetime(2023, 6, 13, 14, tzinfo=UTC), "S"),
        ("2023-06-13T14:00:00,000+00:00U", datetime(2023, 6, 13, 14, tzinfo=UTC), "U"),
        ("2023-06-13T14:00:00,000+00:00", datetime(2023, 6, 13, 14, tzinfo=UTC), None),
        ("yesterday I", None, "I"),
        (None, None, None),
        ("", None, None),
    ],
)
def test_times_have_a_comma_and_a_letter_for_the_clock(written, moment, clock):
    (reading,) = Ocmf.from_text(text_of({"RV": 1, "TM": written})).readings
    assert (reading.at, reading.clock) == (moment, clock)


@pytest.mark.parametrize(
    ("third", "is_signed"),
    [("", False), ("|", False), ('|{"SD":"3065"}', True), ('|{"SD":""}', False), ('|{"SD":"30|65"}', True)],
)
def test_a_third_part_with_signature_data_makes_it_signed(third, is_signed):
    assert Ocmf.from_text(text_of({"RV": 1}) + third).is_signed is is_signed


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "OCMF",
        "OCMF|{}",
        "OCMF|",
        "OCMF|[]",
        "OCMF|null",
        'OCMF|{"RD":[]}',
        'OCMF|{"RD":[1]}',
        'OCMF|{"RD":[{"RV":"many"}]}',
        'OCMF|{"RD":[{"RV":NaN}]}',
        'OCMF|{"RD":[{"RV":"NaN"}]}',
        'OCMF|{"RD":[{}]}',
        'OCMF|{"RD":[{"RV":1,"RU":"varh"}]}',
        'OCMF|{"RD":[{"RV":1,"RI":"1-0:2.8.0"}]}',
        '{"RD":[{"RV":1}]}',
        "OCMF|" + "[" * 100_000,
    ],
)
def test_what_has_no_readings_is_an_error(text):
    with pytest.raises(ValueError, match="OCMF"):
        Ocmf.from_text(text)


def test_private_parts_are_left_behind():
    text = text_of({"RV": 1}, GS="ZAP000001", ID="04AABBCC", ZS="00000000-0000-4000-8000-000000000002")
    ocmf = Ocmf.from_text(text)
    assert not any(private in repr(ocmf) for private in ("ZAP000001", "04AABBCC", "00000000-0000"))


def test_an_error_does_not_repeat_the_text():
    with pytest.raises(ValueError, match="OCMF") as caught:
        Ocmf.from_text('OCMF|{"GS":"ZAP000001"')
    assert "ZAP000001" not in str(caught.value)
    assert caught.value.__cause__ is None


@given(st.text() | st.text().map(lambda text: f"OCMF|{text}"))
def test_whatever_the_text_nothing_but_a_value_error_is_raised(text):
    with suppress(ValueError):
        assert Ocmf.from_text(text).readings
