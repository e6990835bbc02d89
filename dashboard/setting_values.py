"""How each value of the environment is read, and what is said when it cannot be."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from email.utils import getaddresses
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboard import smtp_address
from dashboard.hosts import LOOPBACK

SHORTEST_SECRET = 16
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
MAIL_ADDRESS = re.compile(rf"[^\s@<>()\[\],;:\\\"]+@{_LABEL}(\.{_LABEL})*")
HOST_NAME = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|::1")


class EnvironmentReader:
    """Takes values out of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip()

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.text(name)
        if text not in choices:
            named = ", ".join(one for one in sorted(choices, reverse=True) if one)
            self.problems.append(f"{name} must be {named} or empty, not “{text[:40]}”")
        return text

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not re.fullmatch("[0-9]{1,9}", text) or not low <= int(text) <= high:
            self.problems.append(f"{name} must be a whole number from {low} to {high}, not “{text[:40]}”")
            return default
        return int(text)

    def address(self, name: str, default: str, *, may_have_path: bool = False) -> str:
        text = self.text(name) or default
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            has_port_or_none = parts.port is None or parts.port > 0
        except ValueError:
            parts, has_port_or_none = urlsplit(""), False
        if parts.scheme not in ("http", "https") or not parts.hostname or not has_port_or_none:
            self.problems.append(f"{name} must be an address like https://example.org")
        elif "@" in parts.netloc or parts.query or parts.fragment or (parts.path.strip("/") and not may_have_path):
            self.problems.append(f"{name} must be only scheme, host and port, such as https://example.org")
        elif not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", parts.path.rstrip("/")):
            self.problems.append(f"{name} may have only a plain path, such as https://example.org/charger")
        return text.rstrip("/")


def charger_ids(read: EnvironmentReader) -> tuple[str, ...]:
    ids = tuple(part.strip().lower() for part in read.text("ZAPTEC_CHARGER_ID").split(",") if part.strip())
    for one in ids:
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one):
            read.problems.append(
                f"ZAPTEC_CHARGER_ID must be a charger's id like 11111111-2222-4333-8444-555555555555 "
                f"(several with commas), not “{one}”"
            )
    return ids


def api_url(read: EnvironmentReader) -> str:
    url = read.address("ZAPTEC_API_URL", "https://api.zaptec.com")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return url  # `address` has named it
    if parts.scheme == "http" and host not in LOOPBACK:
        read.problems.append("ZAPTEC_API_URL must be https (plain http only for this machine itself)")
    return url


def price_api_url(read: EnvironmentReader) -> str:
    url = read.address("PRICE_API_URL", "")
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return url  # `address` has named it
    if url and host not in LOOPBACK:
        read.problems.append("PRICE_API_URL must be on this machine itself, such as http://127.0.0.1:9000")
    return url


def scope(read: EnvironmentReader) -> str:
    text = read.text("ZAPTEC_SCOPE")
    if not re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]*( [\x21\x23-\x5b\x5d-\x7e]+)*", text):  # RFC 6749, 3.3
        read.problems.append("ZAPTEC_SCOPE must be words with a space between them, such as openid")
    return text


def smtp_url(read: EnvironmentReader) -> str:
    url = read.text("SMTP_URL")
    if not url:
        return ""
    try:
        smtp_address.read(url)
    except ValueError as error:
        read.problems.append(f"SMTP_URL {error}")
    if not read.text("MAIL_FROM"):
        read.problems.append("MAIL_FROM is missing (SMTP_URL is set): the address that mail comes from")
    return url


def mail_from(read: EnvironmentReader) -> str:
    text = read.text("MAIL_FROM")
    named = [address for _, address in getaddresses([text])] if text else []
    if text and not (len(named) == 1 and MAIL_ADDRESS.fullmatch(named[0]) and text.isprintable()):
        read.problems.append("MAIL_FROM must be an address like charger@example.org or Car <charger@example.org>")
    return text


def push_hosts(read: EnvironmentReader) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in read.text("PUSH_HOSTS").split(",") if part.strip())
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            read.problems.append(
                f"PUSH_HOSTS must be names of hosts with commas, without https:// and ports, not “{host[:60]}”"
            )
    return hosts


def database_url(read: EnvironmentReader, instance: Path) -> str:
    url = read.text("DATABASE_URL")
    if not url:
        if read.text("DYNO") and (read.text("ZAPTEC_USERNAME") or read.text("ZAPTEC_PASSWORD")):
            read.problems.append(
                "DATABASE_URL is missing: this platform's disk does not last, so a PostgreSQL is needed"
            )
        return f"sqlite:///{instance / 'dashboard.db'}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        url = f"postgresql+psycopg://{rest}"
    elif scheme != "sqlite" or not rest:
        read.problems.append("DATABASE_URL must begin with postgresql:// (or postgres://, or sqlite:///)")
        return url
    try:
        name = _sqlite_file(rest) if scheme == "sqlite" else _server_database(url)
    except ValueError:
        read.problems.append("DATABASE_URL is not an address: postgresql://user:password@host:5432/name")
    else:
        if not name or name == ":memory:":
            read.problems.append("DATABASE_URL must end with the database's name (of SQLite: its file)")
    return url


def _sqlite_file(rest: str) -> str:
    """The file of `sqlite:///FILE?query`, from what follows the scheme; empty where there is none."""
    host, _, file = rest.partition("?")[0].partition("/")
    return "" if host else file


def _server_database(url: str) -> str | None:
    """The name at the end of a server's address.

    Raises:
        ValueError: it is no address.
    """
    from sqlalchemy.engine import make_url  # 10 MB that the server's master does without where it can
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).database
    except ArgumentError as error:
        raise ValueError(str(error)) from error


def host(read: EnvironmentReader) -> str:
    host = read.text("HOST") or "127.0.0.1"
    if not re.fullmatch(r"[0-9A-Za-z.:_-]+", host) or (":" in host and not _is_ipv6(host)):
        read.problems.append(f"HOST must be an address or a name to listen on, like 0.0.0.0, not “{host}”")
    return host


def _is_ipv6(text: str) -> bool:
    try:
        return ip_address(text).version == 6
    except ValueError:
        return False


def secret_key(read: EnvironmentReader, instance: Path, is_demo: bool, make: bool) -> str:
    key = read.text("SECRET_KEY")
    if key:
        if len(key) < SHORTEST_SECRET:
            read.problems.append(f"SECRET_KEY is too short: at least {SHORTEST_SECRET} characters")
        return key
    if read.text("DATABASE_URL") and not is_demo:
        read.problems.append(
            "SECRET_KEY is missing (DATABASE_URL is set, so several machines may have to share it). "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
        return ""
    if not make:
        return ""
    try:
        key = _kept_secret(instance / "secret-key")
    except OSError as error:
        read.problems.append(f"the secret key cannot be kept in {instance.name}/: {error.strerror}")
        return ""
    except UnicodeDecodeError:
        key = ""
    if len(key) < SHORTEST_SECRET:
        read.problems.append(
            f"the file {instance.name}/secret-key is damaged: delete it; everybody has to sign in anew"
        )
    return key


def _kept_secret(path: Path) -> str:
    """The key in that file; made, mode 600, by whichever process comes first.

    It is written aside and linked into place, so that nobody ever reads half a key.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # another process was first
        finally:
            aside.unlink()
    return path.read_text().strip()


def time_zone(read: EnvironmentReader) -> str:
    name = read.text("TZ").lstrip(":")
    if name:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            read.problems.append(f"TZ must be a time zone's name like Europe/Oslo, not “{name}”")
            return ""
    return name
