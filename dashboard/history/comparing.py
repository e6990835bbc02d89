"""What recalculating would change, month by month: at once where sessions are few, else in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboard.history import recalculating
from dashboard.history.cost_orders import WhichCosts, meant
from dashboard.history.recalculating import MonthDifference
from dashboard.history.tariff import Tariffs
from dashboard.history.totals import Month
from dashboard.services import Services

Key = tuple[WhichCosts, int]  # and the state of the price list


@dataclass
class Comparison:
    """How far it is, and what has come out.

    Attributes:
        state: of the price list that it was made with.
    """

    state: int
    sessions: int
    done: int = 0
    is_over: bool = False
    by_month: dict[Month, MonthDifference] = field(default_factory=dict)

    @property
    def months(self) -> list[MonthDifference]:
        """In their order."""
        return [self.by_month[month] for month in sorted(self.by_month, key=lambda month: month.first)]


class _Comparisons:
    """The comparisons that this process makes, or has made and nobody has seen yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_key: dict[Key, Comparison] = {}


def compare(services: Services, which: WhichCosts) -> Comparison:
    """The comparison of a year, or of what a price has made; whoever finds it not over comes again.

    Nothing is stored, so each process makes its own.
    """
    with services.database.reading() as connection:
        tariffs = Tariffs(connection, services.zone)
        key = which, tariffs.state
        sessions = recalculating.count(connection, meant(services, connection, tariffs, which))
    begun = Comparison(tariffs.state, sessions)

    def work() -> None:
        _compare(services, begun, which)

    if sessions <= recalculating.AT_A_GLANCE:
        work()
        return begun
    return _under_way(services, key, begun, work)


def _under_way(services: Services, key: Key, begun: Comparison, work: Callable[[], None]) -> Comparison:
    known = services.shared(_Comparisons)
    with known.lock:
        comparison = known.by_key.setdefault(key, begun)

    def work_or_forget() -> None:
        try:
            work()
        finally:
            if not begun.is_over:  # it failed: whoever comes again begins anew
                known.by_key.pop(key, None)

    if comparison is begun:
        services.background.start(work_or_forget)
    if comparison.is_over:  # it is shown once: what is stored may be another by the next time
        known.by_key.pop(key, None)
    return comparison


def _compare(services: Services, comparison: Comparison, which: WhichCosts) -> None:
    with services.database.reading() as connection:
        tariffs = Tariffs(connection, services.zone)
        sessions = meant(services, connection, tariffs, which)
        for count, changes in recalculating.of_all(connection, tariffs, sessions):
            recalculating.add_up(comparison.by_month, changes)
            comparison.done += count
    comparison.is_over = True
