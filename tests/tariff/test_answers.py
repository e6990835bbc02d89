"""How the answer of each price source is read: the documented form, and everything that it must not be."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.tariff.sources.answer import PricesUnusable, delivery_day, read_json
from dashboard.tariff.sources.table import BY_HOST, SOURCES, PriceSource
from tests.tariff.recorded import (
    DANISH,
    ELERING,
    ENERGY_CHARTS,
    NORWEGIAN,
    RECORDED,
    SWEDISH,
    Json,
    every_source,
    failure,
    read,
    rows,
    sample,
    without,
)

QUARTER = timedelta(minutes=15)


def test_there_is_a_sample_of_every_source() -> None:
    assert set(RECORDED) == {source.host for source in SOURCES}


@every_source
def test_the_documented_answer_covers_its_day(host: str) -> None:
    _file, _area, day, quarters = RECORDED[host]
    prices = read(host, sample(host))
    assert prices.is_complete
    assert list(prices.by_currency) == list(BY_HOST[host].currencies)
    begin, _end = delivery_day(day)
    for of_currency in prices.by_currency.values():
        assert list(of_currency) == [begin + number * QUARTER for number in range(quarters)]


@pytest.mark.parametrize(
    ("host", "currency", "at", "micro"),
    [
        (ENERGY_CHARTS, "EUR", "2026-11-27T11:30Z", 0),
        (ENERGY_CHARTS, "EUR", "2026-11-27T11:45Z", -12_500),
        (ENERGY_CHARTS, "EUR", "2026-11-27T12:00Z", 10),
        (NORWEGIAN, "NOK", "2024-07-24T00:45+02:00", None),
        (SWEDISH, "SEK", "2026-03-29T03:00+02:00", None),
        (DANISH, "DKK", "2026-10-25T00:30Z", None),
        (DANISH, "DKK", "2026-10-25T01:30Z", None),
        (ELERING, "EUR", "2026-11-26T23:00Z", None),
    ],
)
def test_prices_are_found_by_their_instant(host: str, currency: str, at: str, micro: int | None) -> None:
    moment = datetime.fromisoformat(at).astimezone(UTC)
    found = read(host, sample(host)).by_currency[currency][moment]
    expected = micro if micro is not None else told_at(host, currency, moment)
    assert found == expected


def told_at(host: str, currency: str, moment: datetime) -> int:
    """The same from the sample's text."""
    for row in rows(host, sample(host)):
        if host in (NORWEGIAN, SWEDISH):
            if datetime.fromisoformat(row["time_start"]) <= moment < datetime.fromisoformat(row["time_end"]):
                return round(row[f"{currency}_per_kWh"] * 1_000_000)
        elif host == DANISH and datetime.fromisoformat(row["TimeUTC"] + "+00:00") == moment:
            return round(row[f"DayAheadPrice{currency}"] * 1_000)
        elif host == ELERING and row["timestamp"] == moment.timestamp():
            return round(row["price"] * 1_000)
    raise AssertionError("not in the sample")


@every_source
def test_the_order_of_an_answer_means_nothing(host: str) -> None:
    told = sample(host)
    rows(host, told).reverse()
    if host == ENERGY_CHARTS:
        told["price"].reverse()
    assert read(host, told) == read(host, sample(host))


@every_source
def test_an_answer_that_ends_early_is_used_as_far_as_it_goes(host: str) -> None:
    prices = read(host, without(host, 12, None))
    assert not prices.is_complete
    quarters = 48 if host == NORWEGIAN else 12  # whose sample is of hours
    assert {len(of_currency) for of_currency in prices.by_currency.values()} == {quarters}


@every_source
def test_an_answer_with_a_hole_is_used_around_it(host: str) -> None:
    prices = read(host, without(host, 12, 13))
    assert not prices.is_complete
    missing = 4 if host == NORWEGIAN else 1
    assert {len(of) for of in prices.by_currency.values()} == {RECORDED[host][3] - missing}


@every_source
def test_an_answer_without_its_day_s_first_instant_is_refused(host: str) -> None:
    assert failure(host, without(host, 0, 1)) == "other_day"


@every_source
@pytest.mark.parametrize("days", [-1, 1])
def test_another_day_is_refused(host: str, days: int) -> None:
    assert failure(host, sample(host), RECORDED[host][2] + timedelta(days=days)) == "other_day"


@every_source
def test_a_day_without_prices_is_not_there_yet(host: str) -> None:
    assert failure(host, without(host, 0, None)) == "not_yet"


PRICE_KEYS = {NORWEGIAN: "NOK_per_kWh", SWEDISH: "SEK_per_kWh", DANISH: "DayAheadPriceDKK", ELERING: "price"}
STAMP_KEYS = {NORWEGIAN: "time_start", SWEDISH: "time_start", DANISH: "TimeUTC", ELERING: "timestamp"}


def with_price(host: str, value: Any) -> Json:
    told = sample(host)
    if host == ENERGY_CHARTS:
        told["price"][5] = value
    else:
        rows(host, told)[5][PRICE_KEYS[host]] = value
    return told


@every_source
def test_null_is_no_price(host: str) -> None:
    assert not read(host, with_price(host, None)).is_complete


