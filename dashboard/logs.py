"""The log: one line per request to Zaptec and per command, and what went wrong; nothing personal, no secret."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

TALKATIVE = ("zaptec", "dashboard")
TRACEBACK_EVERY_S = 60.0


class SeldomTracebacks(logging.Filter):
    """Lets the traceback of one kind of error through once a minute; the others are one line with its name.

    A database that is away, or a disk that is full, fails many times a second in the same way.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._shown_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        kind = type(getattr(error, "orig", None) or error).__name__
        now = self._now()
        if now - self._shown_at.get(kind, -TRACEBACK_EVERY_S) < TRACEBACK_EVERY_S:
            record.msg, record.args = f"{record.getMessage()} ({kind})", None
            record.exc_info = record.exc_text = None
        else:
            self._shown_at[kind] = now
        return True


def set_up() -> None:
    """Write lines to standard error; called once by the server's master, before its workers are forked."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    )
    handler.addFilter(SeldomTracebacks())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)
