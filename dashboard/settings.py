"""What the environment says, read once at the start; every mistake is named at once."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    "ZAPTEC_USERNAME",
    "ZAPTEC_PASSWORD",
    "ZAPTEC_CHARGER_ID",
    "ZAPTEC_API_URL",
    "DATABASE_URL",
    "SECRET_KEY",
    "HOST",
    "PORT",
    "PUBLIC_URL",
    "WEB_CONCURRENCY",
    "THREADS",
    "TZ",
    "TRUSTED_PROXIES",
    "DEMO",
)
SIMULATED_ACCOUNT = ("demo@example.invalid", "demo")
SHORTEST_SECRET = 16
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """One message that names every problem found in the settings."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The dashboard cannot start:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """The settings of one running dashboard; the README's table says what each is for.

    Attributes:
        charger_ids: only these chargers are shown; empty means every charger of the account.
        database_url: an SQLAlchemy URL; the demo's own in the demo.
        real_database_url: what `DATABASE_URL` says, in the demo too.
        is_demo_wanted: asked for with `DEMO=1`, rather than for want of an account.
        public_url: without a trailing slash; empty means the request's own host.
        time_zone: the name in `TZ`; empty means the installation's zone.
        instance: the folder of the database and the secret key.
    """

    zaptec_username: str = ""
    zaptec_password: str = field(default="", repr=False)
    charger_ids: tuple[str, ...] = ()
    zaptec_api_url: str = "https://api.zaptec.com"
    database_url: str = field(default="", repr=False)
    real_database_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    workers: int = 1
    threads: int = 8
    time_zone: str = ""
    trusted_proxies: int = 0
    is_demo: bool = False
    is_demo_wanted: bool = False
    instance: Path = ROOT / "instance"

    def shows(self, charger_id: str) -> bool:
        """Whether this charger belongs to the dashboard, as `ZAPTEC_CHARGER_ID` narrows it."""
        return not self.charger_ids or charger_id.lower() in self.charger_ids

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https:")


class _Reader:
    """Takes values out of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip()

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not re.fullmatch("[0-9]{1,9}", text) or not low <= int(text) <= high:
            self.problems.append(f"{name} must be a whole number from {low} to {high}, not “{text[:40]}”")
            return default
        return int(text)

    def address(self, name: str, default: str) -> str:
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
        elif "@" in parts.netloc or parts.query or parts.fragment or parts.path.strip("/"):
            self.problems.append(f"{name} must be only scheme, host and port, such as https://example.org")
        return text.rstrip("/")


def read_settings(
    environ: Mapping[str, str], *, instance: Path = ROOT / "instance", make_secret: bool = True
) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: something is missing or malformed; the message names everything at once.
    """
    read = _Reader(environ)
    known = {name for name in environ if name.startswith("ZAPTEC_")} - set(NAMES)
    read.problems += [f"{name} is not a setting; is it misspelt?" for name in sorted(known)]
    username, password = read.text("ZAPTEC_USERNAME"), environ.get("ZAPTEC_PASSWORD", "")
    demo = read.text("DEMO")
    if demo not in ("", "0", "1"):
        read.problems.append(f"DEMO must be 1, 0 or empty, not “{demo}”")
    if demo != "1":
        if username and not password:
            read.problems.append("ZAPTEC_PASSWORD is missing (ZAPTEC_USERNAME is set)")
        if password and not username:
            read.problems.append("ZAPTEC_USERNAME is missing (ZAPTEC_PASSWORD is set)")
    is_demo = demo == "1" or not (username or password)
    real_url = _database_url(read, instance)
    account = (username, password, _api_url(read))
    if is_demo:  # never the household's own account, whatever else is set
        account = (*SIMULATED_ACCOUNT, environ.get("DEMO_SIMULATOR", "http://127.0.0.1:9"))
    settings = Settings(
        zaptec_username=account[0],
        zaptec_password=account[1],
        zaptec_api_url=account[2],
        charger_ids=() if is_demo else _charger_ids(read),
        database_url=f"sqlite:///{instance / 'demo.db'}" if is_demo else real_url,
        real_database_url=real_url if read.text("DATABASE_URL") else "",
        secret_key=_secret_key(read, instance, is_demo, make_secret),
        host=_host(read),
        port=read.number("PORT", 8000, 1, 65535),
        public_url=read.address("PUBLIC_URL", ""),
        workers=read.number("WEB_CONCURRENCY", 1, 1, 64),
        threads=read.number("THREADS", 8, 1, 256),
        time_zone=_time_zone(read),
        trusted_proxies=read.number("TRUSTED_PROXIES", 0, 0, 10),
        is_demo=is_demo,
        is_demo_wanted=demo == "1",
        instance=instance,
    )
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def from_environment() -> Settings:
    """The settings of this process: the environment, and a `.env` file beside app.py for what it lacks."""
    from dotenv import dotenv_values

    try:
        from_file = {k: v or "" for k, v in dotenv_values(ROOT / ".env").items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"the file .env cannot be read: {error.__class__.__name__}"]) from error
    return read_settings(from_file | dict(os.environ))


def _charger_ids(read: _Reader) -> tuple[str, ...]:
    ids = tuple(part.strip().lower() for part in read.text("ZAPTEC_CHARGER_ID").split(",") if part.strip())
    for one in ids:
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one):
            read.problems.append(
                f"ZAPTEC_CHARGER_ID must be a charger's id like 11111111-2222-4333-8444-555555555555 "
                f"(several with commas), not “{one}”"
            )
    return ids


def _api_url(read: _Reader) -> str:
    url = read.address("ZAPTEC_API_URL", "https://api.zaptec.com")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return url  # `address` has named it
    if parts.scheme == "http" and host not in LOOPBACK:
        read.problems.append("ZAPTEC_API_URL must be https (plain http only for this machine itself)")
    return url


def _database_url(read: _Reader, instance: Path) -> str:
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
        name = make_url(url).database
    except (ArgumentError, ValueError):
        read.problems.append("DATABASE_URL is not an address: postgresql://user:password@host:5432/name")
    else:
        if not name or name == ":memory:":
            read.problems.append("DATABASE_URL must end with the database's name (of SQLite: its file)")
    return url


def _host(read: _Reader) -> str:
    host = read.text("HOST") or "127.0.0.1"
    if not re.fullmatch(r"[0-9A-Za-z.:_-]+", host) or (":" in host and not _is_ipv6(host)):
        read.problems.append(f"HOST must be an address or a name to listen on, like 0.0.0.0, not “{host}”")
    return host


def _is_ipv6(text: str) -> bool:
    try:
        return ip_address(text).version == 6
    except ValueError:
        return False


def _secret_key(read: _Reader, instance: Path, is_demo: bool, make: bool) -> str:
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
    path.parent.mkdir(parents=True, exist_ok=True)
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


def _time_zone(read: _Reader) -> str:
    name = read.text("TZ").lstrip(":")
    if name:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            read.problems.append(f"TZ must be a time zone's name like Europe/Oslo, not “{name}”")
            return ""
    return name
