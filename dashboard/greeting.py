"""What the server says in the window it was started from: where people open it, or why it cannot listen there."""

from __future__ import annotations

import errno
import re
import socket
import subprocess
import sys
from pathlib import Path

from dashboard.settings import ROOT, Settings

ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104 - only compared with
MDNS = Path("/run/avahi-daemon/socket")  # there while this machine tells its name in the home network
SIGNS_OF_A_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))
SECONDS = 2.0
ENV_FILE = ROOT / ".env"
ACCOUNT_BEHIND_A_HASH = re.compile(r"^\s*#\s*(ZAPTEC_USERNAME|ZAPTEC_PASSWORD)[ \t]*=[ \t]*[^\s#]", re.MULTILINE)


def greeting(settings: Settings, setup_code: str | None) -> str:
    """A few lines: where it is, how it ends, and what the first owner needs."""
    kind = "The demo (a simulated charger)" if settings.is_demo else "The dashboard"
    first, *others = addresses(settings)
    lines = [f"{kind} is at {first} – end it with Ctrl-C."]
    lines += [f"From phones in the home network: {' or '.join(others)}"] * bool(others)
    if settings.is_demo and not settings.is_demo_wanted and _has_account_behind_a_hash():
        lines.append("The account in .env does not count: remove the # before ZAPTEC_USERNAME and ZAPTEC_PASSWORD.")
    if setup_code:
        at = (others or [first])[0]
        lines.append(f"Nobody owns this dashboard yet. Open {at}/setup and enter this setup code: {setup_code}")
    return "\n".join(lines)


def _has_account_behind_a_hash() -> bool:
    """Whether somebody has filled the account in and left the line a comment; the example's has no value."""
    try:
        return ACCOUNT_BEHIND_A_HASH.search(ENV_FILE.read_text()) is not None
    except (OSError, UnicodeDecodeError):
        return False


def addresses(settings: Settings) -> list[str]:
    """Where this machine's browser opens it, and then where phones of the home network do."""
    return addresses_of(settings.host, settings.port, settings.public_url)


def addresses_of(host: str, port: int, public_url: str) -> list[str]:
    """The same, of what the settings say."""
    if public_url:
        return [public_url]
    if host not in ALL_ADDRESSES:
        return [address_of(host, port)]
    hosts = ["127.0.0.1", own_address(), f"{socket.gethostname()}.local" if MDNS.exists() else ""]
    return [address_of(one, port) for one in hosts if one]


def address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def own_address() -> str:
    """This machine's address in the home network; empty where it has none. Nothing is sent."""
    if any(sign.exists() for sign in SIGNS_OF_A_CONTAINER):  # whose address is known to its machine alone
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # for examples only (RFC 5737): the way there leads out of the house
            found: str = asked.getsockname()[0]
        except OSError:
            return ""
    return "" if found.startswith("127.") else found


def show_qr_code(settings: Settings) -> None:
    """Show at a terminal what a phone's camera opens; a program of its own, so that it costs us no memory."""
    others = addresses(settings)[1:]
    if others and sys.stdout.isatty():
        program = Path(sys.executable).with_name("segno")
        subprocess.run([program, "--compact", others[0]], check=False)  # noqa: S603 - our own


def why_not_to_listen(host: str, port: int) -> str:
    """In one sentence, why a server cannot listen there; empty where it can."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, _protocol, _name, address = found[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            return ""
    except OSError as error:
        return _sentence(error, host, port)


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        if is_a_dashboard("127.0.0.1" if host in ALL_ADDRESSES else host, port):
            return f"A dashboard is running on port {port} already. For a second one: make run PORT={port + 1}"
        return f"Another program listens on port {port}. Choose another: make run PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} is not for ordinary users: choose one from 1024 on, such as PORT=8000"
    return f"HOST={host} is not an address of this machine. For the home network: HOST=0.0.0.0"


def is_a_dashboard(host: str, port: int) -> bool:
    """Whether what listens there answers as a dashboard does."""
    try:
        with socket.create_connection((host, port), SECONDS) as connection:
            connection.settimeout(SECONDS)
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b"clock_ticked_s_ago" in connection.makefile("rb").read(4096)
    except OSError:
        return False
