"""The hours to come as bars, each of one price: what the picture draws and its table lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from dashboard.tariff.contract import HOUR, ONE_DAY
from dashboard.tariff.contracts import Contracts, PricedStretch, floor_to, midnight

MOST_BARS = 30  # on a phone more of them are no bars any more
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class PriceBar:
    """Some time at one price per kWh, in millionths; None: nobody knows it."""

    begin: datetime
    end: datetime
    micro: int | None
    is_chosen: bool = False


def hours_to_come(contracts: Contracts, now: datetime) -> list[PricedStretch]:
    """From the beginning of this hour to the end of tomorrow, whether prices are known or not."""
    today = now.astimezone(contracts.zone).date()
    return contracts.between(floor_to(now, HOUR), midnight(today + 2 * ONE_DAY, contracts.zone))


def exact_bars(stretches: Iterable[PricedStretch]) -> list[PriceBar]:
    """As far as prices are known; what costs the same and follows each other is one bar."""
    bars = _merged(
        PriceBar(part.begin, part.end, None if part.price is None else part.price.micro_per_kwh)
        for part in stretches
    )
    return bars[:-1] if bars and bars[-1].micro is None else bars


def hourly_bars(bars: Iterable[PriceBar]) -> list[PriceBar]:
    """The mean of each hour, by how long each price holds in it; none where one of them is not known."""
    pieces = (piece for bar in bars for piece in _cut_by_hours(bar))
    by_hour = groupby(pieces, key=lambda piece: floor_to(piece.begin, HOUR))
    return _merged(_mean(list(group)) for _hour, group in by_hour)


def cut(bars: Iterable[PriceBar], chosen: Sequence[Span]) -> Iterator[PriceBar]:
    """The same bars, cut where a chosen time begins or ends."""
    for bar in bars:
        edges = {edge for span in chosen for edge in span if bar.begin < edge < bar.end}
        begin = bar.begin
        for end in (*sorted(edges), bar.end):
            is_chosen = any(first <= begin < last for first, last in chosen)
            yield replace(bar, begin=begin, end=end, is_chosen=is_chosen)
            begin = end


def _merged(bars: Iterable[PriceBar]) -> list[PriceBar]:
    merged = []
    for micro, group in groupby(bars, key=lambda bar: bar.micro):
        same = list(group)
        merged.append(PriceBar(same[0].begin, same[-1].end, micro))
    return merged


def _cut_by_hours(bar: PriceBar) -> Iterator[PriceBar]:
    begin = bar.begin
    while begin < bar.end:
        end = min(bar.end, floor_to(begin, HOUR) + HOUR)
        yield replace(bar, begin=begin, end=end)
        begin = end


def _mean(pieces: list[PriceBar]) -> PriceBar:
    seconds = [round((piece.end - piece.begin).total_seconds()) for piece in pieces]
    known = [piece.micro for piece in pieces if piece.micro is not None]
    micro = None
    if len(known) == len(pieces):
        micro = round(sum(one * of for one, of in zip(known, seconds, strict=True)) / sum(seconds))
    return PriceBar(pieces[0].begin, pieces[-1].end, micro)
