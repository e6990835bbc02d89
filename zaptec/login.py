"""How a token is obtained and renewed; the only module that knows.

Zaptec announced that the password grant will be withdrawn one day
(https://docs.zaptec.com/page/upcoming-authentication-provider-migration): then another `Login` stands here.
"""

import re
import threading
import time
from collections.abc import Callable
from typing import Protocol

import requests

from zaptec.answers import HttpAnswer
from zaptec.errors import NotUnderstood, SignInEnded, SignInRejected, TryLater, ZaptecError
from zaptec.transport import RequestRecord, Transport
from zaptec.values import as_number, as_text, field

_EARLY_S = 300.0  # renewed this long before the token dies, or a tenth of its life if that is less
_USUAL_LIFE_S = 3600.0  # the documentation's example, for an answer without expires_in
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 60.0
ENDED_WAIT_S = 3600.0  # what lasts is tried again this seldom
_ERROR_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII)  # https://www.rfc-editor.org/rfc/rfc6749#section-5.2


class Login(Protocol):
    """Where `ZaptecClient` gets its tokens; called from many threads."""

    def token(self) -> str:
        """A token that is good for now; signs in if needed.

        Raises:
            SignInRejected: stop trying.
            SignInEnded: tell the owner; at most once an hour is tried again.
            TryLater, NotUnderstood: no token now.
        """
        ...

    def drop(self, token: str) -> None:
        """This token was answered with 401: if it is still the current one, forget it."""
        ...


