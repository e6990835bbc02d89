"""Waiting for other programs: what is measured starts, answers and changes in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Thing = TypeVar("Thing")


def until(tell: Callable[[], Thing | None], *, every_s: float, longest_s: float) -> Thing:
    """Ask until there is something to tell.

    Args:
        every_s: seconds between two questions; short where the moment is measured, a phone's pace where it is not.

    Raises:
        TimeoutError: there was nothing for so long.
    """
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        told = tell()
        if told is not None:
            return told
        time.sleep(every_s)
    raise TimeoutError(f"nothing in {longest_s} s")
