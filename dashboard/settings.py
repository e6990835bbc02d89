"""What the environment says, read once at the start; every mistake is named at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard import setting_values
from dashboard.setting_values import EnvironmentReader

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = Path("/opt/zaptec-dashboard/current")  # where `sudo make install` puts the program that runs
NAMES = (
    "ZAPTEC_USERNAME",
    "ZAPTEC_PASSWORD",
    "ZAPTEC_CHARGER_ID",
    "ZAPTEC_API_URL",
    "ZAPTEC_SCOPE",
    "PRICE_API_URL",
    "DATABASE_URL",
    "SECRET_KEY",
    "HOST",
    "PORT",
    "PUBLIC_URL",
    "WEB_CONCURRENCY",
    "THREADS",
    "TZ",
    "TRUSTED_PROXIES",
    "SMTP_URL",
    "MAIL_FROM",
    "PUSH_HOSTS",
    "DEMO",
)
SIMULATED_ACCOUNT = ("demo@example.invalid", "demo")


class SettingsError(Exception):
    """One message that names every problem found in the settings."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The dashboard cannot start:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """The settings of one running dashboard; the README's table says what each is for.

    Attributes:
        zaptec_scope: sent with the sign-in; some accounts are refused without `openid`.
        charger_ids: only these chargers are shown; empty means every charger of the account.
        price_api_url: a house on this machine that is asked for prices in place of every source; empty means none.
        database_url: an SQLAlchemy URL; the demo's own in the demo.
        real_database_url: what `DATABASE_URL` says, in the demo too.
        is_demo_wanted: asked for with `DEMO=1`, rather than for want of an account.
        public_url: without a trailing slash, and with the path below which we stand; empty means the request's own
            host.
        time_zone: the name in `TZ`; empty means the installation's zone.
        smtp_url: the mail house; empty means that no mail is sent.
        mail_from: who mail comes from: an address, perhaps with a name before it.
        push_hosts: the only hosts that a push is sent to; empty means those that are known.
        instance: the folder of the database and the secret key.
    """

    zaptec_username: str = ""
    zaptec_password: str = field(default="", repr=False)
    charger_ids: tuple[str, ...] = ()
    zaptec_api_url: str = "https://api.zaptec.com"
    zaptec_scope: str = ""
    price_api_url: str = ""
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
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    push_hosts: tuple[str, ...] = ()
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
    def public_path(self) -> str:
        """The path that all our addresses begin with, such as `/charger`; mostly empty."""
        return urlsplit(self.public_url).path

    @property
    def public_origin(self) -> str:
        """The public address without that path."""
        return self.public_url.removesuffix(self.public_path)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https:")


def read_settings(
    environ: Mapping[str, str], *, instance: Path | None = None, make_secret: bool = True
) -> Settings:
    """Read the settings.

    Args:
        instance: the folder of the database and the secret key; `instance/` beside app.py where none is given.
        make_secret: make and keep a secret key where there is none.

    Raises:
        SettingsError: something is missing or malformed; the message names everything at once.
    """
    read = EnvironmentReader(environ)
    instance = instance or ROOT / "instance"
    unknown = {name for name in environ if name.startswith("ZAPTEC_")} - set(NAMES)
    read.problems += [f"{name} is not a setting; is it misspelt?" for name in sorted(unknown)]
    account = _account(read)
    is_demo = account["is_demo"]
    real_url = setting_values.database_url(read, instance)
    settings = Settings(
        **account,
        charger_ids=() if is_demo else setting_values.charger_ids(read),
        database_url=f"sqlite:///{instance / 'demo.db'}" if is_demo else real_url,
        real_database_url=real_url if read.text("DATABASE_URL") else "",
        secret_key=setting_values.secret_key(read, instance, is_demo, make_secret),
        host=setting_values.host(read),
        port=read.number("PORT", 8000, 1, 65535),
        public_url=read.address("PUBLIC_URL", "", may_have_path=True),
        workers=read.number("WEB_CONCURRENCY", 1, 1, 64),
        threads=read.number("THREADS", 8, 1, 256),
        time_zone=setting_values.time_zone(read),
        trusted_proxies=read.number("TRUSTED_PROXIES", 0, 0, 10),
        **_mail(read, is_demo),
        push_hosts=setting_values.push_hosts(read),
        instance=instance,
    )
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def _account(read: EnvironmentReader) -> dict[str, Any]:
    """The account at Zaptec; without one, or where the demo is wanted, the simulated one."""
    username, password = read.text("ZAPTEC_USERNAME"), read.environ.get("ZAPTEC_PASSWORD", "")
    is_demo_wanted = read.choice("DEMO", ("", "0", "1")) == "1"
    if not is_demo_wanted and username and not password:
        read.problems.append("ZAPTEC_PASSWORD is missing (ZAPTEC_USERNAME is set)")
    if not is_demo_wanted and password and not username:
        read.problems.append("ZAPTEC_USERNAME is missing (ZAPTEC_PASSWORD is set)")
    api_url, scope = setting_values.api_url(read), setting_values.scope(read)
    price_api_url = setting_values.price_api_url(read)
    is_demo = is_demo_wanted or not (username or password)
    if is_demo:  # never the household's own account, whatever else is set
        username, password = SIMULATED_ACCOUNT
        api_url, scope = read.environ.get("DEMO_SIMULATOR", "http://127.0.0.1:9"), ""
        price_api_url = read.environ.get("DEMO_PRICE_HOUSE", "http://127.0.0.1:9")
    return {
        "zaptec_username": username,
        "zaptec_password": password,
        "zaptec_api_url": api_url,
        "zaptec_scope": scope,
        "price_api_url": price_api_url,
        "is_demo": is_demo,
        "is_demo_wanted": is_demo_wanted,
    }


def _mail(read: EnvironmentReader, is_demo: bool) -> dict[str, Any]:
    """The mail house and who writes; the demo, in which anybody is an owner, writes to nobody."""
    values = {"smtp_url": setting_values.smtp_url(read), "mail_from": setting_values.mail_from(read)}
    return dict.fromkeys(values, "") if is_demo else values


def from_environment() -> Settings:
    """The settings of this process: the environment, and a `.env` file beside app.py for what it lacks."""
    from dotenv import dotenv_values

    try:
        from_file = {k: v or "" for k, v in dotenv_values(ROOT / ".env", interpolate=False).items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"the file .env cannot be read: {error.__class__.__name__}"]) from error
    return read_settings(from_file | dict(os.environ))
