"""The mean of a price over many hours is that of all its prices, though they are not worked out one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.tariff.contract import HOUR, QUARTER, SpotSupport, SpotTerms
from dashboard.tariff.contracts import Contracts, midnight
from dashboard.tariff.mean import SpotRun, mean_price
from dashboard.tariff.spot_prices import runs_of
from tests.tariff.contracts_of import AMSTERDAM, Exchange, clock, contract, contracts, hours, local, spot
from tests.tariff.random_cases import cases

BEGIN, END = (local(f"2026-03-{day} 00:00").astimezone(UTC) for day in (28, 31))  # the clock is set in between
DEAR_EVENINGS = clock(200_000, hours("17:00", "21:00", 500_000, days="working days", months=(3,)))


def told_by(prices: Contracts) -> object:
    """What the exchange of some contracts has told, as runs."""

    def spot_runs(terms: SpotTerms, begin: datetime, end: datetime) -> list[SpotRun]:
        quarters = [(at, prices._quarter_price(terms, at)) for at in every_quarter(begin, end)]
        return runs_of([(at, micro) for at, micro in quarters if micro is not None])

    return spot_runs


def every_quarter(begin: datetime, end: datetime) -> list[datetime]:
    return [begin + number * QUARTER for number in range((end - begin) // QUARTER)]


def one_by_one(prices: Contracts, begin: datetime, end: datetime) -> tuple[float, int]:
    """The mean of the prices, and for how many seconds there is one."""
    known = [
        (part.price.micro_per_kwh, round((part.end - part.begin).total_seconds()))
        for part in prices.between(begin, end)
        if part.price
    ]
    seconds = sum(each for _micro, each in known)
    return sum(micro * each for micro, each in known) / (seconds or 1), seconds


def agrees(prices: Contracts, begin: datetime, end: datetime) -> bool:
    mean, (right, known_s) = mean_price(prices, begin, end, told_by(prices)), one_by_one(prices, begin, end)  # type: ignore[arg-type]
    if mean is None:
        return not known_s
    is_all = known_s == (end - begin).total_seconds()
    same = (mean.known_s, mean.are_all_known) == (known_s, is_all)
    return same and abs(mean.weight / mean.known_s - right) <= 3  # each of its parts is rounded


def test_it_is_the_mean_of_all_prices_of_any_tariff() -> None:
    for case in cases("mean", 60):
        day = case.begin.astimezone(case.zone).date()
        begin, end = (midnight(day + n * timedelta(days=1), case.zone) for n in (0, 2))
        assert agrees(case.dashboard, begin, end), case


@pytest.mark.parametrize("step", [HOUR, QUARTER])
@pytest.mark.parametrize("includes_vat", [True, False])
def test_grid_fees_by_the_clock_support_and_holes_are_in_it(step: timedelta, includes_vat: bool) -> None:
    exchange = Exchange()
    for number, at in enumerate(every_quarter(BEGIN, END)):
        exchange.prices[at] = (number * 7919) % 900_000 - 100_000
    for hole in (5, 6, 40, 41, 42, 43):
        exchange.prices[BEGIN + hole * QUARTER] = None
    parts = {"grid": DEAR_EVENINGS, "tax_micro": 150_000, "vat_micro": 250_000, "includes_vat": includes_vat}
    before = contract(spot(step, mark_up_micro=40_000, factor_micro=1_050_000), **parts)
    monday, support = local("2026-03-30 00:00").date(), SpotSupport(900_000, 300_000)
    after = contract(spot(step, rate_micro=980_000), monday, **parts, support=support)
    assert agrees(contracts(before, after, exchange=exchange), BEGIN, END)


def test_a_time_zone_off_the_hour_is_reckoned_all_the_same() -> None:
    exchange = Exchange(300_000)
    begin = local("2026-03-28 00:30").astimezone(UTC)
    exchange.set_hour(begin - QUARTER * 2, 100_000, 100_000, 500_000, 500_000)
    assert agrees(contracts(contract(spot(HOUR)), exchange=exchange), begin, begin + 24 * HOUR)


def test_without_a_known_price_there_is_no_mean() -> None:
    nothing = contracts(contract(spot(HOUR)), zone=AMSTERDAM)
    assert mean_price(nothing, BEGIN, END, told_by(nothing)) is None  # type: ignore[arg-type]
