"""Processes of their own, for tests. Forked from one that has imported the dashboard, they begin at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["app"])


class MortalProcess:
    """A program that takes orders: there again when it is needed, however often somebody kills it."""

    def __init__(self, run: Callable[..., None], *arguments: object) -> None:
        self._run, self._arguments = run, arguments
        self._process: BaseProcess | None = None
        self._orders: Connection | None = None

    @property
    def is_there(self) -> bool:
        return self._process is not None

    def order(self, order: Any) -> None:
        if self._process is None:
            self._orders, theirs = PROCESSES.Pipe()
            self._process = PROCESSES.Process(target=self._run, args=(*self._arguments, theirs), daemon=True)
            self._process.start()
            theirs.close()
        self._orders.send(order)

    def has_ended(self, within_s: float) -> bool:
        """Whether it has done what was ordered, or has died of it."""
        return self._orders.poll(within_s)

    def wait(self) -> None:
        """Until it has ended."""
        try:
            self._orders.recv()
        except (EOFError, OSError):
            self.end()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._orders.close()
            self._process = None