@every_source
@pytest.mark.parametrize("value", ["72.5", True, [1], {}, 10**30, -(10**9)])
def test_what_is_no_price_of_electricity_is_refused(host: str, value: Any) -> None:
    assert failure(host, with_price(host, value)) == "unreadable"


@every_source
@pytest.mark.parametrize("value", [None, True, "tomorrow", 1e9, {}, -5])
def test_what_is_no_time_is_refused(host: str, value: Any) -> None:
    told = sample(host)
    if host == ENERGY_CHARTS:
        told["unix_seconds"][5] = value
    else:
        rows(host, told)[5][STAMP_KEYS[host]] = value
    assert failure(host, told) == "unreadable"


@pytest.mark.parametrize("host", [NORWEGIAN, SWEDISH])
@pytest.mark.parametrize("stamp", ["2026-03-29T01:15:00", "2026-03-29T01:20:00+01:00"])
def test_a_time_without_offset_or_between_quarters_is_refused(host: str, stamp: str) -> None:
    told = sample(host)
    told[5]["time_start"] = stamp
    assert failure(host, told) == "unreadable"


@every_source
def test_two_prices_for_one_instant_are_refused(host: str) -> None:
    told = sample(host)
    again = copy.deepcopy(rows(host, told)[5])
    rows(host, told).append(again)
    if host == ENERGY_CHARTS:
        told["price"].append(told["price"][5])
    assert read(host, told).is_complete  # the same once more is no harm
    if host == ENERGY_CHARTS:
        told["price"][-1] = 999
    else:
        again[PRICE_KEYS[host]] = 0.999
    assert failure(host, told) == "unreadable"


@pytest.mark.parametrize("unit", ["CHF / MWh", "EUR / kWh", None])
def test_another_unit_is_refused_and_not_converted(unit: str | None) -> None:
    assert failure(ENERGY_CHARTS, sample(ENERGY_CHARTS) | {"unit": unit}) == "other_money"


@pytest.mark.parametrize("host", [NORWEGIAN, SWEDISH, DANISH])
def test_an_answer_without_the_country_s_money_is_refused(host: str) -> None:
    told = sample(host)
    rows(host, told)[5]["CHF"] = rows(host, told)[5].pop(PRICE_KEYS[host])
    assert failure(host, told) == "other_money"


def test_the_unit_may_be_written_without_spaces() -> None:
    assert read(ENERGY_CHARTS, sample(ENERGY_CHARTS) | {"unit": "EUR/MWh"}).is_complete


def test_stamps_without_a_price_each_are_refused() -> None:
    told = sample(ENERGY_CHARTS)
    told["price"].pop()
    assert failure(ENERGY_CHARTS, told) == "unreadable"


def test_the_day_after_may_be_told_too_where_it_is_asked_for_and_no_further() -> None:
    told = sample(ENERGY_CHARTS)
    last = told["unix_seconds"][-1]
    for number in range(1, 97):
        told["unix_seconds"].append(last + number * 900)
        told["price"].append(1.0)
    prices = read(ENERGY_CHARTS, told)
    assert prices == read(ENERGY_CHARTS, sample(ENERGY_CHARTS))
    told["unix_seconds"].append(last + 97 * 900)
    told["price"].append(1.0)
    assert failure(ENERGY_CHARTS, told) == "other_day"


@pytest.mark.parametrize("host", [ELERING, SWEDISH])
def test_an_answer_that_reaches_beyond_its_day_is_refused(host: str) -> None:
    told = sample(host)
    row = copy.deepcopy(rows(host, told)[-1])
    if host == ELERING:
        row["timestamp"] += 900
    else:
        row["time_start"], row["time_end"] = "2026-03-30T00:00:00+02:00", "2026-03-30T00:15:00+02:00"
    rows(host, told).append(row)
    assert failure(host, told) == "other_day"


def test_another_area_s_prices_are_not_taken() -> None:
    told = sample(DANISH)
    for row in told["records"]:
        row["PriceArea"] = "DK2"
    assert failure(DANISH, told) == "not_yet"
    told = sample(ELERING)
    del told["data"]["fi"]
    assert failure(ELERING, told) == "not_yet"


def test_an_answer_that_says_it_failed_is_not_read() -> None:
    assert failure(ELERING, sample(ELERING) | {"success": False}) == "unreadable"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"price": NaN}', b'{"a": ' + b"9" * 5000 + b"}", b"null", b"1"],
)
@every_source
def test_garbage_is_refused(host: str, body: bytes) -> None:
    source: PriceSource = BY_HOST[host]
    with pytest.raises(PricesUnusable) as caught:
        source.read(read_json(body), RECORDED[host][1])
    assert caught.value.failure.value == "unreadable"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["unix_seconds", "price", "unit", "records", "success", "data", "fi", "timestamp"]),
            inner,
        )
    ),
    max_leaves=8,
)


@given(told=JSON, host=st.sampled_from(list(RECORDED)))
def test_whatever_is_told_is_prices_or_a_named_failure(told: Json, host: str) -> None:
    try:
        read(host, told)
    except PricesUnusable as error:
        assert error.failure
