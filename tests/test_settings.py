"""Settings: what is missing, misspelt or malformed is named, all at once, before anything starts."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard import settings as module
from dashboard import smtp_address
from dashboard.settings import Settings, SettingsError, from_environment, read_settings
from dashboard.smtp_address import SmtpAddress

ACCOUNT = {"ZAPTEC_USERNAME": "anna@example.invalid", "ZAPTEC_PASSWORD": "secret words"}
ID = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Reads an environment, with a folder of its own for the database and the key."""
    return lambda **environ: read_settings(environ, instance=tmp_path)


def problems(environ: Mapping[str, str], folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as error:
        read_settings(environ, instance=folder)
    return error.value.problems


def test_an_account_is_enough(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found: Settings = read(**ACCOUNT)
    assert not found.is_demo
    assert found.zaptec_api_url == "https://api.zaptec.com"
    assert found.price_api_url == ""
    assert found.database_url == f"sqlite:///{tmp_path / 'dashboard.db'}"
    assert (found.host, found.port, found.workers, found.threads) == ("127.0.0.1", 8000, 1, 8)
    assert len(found.secret_key) >= 32


def test_every_setting_is_read(read) -> None:  # type: ignore[no-untyped-def]
    found: Settings = read(
        **ACCOUNT,
        ZAPTEC_CHARGER_ID=f" {ID.upper()} , {ID.replace('1', '2')},",
        ZAPTEC_API_URL="http://127.0.0.1:9000/",
        PRICE_API_URL="http://127.0.0.1:9001/",
        DATABASE_URL="postgres://user:p%40ss@db.example:5432/charger?sslmode=require",
        SECRET_KEY="long enough to be one",
        HOST="0.0.0.0",
        PORT="80",
        PUBLIC_URL="https://car.example/",
        WEB_CONCURRENCY="4",
        THREADS="2",
        TZ="Europe/Oslo",
        TRUSTED_PROXIES="1",
        SMTP_URL="smtp://me%40home:p%2Fss@mail.example.org:2525",
        MAIL_FROM="Our charger <charger@example.org>",
        PUSH_HOSTS=" Push.example.org, *.push.example ,",
        DEMO="0",
    )
    assert found.charger_ids == (ID, ID.replace("1", "2"))
    assert found.zaptec_api_url == "http://127.0.0.1:9000"
    assert found.price_api_url == "http://127.0.0.1:9001"
    assert found.database_url == "postgresql+psycopg://user:p%40ss@db.example:5432/charger?sslmode=require"
    assert (found.host, found.port, found.public_url) == ("0.0.0.0", 80, "https://car.example")
    assert (found.workers, found.threads, found.trusted_proxies) == (4, 2, 1)
    assert found.time_zone == "Europe/Oslo"
    assert found.is_https
    assert found.smtp_url == "smtp://me%40home:p%2Fss@mail.example.org:2525"
    assert found.mail_from == "Our charger <charger@example.org>"
    assert found.push_hosts == ("push.example.org", "*.push.example")


def test_every_problem_is_named_in_one_message(tmp_path: Path) -> None:
    found = problems(
        {
            "ZAPTEC_USERNAME": "anna@example.invalid",
            "ZAPTEC_CHARGERID": ID,
            "ZAPTEC_API_URL": "http://api.zaptec.com",
            "PORT": "eighty",
            "TZ": "Europe/Nowhere",
            "PUBLIC_URL": "car.example",
            "THREADS": "0",
            "DATABASE_URL": "mysql://x/y",
            "TRUSTED_PROXIES": "-1",
            "WEB_CONCURRENCY": "1.5",
            "HOST": "http://0.0.0.0",
            "DEMO": "yes",
        },
        tmp_path,
    )
    said = "\n".join(found)
    for name in (
        "ZAPTEC_PASSWORD is missing",
        "ZAPTEC_CHARGERID is not a setting; is it misspelt?",
        "ZAPTEC_API_URL must be https",
        "PORT must be a whole number from 1 to 65535, not “eighty”",
        "TZ must be a time zone's name like Europe/Oslo, not “Europe/Nowhere”",
        "PUBLIC_URL must be an address like https://example.org",
        "THREADS must be",
        "DATABASE_URL must begin with postgresql://",
        "SECRET_KEY is missing",
        "TRUSTED_PROXIES must be",
        "WEB_CONCURRENCY must be",
        "HOST must be an address",
        "DEMO must be 1, 0 or empty",
    ):
        assert name in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "0", "PORT"),
        ("PORT", "70000", "PORT"),
        ("PORT", "８０", "PORT"),
        ("PORT", "9" * 5000, "PORT"),
        ("TZ", "../../etc/passwd", "TZ"),
        ("TZ", "Europe", "TZ"),
        ("TZ", "\0", "TZ"),
        ("PUBLIC_URL", "https://car.example/a%20path", "PUBLIC_URL may have only a plain path"),
        ("PUBLIC_URL", "https://user@car.example", "PUBLIC_URL must be only scheme"),
        ("PUBLIC_URL", "https://:word@car.example", "PUBLIC_URL must be only scheme"),
        ("PUBLIC_URL", "https://car.example:0x50", "PUBLIC_URL must be an address"),
        ("PUBLIC_URL", "https://[::1", "PUBLIC_URL must be an address"),
        ("PUBLIC_URL", "https://", "PUBLIC_URL must be an address"),
        ("ZAPTEC_API_URL", "http://192.168.1.5", "ZAPTEC_API_URL must be https"),
        ("ZAPTEC_API_URL", "ftp://127.0.0.1", "ZAPTEC_API_URL must be an address"),
        ("PRICE_API_URL", "https://prices.example", "PRICE_API_URL must be on this machine"),
        ("PRICE_API_URL", "http://[::1", "PRICE_API_URL must be an address"),
        ("ZAPTEC_CHARGER_ID", "ZAP000001", "ZAPTEC_CHARGER_ID must be a charger's id"),
        ("ZAPTEC_CHARGER_ID", f"{ID},x", "not “x”"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DATABASE_URL", "postgresql://", "DATABASE_URL must begin"),
        ("DATABASE_URL", "postgresql://host:port/name", "DATABASE_URL is not an address"),
        ("DATABASE_URL", "postgresql://host", "DATABASE_URL must end with the database's name"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL must begin"),
        ("DATABASE_URL", "sqlite:///", "DATABASE_URL must end with the database's name"),
        ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL must end with the database's name"),
        ("DATABASE_URL", "sqlite:///?mode=ro", "DATABASE_URL must end with the database's name"),
        ("DATABASE_URL", "sqlite://x.db", "DATABASE_URL must end with the database's name"),
        ("MAIL_FROM", "charger", "MAIL_FROM must be an address"),
        ("MAIL_FROM", "a@example.org, b@example.org", "MAIL_FROM must be an address"),
        ("MAIL_FROM", "a@example.org\nBcc: b@example.org", "MAIL_FROM must be an address"),
        ("SMTP_URL", "smtp://mail.example.org", "MAIL_FROM is missing"),
        ("PUSH_HOSTS", "https://push.example.org", "PUSH_HOSTS must be names of hosts"),
        ("PUSH_HOSTS", "push.example.org:443", "not “push.example.org:443”"),
        ("PUSH_HOSTS", "push.example.org *.x", "PUSH_HOSTS must be names of hosts"),
        ("HOST", "two words", "HOST"),
        ("HOST", "127.0.0.1:80", "HOST"),
    ],
)
def test_a_malformed_value_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    (found,) = problems({**ACCOUNT, "SECRET_KEY": "long enough to be one", name: value}, tmp_path)
    assert said in found


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.example.org", "must be an address like smtps://"),
        ("http://mail.example.org", "must be an address like smtps://"),
        ("smtp://", "must be an address like smtps://"),
        ("smtp://mail.example.org:0", "must be an address like smtps://"),
        ("smtp://[mail", "must be an address like smtps://"),
        ("smtp://me@mail.example.org", "must have both a user and a password"),
        ("smtps://me:topsecret@mail.example.org/inbox", "must be an address like smtps://"),
        ("smtps://me:top?secret@mail.example.org", "must be an address like smtps://"),
        ("smtps://me:top%0Dsecret@mail.example.org", "has a character"),
    ],
)
def test_a_mail_house_that_cannot_be_is_named_without_its_password(tmp_path: Path, url: str, said: str) -> None:
    (found,) = problems({**ACCOUNT, "SMTP_URL": url, "MAIL_FROM": "charger@example.org"}, tmp_path)
    assert found.startswith("SMTP_URL " + said)
    assert "secret@" not in found


