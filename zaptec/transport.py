"""One HTTP request to Zaptec: time-outs, size limit, log line. What answers mean is known elsewhere."""

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from zaptec.answers import HttpAnswer
from zaptec.deadline import DeadlineAdapter
from zaptec.errors import NotUnderstood, TryLater, UnknownCharger, ZaptecError
from zaptec.values import clean_text
from zaptec.version import __version__

DEFAULT_API_URL = "https://api.zaptec.com"
# Zaptec wants to know who asks (evcc-io/evcc#26108).
USER_AGENT = f"zaptec-dashboard/{__version__} (+household EV charger page)"
MAX_ANSWER_BYTES = 4_000_000  # a year of sessions with their readings is about one
_CHUNK_BYTES = 16_384
_POOL_SIZE = 8
LONGEST_CONNECT_S = 3.0  # the network is there, or it is not
_TRIES = 3
_LONGEST_WAIT_S = 2.0

logger = logging.getLogger("zaptec")
T = TypeVar("T")


@dataclass(frozen=True)
class RequestRecord:
    """One request that was sent, or that could not be; holds nothing private.

    Attributes:
        kind: "token", "chargers", "state", "installation", "sessions", "history", "firmware" or
            "command 506".
        path: without the query; an id is shown by its end, `…3fa2c1`.
        status: HTTP status; None when no answer came.
        ms: milliseconds from sending to the last byte.
        error: class and cause when there was no usable answer on the wire, such as "TryLater timed_out".
        retry_after_s: how long Zaptec wants to be left alone, by a Retry-After header; it means the account, not
            this request (docs.zaptec.com/docs/api-rate-limiting).
    """

    kind: str
    method: str
    path: str
    status: int | None
    ms: float
    error: str | None
    retry_after_s: float | None = None


def new_session() -> requests.Session:
    """A session that threads can share: a pool of connections, no cookies, no retries of its own.

    Each answer must be complete within twice the time-out, see `zaptec.deadline`.
    """
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    session.headers["Accept"] = "application/json"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", DeadlineAdapter(pool_connections=2, pool_maxsize=_POOL_SIZE))
    session.mount("http://", DeadlineAdapter(pool_connections=2, pool_maxsize=_POOL_SIZE))
    return session


def patiently(ask: Callable[[], T], pause_s: float, *, give_up_after_s: float, sleep: Callable[[float], None]) -> T:
    """Ask, and again after trouble that may pass, three times in all. For questions, never for commands.

    No new try begins after `give_up_after_s`, so that an answer which hangs holds nobody up three times.

    The pause grows, with jitter, and respects a Retry-After of up to 2 s; a longer one is left to the caller,
    as somebody may be looking at a page. A loop of ours, not urllib3's Retry on the adapter, so that each try
    passes the limiter and is logged, and because Retry can clip a Retry-After but not give up on it.

    Raises:
        TryLater: the last trouble.
    """
    ends_at = time.monotonic() + give_up_after_s
    for nth in range(1, _TRIES):
        try:
            return ask()
        except TryLater as trouble:
            wait_s = trouble.retry_after_s or 0.0
            if wait_s > _LONGEST_WAIT_S or time.monotonic() >= ends_at:
                raise
        sleep(max(wait_s, pause_s * nth * random.uniform(1, 1.5)))  # noqa: S311 — jitter
    return ask()


