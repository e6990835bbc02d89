"""Everything else: an address in Apprise's form, such as `gotify://house/key`; loaded when first used."""

from __future__ import annotations

import logging
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dashboard.notices.message import Message
from dashboard.notices.ways import words
from dashboard.notices.ways.failures import NotSent, WayFailure, of_status
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

CONNECT_S, READ_S, ALL_S = 3.0, 6.0, 10.0
LONGEST = 500
ADDRESS = re.compile(r"([a-z0-9]{2,20})://[\x21-\x7e]+")
# Each knows one house only, out in the world: members may use these too.
FOR_MEMBERS = {"pover": "api.pushover.net"}
# They speak to this machine's own screen or log, where a notice has no business.
OF_THIS_MACHINE = frozenset({"syslog", "dbus", "glib", "kde", "qt", "gnome", "windows", "macosx", "blink1"})
# What stands after `://` is a host here; with others it may be a key.
WITH_HOST = re.compile("(ntfy|gotify|matrix|signal|hassio|nctalk|ncloud|rocket|mmost|mailto|mqtt|json|form|xml)s?")
NEVER_CONNECTED = re.compile("NewConnectionError|ConnectTimeoutError|NameResolutionError|SSLError")  # urllib3's
STATUS = re.compile(r"error=([1-5][0-9]{2})\b")


def parse(typed: str, is_owner: bool) -> str:
    """An address that Apprise understands.

    Raises:
        Wrong: it is none, or not for members.
    """
    address = typed.strip()
    match = ADDRESS.fullmatch(address)
    if not match or len(address) > LONGEST or match[1] in OF_THIS_MACHINE:
        raise Wrong(words.no_address(), "address")
    if not is_owner and match[1] not in FOR_MEMBERS:
        raise Wrong(words.only_owners(), "address")
    if _service(address) is None:
        raise Wrong(words.no_address(), "address")
    return address


def masked(address: str) -> str:
    return f"{urlsplit(address).scheme}://…"


def host(address: str, settings: Settings) -> str:
    """The host, or the service's short name where the address holds none."""
    parts = urlsplit(address)
    if WITH_HOST.fullmatch(parts.scheme) and parts.hostname:
        return parts.hostname
    return FOR_MEMBERS.get(parts.scheme, parts.scheme)


def send(services: Services, address: str, message: Message) -> None:
    """Let Apprise say it.

    Raises:
        NotSent: it was not taken.
    """
    from apprise import Apprise, NotifyFormat, NotifyType

    service = _service(address)
    if service is None:
        raise NotSent(WayFailure.REFUSED)
    apprise = Apprise(asset=_asset())
    apprise.add(service)
    kind = NotifyType.WARNING if message.is_urgent else NotifyType.INFO
    text = f"{message.body}\n{message.written_links}"
    result = apprise.notify(
        text,
        title=message.title,
        notify_type=kind,
        body_format=NotifyFormat.TEXT,
        timeout=ALL_S,
        log_level=logging.DEBUG,
    )
    if not result:
        raise NotSent(_why(result))


def _service(address: str) -> NotifyBase | None:
    """Apprise's object for the address, with limits of ours whatever the address says; None where it is none."""
    from apprise import Apprise

    with warnings.catch_warnings():  # it loads all its services the first time, some with modules that grow old
        warnings.simplefilter("ignore")
        service = Apprise.instantiate(address, asset=_asset())
    if service is not None:
        service.redirects = False
        service.retry = 0
        service.socket_connect_timeout, service.socket_read_timeout = CONNECT_S, READ_S
    return service


@cache
def _asset() -> AppriseAsset:
    """How Apprise behaves: nothing kept on the disk, nothing said in the log."""
    from apprise import AppriseAsset

    logger = logging.getLogger("apprise")
    logger.propagate = False  # its lines hold addresses and texts; they go nowhere but into the result
    logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # whose lines hold paths, in which there are keys
    return AppriseAsset(
        app_id="Charger",
        app_desc="Charger",
        async_mode=False,
        http_redirects=False,
        storage_mode="memory",
        allow_templates=False,
    )


def _why(result: Any) -> WayFailure:
    """What came of it, as far as Apprise tells: an answer's status and an error's name stand in its log only."""
    lines = "\n".join(entry.message for entry in result.logs())
    if match := STATUS.search(lines):
        return of_status(int(match[1])) or WayFailure.REFUSED
    return WayFailure.UNREACHABLE if NEVER_CONNECTED.search(lines) else WayFailure.NO_ANSWER