def test_a_mail_house_is_read_in_its_parts() -> None:
    assert smtp_address.read("smtp://me%40home:p%2Fss@mail.example.org") == SmtpAddress(
        "mail.example.org", 587, False, "me@home", "p/ss"
    )
    assert smtp_address.read("smtps://localhost:2525") == SmtpAddress("localhost", 2525, True)
    assert smtp_address.read("smtps://localhost").port == 465
    assert "p/ss" not in repr(smtp_address.read("smtp://me:p%2Fss@mail.example.org"))


@pytest.mark.parametrize("host", ["0.0.0.0 ", "::1"])
def test_a_host_may_be_an_address_of_either_kind_with_a_space_after_it(tmp_path: Path, host: str) -> None:
    assert read_settings({**ACCOUNT, "HOST": host}, instance=tmp_path).host == host.strip()


@pytest.mark.parametrize("missing", ACCOUNT)
def test_half_an_account_stops_the_start(tmp_path: Path, missing: str) -> None:
    (found,) = problems({name: text for name, text in ACCOUNT.items() if name != missing}, tmp_path)
    assert f"{missing} is missing" in found


@pytest.mark.parametrize(
    "environ", [{}, {"DEMO": "1"}, {"DEMO": "1", **ACCOUNT}, {"DEMO": "1", "ZAPTEC_PASSWORD": "x"}]
)
def test_the_demo_never_touches_the_account_or_the_database(tmp_path: Path, environ: dict[str, str]) -> None:
    environ = {**environ, "DATABASE_URL": "postgresql://db/household", "ZAPTEC_CHARGER_ID": ID}
    environ |= {"SMTP_URL": "smtp://me:word@mail.example.org", "MAIL_FROM": "charger@example.org"}
    found = read_settings(environ, instance=tmp_path)
    assert found.is_demo
    assert found.database_url == f"sqlite:///{tmp_path / 'demo.db'}"
    assert "secret words" not in found.zaptec_password
    assert found.zaptec_username == "demo@example.invalid"
    assert found.zaptec_api_url.startswith("http://127.0.0.1")
    assert found.price_api_url.startswith("http://127.0.0.1")
    assert found.charger_ids == ()
    assert (found.smtp_url, found.mail_from) == ("", "")


