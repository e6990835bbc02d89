"""A household with one person of each role, each signed in on a browser of their own."""

from __future__ import annotations

import logging
import re
import secrets
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import insert
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from app import create_app
from dashboard.background import AtOnce
from dashboard.database import Database
from dashboard.household import passwords
from dashboard.household.tables import device_table, member_table
from dashboard.household.tokens import hash_of, new_token
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.access import Role
from simulator import Cloud, ManualClock, serve
from tests import made_once
from tests.databases import MIGRATED, Databases, PostgresCopies, PostgresServer, SharedCopy, SqliteFiles
from tests.on_both import pytest_addoption, pytest_configure  # noqa: F401 - pytest calls them
from tests.real_server import Server
from tests.run import pytest_collection_finish, pytest_collection_modifyitems  # noqa: F401 - pytest calls them

# A slow machine is no mistake of ours: no test fails by the time it takes.
hypothesis.settings.register_profile("ours", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("ours")

POSTGRES = PostgresServer.from_environment()

CHEAP = "scrypt:256:8:1"
PASSWORD = "five green kettles"
PASSWORD_HASH = generate_password_hash(PASSWORD, CHEAP)
PEOPLE = {"Anna": Role.OWNER, "Ben": Role.MEMBER, "Carla": Role.VIEWER}


@dataclass
class Household:
    """The dashboard under test and its people's browsers.

    Attributes:
        stranger: a browser in which nobody is signed in.
        password: everybody's.
        slept: how long answers were held back, in seconds.
    """

    app: Flask
    clock: ManualClock
    anna: FlaskClient
    ben: FlaskClient
    carla: FlaskClient
    stranger: FlaskClient
    password: str = PASSWORD
    slept: list[float] = field(default_factory=list)

    @property
    def database(self) -> Database:
        services: Services = self.app.extensions["services"]
        return services.database

    def browser(self) -> FlaskClient:
        """One more browser in which nobody is signed in."""
        return self.app.test_client()

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> tuple[FlaskClient, TestResponse]:
        """Sign in through the page, with a new browser."""
        browser = self.browser()
        form = {"name": name, "password": password, "stay": "yes"} | fields
        return browser, browser.post("/login", data=form)


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        made_once.share(patch)
        yield


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "METHOD", CHEAP)


@pytest.fixture(autouse=True)
def _no_secret_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every test also shows that its log lines hold no password, hash or token."""
    used = [PASSWORD, PASSWORD_HASH]
    make = secrets.token_urlsafe
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size=None: used.append(make(size)) or used[-1])
    for name in ("", "app", "dashboard", "zaptec"):
        logging.getLogger(name).setLevel(logging.INFO)
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    ours = [record for record in records if record.name != "werkzeug"]  # the server of tests writes each address
    lines = "\n".join(record.getMessage() + (record.exc_text or "") for record in ours)
    assert not [secret for secret in used if secret in lines]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def pytest_sessionstart(session: pytest.Session) -> None:
    """PostgreSQL gets our schema once, from the process that hands the tests out to workers."""
    if POSTGRES and not hasattr(session.config, "workerinput"):
        POSTGRES.migrate()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Where there is a PostgreSQL, a test that needs a database runs on both kinds, or says that it does not."""
    if POSTGRES and "databases" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        is_one_enough = marked("one_database") and not marked("both_databases")
        further = [] if is_one_enough else [pytest.param("postgres", marks=pytest.mark.postgres)]
        metafunc.parametrize("databases", ["sqlite", *further], indirect=True)


@pytest.fixture(scope="session")
def _empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with our schema and nothing in it, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "dashboard.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