class Bearer(requests.auth.AuthBase):
    """The Authorization header.

    An auth object rather than a header: without one, requests would put the password of a `.netrc` line for
    this host in the header's place (psf/requests#3929). Proxies and CA bundles of the environment are used.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Transport:
    """Sends one request at a time and reads the whole answer; safe to share between threads.

    Args:
        timeout_s: for each wait for data; a whole answer may take twice as long. Connecting has no longer than
            `LONGEST_CONNECT_S`, as a command must not leave long after it was asked for.
        now: our clock, as an aware moment.

    Attributes:
        clock_skew_s: our clock minus Zaptec's `Date` header, from the last answer; None before the first.
    """

    def __init__(
        self,
        api_url: str,
        session: requests.Session,
        timeout_s: float,
        on_request: Callable[[RequestRecord], None] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._session = session
        self.timeout_s = timeout_s
        self._on_request = on_request
        self._now = now or _utc_now
        self.clock_skew_s: float | None = None

    def exchange(
        self,
        kind: str,
        method: str,
        path: str,
        *ids: str,
        token: str | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Send one request, exactly once; `path` has a `{}` for each of `ids`. Redirects are not followed.

        Raises:
            TryLater: timed_out or unreachable.
            NotUnderstood: the answer is larger than `MAX_ANSWER_BYTES` or its compression is broken.
            UnknownCharger: an id that cannot be one; nothing was sent.
        """
        if not all(each.strip(".") for each in ids):
            raise UnknownCharger("an empty id")
        url = self._api_url + _filled(path, ids)
        status = trouble = retry_after_s = None
        started = time.monotonic()
        try:
            with _wire_trouble_sorted(), self._session.request(
                method, url, params=params, data=form, auth=Bearer(token),
                timeout=(min(self.timeout_s, LONGEST_CONNECT_S), self.timeout_s),
                allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                status = response.status_code
                self._note_clock(response.headers.get("Date"))
                answer = HttpAnswer(status, response.headers, self._read(response))
                retry_after_s = answer.retry_after_s
                return answer
        except ZaptecError as error:
            trouble = f"TryLater {error.cause}" if isinstance(error, TryLater) else type(error).__name__
            raise
        finally:
            shown = _filled(path, [each[-6:] for each in ids], "…")
            ms = (time.monotonic() - started) * 1000
            self._note(RequestRecord(kind, method, shown, status, ms, trouble, retry_after_s))

    def _read(self, response: requests.Response) -> bytes:
        """The body, within a limit of size; `zaptec.deadline` limits the time."""
        body = bytearray()
        try:
            for chunk in response.iter_content(_CHUNK_BYTES):
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise NotUnderstood(f"an answer of more than {MAX_ANSWER_BYTES} bytes")
        except requests.exceptions.ContentDecodingError as error:
            raise NotUnderstood("an answer that cannot be decompressed") from error
        return bytes(body)

    def _note_clock(self, date: str | None) -> None:
        try:
            theirs = parsedate_to_datetime(date or "")
        except (ValueError, OverflowError):
            return
        if theirs.tzinfo is not None:
            self.clock_skew_s = (self._now() - theirs).total_seconds()

    def _note(self, record: RequestRecord) -> None:
        outcome = record.error if record.status is None or record.error else record.status
        logger.info("%s %s %s %.0f ms", record.method, record.path, outcome, record.ms)
        if self._on_request is not None:
            try:
                self._on_request(record)
            except Exception:  # a diary that cannot be written must not undo what Zaptec has answered
                logger.exception("on_request failed")


def _filled(path: str, ids: Iterable[str], before: str = "") -> str:
    return path.format(*(before + quote(clean_text(each), safe="") for each in ids))


@contextmanager
def _wire_trouble_sorted() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError) as error:  # requests' errors are OSErrors
        raise _trouble_on_the_wire(error) from error


def _trouble_on_the_wire(error: Exception) -> TryLater:
    """Sort what requests raised; only an error from before the sending proves that nothing happened."""
    if isinstance(error, requests.ConnectTimeout):
        return TryLater(None, "timed_out", was_not_carried_out=True)
    inner = error.args[0] if error.args else None
    if isinstance(error, requests.Timeout | TimeoutError) or isinstance(inner, ReadTimeoutError):
        return TryLater(None, "timed_out")
    # NewConnectionError covers a name that does not resolve and a refused connection.
    never_connected = isinstance(getattr(inner, "reason", None), NewConnectionError)
    return TryLater(None, "unreachable", was_not_carried_out=never_connected)
