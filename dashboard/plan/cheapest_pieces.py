"""The cheapest pieces of time that are together as long as wanted: a dynamic programme, exact for its rules.

Time comes cut in pieces of one length; only the first and the last may be shorter. As money is linear in time, some
best choice takes all its pieces whole but one, at an edge of a block. So a choice is: whether the short first piece
is taken, whether the short last one is, how many whole ones, and at which edge the rest. For each of the first two
answers the table goes once over the pieces; it keeps, for each number of blocks begun, length of the block so far
and whether the rest has been placed, the least cost by the number of whole pieces taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

# What comes first in comparing two choices: as little time without a price as can be, and that late; money, blocks,
# and how late the rest is.
BLOCK = 10**9
MONEY = 10**11
LATE = 10**13 * MONEY
UNKNOWN = 10**9 * LATE
NEVER = 10**9 * UNKNOWN
Span = tuple[int, int]
Solution = tuple[int, list[Span]]  # what it weighs, and what is taken


class Piece(NamedTuple):
    """Some time, in seconds from now; `cost` is that of its seconds added up, None where it is not known."""

    begin: int
    end: int
    cost: int | None

    @property
    def length(self) -> int:
        return self.end - self.begin

    def between(self, begin: int, end: int) -> Piece | None:
        """What of it lies between, if anything."""
        begin, end = max(begin, self.begin), min(end, self.end)
        if begin >= end:
            return None
        cost = None if self.cost is None else self.cost * (end - begin) // self.length
        return Piece(begin, end, cost)

    def weight(self, seconds: int) -> int:
        """What so many of its seconds weigh in comparing; without a price late is better, as one may come."""
        if self.cost is None:
            return seconds * UNKNOWN - seconds * self.begin // 60 * LATE
        return self.cost * seconds // self.length * MONEY + seconds * self.begin // 60


class State(NamedTuple):
    """Where a choice stands after some pieces.

    Attributes:
        blocks: how many have begun.
        run_s: how long the one under way is already, as far as that matters; 0: none is.
        has_rest: whether the rest has been placed.
    """

    blocks: int
    run_s: int
    has_rest: bool


class PieceUse(NamedTuple):
    """What may be done with a piece.

    Attributes:
        to: the state it leads to.
        whole: how many whole pieces it takes.
        begin, end: the seconds that are taken, counted from the piece's first; none where they are equal.
        is_start: a block begins with them.
    """

    to: State
    whole: int = 0
    begin: int = 0
    end: int = 0
    is_start: bool = False


@dataclass
class _Case:
    """One way to make up the time wanted.

    Attributes:
        is_taken: by piece; whether it must be taken, or must not; None: as is best.
        count: how many of the pieces that are free to choose are taken whole.
        rest_s: what is taken of one more piece.
        shortest_s: no block is shorter.
    """

    is_taken: list[bool | None]
    count: int
    rest_s: int
    most_blocks: int
    shortest_s: int
    _uses: dict[tuple[State, bool | None, int], list[PieceUse]] = field(default_factory=dict)

    def uses(self, state: State, number: int, piece: Piece) -> list[PieceUse]:
        """What may be done with this piece in this state."""
        key = state, self.is_taken[number], piece.length
        if key not in self._uses:
            self._uses[key] = list(self._possible(*key))
        return self._uses[key]

    def _possible(self, state: State, must: bool | None, length: int) -> Iterator[PieceUse]:
        is_over = state.run_s in (0, self.shortest_s)
        if must is not True:
            if is_over:
                yield PieceUse(state._replace(run_s=0))
            if self.rest_s and not state.has_rest and self.rest_s <= length:
                yield from self._rest(state, length, is_over=is_over)
        if must is not False:
            count = 1 if must is None else 0
            if state.run_s:
                yield PieceUse(self._on(state, length), count, 0, length)
            elif state.blocks < self.most_blocks:
                yield PieceUse(self._begun(state, length), count, 0, length, is_start=True)

    def _rest(self, state: State, length: int, *, is_over: bool) -> Iterator[PieceUse]:
        """The rest as the end of a block, as its beginning, or as all of it."""
        rest = self.rest_s
        if state.run_s and state.run_s + rest >= self.shortest_s:
            yield PieceUse(State(state.blocks, 0, has_rest=True), 0, 0, rest)
        if is_over and state.blocks < self.most_blocks:
            begun = self._begun(state, rest)._replace(has_rest=True)
            if rest >= self.shortest_s:
                yield PieceUse(begun._replace(run_s=0), 0, 0, rest, is_start=True)
            yield PieceUse(begun, 0, length - rest, length, is_start=True)

    def _on(self, state: State, seconds: int) -> State:
        return state._replace(run_s=min(state.run_s + seconds, self.shortest_s))

    def _begun(self, state: State, seconds: int) -> State:
        return State(state.blocks + 1, min(seconds, self.shortest_s), state.has_rest)

    def weights(self, piece: Piece) -> dict[int, int]:
        """What it weighs to take so many seconds of a piece; as few of them as a use may take."""
        return {seconds: piece.weight(seconds) for seconds in (0, self.rest_s, piece.length)}

    def is_end(self, state: State) -> bool:
        return state.run_s in (0, self.shortest_s) and state.has_rest == bool(self.rest_s)


def cheapest(
    pieces: Sequence[Piece], wanted_s: int, *, most_blocks: int, shortest_s: int, has_run_s: int | None = None
) -> list[Span]:
    """The seconds to take, in order: together as many as wanted.

    Args:
        pieces: together at least as long as wanted.
        has_run_s: how long a block that is under way has run already; None: none is.
    """
    missing_s = 0 if has_run_s is None else max(0, shortest_s - has_run_s)  # of the block that is under way
    shortest_s = min(shortest_s, wanted_s)
    begin = State(0, 0 if has_run_s is None else max(1, shortest_s - missing_s), has_rest=False)
    found = [_least(pieces, wanted_s, begin, most_blocks, shortest_s)]
    if has_run_s is None and most_blocks and _may_be_short_at_first(pieces, wanted_s, shortest_s):
        begun = State(1, shortest_s, has_rest=False)
        found.append(_at_once_first(pieces, shortest_s, wanted_s, begun, most_blocks, shortest_s))
    if has_run_s is not None and 0 < missing_s < wanted_s:
        begun = State(0, shortest_s, has_rest=False)
        found.append(_at_once_first(pieces, missing_s, wanted_s, begun, most_blocks, shortest_s))
    return _joined(min(solution for solution in found if solution)[1])


def _least(
    pieces: Sequence[Piece], wanted_s: int, begin: State, most_blocks: int, shortest_s: int
) -> Solution | None:
    cases = _cases(pieces, wanted_s, most_blocks, shortest_s)
    found = [solution for case in cases if (solution := _solve(pieces, case, begin)) is not None]
    return min(found, default=None)


def _may_be_short_at_first(pieces: Sequence[Piece], wanted_s: int, shortest_s: int) -> bool:
    """Whether a first block of the shortest length may pay: begun at an odd time it ends within a piece."""
    last = next((piece for piece in pieces if piece.begin < shortest_s < piece.end), None)
    if last is None or wanted_s <= shortest_s or pieces[0].cost is None or last.cost is None:
        return False
    return pieces[0].cost * last.length < last.cost * pieces[0].length


def _at_once_first(
    pieces: Sequence[Piece], first_s: int, wanted_s: int, begin: State, most_blocks: int, shortest_s: int
) -> Solution | None:
    """The best that takes these seconds first: a block that is then long enough, and may go on."""
    taken = [cut for piece in pieces if (cut := piece.between(0, first_s))]
    rest = [cut for piece in pieces if (cut := piece.between(first_s, pieces[-1].end))]
    solution = _least(rest, wanted_s - first_s, begin, most_blocks, shortest_s)
    if solution is None:
        return None
    weight = solution[0] + BLOCK * begin.blocks + sum(cut.weight(cut.length) for cut in taken)
    return weight, [(0, first_s), *solution[1]]


def _cases(pieces: Sequence[Piece], wanted_s: int, most_blocks: int, shortest_s: int) -> Iterator[_Case]:
    """Each way in which short pieces and whole ones make up the time wanted."""
    whole = max(piece.length for piece in pieces)
    short = [number for number, piece in enumerate(pieces) if piece.length < whole]
    for answers in product((False, True), repeat=len(short)):
        is_taken: list[bool | None] = [None] * len(pieces)
        for number, answer in zip(short, answers, strict=True):
            is_taken[number] = answer
        missing = wanted_s - sum(pieces[number].length for number in short if is_taken[number])
        if 0 <= missing <= whole * (len(pieces) - len(short)) + whole:
            yield _Case(is_taken, missing // whole, missing % whole, most_blocks, shortest_s)


Row = list[int]
Table = dict[State, Row]


def _solve(pieces: Sequence[Piece], case: _Case, begin: State) -> Solution | None:
    """The least weight of a case, and what to take for it; None where it cannot be."""
    tables: list[Table] = [{begin: [0]}]
    for number, piece in enumerate(pieces):
        tables.append(_after(tables[-1], case, number, piece))
    if case.is_taken.count(None) < case.count:
        return None
    ends = [(row[case.count], state) for state, row in tables[-1].items() if case.is_end(state)]
    weight, state = min(ends, default=(NEVER, begin))
    return None if weight >= NEVER // 2 else (weight, _way_back(tables, pieces, case, state))


def _after(table: Table, case: _Case, number: int, piece: Piece) -> Table:
    """What may be after one more piece; rows grow with the number of pieces that could have been taken."""
    after: Table = {}
    longer, weights = [NEVER] if case.is_taken[number] is None else [], case.weights(piece)
    for state, row in table.items():
        for use in case.uses(state, number, piece):
            weight = weights[use.end - use.begin] + (BLOCK if use.is_start else 0)
            shifted = (longer + row if use.whole else row + longer)[: case.count + 1]
            added = [before + weight for before in shifted] if weight else shifted
            other = after.get(use.to)
            after[use.to] = added if other is None else _lesser(added, other)
    return after


def _lesser(some: Row, others: Row) -> Row:
    return [one if one < other else other for one, other in zip(some, others, strict=True)]


def _way_back(tables: list[Table], pieces: Sequence[Piece], case: _Case, state: State) -> list[Span]:
    """What was taken on the way to this end, in order."""
    taken, count = [], case.count
    for number in reversed(range(len(pieces))):
        piece = pieces[number]
        use, state = _before(tables, case, number, piece, state, count)
        count -= use.whole
        if use.end > use.begin:
            taken.append((piece.begin + use.begin, piece.begin + use.end))
    return taken[::-1]


def _before(
    tables: list[Table], case: _Case, number: int, piece: Piece, reached: State, count: int
) -> tuple[PieceUse, State]:
    """The use that has led to a state with the least weight, and from where."""
    least, weights = tables[number + 1][reached][count], case.weights(piece)
    return next(
        (use, state)
        for state, row in tables[number].items()
        for use in case.uses(state, number, piece)
        if use.to == reached
        and 0 <= count - use.whole < len(row)
        and row[count - use.whole] + weights[use.end - use.begin] + BLOCK * use.is_start == least
    )


def _joined(spans: list[Span]) -> list[Span]:
    """Those that touch made one."""
    joined: list[Span] = []
    for begin, end in spans:
        if joined and joined[-1][1] == begin:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined
