"""The picture of the hours to come: which bars, where they stand, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

import pytest
from flask import Flask, g

from dashboard.tariff.contract import HOUR, QUARTER, ClockPrice
from dashboard.tariff.hours_chart import FLOOR, HoursChart, hours_chart
from dashboard.tariff.price_bars import MOST_BARS, exact_bars, hourly_bars, hours_to_come
from tests.tariff.contracts_of import AMSTERDAM, Exchange, clock, contract, contracts, hours, local, spot

NOON = local("2026-11-28 12:20")
TOMORROW = local("2026-11-29 00:00")
Draw = Callable[..., HoursChart]


@pytest.fixture
def draw(app: Flask) -> Iterator[Draw]:
    """The chart of one contract, in its own zone."""
    with app.test_request_context():

        def drawn(
            prices: ClockPrice | Exchange,
            *,
            now: datetime = NOON,
            step: timedelta = HOUR,
            zone: tzinfo = AMSTERDAM,
            **asked: object,
        ) -> HoursChart | None:
            g.zone_told_in = zone
            is_spot = isinstance(prices, Exchange)
            held = contract(spot(step) if is_spot else prices)
            several = contracts(held, exchange=prices if is_spot else None, zone=zone)
            return hours_chart(hours_to_come(several, now), now, "EUR", **asked)  # type: ignore[arg-type]

        yield drawn  # type: ignore[misc]


def known_until(end: datetime, micro: int = 200_000, begin: datetime = NOON) -> Exchange:
    exchange, at = Exchange(), begin.replace(minute=0)
    while at < end:
        exchange.prices[at] = micro
        at += QUARTER
    return exchange


def shapes(path: str) -> list[tuple[int, int, int, int]]:
    """Each as left, bottom, top, right; one that follows another begins where that ends."""
    found, left, bottom = list[tuple[int, int, int, int]](), 0, 0
    for x, y, top, by, length, end in re.findall(r"(?:M(-?\d+) (-?\d+))?V(-?\d+)(H|h)(\d+)V(-?\d+)z?", path):
        left, bottom = (int(x), int(y)) if x else (left, bottom)
        assert bottom == int(end)
        right = int(length) + (left if by == "h" else 0)
        found.append((left, bottom, int(top), right))
        left = right
    return found


def test_day_and_night_are_bars_as_long_as_they_last_until_the_end_of_tomorrow(draw: Draw) -> None:
    chart = draw(clock(300_000, hours("22:00", "06:00", 100_000)))
    assert [(row.begin, row.end, row.price) for row in chart.rows] == [
        ("12:00", "22:00", "0.30\N{NO-BREAK SPACE}€"),
        ("22:00", "Sun 06:00", "0.10\N{NO-BREAK SPACE}€"),
        ("tomorrow 06:00", "22:00", "0.30\N{NO-BREAK SPACE}€"),
        ("tomorrow 22:00", "Mon 00:00", "0.10\N{NO-BREAK SPACE}€"),
    ]
    assert [(left // 12, right // 12) for left, _bottom, _top, right in shapes(chart.bars)] == [
        (0, 10),
        (10, 18),
        (18, 34),
        (34, 36),
    ]
    assert chart.now == 4 and chart.days == (12 * 12,) and chart.width == 36 * 12
    assert {"now", "Sun 29"} < {label.text for label in chart.across}
    (note,) = chart.notes
    assert note.replace("\N{NO-BREAK SPACE}", " ") == "Cheapest 0.10 €, 22:00; dearest 0.30 €, now."


def test_negative_prices_hang_below_the_line_and_a_price_of_0_is_seen(draw: Draw) -> None:
    exchange = known_until(TOMORROW)
    exchange.set_hour(NOON.replace(minute=0) + HOUR, *[-100_000] * 4)
    exchange.set_hour(NOON.replace(minute=0) + 2 * HOUR, *[0] * 4)
    chart = draw(exchange)
    zero = round(FLOOR * 2 / 3)
    assert chart.zero == zero
    assert [(bottom, top) for _left, bottom, top, _right in shapes(chart.bars)] == [
        (zero, 0),
        (zero, FLOOR),
        (zero, zero - 1),
        (zero, 0),
    ]
    assert [(label.at, label.text) for label in chart.up] == [(zero, "0"), (0, "0.20"), (FLOOR, "-0.10")]


def test_hours_without_a_price_are_said_and_not_drawn_as_0(draw: Draw) -> None:
    exchange = known_until(TOMORROW)
    exchange.set_hour(NOON.replace(minute=0) + 2 * HOUR, 200_000, None, 200_000, 200_000)
    chart = draw(exchange)
    assert [(left, right) for left, _bottom, _top, right in shapes(chart.unknown)] == [(24, 36)]
    assert [(left, right) for left, _bottom, _top, right in shapes(chart.bars)] == [(0, 24), (36, 144)]
    assert chart.rows[1].price == "not known"
    assert "Not known: 14:00–15:00." in chart.notes
    assert chart.notes[-1] == "Tomorrow’s prices are not known yet."


def test_half_of_tomorrow_is_drawn_as_far_as_it_goes(draw: Draw) -> None:
    chart = draw(known_until(TOMORROW + 12 * HOUR))
    assert chart.width == 24 * 12
    assert chart.notes[-1] == "Not known yet from tomorrow 12:00."
    assert draw(known_until(TOMORROW - HOUR)).notes[-1] == "Not known yet from 23:00."
    assert draw(Exchange(200_000)).notes[-1].startswith("0.20")  # all of it is known


def test_there_is_no_picture_without_a_price(draw: Draw) -> None:
    assert draw(Exchange()) is None


def test_many_quarters_become_the_means_of_their_hours(draw: Draw) -> None:
    exchange = Exchange()
    for number in range(36 * 4):
        exchange.prices[NOON.replace(minute=0) + number * QUARTER] = 1_000 * number
    chart = draw(exchange, step=QUARTER)
    assert len(chart.rows) == 36 and "Each bar is the mean of an hour." in chart.notes
    assert chart.rows[35].price == "0.14\N{NO-BREAK SPACE}€"
    del exchange.prices[NOON.replace(minute=0) + 3 * QUARTER]
    assert draw(exchange, step=QUARTER).rows[0].price == "not known"  # as a bill by the hour would have it
    few = draw(exchange, step=QUARTER, now=local("2026-11-29 19:00"))
    assert len(few.rows) == 20 and "Each bar" not in " ".join(few.notes)


def test_the_mean_of_an_hour_goes_by_how_long_each_price_holds() -> None:
    held = contracts(contract(clock(300_000, hours("12:50", "13:00", 900_000))))
    bars = exact_bars(held.between(local("2026-11-28 12:00"), local("2026-11-28 14:00")))
    assert [bar.micro for bar in hourly_bars(bars)] == [400_000, 300_000]


def test_what_is_chosen_is_filled_and_has_its_band_also_where_no_price_is_known(draw: Draw) -> None:
    chosen = [(TOMORROW - 3 * QUARTER, TOMORROW + HOUR)]
    chart = draw(known_until(TOMORROW), chosen=chosen, latest_start=TOMORROW + 2 * HOUR)
    assert chart.width == 14 * 12 and chart.latest_start == 14 * 12
    assert [(left, right) for left, *_, right in shapes(chart.chosen)] == [(135, 144), (135, 144), (144, 156)]
    assert [row.is_chosen for row in chart.rows] == [False, True, True, False]
    assert [row.price for row in chart.rows][1:3] == ["0.20\N{NO-BREAK SPACE}€", "not known"]
    assert chart.notes[-2:] == (
        "Filled: when the car is to charge.",
        "Dashed: it starts tomorrow 02:00 at the latest.",
    )
    assert not draw(known_until(TOMORROW)).has_choice


@pytest.mark.parametrize(("day", "quarters"), [("2026-03-28", 92), ("2026-10-24", 100), ("2026-11-28", 96)])
def test_a_day_on_which_the_clock_is_set_has_its_hours(draw: Draw, day: str, quarters: int) -> None:
    now = local(f"{day} 23:00")
    chart = draw(Exchange(100_000), now=now)
    assert chart.width == 12 + quarters * 3 and chart.days == (12,)
    assert len(chart.rows) == 1 <= MOST_BARS


def test_no_two_labels_touch(draw: Draw) -> None:
    for hour in range(24):
        now = local("2026-11-28 00:40") + hour * HOUR
        for exchange in (Exchange(100_000), known_until(TOMORROW, begin=now)):
            places = [label.at for label in draw(exchange, now=now).across]
            assert all(second - first >= 10 for first, second in pairwise(places)), places
            # With text twice as large every second one is left out, as they stand in the page.
            assert all(second - first >= 25 for first, second in pairwise(places[::2])), places
