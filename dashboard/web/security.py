"""What protects every address alike: other sites' posts, foreign hosts, headers, sizes."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from dashboard.services import current_services
from dashboard.web.htmx import is_htmx

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Not no-referrer: with it Chromium sends `Origin: null`, and every button on a home network is refused.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# A fragment comes into a page that has its policies already; it comes every few seconds, and they are 400 bytes.
OF_FRAGMENTS = {"X-Content-Type-Options": "nosniff"}
MAX_BODY_BYTES = 64 * 1024
LONGEST_HOST = 253
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


class ForeignHost(Exception):
    """The request came for a name that is not ours (DNS rebinding, or a missing PUBLIC_URL)."""


def check_host() -> None:
    """Answer only for names that a household would use, so that no foreign name can be pointed at us.

    Raises:
        ForeignHost: it is another one, or can be no name.
    """
    host = _host_of(request.headers.get("Host", ""))
    public = urlsplit(current_services().settings.public_url).hostname
    if host is None or not (host == public or _is_at_home(host)):
        raise ForeignHost


def _host_of(value: str) -> str | None:
    if not value or any(character in value for character in "/\\@ ,"):
        return None
    try:
        parts = urlsplit(f"//{value}")
        _ = parts.port
    except ValueError:
        return None
    return (parts.hostname or "").removesuffix(".") or None


def _is_at_home(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
        return True
    except ValueError:
        return _is_name(host) and (host.endswith(".local") or "." not in host)


def _is_name(host: str) -> bool:
    """Whether it is a name a machine can have; of others not even an address could be made."""
    if len(host) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in host.split(".")):
        return False
    try:
        return bool(host.encode("ascii").decode("idna"))
    except UnicodeError:
        return False


def check_origin() -> None:
    """Refuse a POST that another site sent, by what browsers say of themselves.

    `Sec-Fetch-Site` where it is sent (not over plain http to a name of the home network), else `Origin`:
    its host and port against `Host`; the scheme may differ behind a proxy. Neither header: not a browser.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403, "other-site")
        return
    origin = request.headers.get("Origin")
    if origin is None:
        return
    try:
        parts = urlsplit(origin)
        same = parts.netloc.lower() == request.headers.get("Host", "").lower()
    except ValueError:
        same = False
    if not (origin and (same or origin.rstrip("/") == current_services().settings.public_origin)):
        abort(403, "other-site")


def check_size() -> None:
    """Refuse what is too large before anything is done, not when somebody first looks into the form."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        abort(413)
    _ = request.form  # a body without a length is read here, up to the limit, which is a 413 too


def check_characters() -> None:
    """Refuse a NUL, which no address or form of ours holds and PostgreSQL cannot even compare."""
    if "\0" in request.path:
        abort(404)
    given = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if any("\0" in name or "\0" in value for name, value in given):
        abort(400)


def add_headers(response: Response) -> Response:
    if response.status_code == 204:  # "nothing new", every few seconds on every phone: no page to protect
        del response.headers["Content-Type"]
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    for name, value in (OF_FRAGMENTS if is_htmx() else HEADERS).items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if current_services().settings.is_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.before_request(check_host)
    app.before_request(check_origin)
    app.before_request(check_size)
    app.before_request(check_characters)
    app.after_request(add_headers)
