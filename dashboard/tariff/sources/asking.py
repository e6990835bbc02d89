"""One question to a price source: time-outs, a limit of size, no other host, a log line."""

from __future__ import annotations

import logging
import time
from datetime import date
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from dashboard.tariff.sources.answer import DayPrices, PricesUnusable, SourceFailure, prices_of_day, read_json
from dashboard.tariff.sources.table import PriceSource
from zaptec.transport import new_session

log = logging.getLogger(__name__)
CONNECT_S, TIMEOUT_S = 3.0, 10.0  # the latter for each wait for data; a whole answer may take twice as long
MOST_BYTES = 1_000_000  # a day of quarters is about twenty thousand
MOST_REDIRECTS = 2
CHUNK_BYTES = 16_384


def ask(
    source: PriceSource, area: str, day: date, price_api_url: str = "", timeout_s: float = TIMEOUT_S
) -> DayPrices:
    """The prices of a delivery day.

    Args:
        price_api_url: another house that is asked instead, with the source's host as first part of the path.

    Raises:
        PricesUnusable: there are none that can be used.
    """
    path, params = source.request(area, day)
    base = f"{price_api_url}/{source.host}" if price_api_url else f"https://{source.host}"
    with new_session() as session:
        body = _get(session, source.host, base + path, params, timeout_s)
    return prices_of_day(source.read(read_json(body), area), day, source.until(day))


def _get(session: requests.Session, host: str, url: str, params: dict[str, str], timeout_s: float) -> bytes:
    """The body of the answer, after redirects within the same host."""
    for _ in range(MOST_REDIRECTS + 1):
        started, outcome = time.monotonic(), "failed"
        try:
            with session.get(
                url, params=params, timeout=(min(CONNECT_S, timeout_s), timeout_s), allow_redirects=False,
                stream=True, auth=_nobody,
            ) as response:  # fmt: skip
                outcome = str(response.status_code)
                if not response.is_redirect:
                    return _body(response)
                url, params = _same_host(url, response.headers["Location"]), {}
        except (OSError, HTTPError, ValueError) as error:  # requests' errors are OSErrors, or no address at all
            raise PricesUnusable(_trouble(error)) from error
        finally:
            log.info("GET %s %s %.0f ms", host, outcome, (time.monotonic() - started) * 1000)
    raise PricesUnusable(SourceFailure.REDIRECTED)


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials; without this, requests would send what a `.netrc` says."""
    return request


def _same_host(url: str, location: str) -> str:
    there = urljoin(url, location)
    if urlsplit(there)[:2] != urlsplit(url)[:2]:
        raise PricesUnusable(SourceFailure.REDIRECTED)
    return there


def _body(response: requests.Response) -> bytes:
    if response.status_code == 429:
        raise PricesUnusable(SourceFailure.RATE_LIMITED, _seconds(response.headers.get("Retry-After", "")))
    if response.status_code == 404:
        raise PricesUnusable(SourceFailure.NOT_YET)
    if response.status_code != 200:
        raise PricesUnusable(SourceFailure.REFUSED)
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise PricesUnusable(SourceFailure.TOO_LARGE)
    return bytes(body)


def _seconds(text: str) -> float | None:
    """A Retry-After in seconds; one that names a date is left to our own patience."""
    return float(text) if text.isdecimal() and len(text) < 7 else None


def _trouble(error: Exception) -> SourceFailure:
    is_senseless = isinstance(error, ValueError) and not isinstance(error, OSError)
    if is_senseless or isinstance(error, requests.exceptions.ContentDecodingError):
        return SourceFailure.UNREADABLE
    is_late = isinstance(error, requests.Timeout | TimeoutError) or "timed out" in str(error).lower()
    return SourceFailure.TIMED_OUT if is_late else SourceFailure.UNREACHABLE
