"""The planner: when to charge so that it is cheapest and the car is ready in time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytest

from dashboard.plan.planner import ChargePlan, Manners, PlanReason, PriceSlot, plan

EVENING = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
QUARTER, MINUTE, HOUR = timedelta(minutes=15), timedelta(minutes=1), timedelta(hours=1)
DEAR, CHEAP = 500_000, 100_000
Prices = dict[int, int | None]


def hours(prices: Prices, *, since: datetime = EVENING, count: int = 14) -> list[PriceSlot]:
    """Slots of an hour; what is not named is dear."""
    return [
        PriceSlot(since + n * HOUR, since + (n + 1) * HOUR, prices.get((since + n * HOUR).hour, DEAR))
        for n in range(count)
    ]


def night(slots: Sequence[PriceSlot], wanted: timedelta, now: datetime = EVENING, **given: object) -> ChargePlan:
    return plan(slots, wanted, MORNING, now, power_w=10_000, **given)  # type: ignore[arg-type]


def told(found: ChargePlan) -> str:
    return ", ".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in found.blocks)


def test_the_cheapest_hours_are_chosen_and_their_cost_told() -> None:
    found = night(hours({1: CHEAP, 2: CHEAP, 4: CHEAP}), 3 * HOUR)
    assert told(found) == "01:00–03:00, 04:00–05:00"
    assert found.reason is PlanReason.CHEAPEST
    assert found.cost_micro == 30 * CHEAP
    assert found.latest_start == datetime(2026, 11, 28, 3, 45, tzinfo=UTC)


def test_what_does_not_fill_a_quarter_is_left_out_at_the_dearest_edge() -> None:
    found = night(hours({1: CHEAP, 2: CHEAP // 2}), 1 * HOUR + 50 * MINUTE)
    assert told(found) == "01:10–03:00"


def test_of_equal_ones_fewer_blocks_then_the_earlier_one() -> None:
    assert told(night(hours({}), 3 * HOUR)) == "18:00–21:00"
    assert told(night(hours({20: CHEAP, 22: CHEAP, 2: CHEAP, 3: CHEAP}), 2 * HOUR)) == "02:00–04:00"


def test_it_is_done_a_quarter_of_an_hour_before_the_deadline() -> None:
    found = night(hours({5: CHEAP, 6: 0}), 2 * HOUR)
    assert told(found) == "04:45–06:45"
    assert found.latest_start == found.blocks[0][0]


@pytest.mark.parametrize(("wanted", "reason"), [(13 * HOUR, PlanReason.NO_TIME), (15 * HOUR, PlanReason.LATE)])
def test_without_time_to_wait_it_begins_at_once_and_goes_on_until_it_is_done(
    wanted: timedelta, reason: PlanReason
) -> None:
    found = night(hours({1: CHEAP}, count=20), wanted)
    assert found.blocks == ((EVENING, EVENING + wanted),)
    assert found.reason is reason


def test_past_the_latest_start_there_is_no_time_to_wait() -> None:
    found = night(hours({5: CHEAP}), 2 * HOUR, MORNING - 2 * HOUR - 5 * MINUTE)
    assert (told(found), found.reason) == ("04:55–06:55", PlanReason.NO_TIME)


def test_without_any_price_it_charges_at_once() -> None:
    for slots in ([], hours(dict.fromkeys(range(24), None))):
        found = night(slots, 3 * HOUR)
        assert (told(found), found.reason, found.cost_micro) == ("18:00–21:00", PlanReason.NO_PRICES, None)


def test_hours_without_a_price_come_last_and_as_late_as_is_safe() -> None:
    until_midnight = hours({20: CHEAP}, count=6)
    assert told(night(until_midnight, 1 * HOUR)) == "20:00–21:00"
    found = night(until_midnight, 8 * HOUR)
    assert (told(found), found.reason) == ("18:00–00:00, 04:45–06:45", PlanReason.SOME_PRICES)
    assert found.cost_micro is None


def test_a_charge_that_runs_goes_on_without_a_new_start() -> None:
    slots = hours({18: CHEAP, 1: CHEAP, 3: CHEAP, 5: CHEAP})
    once = Manners(most_blocks=1)
    assert told(night(slots, 2 * HOUR, manners=once)) == "18:00–20:00"
    running = night(slots, 2 * HOUR, manners=once, charging_since=EVENING - HOUR)
    assert told(running) == "18:00–19:00, 01:00–02:00"
    assert told(night(slots, 2 * HOUR, manners=Manners(0), charging_since=EVENING)) == "18:00–20:00"


def test_nothing_is_planned_where_nothing_is_wanted() -> None:
    found = night(hours({}), timedelta())
    assert (found.blocks, found.cost_micro, found.reason) == ((), 0, PlanReason.NOTHING)


@pytest.mark.parametrize("seed", range(40))
def test_no_choice_of_five_minutes_is_cheaper(seed: int) -> None:
    drawn = random.Random(seed)
    now = EVENING + 5 * MINUTE * drawn.randrange(12)
    deadline = EVENING + 5 * MINUTE * drawn.randrange(48, 96)
    slots = [
        PriceSlot(EVENING + n * QUARTER, EVENING + (n + 1) * QUARTER, drawn.randrange(-9, 100)) for n in range(40)
    ]
    manners = Manners(most_blocks=drawn.randrange(1, 4))
    wanted = 5 * MINUTE * drawn.randrange(1, (deadline - manners.margin - now) // (5 * MINUTE))
    found = plan(slots, wanted, deadline, now, power_w=3_600_000, manners=manners)
    assert sum((end - begin for begin, end in found.blocks), timedelta()) == wanted
    assert len(found.blocks) <= manners.most_blocks
    assert min(end - begin for begin, end in found.blocks) >= min(wanted, manners.shortest)
    assert found.blocks[-1][1] <= deadline - manners.margin
    assert found.cost_micro == 300 * least(slots, wanted, deadline, now, manners)


def least(
    slots: Sequence[PriceSlot], wanted: timedelta, deadline: datetime, now: datetime, manners: Manners
) -> int:
    """The least sum of the prices of cells of five minutes, by trying everything."""
    cells = [now + n * 5 * MINUTE for n in range((deadline - manners.margin - now) // (5 * MINUTE))]
    prices = [next(slot.micro_per_kwh or 0 for slot in slots if slot.begin <= at < slot.end) for at in cells]
    shortest, impossible = min(manners.shortest, wanted) // (5 * MINUTE), 10**18

    @lru_cache(None)
    def rest(cell: int, missing: int, blocks: int, run: int) -> int:
        if cell == len(cells):
            return 0 if not missing and run in (0, shortest) else impossible
        choices = [rest(cell + 1, missing, blocks, 0)] if run in (0, shortest) else []
        if missing and run:
            choices.append(prices[cell] + rest(cell + 1, missing - 1, blocks, min(run + 1, shortest)))
        elif missing and blocks:
            choices.append(prices[cell] + rest(cell + 1, missing - 1, blocks - 1, 1))
        return min(choices, default=impossible)

    return rest(0, wanted // (5 * MINUTE), manners.most_blocks, 0)
