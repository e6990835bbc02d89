"""How a run of many tests goes: the long ones first, and no time spent looking for garbage that is not there."""

from __future__ import annotations

import gc
import os

import pytest

OBJECTS_BEFORE_LOOKING = 20_000  # Python's own 700 are meant for a heap that is smaller than thousands of tests


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, or the end of the run waits for it while other processes have nothing to do.

    Each process is given a stretch of the list to begin with: the long ones are spread over the beginnings.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    items[:] = [item for number in range(count) for item in long[number::count] + stretch(others, number, count)]


def stretch(items: list[pytest.Item], number: int, count: int) -> list[pytest.Item]:
    """One of so many parts of equal length, in order."""
    return items[len(items) * number // count : len(items) * (number + 1) // count]


def pytest_collection_finish() -> None:
    """What is there by now stays until the end: it is not looked through again and again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_LOOKING, 20, 20)
