"""The tariff against a second reckoning of it, on tariffs drawn at random: the two agree to the millionth.

Each test draws two hundred cases. More of them, with other seeds, or one that failed again:

    TARIFF_CASES=100000 TARIFF_SEED=tuesday .venv/bin/python -m pytest tests/tariff/test_against_reference.py
    TARIFF_CASE=tuesday/4711 .venv/bin/python -m pytest tests/tariff/test_against_reference.py

A failure names its case, and its case says what was drawn.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from dashboard.history.shares import Share, shares
from dashboard.tariff.bounds import bound_micro
from dashboard.tariff.contracts import Contracts
from dashboard.tariff.kwh_price import KwhPrice
from tests import tariff_reference as reference
from tests.tariff.random_cases import Case, case, cases
from tests.tariff_reference import MICROSECOND

SEED, COUNT = os.environ.get("TARIFF_SEED", "2026"), int(os.environ.get("TARIFF_CASES", "200"))


def drawn() -> Iterator[Case]:
    if name := os.environ.get("TARIFF_CASE"):
        return iter([case(name)])
    return cases(SEED, COUNT)


def parts(price: KwhPrice | reference.Price | None) -> tuple[int, ...] | None:
    return price and (price.energy, price.mark_up, price.grid, price.tax, price.vat, price.support)


def test_prices_and_their_parts_agree_at_any_moment() -> None:
    for drawn_case in drawn():
        tariff, contracts = drawn_case.reference, drawn_case.dashboard
        for moment in drawn_case.moments:
            price, right = contracts.price_at(moment), tariff.price_at(moment)
            assert parts(price) == parts(right), (drawn_case, moment)
            assert (price and price.micro_per_kwh) == (right and right.total), (drawn_case, moment)
            told = price and price.spot and (price.spot.begin, price.spot.step, price.spot.micro)
            assert told == (right and spot_used(tariff, moment)), (drawn_case, moment)


def spot_used(tariff: reference.Tariff, moment: datetime) -> tuple[datetime, timedelta, int] | None:
    """Of which billing step the market's price went into a price, and what it was."""
    contract = tariff.contract_at(moment)
    hourly = contract.energy
    if not isinstance(hourly, reference.ByTheHour) or isinstance(hourly.support, reference.Fixed):
        return None
    spot = reference.spot_at(contract, hourly, tariff.market, moment)
    return reference.step_begin(moment, hourly.step), hourly.step, reference.half_even(spot)


def test_prices_change_at_the_same_moments_and_hold_in_between() -> None:
    for drawn_case in drawn():
        tariff, contracts = drawn_case.reference, drawn_case.dashboard
        begin, end = drawn_case.begin, drawn_case.end
        right = tariff.boundaries(begin, end, with_midnights=False)
        assert contracts.changes_between(begin, end) == right, drawn_case
        stretches = contracts.between(begin, end)
        assert [(each.begin, each.end) for each in stretches] == list(pairwise([begin, *right, end])), drawn_case
        for stretch in stretches:
            at_its_end = tariff.price_at(stretch.end - MICROSECOND)
            assert parts(stretch.price) == parts(at_its_end), (drawn_case, stretch)


def booked(drawn_case: Case, readings: list[reference.Reading]) -> list[Share]:
    energy = sum(reading.energy_mwh for reading in readings)
    intervals = [(reading.end, reading.energy_mwh) for reading in readings]
    begin, end = readings[0].begin, readings[-1].end
    return shares(begin, end, energy, intervals, drawn_case.zone, drawn_case.dashboard.changes_between)


def test_sessions_are_cut_at_the_same_moments_and_cost_the_same() -> None:
    for drawn_case in drawn():
        tariff, contracts, session = drawn_case.reference, drawn_case.dashboard, drawn_case.session
        readings = [dealt_out(drawn_case, reading) for reading in session if reading.energy_mwh]
        told = booked(drawn_case, session)
        assert [share.energy_mwh for share in told] == put_together(drawn_case, readings), drawn_case
        assert [share.day for share in told] == [tariff.wall(share.begin).date() for share in told], drawn_case
        prices = {piece.begin: piece.price for reading in readings for piece in reading}
        right = [reference.cost_of_energy(share.energy_mwh, prices[share.begin]) for share in told]
        assert [contracts.cost_micro(share.begin, share.energy_mwh) for share in told] == right, drawn_case
        bounds = [bound(contracts, reading) for reading in readings]
        cost = reference.cost_of(readings)
        if cost is None:
            assert None in [*right, *bounds] or not told, drawn_case
        else:  # of a booked share, which may be of several readings, the cost is rounded once
            assert abs(sum(right) - cost.micro) <= sum(map(len, readings)), drawn_case
            assert sum(bounds) == cost.plus_minus, drawn_case


