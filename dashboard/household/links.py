"""The address of an invitation, a reset link or a sheet for the wall, and its QR code."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

from dashboard.hosts import LOOPBACK
from dashboard.household import words
from dashboard.services import current_services


@dataclass(frozen=True)
class Link:
    """A link to hand on.

    Attributes:
        what: what it is good for, in a sentence.
        qr: the address as the source of an image, for a phone's camera; empty where it would not work there.
        why_no_qr: what to do about that.
        where: that it opens at home only; empty where it opens everywhere.
    """

    what: str
    address: str
    qr: str
    why_no_qr: str
    where: str = ""


def link_to(path: str, what: str) -> Link:
    """The link to an address of ours, as `url_for` gives it."""
    settings = current_services().settings
    base = settings.public_origin or request.host_url.rstrip("/")
    host = urlsplit(base).hostname or ""
    if not _is_loopback(host):
        where = words.only_at_home() if _is_of_home_network(host) else ""
        return Link(what, base + path, _qr(base + path), "", where)
    opened = settings.host not in LOOPBACK
    return Link(what, base + path, "", words.opened_as_localhost() if opened else words.only_this_computer())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK or host.endswith(".localhost")


def _is_of_home_network(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith(".local") or "." not in host


def _qr(address: str) -> str:
    import segno  # 40 ms, and rarely needed

    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=4, light="#fff"))
