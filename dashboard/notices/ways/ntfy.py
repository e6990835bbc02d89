"""ntfy: a topic at ntfy.sh, or at a house of one's own (docs.ntfy.sh/publish)."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from dashboard.notices.message import Message
from dashboard.notices.ways import words
from dashboard.notices.ways.failures import NotSent, WayFailure
from dashboard.notices.ways.posting import post, taken
from dashboard.notices.ways.reach import Reach, addresses
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong

HOUSE = "https://ntfy.sh"
OWNERS = "owner:"  # before an address that an owner entered, which may lie in the house
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}")
ADDRESS = re.compile(r"https?://[\x21-\x7e]{1,400}")
HIGH, NORMAL = 4, 3


def parse(typed: str, is_owner: bool) -> str:
    """A topic, or `https://house/topic`, perhaps with `user:password@` before the house.

    Raises:
        Wrong: it is none of these, or reaches into the house and was not entered by an owner.
    """
    text = typed.strip()
    if TOPIC.fullmatch(text):
        return f"{HOUSE}/{text}"
    parts = _parts(text if "://" in text else f"https://{text}")
    if parts is None:
        raise Wrong(words.no_ntfy_address(), "address")
    if is_owner:
        return OWNERS + parts.geturl()
    _check_outside(parts)
    return parts.geturl()


def masked(address: str) -> str:
    parts = urlsplit(address.removeprefix(OWNERS))
    return f"{parts.hostname}/{parts.path.strip('/')[:2]}…"


def host(address: str, settings: Settings) -> str:
    return urlsplit(address.removeprefix(OWNERS)).hostname or ""


def send(services: Services, address: str, message: Message) -> None:
    """Publish it.

    Raises:
        NotSent: it was not taken.
    """
    parts = urlsplit(address.removeprefix(OWNERS))
    house = parts._replace(netloc=parts.netloc.rpartition("@")[2], path="/").geturl()
    taken(post(house, _body(parts, message), _headers(parts), _reach(parts, is_owners=address.startswith(OWNERS))))


def _parts(text: str) -> SplitResult | None:
    """The address in its parts; None where it is none."""
    try:
        parts = urlsplit(text) if ADDRESS.fullmatch(text) else urlsplit("")
        _ = parts.port
    except ValueError:
        return None
    is_topic = TOPIC.fullmatch(parts.path.removeprefix("/").removesuffix("/"))
    return parts if parts.hostname and is_topic and not (parts.query or parts.fragment) else None


def _check_outside(parts: SplitResult) -> None:
    if parts.scheme != "https":
        raise Wrong(words.only_secure(), "address")
    try:
        addresses(parts.hostname or "", parts.port or 443, Reach.OUTSIDE)
    except NotSent as trouble:
        is_inside = trouble.failure is WayFailure.INSIDE_THE_HOUSE
        raise Wrong(words.inside_the_house() if is_inside else words.no_such_house(), "address") from trouble


def _reach(parts: SplitResult, is_owners: bool) -> Reach:
    """An owner's address may lie in the house; without encryption it must."""
    if not is_owners:
        return Reach.OUTSIDE
    return Reach.ANYWHERE if parts.scheme == "https" else Reach.INSIDE


def _body(parts: SplitResult, message: Message) -> bytes:
    said: dict[str, Any] = {
        "topic": parts.path.strip("/"),
        "title": message.title,
        "message": message.body,
        "click": message.link,
        "priority": HIGH if message.is_urgent else NORMAL,
        "sequence_id": message.tag,
    }
    if message.links:
        said["actions"] = [{"action": "view", "label": link.label, "url": link.address} for link in message.links]
    return json.dumps(said).encode()


def _headers(parts: SplitResult) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if parts.password is not None:
        secret = f"{unquote(parts.username or '')}:{unquote(parts.password)}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(secret).decode()
    return headers
