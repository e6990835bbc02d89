"""When to charge, chosen a second time from the rules alone, simply and slowly: what the planner is compared with.

Time is a row of cells of one length. A choice is a set of cells; the cells that touch are a block. Allowed is one
with as many cells as wanted, with no more blocks than may begin, and with no block shorter than the shortest
(unless less is wanted in all). Of those allowed, it has as little time without a price as can be; then it costs
least.

`try_all` looks at every set of cells there is; it is for a dozen cells. `least` needs no such patience, and a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, groupby

UNKNOWN = 10**15  # weighs more than any price, so that time without one comes last
IMPOSSIBLE = 10**30


@dataclass(frozen=True)
class Night:
    """What is to be chosen.

    Attributes:
        prices: of each cell, in any unit; None: nobody knows it.
        wanted: how many cells to take.
        most_blocks: how many blocks may begin; going on with one that runs is no beginning.
        shortest: of how many cells a block is at least.
        has_run: how many cells the block has that runs just before the first cell, at least one; None: none runs.
    """

    prices: Sequence[int | None]
    wanted: int
    most_blocks: int
    shortest: int
    has_run: int | None = None

    def weight(self, cells: Sequence[int]) -> int:
        found = [self.prices[cell] for cell in cells]
        return sum(UNKNOWN if price is None else price for price in found)

    def is_allowed(self, cells: Sequence[int]) -> bool:
        """Whether the manners allow this set of cells, in order."""
        lengths = [len(block) for block in blocks_of(cells)]
        starts = len(lengths)
        if self.has_run is not None:
            goes_on = cells[:1] == (0,)
            running = self.has_run + (lengths.pop(0) if goes_on else 0)
            starts -= goes_on
            if running < min(self.shortest, self.has_run + self.wanted):
                return False  # it would end too early
        return starts <= self.most_blocks and all(length >= min(self.shortest, self.wanted) for length in lengths)


def blocks_of(cells: Sequence[int]) -> list[list[int]]:
    """The cells that touch, together."""
    numbered = groupby(enumerate(cells), lambda pair: pair[1] - pair[0])
    return [[cell for _, cell in block] for _, block in numbered]


def try_all(night: Night) -> int:
    """The least weight among all sets of cells."""
    every = combinations(range(len(night.prices)), night.wanted)
    return min((night.weight(cells) for cells in every if night.is_allowed(cells)), default=IMPOSSIBLE)


def least(night: Night) -> int:
    """The same, cell by cell: what is left to take, what may still begin, and how long the block is that runs."""
    enough = night.shortest

    def begun(cells: int, *, wanted: int) -> int:
        """How long a block counts; what it could not have, as no more is wanted, is given to it at once."""
        return min(enough, cells + max(0, enough - wanted))

    @cache
    def rest(cell: int, missing: int, blocks: int, run: int) -> int:
        if missing > len(night.prices) - cell:
            return IMPOSSIBLE
        if cell == len(night.prices):
            return 0 if run in (0, enough) else IMPOSSIBLE
        choices = [rest(cell + 1, missing, blocks, 0)] if run in (0, enough) else []
        if missing and (run or blocks):
            length = min(run + 1, enough) if run else begun(1, wanted=night.wanted)
            after = rest(cell + 1, missing - 1, blocks if run else blocks - 1, length)
            choices.append(night.weight([cell]) + after)
        return min(choices, default=IMPOSSIBLE)

    has_run = night.has_run or 0
    return rest(0, night.wanted, night.most_blocks, begun(has_run, wanted=has_run + night.wanted) if has_run else 0)
