"""Work that a page does not wait for: a few threads, or none at all in tests."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
Context = Callable[[], AbstractContextManager[object]]  # what work runs in, such as an application's context
A_PAGE_WAITS_S = 1.0


class Background(Protocol):
    def start(self, work: Callable[[], T]) -> Future[T]:
        """Begin the work, in the program's context; the result, or what it raised, is in the future."""

    def stop(self) -> None:
        """Wait for what has begun; begin nothing more."""


class Threads:
    """Runs work on a few threads, made when the first work comes (so that it survives a fork)."""

    def __init__(self, context: Context = nullcontext, count: int = 4) -> None:
        self._context = context
        self._pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="background")

    def start(self, work: Callable[[], T]) -> Future[T]:
        future = self._pool.submit(self._in_context, work)
        future.add_done_callback(_log_failure)
        return future

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _in_context(self, work: Callable[[], T]) -> T:
        with self._context():
            return work()


class AtOnce:
    """Runs work before `start` returns: what tests use, so that nothing happens behind their back."""

    def __init__(self, context: Context = nullcontext) -> None:
        self._context = context

    def start(self, work: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        try:
            with self._context():
                future.set_result(work())
        except Exception as error:
            future.set_exception(error)
            _log_failure(future)
        return future

    def stop(self) -> None:
        """Nothing is ever under way."""


def ends_soon(work: Future[Any]) -> bool:
    """Wait as long as a page may; whether the work has ended by then."""
    wait([work], timeout=A_PAGE_WAITS_S)
    return work.done()


def _log_failure(future: Future[T]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error("background work failed", exc_info=error)
