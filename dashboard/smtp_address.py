"""The mail house that `SMTP_URL` names: `smtps://user:password@host:port`, or `smtp://` with STARTTLS."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from dashboard.hosts import LOOPBACK

PORTS = {"smtps": 465, "smtp": 587}
NO_ADDRESS = (
    "must be an address like smtps://user:password@mail.example.org with nothing after it "
    "(in a password, / ? # @ are written %2F %3F %23 %40)"
)


@dataclass(frozen=True)
class SmtpAddress:
    """Where mail is handed in, and as whom.

    Attributes:
        is_secure_at_once: TLS from the first byte on; else the connection is made secure before anything is said.
        username: empty where nobody signs in.
    """

    host: str
    port: int
    is_secure_at_once: bool
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_this_machine(self) -> bool:
        """A mail house on this machine itself: nobody is between us."""
        return self.host in LOOPBACK


def read(url: str) -> SmtpAddress:
    """What an `SMTP_URL` says.

    Raises:
        ValueError: it is none; the message says what is missing, and holds nothing of the address.
    """
    parts = _split(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(NO_ADDRESS)
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) is not bool(password):
        raise ValueError("must have both a user and a password, or neither")
    if re.search(r"[\x00-\x1f\x7f]", username + password):
        raise ValueError("has a character in user or password that cannot be typed")
    port = parts.port or PORTS[parts.scheme]
    return SmtpAddress(parts.hostname, port, parts.scheme == "smtps", username, password)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        has_port_or_none = parts.port is None or parts.port > 0
    except ValueError:
        has_port_or_none = False
    if not has_port_or_none:
        raise ValueError(NO_ADDRESS)
    return parts
