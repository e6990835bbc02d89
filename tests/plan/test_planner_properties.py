"""What holds of the planner whatever the prices, the hour and the manners.

    PLANNER_CASES=20000 .venv/bin/python -m pytest tests/plan/test_planner_properties.py

draws more than `make test` does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.plan.planner import Block, ChargePlan, Manners, PlanReason, PriceSlot, cost_of, plan
from tests.planner_reference import UNKNOWN, Night, least, try_all

CASES = int(os.environ.get("PLANNER_CASES", "40"))
EVENING = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
MINUTE, CELL, QUARTER, HOUR = (timedelta(minutes=count) for count in (1, 5, 15, 60))
OSLO = ZoneInfo("Europe/Oslo")
PRICES = st.one_of(st.sampled_from([0, 100_000, 200_000]), st.integers(-300_000, 900_000))


@dataclass(frozen=True)
class Case:
    """One question to the planner."""

    slots: tuple[PriceSlot, ...]
    wanted: timedelta
    deadline: datetime
    now: datetime
    manners: Manners
    since: datetime | None = None

    @property
    def answer(self) -> ChargePlan:
        return plan(
            self.slots,
            self.wanted,
            self.deadline,
            self.now,
            power_w=11_000,
            manners=self.manners,
            charging_since=self.since,
        )

    @property
    def can_wait(self) -> bool:
        return self.now + self.wanted <= self.deadline - self.manners.margin


def slots_from(begin: datetime, step: timedelta, prices: Sequence[int | None]) -> tuple[PriceSlot, ...]:
    return tuple(PriceSlot(begin + n * step, begin + (n + 1) * step, price) for n, price in enumerate(prices))


@st.composite
def cases(draw: st.DrawFn, prices: st.SearchStrategy[int | None] = PRICES, longest: timedelta = 5 * HOUR) -> Case:
    """On a grid of five minutes, as the reference needs it; with more or fewer prices than the night has hours."""
    step = draw(st.sampled_from([QUARTER, HOUR]))
    now = EVENING + draw(st.integers(0, 11)) * CELL
    room = draw(st.integers(1, longest // CELL))
    count = draw(st.integers(0, longest // step + 2))
    begin = EVENING - draw(st.integers(0, 2)) * HOUR
    slots = slots_from(begin, step, draw(st.lists(prices, min_size=count, max_size=count)))
    left_out = draw(st.sets(st.integers(0, count), max_size=2))
    manners = Manners(draw(st.integers(1, 3)), draw(st.sampled_from([15, 30, 45])) * MINUTE)
    running = draw(st.none() | st.integers(1, 12))
    return Case(
        tuple(slot for n, slot in enumerate(slots) if n not in left_out),
        draw(st.integers(0, room + 6)) * CELL,
        now + room * CELL + manners.margin,
        now,
        manners,
        None if running is None else now - running * CELL,
    )


HOLED = st.one_of(PRICES, st.none())
many = settings(max_examples=CASES)


def together(blocks: Sequence[Block]) -> timedelta:
    return sum((end - begin for begin, end in blocks), timedelta())


def price_at(slots: Sequence[PriceSlot], at: datetime) -> int | None:
    return next((slot.micro_per_kwh for slot in slots if slot.begin <= at < slot.end), None)


def night_of(case: Case) -> Night:
    """The same question for the reference."""
    cells = (case.deadline - case.manners.margin - case.now) // CELL
    return Night(
        [price_at(case.slots, case.now + n * CELL) for n in range(cells)],
        case.wanted // CELL,
        case.manners.most_blocks,
        case.manners.shortest // CELL,
        None if case.since is None else (case.now - case.since) // CELL,
    )


def weight_of(case: Case, blocks: Sequence[Block]) -> int:
    """What the reference finds that these weigh: the price of each cell."""
    cells = [begin + n * CELL for begin, end in blocks for n in range((end - begin) // CELL)]
    prices = [price_at(case.slots, cell) for cell in cells]
    return sum(UNKNOWN if price is None else price for price in prices)


@many
@given(
    st.builds(
        Night,
        st.lists(st.none() | st.integers(-3, 9), max_size=9),
        st.integers(0, 9),
        st.integers(0, 3),
        st.integers(1, 4),
        st.none() | st.integers(1, 5),
    )
)
def test_the_reference_finds_what_trying_everything_finds(night: Night) -> None:
    assert least(night) == try_all(night)


@many
@given(cases(HOLED))
def test_it_is_as_long_as_wanted_in_few_blocks_and_in_time(case: Case) -> None:
    found = case.answer
    assert together(found.blocks) == case.wanted
    assert found.latest_start == case.deadline - case.wanted - case.manners.margin
    assert all(begin < end for begin, end in found.blocks)
    assert all(end < begin for (_, end), (begin, _) in zip(found.blocks, found.blocks[1:], strict=False))
    if not case.wanted:
        return
    assert found.blocks[0][0] >= case.now
    goes_on = case.since is not None and found.blocks[0][0] == case.now
    assert len(found.blocks) - goes_on <= case.manners.most_blocks
    shortest = min(case.manners.shortest, case.wanted)
    if case.since and case.can_wait and found.reason is not PlanReason.NO_PRICES:
        until = found.blocks[0][1] if goes_on else case.now
        assert until - case.since >= min(case.manners.shortest, case.now - case.since + case.wanted)
    own = found.blocks[1:] if goes_on else found.blocks
    assert all(end - begin >= shortest for begin, end in own)
    if case.can_wait:
        assert found.blocks[-1][1] <= case.deadline - case.manners.margin
        assert found.blocks[0][0] <= found.latest_start
    else:
        assert found.blocks == ((case.now, case.now + case.wanted),)
        assert (found.reason is PlanReason.LATE) == (case.now + case.wanted > case.deadline)


@many
@given(cases(HOLED, longest=4 * HOUR))
def test_no_other_choice_is_cheaper_or_has_less_time_without_a_price(case: Case) -> None:
    found = case.answer
    if case.can_wait and found.reason is not PlanReason.NO_PRICES:
        mine, best = weight_of(case, found.blocks), least(night_of(case))
        cells_without = [round(weight / UNKNOWN) for weight in (mine, best)]
        assert mine <= best or (cells_without[0] and cells_without[0] == cells_without[1])


@many
@given(cases(HOLED))
def test_without_prices_it_would_have_charged_no_more(case: Case) -> None:
    twin = replace(case, slots=()).answer
    assert together(twin.blocks) == together(case.answer.blocks)
    if case.wanted:
        assert twin.blocks == ((case.now, case.now + case.wanted),)


@many
@given(cases(HOLED), st.data())
def test_a_dearer_hour_that_is_not_chosen_changes_nothing(case: Case, data: st.DataObject) -> None:
    found = case.answer
    unused = [n for n, slot in enumerate(case.slots) if not overlap([slot], found.blocks)]
    known = [n for n in unused if case.slots[n].micro_per_kwh is not None]
    if known:
        dearer = with_price(case, data.draw(st.sampled_from(known)), by=data.draw(st.integers(1, 500_000)))
        assert dearer.answer.blocks == found.blocks


@many
@given(cases(), st.data())
def test_a_cheaper_hour_that_is_chosen_stays_chosen(case: Case, data: st.DataObject) -> None:
    found = case.answer
    used = [n for n, slot in enumerate(case.slots) if overlap([slot], found.blocks)]
    if used:
        number = data.draw(st.sampled_from(used))
        cheaper = with_price(case, number, by=-data.draw(st.integers(1, 500_000)))
        before, after = (overlap([case.slots[number]], blocks) for blocks in (found.blocks, cheaper.answer.blocks))
        assert after >= before


def with_price(case: Case, number: int, *, by: int) -> Case:
    slots = list(case.slots)
    slots[number] = replace(slots[number], micro_per_kwh=(slots[number].micro_per_kwh or 0) + by)
    return replace(case, slots=tuple(slots))


def overlap(slots: Sequence[PriceSlot], blocks: Sequence[Block]) -> timedelta:
    shared = [min(slot.end, end) - max(slot.begin, begin) for slot in slots for begin, end in blocks]
    return sum((each for each in shared if each > timedelta()), timedelta())


@many
@given(cases(st.just(70_000)))
def test_where_all_hours_cost_the_same_it_begins_at_once(case: Case) -> None:
    is_whole = all(price is not None for price in night_of(case).prices)
    if is_whole and case.wanted:
        assert case.answer.blocks == ((case.now, case.now + case.wanted),)


@many
@given(cases(), st.integers(-900_000, 900_000))
def test_the_same_amount_on_every_price_changes_no_choice(case: Case, amount: int) -> None:
    moved = tuple(replace(slot, micro_per_kwh=(slot.micro_per_kwh or 0) + amount) for slot in case.slots)
    assert replace(case, slots=moved).answer.blocks == case.answer.blocks


@many
@given(
    st.sampled_from([date(2026, 3, 28), date(2026, 10, 24)]),
    st.lists(PRICES, min_size=14, max_size=14),
    st.integers(1, 9),
)
def test_a_night_in_which_clocks_change_is_as_long_as_it_is(day: date, prices: list[int], hours: int) -> None:
    begin = datetime.combine(day, time(18), OSLO)
    deadline = datetime.combine(day + timedelta(days=1), time(7), OSLO)
    slots = slots_from(begin.astimezone(UTC), HOUR, prices)
    case = Case(slots, hours * HOUR, deadline, begin, Manners())
    found = case.answer
    assert together(found.blocks) == hours * HOUR
    real = deadline.astimezone(UTC) - begin.astimezone(UTC)
    assert real != 13 * HOUR
    assert found.blocks[-1][1] <= deadline.astimezone(UTC) - QUARTER
    same = replace(case, now=begin.astimezone(UTC), deadline=deadline.astimezone(UTC)).answer
    assert same == found


@many
@given(cases(HOLED, longest=9 * HOUR), st.lists(st.lists(HOLED, max_size=40), min_size=1, max_size=8), st.data())
def test_whoever_follows_it_while_prices_come_and_go_is_ready_in_time_after_few_starts(
    case: Case, news: list[list[int | None]], data: st.DataObject
) -> None:
    """Plans again at odd moments, each time with other prices, and does what is planned until the next."""
    now, left, starts, since = case.now, case.wanted, 0, None
    is_possible, number = case.can_wait, 0
    while left:
        slots = slots_from(EVENING, QUARTER, news[number % len(news)])
        manners = replace(case.manners, most_blocks=case.manners.most_blocks - starts)
        begin, end = replace(case, slots=slots, wanted=left, now=now, since=since, manners=manners).answer.blocks[0]
        number += 1
        until = now + data.draw(st.integers(1, 90)) * MINUTE
        if begin > now:
            assert since is None or now - since >= min(case.manners.shortest, case.wanted)
            now, since = min(begin, until), None
            continue
        starts, since = (starts, since) if since else (starts + 1, now)
        left, now = left - (min(end, until) - now), min(end, until)
    assert starts <= case.manners.most_blocks
    if is_possible:
        assert now <= case.deadline - case.manners.margin


@many
@given(cases())
def test_what_it_says_it_costs_is_what_its_hours_cost(case: Case) -> None:
    found = case.answer
    assert found.cost_micro == cost_of(found.blocks, case.slots, 11_000)
    prices = [price_at(case.slots, case.now + n * CELL) for n in range(200)]
    if found.reason is PlanReason.CHEAPEST and None not in prices[: (case.deadline - case.now) // CELL]:
        assert found.cost_micro is not None
        expected = weight_of(case, found.blocks) * 11_000 * 300 / 3_600_000
        assert abs(found.cost_micro - expected) <= 11_000 * 300 / 3_600_000 + 1