def dealt_out(drawn_case: Case, reading: reference.Reading) -> list[reference.Piece]:
    """The reference's pieces with the dashboard's energies.

    Whole milliwatt-hours can be dealt out in several ways, which differ by fewer than there are pieces.
    """
    right = drawn_case.reference.pieces(reading)
    energies = {share.begin: share.energy_mwh for share in booked(drawn_case, [reading])}
    pieces = [replace(piece, energy_mwh=energies.pop(piece.begin, 0)) for piece in right]
    assert energies == {} and sum(piece.energy_mwh for piece in pieces) == reading.energy_mwh, (drawn_case, reading)
    for piece in pieces:
        assert abs(piece.energy_mwh - piece.exact_mwh) < len(pieces), (drawn_case, reading, piece)
    return pieces


def bound(contracts: Contracts, reading: list[reference.Piece]) -> int | None:
    """None where a part of it has no price."""
    prices = [(piece.energy_mwh, contracts.price_at(piece.begin)) for piece in reading if piece.energy_mwh]
    return None if None in [price for _energy, price in prices] else bound_micro(prices)


def put_together(drawn_case: Case, readings: list[list[reference.Piece]]) -> list[int]:
    """The energies of the readings' pieces, one for each while between two boundaries."""
    session = drawn_case.session
    boundaries = drawn_case.reference.boundaries(session[0].begin, session[-1].end)
    energies: Counter[int] = Counter()
    for reading in readings:
        for piece in reading:
            energies[bisect_right(boundaries, piece.begin)] += piece.energy_mwh
    return [energy for energy in energies.values() if energy]


def test_the_cases_are_as_awkward_as_they_are_meant_to_be() -> None:
    reached = Counter(what for drawn_case in cases("2026", 200) for what in awkwardness(drawn_case))
    assert {what: reached[what] for what in AWKWARD if reached[what] < 3} == {}


AWKWARD = (
    *("below zero", "zero", "dear", "no contract", "no spot", "no spot needed", "one quarter of an hour missing"),
    *("support is paid", "VAT typed in", "VAT on top", "other money", "the clock is set during the session"),
    *("over midnight", "holiday", "leap day", "a contract ends during the session", "open part in the session"),
)


def awkwardness(drawn_case: Case) -> Iterator[str]:
    tariff, session = drawn_case.reference, drawn_case.session
    begin, end = session[0].begin, session[-1].end
    for moment in drawn_case.moments:
        yield from awkwardness_at(tariff, moment)
    if begin.astimezone(drawn_case.zone).utcoffset() != end.astimezone(drawn_case.zone).utcoffset():
        yield "the clock is set during the session"
    if tariff.contract_at(begin) != tariff.contract_at(end):
        yield "a contract ends during the session"
    if {tariff.price_at(reading.begin) is None for reading in session} == {True, False}:
        yield "open part in the session"


def awkwardness_at(tariff: reference.Tariff, moment: datetime) -> Iterator[str]:
    contract, price, wall = tariff.contract_at(moment), tariff.price_at(moment), tariff.wall(moment)
    if contract is None:
        yield "no contract"
        return
    yield "VAT typed in" if contract.includes_vat else "VAT on top"
    if (wall.month, wall.day) == (2, 29):
        yield "leap day"
    for clock in (contract.energy, contract.grid):
        if isinstance(clock, reference.Clock):
            yield from awkward_hours(clock, wall)
    if price is None:
        yield "no spot"
        yield from awkward_gap(tariff, contract, moment)
    else:
        yield from awkward_price(price)
        if isinstance(contract.energy, reference.ByTheHour):
            if isinstance(contract.energy.support, reference.Fixed):
                yield "no spot needed"
            if tariff.market.currency != contract.currency:
                yield "other money"


def awkward_hours(clock: reference.Clock, wall: datetime) -> Iterator[str]:
    if wall.date() in clock.holidays and any({"holidays", "working days"} & rule.days for rule in clock.rules):
        yield "holiday"
    number = reference.rule_number(clock, wall)
    if number is not None and wall.time() < clock.rules[number].end <= clock.rules[number].begin:
        yield "over midnight"


def awkward_gap(tariff: reference.Tariff, contract: reference.Contract, moment: datetime) -> Iterator[str]:
    begin = reference.step_begin(moment, contract.energy.step)
    quarters = [begin + number * reference.QUARTER for number in range(contract.energy.step // reference.QUARTER)]
    if 0 < sum(quarter in tariff.market.quarters for quarter in quarters) < len(quarters):
        yield "one quarter of an hour missing"


def awkward_price(price: reference.Price) -> Iterator[str]:
    if price.total < 0:
        yield "below zero"
    elif price.total == 0:
        yield "zero"
    elif price.total > 3_000_000:
        yield "dear"
    if price.support:
        yield "support is paid"