@pytest.fixture(scope="session")
def _shared_copy(worker_id: str) -> Iterator[SharedCopy]:
    """This process's database on PostgreSQL."""
    assert POSTGRES
    name = f"dashboard_{worker_id}"
    POSTGRES.drop(name)
    with made_once.connections_kept(name):
        shared = SharedCopy(POSTGRES.create(name, MIGRATED))
        yield shared
        shared.close()
    POSTGRES.drop(name)


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Makes this test's databases."""
    if POSTGRES and request.param == "postgres":
        with PostgresCopies(POSTGRES, request.getfixturevalue("_shared_copy")) as copies:
            yield copies
    else:
        yield SqliteFiles(request.getfixturevalue("_empty_sqlite"), tmp_path)


@pytest.fixture
def database_url(databases: Databases) -> str:
    """An empty database of this test's own."""
    return databases.migrated()


@pytest.fixture
def cloud(clock: ManualClock) -> Cloud:
    """A simulated Zaptec without the cache that would hide quick changes; `cloud_url` serves it."""
    cloud = Cloud.household(clock=clock)
    cloud.state_cache_s = 0
    return cloud


@pytest.fixture
def cloud_url(cloud: Cloud) -> Iterator[str]:
    with serve(cloud) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str, cloud: Cloud, cloud_url: str) -> Settings:
    return Settings(
        zaptec_username=cloud.username,
        zaptec_password=cloud.password,
        zaptec_api_url=cloud_url,
        database_url=database_url,
        secret_key="a secret only for tests",
        time_zone="Europe/Oslo",
        instance=tmp_path,
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What makes a dashboard's first pages quick: templates are compiled once for all the dashboards of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(clock: ManualClock, compiled_templates: FileSystemBytecodeCache) -> Iterator[Callable[..., Flask]]:
    """Builds dashboards with settings of the test's choice, and puts them away."""
    made: list[Flask] = []

    def make(settings: Settings, now: Callable[[], datetime] = clock.now) -> Flask:
        app = create_app(settings, now=now, background=AtOnce, sleep=_no_wait, seconds_per_request=0)
        app.config["TESTING"] = True
        app.jinja_env.bytecode_cache = compiled_templates
        made.append(app)
        return app

    yield make
    for app in made:
        services: Services = app.extensions["services"]
        services.database.dispose()


def _no_wait(_seconds: float) -> None:
    """No test waits for real: what takes its time goes by the clock that the test moves."""


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    return make_app(settings)


@pytest.fixture
def household(app: Flask, clock: ManualClock) -> Household:
    return household_of(app, clock)


def household_of(app: Flask, clock: ManualClock) -> Household:
    """Fill a dashboard with Anna (owner), Ben (member) and Carla (viewer), each signed in."""
    services: Services = app.extensions["services"]
    clients = {}
    with services.database.writing() as connection:
        for name, role in PEOPLE.items():
            person = {
                "name": name,
                "name_key": name.lower(),
                "role": role.value,
                "password_hash": PASSWORD_HASH,
                "created_at": clock.now(),
            }
            id = connection.execute(insert(member_table).values(person).returning(member_table.c.id)).scalar_one()
            token = new_token()
            signed_in = {
                "member_id": id,
                "token_hash": hash_of(token),
                "browser": "Firefox",
                "system": "Android",
                "stays": True,
                "created_at": clock.now(),
                "last_seen_at": clock.now(),
            }
            connection.execute(insert(device_table).values(signed_in))
            clients[name.lower()] = _signed_in(app, token, clock)
    slept: list[float] = []
    app.extensions["services"].sleep = slept.append
    return Household(app, clock, **clients, stranger=app.test_client(), slept=slept)


def _signed_in(app: Flask, token: str, clock: ManualClock) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
        session["renewed"] = int(clock.now().timestamp())
        session.permanent = True
    return client


def words_of(answer: TestResponse) -> str:
    """A page's words as a person would read them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture(name="serve")
def _serve_for_real(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts real servers, and ends them."""
    made: list[Server] = []

    def start(*first: str, **environ: str) -> Server:
        made.append(Server(tmp_path, *first, **environ))
        return made[-1]

    yield start
    for server in made:
        server.end(signal.SIGKILL)
