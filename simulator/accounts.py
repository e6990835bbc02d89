"""Who may sign in to the simulated cloud, for how long, and how often they may ask."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

USER, OWNER, MAINTAINER = 1, 2, 4


@dataclass
class SimulatedAccount:
    """Somebody with a password.

    Attributes:
        roles: the role mask per charger id; a charger that is not in it is not listed.
        installation_roles: the role mask per installation id, where it is not what its devices add up to.
    """

    username: str
    password: str
    roles: dict[str, int] = field(default_factory=dict)
    installation_roles: dict[str, int] = field(default_factory=dict)


class Tokens:
    """The tokens given out, with the moment each ends."""

    def __init__(self) -> None:
        self._valid: dict[str, tuple[SimulatedAccount, datetime]] = {}

    def give(self, account: SimulatedAccount, now: datetime, lifetime_s: int) -> str:
        """A new token in the form of a JWT of believable length."""
        ends = now + timedelta(seconds=lifetime_s)
        claims = {"sub": account.username, "exp": int(ends.timestamp()), "jti": secrets.token_hex(8)}
        parts = [{"alg": "RS256", "typ": "at+jwt"}, claims | {"scope": ["openid"], "pad": "x" * 600}]
        written = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
        token = ".".join([*written, secrets.token_urlsafe(256)])
        self._valid[token] = (account, ends)
        return token

    def account_for(self, token: str, now: datetime) -> SimulatedAccount | None:
        account, ends = self._valid.get(token, (None, now))
        return account if now < ends else None

    def expire(self) -> None:
        self._valid.clear()


class Bucket:
    """At most `rate` requests per second after a burst; nothing is queued."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left: dict[str, tuple[float, datetime]] = {}

    def allows(self, who: str, now: datetime) -> bool:
        left, asked_at = self._left.get(who, (self._burst, now))
        left = min(self._burst, left + (now - asked_at).total_seconds() * self._rate)
        is_allowed = left >= 1
        self._left[who] = (left - 1 if is_allowed else left, now)
        return is_allowed
