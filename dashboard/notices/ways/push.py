"""This browser: a push by way of its push service, which cannot read it (RFC 8030, 8188, 8291, 8292)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid.utils import b64urldecode

from dashboard.hosts import LOOPBACK
from dashboard.notices.message import Message
from dashboard.notices.ways import words
from dashboard.notices.ways.failures import NotSent, WayFailure
from dashboard.notices.ways.posting import post, taken
from dashboard.notices.ways.push_keys import key_pair
from dashboard.notices.ways.reach import Reach
from dashboard.services import Services, current_services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong

# Where browsers let pushes be sent to. A host with `*.` before it stands for all below it.
KNOWN_HOSTS = (
    "fcm.googleapis.com",  # Chrome, Edge on Android, Brave, Opera, Samsung Internet
    "jmt17.google.com",  # Chromium of Linux distributions
    "*.push.services.mozilla.com",  # Firefox
    "*.push.apple.com",  # Safari, and every browser on iOS
    "*.notify.windows.com",  # Edge on Windows
)
LONGEST_ENDPOINT, LONGEST_TYPED = 1500, 4000
ENDPOINT = re.compile(r"https?://[\x21-\x7e]+")
DECLARATIVE = 8030  # marks a push that iOS shows by itself (webkit.org/blog/16535/meet-declarative-web-push)
MOST_BYTES = 2800  # of what is said: services take 4096, some less
FRESH_FOR = timedelta(hours=2)  # nothing older is of use
TOKEN_HOLDS = timedelta(hours=12)  # at most 24 (RFC 8292, 2)


@dataclass(frozen=True)
class Subscription:
    """What the browser gave: where to send to, and how to encrypt for it."""

    endpoint: str
    parts: SplitResult
    p256dh: bytes
    auth: bytes

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def origin(self) -> str:
        """As RFC 6454 writes it: without the port that goes without saying."""
        return f"{self.parts.scheme}://{self.parts.netloc.lower().removesuffix(':443')}"


def parse(typed: str, is_owner: bool) -> str:
    """A subscription as `JSON.stringify` writes it, in the shortest form.

    Raises:
        Wrong: it is none, or of a service that is not known.
    """
    try:
        found = _read(typed)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Wrong(words.no_subscription(), "address") from error
    if not _is_allowed(found, current_services().settings):
        raise Wrong(words.unknown_push_service(), "address")
    keys = json.loads(typed)["keys"]
    return json.dumps(
        {"endpoint": found.endpoint, "keys": {"auth": keys["auth"], "p256dh": keys["p256dh"]}},
        separators=(",", ":"),
    )


def masked(address: str) -> str:
    try:
        found = _read(address)
    except (ValueError, TypeError, KeyError):
        return words.unreadable()
    return f"{found.host} …{found.endpoint[-4:]}"


def host(address: str, settings: Settings) -> str:
    return _read(address).host


def send(services: Services, address: str, message: Message) -> None:
    """Encrypt and sign it, and hand it to the browser's push service.

    Raises:
        NotSent: it was not taken.
    """
    to = _read(address)
    if not _is_allowed(to, services.settings):
        raise NotSent(WayFailure.NOT_ALLOWED)
    answer = post(to.endpoint, _encrypted(to, message), _headers(services, to, message), _reach(to))
    if answer.status in (404, 410):
        raise NotSent(WayFailure.RETIRED)
    taken(answer)


def _read(typed: str) -> Subscription:
    if len(typed) > LONGEST_TYPED:
        raise ValueError("too long for a subscription")
    given = json.loads(typed)
    endpoint, keys = given["endpoint"], given["keys"]
    p256dh, auth = (b64urldecode(str(keys[name]).encode()) for name in ("p256dh", "auth"))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    if len(auth) != 16 or len(endpoint) > LONGEST_ENDPOINT or not ENDPOINT.fullmatch(endpoint):
        raise ValueError("not a subscription")
    parts = urlsplit(endpoint)
    _ = parts.port  # raises where it is none
    return Subscription(endpoint, parts, p256dh, auth)


def _is_allowed(to: Subscription, settings: Settings) -> bool:
    """Whether pushes may go to that service; on this machine, any port and no encryption will do."""
    parts = to.parts
    hosts = settings.push_hosts or KNOWN_HOSTS
    if parts.username is not None or not any(_covers(named, to.host) for named in hosts):
        return False
    return to.host in LOOPBACK or (parts.scheme == "https" and parts.port in (None, 443))


def _covers(named: str, host: str) -> bool:
    return host.endswith(named[1:]) if named.startswith("*.") else host == named


def _reach(to: Subscription) -> Reach:
    return Reach.THIS_MACHINE if to.host in LOOPBACK else Reach.OUTSIDE


def _encrypted(to: Subscription, message: Message) -> bytes:
    made_for_this = ec.generate_private_key(ec.SECP256R1())
    said = content(message)
    encrypted: bytes = http_ece.encrypt(said, private_key=made_for_this, dh=to.p256dh, auth_secret=to.auth)
    return encrypted


def content(message: Message) -> bytes:
    """What the browser gets to read, in the declarative form; cut where it is too long for push services."""
    body = message.body
    while len(said := _written(message, body)) > MOST_BYTES and body:
        body = body[: len(body) * 3 // 4].rstrip("…") + "…" if len(body) > 4 else ""
    return said


def _written(message: Message, body: str) -> bytes:
    shown: dict[str, Any] = {
        "title": message.title,
        "body": body,
        "navigate": message.link,
        "tag": message.tag,
        "timestamp": int(message.at.timestamp() * 1000),
    }
    if message.links:  # the worker goes by the action's name, what shows it without the worker by `navigate`
        shown["actions"] = [
            {"action": link.address, "title": link.label, "navigate": link.address} for link in message.links
        ]
    return json.dumps({"web_push": DECLARATIVE, "notification": shown}, ensure_ascii=False).encode()


def _headers(services: Services, to: Subscription, message: Message) -> dict[str, str]:
    left = message.at + FRESH_FOR - services.now()
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int((left if left > timedelta(0) else FRESH_FOR).total_seconds())),
        "Topic": message.tag,
        "Urgency": "high" if message.is_urgent else "normal",
        **_signature(services, to, message),
    }


def _signature(services: Services, to: Subscription, message: Message) -> dict[str, str]:
    pair = key_pair(services)
    pair.conf["no-strict"] = True  # the package knows no address with a port
    claims = {
        "aud": to.origin,
        "exp": _expires(services.now()),
        "sub": sender(services.settings, message.link),
    }
    signed: dict[str, str] = pair.sign(claims)
    return signed


def _expires(now: datetime) -> int:
    return int((now + TOKEN_HOLDS).timestamp())


def sender(settings: Settings, link: str) -> str:
    """Whom a push service may turn to: Apple takes nothing without it, and nothing of this machine."""
    if settings.is_https:
        return settings.public_url
    if settings.mail_from:
        from email.utils import parseaddr

        return f"mailto:{parseaddr(settings.mail_from)[1]}"
    parts = urlsplit(link)
    if parts.scheme == "https" and parts.hostname not in LOOPBACK:
        return f"https://{parts.netloc}"
    return "mailto:nobody@example.invalid"  # a home page without https: no browser takes pushes from there anyway
