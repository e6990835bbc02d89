"""The log: one line per request to Zaptec and per command, and what went wrong; nothing personal, no secret."""

from __future__ import annotations

import logging
import sys

TALKATIVE = ("zaptec", "dashboard")


def set_up() -> None:
    """Write lines to standard error; called once by the server's master, before its workers are forked."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)