def test_a_disk_that_does_not_last_needs_a_database(tmp_path: Path) -> None:
    (found,) = problems({**ACCOUNT, "DYNO": "web.1", "SECRET_KEY": "long enough to be one"}, tmp_path)
    assert "DATABASE_URL is missing" in found
    assert read_settings({"DYNO": "web.1"}, instance=tmp_path).is_demo


def test_a_shared_database_needs_a_shared_key(tmp_path: Path) -> None:
    (found,) = problems({**ACCOUNT, "DATABASE_URL": "postgresql://db/charger"}, tmp_path)
    assert "SECRET_KEY is missing" in found
    assert "python3 -c" in found


def test_the_key_is_made_once_even_by_many_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(12) as pool:
        keys = set(pool.map(lambda _: read_settings(ACCOUNT, instance=tmp_path).secret_key, range(48)))
    assert len(keys) == 1
    file = tmp_path / "secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert file.read_text() == keys.pop()


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe"])
def test_a_damaged_key_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret-key").write_bytes(content)
    (found,) = problems(ACCOUNT, tmp_path)
    assert "secret-key is damaged" in found


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (found,) = problems(ACCOUNT, tmp_path / "file" / "instance")
    assert "the secret key cannot be kept in instance/" in found


def test_the_scope_goes_along_with_the_household_s_account_only(tmp_path: Path) -> None:
    assert read_settings(
        {**ACCOUNT, "ZAPTEC_SCOPE": " openid offline_access "}, instance=tmp_path
    ).zaptec_scope == ("openid offline_access")
    assert read_settings({"ZAPTEC_SCOPE": "openid"}, instance=tmp_path).zaptec_scope == ""
    (found,) = problems({**ACCOUNT, "ZAPTEC_SCOPE": 'openid\n"email'}, tmp_path)
    assert "ZAPTEC_SCOPE must be words" in found


def test_no_secret_is_shown(tmp_path: Path) -> None:
    found = read_settings(
        {
            **ACCOUNT,
            "DATABASE_URL": "postgresql://u:pw@h/d",
            "SECRET_KEY": "k" * 32,
            "SMTP_URL": "smtp://me:mailword@h",
            "MAIL_FROM": "charger@example.org",
        },
        instance=tmp_path,
    )
    for secret in ("secret words", "k" * 32, "pw@h", "mailword"):
        assert secret not in repr(found)
    said = "\n".join(problems({**ACCOUNT, "SECRET_KEY": "topsecret", "DATABASE_URL": "mysql://u:pw@h/d"}, tmp_path))
    assert "topsecret" not in said
    assert "pw@h" not in said


def test_a_file_beside_the_program_is_read_too_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "read_settings", lambda environ: environ)
    for name in (*module.NAMES, "DYNO"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("ZAPTEC_USERNAME=from-the-file\nPORT=1234\nEMPTY\n")
    monkeypatch.setenv("PORT", "4321")
    found: dict[str, str] = from_environment()  # type: ignore[assignment]
    assert (found["ZAPTEC_USERNAME"], found["PORT"], found["EMPTY"]) == ("from-the-file", "4321", "")
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"the file \.env cannot be read"):
        from_environment()


def test_the_readme_explains_every_setting() -> None:
    readme = Path(module.__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")
    assert [name for name in module.NAMES if f"`{name}`" not in readme] == []
