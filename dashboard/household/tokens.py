"""Random tokens: whoever has one may use it, the database knows only its hash, and no log line shows it."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets

_IN_ADDRESS = re.compile(r"(/(?:invitations|reset)/)[^/\s?\"'\]]+")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """A token is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def mask_tokens(record: logging.LogRecord) -> bool:
    """A filter that takes the token out of an invitation's or a reset link's address in a log line."""
    line = record.getMessage()
    if _IN_ADDRESS.search(line):
        record.msg, record.args = _IN_ADDRESS.sub(r"\1…", line), None
    return True
