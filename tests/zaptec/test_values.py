import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from tests.zaptec.wire import JSON
from zaptec.values import (
    as_flag,
    as_identifier,
    as_int,
    as_name,
    as_number,
    as_text,
    field,
    is_possible,
    json_object,
    load_json,
    parse_time,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-09T17:04:20", datetime(2024, 3, 9, 17, 4, 20, tzinfo=UTC)),
        ("2024-03-09T17:04:20.5", datetime(2024, 3, 9, 17, 4, 20, 500000, UTC)),
        ("2024-03-09T17:04:20.52", datetime(2024, 3, 9, 17, 4, 20, 520000, UTC)),
        ("2024-03-09T17:04:20.233Z", datetime(2024, 3, 9, 17, 4, 20, 233000, UTC)),
        ("2024-03-09T17:04:20.0162741Z", datetime(2024, 3, 9, 17, 4, 20, 16274, UTC)),
        ("2024-03-09T18:04:20+01:00", datetime(2024, 3, 9, 17, 4, 20, tzinfo=UTC)),
        (" 2024-03-09T17:04:20Z ", datetime(2024, 3, 9, 17, 4, 20, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_utc(text, moment):
    parsed = parse_time(text)
    assert parsed == moment
    assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "value",
    [None, 5, "", "soon", "2024-13-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59-10:00"],
)
def test_what_is_no_time_is_none(value):
    assert parse_time(value) is None


@given(JSON)
def test_readers_never_raise(value):
    for read in (as_text, as_int, as_number, as_flag, parse_time):
        read(value)


def test_a_field_is_found_in_any_case_and_the_exact_name_wins():
    assert field({"STATEID": 1}, "StateId") == 1
    assert field({"stateid": 1, "StateId": 2}, "StateId") == 2
    assert field({"other": 1, 5: 2}, "StateId") is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        (5.0, 5),
        (5.5, None),
        ("5", 5),
        ("-2", -2),
        ("5.000", 5),
        ("5.5", None),
        (True, None),
        (str(2**60 + 1), 2**60 + 1),
        ("9" * 5000, None),
    ],
)
def test_whole_numbers_come_as_numbers_and_as_text(value, number):
    assert as_int(value) == number


@given(JSON)
def test_every_text_can_be_stored_and_every_number_has_a_size(value):
    for read in (as_text, as_name, as_identifier):
        text = read(value) or ""
        assert "\0" not in text and text.encode().decode() == text
    assert abs(as_int(value) or 0) < 2**63
    assert abs(as_number(value) or 0) <= 1e15


@given(JSON)
def test_whatever_python_writes_as_json_can_be_read(value):
    load_json(json.dumps(value))
    load_json(json.dumps(value), is_exact=True)


def test_half_a_character_becomes_a_replacement_character():
    assert as_text("caf\ud83d\0!") == "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}!"
    assert as_text("\N{AUTOMOBILE}") == "\N{AUTOMOBILE}"


@pytest.mark.parametrize(
    "text", ['{"a": NaN, "b": 1}', '{"a": -Infinity, "b": 1}', '{"a": %s, "b": 1}' % ("9" * 5000)]
)
def test_a_number_that_cannot_be_does_not_take_the_rest_away(text):
    assert load_json(text) == {"a": None, "b": 1}
    assert json_object(text) == {"a": None, "b": 1}


def test_bytes_that_are_no_utf_8_and_line_breaks_inside_a_text_do_not_take_the_rest_away():
    assert load_json(b'{"a": "caf\xe9\n", "b": 1}') == {"a": "caf\N{REPLACEMENT CHARACTER}\n", "b": 1}


def test_exact_numbers_are_exact_and_an_exponent_beyond_reason_is_none():
    assert load_json("[0.1, 3, 1e99999999999999999999999]", is_exact=True) == [Decimal("0.1"), 3, None]


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_is_a_value_error_that_does_not_repeat_it(text):
    with pytest.raises(ValueError, match=r"^not JSON$") as caught:
        load_json(text)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("value", "name"), [(None, None), ("", None), (" \n", None), (5, "5"), (" Carport ", "Carport")]
)
def test_a_name_is_one_line_or_none(value, name):
    assert as_name(value) == name
    assert as_name("x" * 201) == "x" * 199 + "…"


@pytest.mark.parametrize(
    "value", ["1970-01-01T00:00:12Z", "2014-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "2099-12-31T23:59:59-01:00"]
)
def test_a_time_before_zaptec_s_first_charger_or_in_another_century_cannot_be(value):
    assert not is_possible(parse_time(value))
    assert is_possible(parse_time("2015-01-01T00:00:00Z")) and is_possible(parse_time("2099-12-31T23:59:59Z"))
