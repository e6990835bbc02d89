"""How a token is obtained and renewed; the only module that knows.

Zaptec announced that the password grant will be withdrawn one day
(https://docs.zaptec.com/page/upcoming-authentication-provider-migration): then another `Login` stands here.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

import requests

from zaptec.answers import HttpAnswer
from zaptec.errors import NotUnderstood, SignInRejected, TryLater, ZaptecError
from zaptec.transport import RequestRecord, Transport
from zaptec.values import as_number

_EARLY_S = 300.0  # renewed this long before the token dies, or a tenth of its life if that is less
_USUAL_LIFE_S = 3600.0  # the documentation's example, for an answer without expires_in
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 60.0


class Login(Protocol):
    """Where `ZaptecClient` gets its tokens; called from many threads."""

    def token(self) -> str:
        """A token that is good for now; signs in if needed.

        Raises:
            SignInRejected: stop trying.
            TryLater, NotUnderstood: no token now.
        """
        ...

    def drop(self, token: str) -> None:
        """This token was answered with 401: if it is still the current one, forget it."""
        ...


class PasswordLogin:
    """Signs in with user name and password, once for all threads, and remembers a rejection.

    No scope is asked for, and a refresh token in the answer is ignored: those stopped working in 2025
    (evcc-io/evcc#25208). The token endpoint bears about one request per second and answers a flood with a 503
    page (evcc-io/evcc#26108), so after any trouble nobody asks again for 5 s, then 10, up to a minute.

    Args:
        api_url: such as "https://api.zaptec.com".
        session: see `zaptec.transport.new_session`.
        timeout_s: for connecting, and for each wait for data; an answer may take twice as long.
        now: a clock in seconds that does not jump.
        before_sign_in: called under the lock just before each request to the token endpoint; what it raises
            reaches the caller. It may raise SignInRejected because of something remembered elsewhere.
        on_rejected: called under the lock when Zaptec has rejected the user name or password. Whoever takes this
            remembers it too, and lets `before_sign_in` raise; without it the object remembers it itself.
        on_answer: called with the record of each request to the token endpoint.

    Source: POST /oauth/token, https://docs.zaptec.com/docs/api-authentication
    """

    def __init__(
        self,
        username: str,
        password: str,
        *,
        api_url: str,
        session: requests.Session,
        timeout_s: float = 10,
        now: Callable[[], float] = time.monotonic,
        before_sign_in: Callable[[], None] | None = None,
        on_rejected: Callable[[], None] | None = None,
        on_answer: Callable[[RequestRecord], None] | None = None,
    ) -> None:
        self._form = {"grant_type": "password", "username": username, "password": password}
        self._transport = Transport(api_url, session, timeout_s, on_answer)
        self._now = now
        self._before_sign_in = before_sign_in
        self._on_rejected = on_rejected
        self._lock = threading.Lock()
        self._token: str | None = None
        self._renew_at = self._dies_at = 0.0
        self._is_rejected = False
        self._not_before = 0.0
        self._wait_s = _FIRST_WAIT_S

    def __repr__(self) -> str:
        return f"<PasswordLogin {'with' if self._token else 'without'} a token>"

    def token(self) -> str:
        """A token that is good for now; signs in if needed.

        A token about to die is still used while no new one can be had.

        Raises:
            SignInRejected: Zaptec rejected user name or password, now or before.
            TryLater: the token endpoint is down, slow, flooded or not to be asked yet. A command that was
                waiting for the token was not carried out.
            NotUnderstood: it answered something else; the next 5 s and more raise TryLater.
        """
        with self._lock:
            if self._token is not None and self._now() < self._renew_at:
                return self._token
            try:
                return self._sign_in()
            except (TryLater, NotUnderstood):
                if self._token is not None and self._now() < self._dies_at:
                    return self._token
                raise

    def drop(self, token: str) -> None:
        """This token was answered with 401: if it is still the current one, forget it."""
        with self._lock:
            if token == self._token:
                self._token = None

    def _sign_in(self) -> str:
        """Ask for a token, unless we know better; the lock is held."""
        if self._is_rejected:
            raise SignInRejected("rejected before, not tried again")
        wait_s = self._not_before - self._now()
        if wait_s > 0:
            raise TryLater(wait_s, "unavailable", was_not_carried_out=True)
        if self._before_sign_in is not None:
            self._before_sign_in()
        try:
            answer = self._transport.exchange("token", "POST", "/oauth/token", form=self._form)
            token, life_s = _read_token(answer)
        except SignInRejected:
            self._token = None
            if self._on_rejected is not None:
                self._on_rejected()
            else:
                self._is_rejected = True
            raise
        except TryLater as trouble:
            raise TryLater(
                self._back_off(trouble.retry_after_s), trouble.cause, was_not_carried_out=True
            ) from trouble
        except ZaptecError:
            self._back_off(None)
            raise
        self._wait_s = _FIRST_WAIT_S
        self._dies_at = self._now() + life_s
        self._renew_at = self._dies_at - min(_EARLY_S, life_s / 10)
        self._token = token
        return token

    def _back_off(self, retry_after_s: float | None) -> float:
        """Nobody asks for so many seconds; the next time for twice as many."""
        wait_s = max(self._wait_s, retry_after_s or 0.0)
        self._not_before = self._now() + wait_s
        self._wait_s = min(self._wait_s * 2, _LONGEST_WAIT_S)
        return wait_s


def _read_token(answer: HttpAnswer) -> tuple[str, float]:
    """Token and life in seconds, from the answer of the token endpoint."""
    if answer.status == 429:
        raise TryLater(answer.retry_after_s, "rate_limited")
    if answer.status >= 500:
        raise TryLater(answer.retry_after_s, "unavailable")
    if answer.status not in (200, 400):
        raise NotUnderstood(f"the token endpoint answered {answer.status}")
    data = answer.json()
    if not isinstance(data, dict):
        raise NotUnderstood("the token endpoint answered no object")
    if answer.status == 400:
        if data.get("error") == "invalid_grant":
            raise SignInRejected("wrong user name or password")
        raise NotUnderstood("the token endpoint found our request malformed")
    token = data.get("access_token")
    if not isinstance(token, str) or not token or not (token.isascii() and token.isprintable()):
        raise NotUnderstood("the token endpoint answered without a token")
    life_s = as_number(data.get("expires_in"))
    return token, life_s if life_s is not None and life_s > 0 else _USUAL_LIFE_S
