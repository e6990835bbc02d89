"""When to charge so that it is cheapest and the car is ready in time: a pure function of prices and times.

    plan(slots, wanted, deadline, now, power_w=7400) -> ChargePlan(blocks, latest_start, cost_micro, reason)

`plan` chooses when to charge for `wanted` in all, between now and `deadline` minus `Manners.margin`:

- in at most `Manners.most_blocks` pieces, none shorter than `Manners.shortest` (unless less is wanted in all);
- for the least money; of equal ones that with fewer pieces, then the earlier one. What is left over of a quarter of
  an hour is left out at an edge: the dearest;
- time without a price comes after all that has one, and of it the latest. Where no price is known at all, charging
  begins at once; so it does where there is no time left to wait, even if it ends too late then.

Chosen blocks are in order, do not touch, and are together exactly as long as wanted. It is exact on quarters of an
hour (of UTC); hours that begin at other minutes are averaged within theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dashboard.plan.cheapest_pieces import Piece, cheapest

SECOND, QUARTER = timedelta(seconds=1), timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WATT_SECONDS_PER_KWH = 3_600_000
Block = tuple[datetime, datetime]


@dataclass(frozen=True)
class PriceSlot:
    """A while of UTC with one price, in millionths of the currency per kWh; None: nobody knows it yet."""

    begin: datetime
    end: datetime
    micro_per_kwh: int | None


@dataclass(frozen=True)
class Manners:
    """How a car and a charger want to be treated.

    Attributes:
        most_blocks: how often charging may begin from now on; some cars refuse to be woken often.
        shortest: no block is shorter.
        margin: how long before the deadline it should be done.
    """

    most_blocks: int = 3
    shortest: timedelta = timedelta(minutes=30)
    margin: timedelta = timedelta(minutes=15)


class PlanReason(StrEnum):
    """Why it is planned so."""

    CHEAPEST = "cheapest"  # all prices are known, and these hours are the cheapest
    SOME_PRICES = "some_prices"  # the cheapest of those that are known
    NO_PRICES = "no_prices"  # none is known: at once
    NO_TIME = "no_time"  # the latest safe start has passed: at once
    LATE = "late"  # it cannot be done by the deadline: at once, and on until it is
    NOTHING = "nothing"  # nothing is wanted any more


@dataclass(frozen=True)
class ChargePlan:
    """When to charge.

    Attributes:
        blocks: from when to when, in order.
        latest_start: whoever has not charged until then has to from then on.
        cost_micro: what it will cost; None where the price of some of it is not known.
    """

    blocks: tuple[Block, ...]
    latest_start: datetime
    cost_micro: int | None
    reason: PlanReason


def plan(
    slots: Sequence[PriceSlot],
    wanted: timedelta,
    deadline: datetime,
    now: datetime,
    *,
    power_w: int,
    manners: Manners = Manners(),
    charging_since: datetime | None = None,
) -> ChargePlan:
    """Choose when to charge.

    Args:
        slots: in order, without overlaps; what they leave out has no price.
        wanted: how long to charge in all from now on.
        power_w: at which the car charges, for the cost.
        charging_since: of a charge that is running: to go on is no new block.
    """
    now, deadline = _full_second(now), deadline.astimezone(UTC)  # by the wall, hours are lost when clocks change
    wanted = max(timedelta(), -(-wanted // SECOND) * SECOND)
    blocks, reason = _choose(slots, wanted, deadline, now, manners, charging_since)
    return ChargePlan(blocks, deadline - wanted - manners.margin, cost_of(blocks, slots, power_w), reason)


def _full_second(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(microsecond=0) + SECOND if at.microsecond else at


def _choose(
    slots: Sequence[PriceSlot],
    wanted: timedelta,
    deadline: datetime,
    now: datetime,
    manners: Manners,
    charging_since: datetime | None,
) -> tuple[tuple[Block, ...], PlanReason]:
    at_once = ((now, now + wanted),)
    if not wanted:
        return (), PlanReason.NOTHING
    if now + wanted > deadline:
        return at_once, PlanReason.LATE
    if now + wanted > deadline - manners.margin:
        return at_once, PlanReason.NO_TIME
    pieces = list(_pieces(slots, now, deadline - manners.margin))
    if all(piece.cost is None for piece in pieces):
        return at_once, PlanReason.NO_PRICES
    has_run = max(timedelta(), now - charging_since) if charging_since else None
    chosen = cheapest(
        pieces,
        wanted // SECOND,
        most_blocks=max(manners.most_blocks, 0 if charging_since else 1),
        shortest_s=manners.shortest // SECOND,
        has_run_s=None if has_run is None else has_run // SECOND,
    )
    is_whole = all(piece.cost is not None for piece in pieces)
    blocks = tuple((now + begin * SECOND, now + end * SECOND) for begin, end in chosen)
    return blocks, PlanReason.CHEAPEST if is_whole else PlanReason.SOME_PRICES


def _pieces(slots: Sequence[PriceSlot], begin: datetime, end: datetime) -> Iterator[Piece]:
    """The time cut at the quarters of the hour, each with what its seconds cost together."""
    until = begin
    while until < end:
        since, until = until, min(end, until + QUARTER - (until - EPOCH) % QUARTER)
        yield Piece((since - begin) // SECOND, (until - begin) // SECOND, _price_seconds(slots, since, until))


def _price_seconds(slots: Sequence[PriceSlot], begin: datetime, end: datetime) -> int | None:
    """The price of each second, added up; None where that of one is not known."""
    total, known_s = 0, 0
    for slot in slots:
        seconds = (min(slot.end, end) - max(slot.begin, begin)) // SECOND
        if seconds > 0 and slot.micro_per_kwh is not None:
            known_s += seconds
            total += seconds * slot.micro_per_kwh
    return total if known_s == (end - begin) // SECOND else None


def cost_of(blocks: Sequence[Block], slots: Sequence[PriceSlot], power_w: int) -> int | None:
    """What charging with this power costs then, in millionths; None where a price is not known."""
    prices = [_price_seconds(slots, begin, end) for begin, end in blocks]
    known = [price for price in prices if price is not None]
    return round(sum(known) * power_w / WATT_SECONDS_PER_KWH) if len(known) == len(prices) else None
