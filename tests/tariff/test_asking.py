"""Asking a price source over real HTTP: each of the five, in every weather."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.tariff.sources.answer import DayPrices, PricesUnusable, delivery_day
from dashboard.tariff.sources.asking import ask
from dashboard.tariff.sources.table import SOURCES, PriceSource
from simulator import ManualClock, PriceHouse

TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)
every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.host)


def failure(source: PriceSource, price_url: str, day: date = TOMORROW, timeout_s: float = 10.0) -> str:
    with pytest.raises(PricesUnusable) as caught:
        ask(source, source.areas[-1], day, price_url, timeout_s)
    return caught.value.failure.value


def prices(source: PriceSource, price_url: str, day: date = TOMORROW) -> DayPrices:
    return ask(source, source.areas[-1], day, price_url)


@every_source
def test_tomorrow_is_told_by_the_afternoon(source: PriceSource, price_url: str, house: PriceHouse) -> None:
    told = prices(source, price_url)
    assert told.is_complete and tuple(told.by_currency) == source.currencies
    assert house.asked[0].startswith(f"/{source.host}/")


@every_source
@pytest.mark.parametrize(("day", "quarters"), [(date(2026, 3, 29), 92), (date(2025, 10, 26), 100)])
def test_days_on_which_clocks_are_set_are_whole(
    source: PriceSource, price_url: str, day: date, quarters: int
) -> None:
    told = prices(source, price_url, day)
    assert told.is_complete and {len(of) for of in told.by_currency.values()} == {quarters}


@every_source
def test_tomorrow_is_not_told_in_the_morning(
    source: PriceSource, price_url: str, clock: ManualClock, house: PriceHouse
) -> None:
    clock.advance(seconds=-9 * 3600)
    assert failure(source, price_url) == "not_yet"
    assert prices(source, price_url, TODAY).is_complete


@every_source
@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("tomorrow_late", "not_yet"),
        ("yesterday_again", "other_day"),
        ("cet_as_utc", "other_day"),
        ("talk_garbage", "unreadable"),
        ("talk_much", "too_large"),
        ("send_away", "redirected"),
        ("fail", "refused"),
    ],
)
def test_a_source_in_trouble_is_named(
    source: PriceSource, price_url: str, house: PriceHouse, verb: str, expected: str
) -> None:
    getattr(house, verb)()
    assert failure(source, price_url) == expected


@pytest.mark.parametrize("source", SOURCES[:4], ids=lambda source: source.host)
def test_other_money_is_refused(source: PriceSource, price_url: str, house: PriceHouse) -> None:
    house.other_money("CHF")
    assert failure(source, price_url) == "other_money"


@every_source
def test_half_a_day_is_half_a_day(source: PriceSource, price_url: str, house: PriceHouse) -> None:
    house.half_a_day()
    told = prices(source, price_url)
    assert not told.is_complete and {len(of) for of in told.by_currency.values()} == {48}


@every_source
def test_prices_of_nothing_below_nothing_and_none_are_three_things(
    source: PriceSource, price_url: str, house: PriceHouse
) -> None:
    area, (begin, _end) = source.areas[-1], delivery_day(TOMORROW)
    first, second, third, fourth = (begin + number * timedelta(minutes=15) for number in range(4))
    house.set_price(area, first, 0.0)
    house.set_price(area, second, -31.5)
    house.set_price(area, third, None)
    house.leave_out(area, fourth)
    euros = prices(source, price_url).by_currency["EUR"]
    assert (euros[first], euros[second]) == (0, -31_500)
    assert third not in euros and fourth not in euros


def test_a_source_that_wants_to_be_left_alone_says_for_how_long(price_url: str, house: PriceHouse) -> None:
    house.limit(600)
    with pytest.raises(PricesUnusable) as caught:
        prices(SOURCES[0], price_url)
    assert (caught.value.failure, caught.value.retry_after_s) == ("rate_limited", 600.0)


def test_a_source_that_does_not_answer_holds_nobody_up(price_url: str, house: PriceHouse) -> None:
    house.be_slow(60)
    assert failure(SOURCES[0], price_url, timeout_s=0.05) == "timed_out"


def test_a_source_that_is_not_there_is_unreachable() -> None:
    assert failure(SOURCES[0], "http://127.0.0.1:9") == "unreachable"


def test_a_redirect_within_the_house_is_followed_and_round_in_circles_is_not(
    price_url: str, house: PriceHouse
) -> None:
    house.send_away(f"{price_url}/api.energy-charts.info/price?again=1")
    assert failure(SOURCES[0], price_url) == "redirected"
    assert len(house.asked) == 3


@pytest.mark.parametrize("to", ["//other.example/price", "http://127.0.0.1:9/price"])
def test_a_redirect_elsewhere_is_not_followed(price_url: str, house: PriceHouse, to: str) -> None:
    house.send_away(to)
    assert failure(SOURCES[0], price_url) == "redirected"
    assert len(house.asked) == 1


def test_a_redirect_to_no_address_is_an_answer_that_cannot_be_read(price_url: str, house: PriceHouse) -> None:
    house.send_away("https://[oops")
    assert failure(SOURCES[0], price_url) == "unreadable"


def test_a_question_tells_nothing_but_area_and_day(price_url: str, house: PriceHouse) -> None:
    for source in SOURCES:
        ask(source, source.areas[0], TODAY, price_url)
    assert list(house.asked) == [
        "/api.energy-charts.info/price?bzn=AT&start=2026-11-20&end=2026-11-21",
        "/www.hvakosterstrommen.no/api/v1/prices/2026/11-20_NO1.json",
        "/www.elprisetjustnu.se/api/v1/prices/2026/11-20_SE1.json",
        "/api.energidataservice.dk/dataset/DayAheadPrices?start=2026-11-20&end=2026-11-21"
        "&filter=%7B%22PriceArea%22%3A%5B%22DK1%22%5D%7D&sort=TimeUTC+asc",
        "/dashboard.elering.ee/api/nps/price?start=2026-11-19T23%3A00%3A00.000Z&end=2026-11-20T22%3A59%3A59.999Z",
    ]


def test_the_exchange_s_day_is_cet_s() -> None:
    begin, end = delivery_day(date(2026, 7, 1))
    assert (begin, end) == (datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC))