class PasswordLogin:
    """Signs in with user name and password, once for all threads, and remembers a refusal.

    A refresh token in the answer is ignored: those stopped working in 2025 (evcc-io/evcc#25208). The token
    endpoint bears about one request per second and answers a flood with a 503 page (evcc-io/evcc#26108), so after
    any trouble nobody asks again for 5 s, then 10, up to a minute; after answers that make no sense, up to an hour,
    and after a refusal that lasts but is not about name and password, for an hour.

    Args:
        api_url: such as "https://api.zaptec.com".
        scope: sent with the sign-in where given. Most accounts need none (Home Assistant sends none); some are
            refused without "openid".
        session: see `zaptec.transport.new_session`.
        timeout_s: for connecting, and for each wait for data; an answer may take twice as long.
        now: a clock in seconds that does not jump.
        before_sign_in: called under the lock just before each request to the token endpoint; what it raises
            reaches the caller. It may raise SignInRejected or SignInEnded because of something remembered
            elsewhere.
        on_rejected: called under the lock when Zaptec has rejected the user name or password. Whoever takes this
            remembers it too, and lets `before_sign_in` raise; without it the object remembers it for good.
        on_ended: likewise, when this way of signing in has ended; without it the object remembers it for an hour.
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
        scope: str | None = None,
        timeout_s: float = 10,
        now: Callable[[], float] = time.monotonic,
        before_sign_in: Callable[[], None] | None = None,
        on_rejected: Callable[[SignInRejected], None] | None = None,
        on_ended: Callable[[SignInEnded], None] | None = None,
        on_answer: Callable[[RequestRecord], None] | None = None,
    ) -> None:
        self._form = {"grant_type": "password", "username": username, "password": password}
        if scope:
            self._form["scope"] = scope
        self._transport = Transport(api_url, session, timeout_s, on_answer)
        self._now = now
        self._before_sign_in = before_sign_in
        self._on_rejected = on_rejected
        self._on_ended = on_ended
        self._lock = threading.Lock()
        self._token: str | None = None
        self._renew_at = self._dies_at = 0.0
        self._is_rejected = False
        self._end: SignInEnded | None = None
        self._end_until = 0.0
        self._not_before = 0.0
        self._wait_s = _FIRST_WAIT_S

    def __repr__(self) -> str:
        return f"<PasswordLogin {'with' if self._token else 'without'} a token>"

    def token(self) -> str:
        """A token that is good for now; signs in if needed.

        A token about to die is still used while no new one can be had.

        Raises:
            SignInRejected: Zaptec rejected user name or password, now or before.
            SignInEnded: Zaptec refuses to sign anybody in this way, now or within the last hour.
            TryLater: the token endpoint is down, slow, flooded or not to be asked yet. A command that was
                waiting for the token was not carried out.
            NotUnderstood: it let us in, but without a token; the next 5 s and more raise TryLater.
        """
        with self._lock:
            if self._token is not None and self._now() < self._renew_at:
                return self._token
            try:
                return self._sign_in()
            except (TryLater, NotUnderstood, SignInEnded):
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
        self._raise_what_is_known()
        if self._before_sign_in is not None:
            self._before_sign_in()
        try:
            answer = self._transport.exchange("token", "POST", "/oauth/token", form=self._form)
            token, life_s = _read_token(answer)
        except SignInRejected as rejection:
            self._token = None
            self._remember_rejection(rejection)
            raise
        except SignInEnded as end:
            self._remember_end(end)
            raise
        except TryLater as trouble:
            wait_s = self._back_off(trouble.retry_after_s, _LONGEST_WAIT_S)
            raise TryLater(wait_s, trouble.cause, was_not_carried_out=True) from trouble
        except ZaptecError:
            self._back_off(None, ENDED_WAIT_S)
            raise
        self._wait_s = _FIRST_WAIT_S
        self._dies_at = self._now() + life_s
        self._renew_at = self._dies_at - min(_EARLY_S, life_s / 10)
        self._token = token
        return token

    def _raise_what_is_known(self) -> None:
        """Raise what the token endpoint would say again, or that it is not to be asked yet."""
        if self._is_rejected:
            raise SignInRejected("rejected before, not tried again")
        if self._end is not None and self._now() < self._end_until:
            raise SignInEnded(self._end.code)
        wait_s = self._not_before - self._now()
        if wait_s > 0:
            raise TryLater(wait_s, "unavailable", was_not_carried_out=True)

    def _remember_rejection(self, rejection: SignInRejected) -> None:
        if self._on_rejected is not None:
            self._on_rejected(rejection)
        else:
            self._is_rejected = True

    def _remember_end(self, end: SignInEnded) -> None:
        if self._on_ended is not None:
            self._on_ended(end)
        else:
            self._end, self._end_until = end, self._now() + ENDED_WAIT_S

    def _back_off(self, retry_after_s: float | None, longest_s: float) -> float:
        """Nobody asks for so many seconds; the next time for twice as many."""
        wait_s = max(self._wait_s, retry_after_s or 0.0)
        self._not_before = self._now() + wait_s
        self._wait_s = min(self._wait_s * 2, longest_s)
        return wait_s


def _read_token(answer: HttpAnswer) -> tuple[str, float]:
    """Token and life in seconds, from the answer of the token endpoint.

    Raises:
        SignInRejected: the answer is about user name and password, or an empty 400 (stekker/zaptec).
        SignInEnded: any other refusal that lasts.
        TryLater: 408, 429, 5xx.
        NotUnderstood: it let us in, but without a token.
    """
    if answer.status == 429:
        raise TryLater(answer.retry_after_s, "rate_limited")
    if answer.status >= 500 or answer.status == 408:
        raise TryLater(answer.retry_after_s, "unavailable")
    if not 200 <= answer.status < 300:
        raise _refusal(answer)
    data = answer.json()
    if not isinstance(data, dict):
        raise NotUnderstood("the token endpoint answered no object")
    token = field(data, "access_token")
    if not isinstance(token, str) or not token or not (token.isascii() and token.isprintable()):
        raise NotUnderstood("the token endpoint answered without a token")
    life_s = as_number(field(data, "expires_in"))
    return token, life_s if life_s is not None and life_s > 0 else _USUAL_LIFE_S


def _refusal(answer: HttpAnswer) -> SignInRejected | SignInEnded:
    """Which of the two a refusal is; texts other than OAuth's error codes are left behind."""
    try:
        data = answer.json()
    except NotUnderstood:
        data = {}
    code = as_text(field(data, "error")) if isinstance(data, dict) else None
    if code == "invalid_grant" or (answer.status == 400 and not answer.body.strip()):
        return SignInRejected("wrong user name or password")
    return SignInEnded(code if code and _ERROR_CODE.fullmatch(code) else f"status_{answer.status}")
