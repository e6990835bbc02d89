"""Which addresses a message may be sent to: what a member enters must not reach into the house."""

from __future__ import annotations

import socket
import threading
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from dashboard.notices.ways.failures import NotSent, WayFailure

LOOKUP_S = 3.0
NAT64 = IPv6Network("64:ff9b::/96")  # a network that knows IPv6 only: the last four bytes are the address meant


class Reach(StrEnum):
    """How far an address may reach."""

    OUTSIDE = "outside"  # nothing in the house, nor on this machine
    INSIDE = "inside"  # nothing else: what is sent is not encrypted
    THIS_MACHINE = "this machine"  # nothing else, for trying out
    ANYWHERE = "anywhere"  # an owner entered it


def addresses(host: str, port: int, reach: Reach) -> list[str]:
    """What the name stands for now; connect to these, not to the name, which may stand for others a moment later.

    Raises:
        NotSent: nobody knows the name, or one of its addresses lies where it must not.
    """
    found = _look_up(host, port)
    if not found:
        raise NotSent(WayFailure.UNREACHABLE)
    if not all(_may_reach(address, reach) for address in found):
        raise NotSent(WayFailure.NOT_SECURE if reach is Reach.INSIDE else WayFailure.INSIDE_THE_HOUSE)
    return found


def is_outside(address: str) -> bool:
    """Whether an address lies out in the world, also where one is wrapped in another."""
    ip = _unwrapped(ip_address(address.partition("%")[0]))
    is_local = ip.version == 6 and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or is_local)


def _may_reach(address: str, reach: Reach) -> bool:
    if reach is Reach.THIS_MACHINE:
        return ip_address(address.partition("%")[0]).is_loopback
    return reach is Reach.ANYWHERE or is_outside(address) is (reach is Reach.OUTSIDE)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if ip.version == 4:
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _look_up(host: str, port: int) -> list[str]:
    """In a thread of its own: nothing else ends a question to a name server that keeps silent."""
    found: list[str] = []
    asking = threading.Thread(target=_ask, args=(host, port, found), daemon=True)
    asking.start()
    asking.join(LOOKUP_S)
    return list(dict.fromkeys(found))


def _ask(host: str, port: int, found: list[str]) -> None:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return  # no such name, or none that can be asked for
    found.extend(str(answer[4][0]) for answer in answers)
