"""What is going to happen to a simulated charger, and when."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

Happening = Callable[..., None]
F = TypeVar("F", bound=Happening)

HAPPENINGS: dict[str, Happening] = {}


def happening(function: F) -> F:
    """Mark a function of a charger that may be due later; a kept world knows it by its name.

    Raises ValueError where another one has that name.
    """
    if function.__name__ in HAPPENINGS:
        raise ValueError(f"two happenings are called {function.__name__}")
    HAPPENINGS[function.__name__] = function
    return function


class Due(NamedTuple):
    """Something to come. Of two at the same moment the lower number comes first."""

    at: datetime
    number: int
    happening: Happening
    args: tuple[Any, ...]


class Timeline:
    """The moment a charger lives in, and a queue of what is to come.

    Nothing runs in the background: whoever looks lets the time pass first, and what was due by then happens
    in order, at the very moment it was due. So it does not matter how often somebody looks.

    Attributes:
        at: the moment the charger is living in.
        number: how many happenings have been put into the queue so far.
    """

    def __init__(self, at: datetime, queue: Iterable[Due] = (), number: int = 0) -> None:
        self.at = at
        self.number = number
        self._queue = list(queue)
        heapq.heapify(self._queue)

    def __iter__(self) -> Iterator[Due]:
        return iter(self._queue)

    def until(self, now: datetime) -> Iterator[Due]:
        """Move on to `now`, and stop at everything that is due on the way."""
        while self._queue and self._queue[0].at <= now:
            due = heapq.heappop(self._queue)
            self.at = max(self.at, due.at)
            yield due
        self.at = max(self.at, now)

    def later(self, seconds: float, happening: Happening, *args: Any) -> None:
        """Have this happen in so many seconds."""
        self.number += 1
        heapq.heappush(self._queue, Due(self.at + timedelta(seconds=seconds), self.number, happening, args))

    def cancel(self, *happenings: Happening) -> None:
        self._keep(due for due in self._queue if due.happening not in happenings)

    def cancel_with(self, happening: Happening, *args: Any) -> None:
        """Cancel those of a happening whose arguments begin like this."""
        self._keep(due for due in self._queue if due.happening != happening or due.args[: len(args)] != args)

    def take(self, *happenings: Happening) -> list[Due]:
        """Take these out of the queue, in the order they were due."""
        taken = sorted(due for due in self._queue if due.happening in happenings)
        self.cancel(*happenings)
        return taken

    def is_due(self, happening: Happening) -> bool:
        return any(due.happening == happening for due in self._queue)

    def _keep(self, rest: Iterable[Due]) -> None:
        self._queue = list(rest)
        heapq.heapify(self._queue)
