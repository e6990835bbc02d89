"""How a session's energy spreads over time: from its readings to power, and to shares of days and prices.

A reading says how much energy flowed since the one before. After a pause of hours a Go counts into the next
full hour, so a reading never reaches back further than an hour (a quarter of one where the charger reads that
often). What flowed inside one reading is taken to have flowed evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
A_MOMENT = timedelta(microseconds=1)
Interval = tuple[datetime, int]  # when it ended, energy in mWh since the one before
Changes = Callable[[datetime, datetime], Iterable[datetime]]


@dataclass(frozen=True)
class Stretch:
    """A while in which energy flowed evenly."""

    begin: datetime
    end: datetime
    energy_mwh: int

    @property
    def seconds(self) -> float:
        return (self.end - self.begin).total_seconds()

    @property
    def power_w(self) -> float:
        return self.energy_mwh / 1000 * 3600 / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True)
class Share:
    """The part of a session that lies in one local day and under one price."""

    begin: datetime
    day: date
    energy_mwh: int


def stretches(start: datetime, intervals: Sequence[Interval]) -> list[Stretch]:
    """When energy flowed, oldest first."""
    reach = _reach([at for at, _energy in intervals])
    before, flowed = start, []
    for at, energy_mwh in intervals:
        if energy_mwh > 0:
            begin = max(before, at - reach) if before < at else at
            flowed.append(Stretch(begin, at, energy_mwh))
        before = max(before, at)
    return flowed


def _reach(times: Sequence[datetime]) -> timedelta:
    """How far back a reading may reach: the charger's own rhythm, told by the readings between first and last."""
    gaps = [later - earlier for earlier, later in pairwise(times[1:-1])]
    return QUARTER if gaps and min(gaps) <= QUARTER + timedelta(minutes=1) else HOUR


def shares(
    start: datetime, end: datetime, energy_mwh: int, intervals: Sequence[Interval], zone: tzinfo, changes: Changes
) -> list[Share]:
    """The shares, whose energies add up to the session's exactly.

    Without readings nobody knows when the energy flowed: it counts where the session ended. Readings that do
    not add up to the session's energy are stretched to it, because the session's is what Zaptec bills.
    """
    if energy_mwh <= 0:
        return []
    readings = cut_readings(start, energy_mwh, intervals, zone, changes)
    if not readings:
        moment = max(start, end - timedelta(seconds=1))
        return [Share(moment, moment.astimezone(zone).date(), energy_mwh)]
    pieces: list[Share] = []
    for reading in readings:
        _add(pieces, reading, changes)
    return [piece for piece in pieces if piece.energy_mwh]


def cut_readings(
    start: datetime, energy_mwh: int, intervals: Sequence[Interval], zone: tzinfo, changes: Changes
) -> list[list[Share]]:
    """Each reading's shares of the session's energy, cut at midnights and where the price may change."""
    flowed = stretches(start, intervals)
    spread = _spread([stretch.energy_mwh for stretch in flowed], energy_mwh) if flowed else []
    return [_cut(stretch, energy, zone, changes) for stretch, energy in zip(flowed, spread, strict=True)]


def shares_at_once(
    start: datetime, energy_mwh: int, intervals: Sequence[Interval], zone: tzinfo, changes: Changes
) -> list[Share]:
    """The shares as they had been if the same energy had flowed from the start on, as strongly, without pauses."""
    flowed, pieces, begin = stretches(start, intervals), list[Share](), start
    if energy_mwh <= 0 or not flowed:
        return []
    energies = _spread([stretch.energy_mwh for stretch in flowed], energy_mwh)
    for length, energy in zip(_lengths_at_once(start, flowed), energies, strict=True):
        _add(pieces, _cut(Stretch(begin, begin + length, energy), energy, zone, changes), changes)
        begin += length
    return [piece for piece in pieces if piece.energy_mwh]


def _lengths_at_once(start: datetime, flowed: Sequence[Stretch]) -> Iterator[timedelta]:
    """How long each takes without pauses: of a reading beside one, a part was pause, and its power hides that."""
    ends = [start, *(stretch.end for stretch in flowed)]
    has_pause = [stretch.begin > before for stretch, before in zip(flowed, ends, strict=False)] + [False]
    for place, stretch in enumerate(flowed):
        length = stretch.end - stretch.begin
        beside = max(near.power_w for near in flowed[max(place - 1, 0) : place + 2])
        is_cut_short = (has_pause[place] or has_pause[place + 1]) and beside > 0
        yield length * (stretch.power_w / beside) if is_cut_short else length


def _spread(weights: Sequence[int], total: int) -> list[int]:
    """The total in whole numbers after these weights; what rounding leaves goes to the largest."""
    sum_ = sum(weights)
    if sum_ == total:
        return list(weights)
    parts = [weight * total // sum_ for weight in weights]
    parts[weights.index(max(weights))] += total - sum(parts)
    return parts


def _cut(stretch: Stretch, energy_mwh: int, zone: tzinfo, changes: Changes) -> list[Share]:
    """One stretch, cut at local midnights and where the price may change."""
    if stretch.begin >= stretch.end:
        return [Share(stretch.begin, stretch.begin.astimezone(zone).date(), energy_mwh)]
    cuts = {stretch.begin, *_midnights(stretch, zone), *changes(stretch.begin, stretch.end)}
    begins = sorted(cuts)
    lengths = [(end - begin) // A_MOMENT for begin, end in pairwise([*begins, stretch.end])]
    parts = _spread(lengths, energy_mwh)
    return [Share(at, at.astimezone(zone).date(), part) for at, part in zip(begins, parts, strict=True)]


def _midnights(stretch: Stretch, zone: tzinfo) -> list[datetime]:
    day, last = stretch.begin.astimezone(zone).date(), stretch.end.astimezone(zone).date()
    midnights = []
    while day < last:
        day += timedelta(days=1)
        at = datetime.combine(day, time(0), zone).astimezone(UTC)
        if stretch.begin < at < stretch.end:
            midnights.append(at)
    return midnights


def _add(pieces: list[Share], more: Iterable[Share], changes: Changes) -> None:
    """Append, joining what lies in the same day and under the same price."""
    for piece in more:
        last = pieces[-1] if pieces else None
        if last and last.day == piece.day and not any(True for _ in _between(last, piece, changes)):
            pieces[-1] = Share(last.begin, last.day, last.energy_mwh + piece.energy_mwh)
        else:
            pieces.append(piece)


def _between(last: Share, piece: Share, changes: Changes) -> Iterable[datetime]:
    """Changes of the price after the last share's beginning, up to and with the piece's."""
    return changes(last.begin, piece.begin + A_MOMENT)
