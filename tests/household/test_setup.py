"""The first owner: with the code from the log, once, and never again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.database import Database
from dashboard.household.setup import prepare_setup_code
from dashboard.household.setup_code import new_code
from dashboard.household.tables import member_table, setup_code
from dashboard.services import Services
from simulator import ManualClock
from tests.conftest import Household, words_of

PASSWORD = "seven tall ladders"


@pytest.fixture
def database(app: Flask) -> Iterator[Database]:
    services: Services = app.extensions["services"]
    app.extensions["services"].sleep = lambda seconds: None
    yield services.database


@pytest.fixture
def code(database: Database, clock: ManualClock) -> str:
    made = prepare_setup_code(database, new_code())
    assert made
    return made


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def create(browser: FlaskClient, code: str, name: str = "Anna", password: str = PASSWORD) -> TestResponse:
    return browser.post("/setup", data={"code": code, "name": name, "password": password})


def test_the_code_makes_the_first_owner_who_is_signed_in(browser: FlaskClient, code: str) -> None:
    answer = create(browser, code)
    assert (answer.status_code, answer.location) == (303, "/setup/next")
    assert "Welcome, Anna." in words_of(browser.get("/setup/next"))
    assert "You are an owner in this household." in words_of(browser.get("/account"))
    assert "Anna set up the dashboard" in words_of(browser.get("/activity"))


def test_until_then_the_sign_in_leads_here_and_says_where_the_code_is(browser: FlaskClient, code: str) -> None:
    assert browser.get("/").location == "/login?next=/"
    page = browser.get("/login?next=/", follow_redirects=True)
    assert page.request.path == "/setup"
    where = "in the window where you started the dashboard, or in “sudo journalctl -u zaptec-dashboard”"
    assert where in words_of(page)
    assert browser.post("/login", data={"name": "Anna", "password": PASSWORD}).status_code == 401


def test_the_code_may_be_typed_carelessly(browser: FlaskClient, code: str) -> None:
    assert create(browser, f" {code.lower().replace('-', ' ')} ").status_code == 303


def test_a_password_that_is_refused_loses_nothing_else_that_was_typed(browser: FlaskClient, code: str) -> None:
    answer = create(browser, code, name="Anna", password="short-one")
    assert answer.status_code == 400
    assert all(f'value="{typed}"' in answer.text for typed in (code, "Anna"))
    assert "short-one" not in answer.text


@pytest.mark.parametrize("wrong", ["", "AAAA-AAAA-AAAA", "x" * 5000, "é\x07"])
def test_a_wrong_code_makes_nobody(browser: FlaskClient, database: Database, code: str, wrong: str) -> None:
    answer = create(browser, wrong)
    assert answer.status_code == 401
    assert "This is not the setup code." in words_of(answer)
    with database.reading() as connection:
        assert connection.execute(select(member_table.c.id)).first() is None
    assert create(browser, code).status_code == 303


def test_guessing_the_code_is_throttled(browser: FlaskClient, clock: ManualClock, code: str) -> None:
    answers = [create(browser, "AAAA-AAAA-AAAA") for _try in range(6)]
    assert [a.status_code for a in answers] == [401] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "30"
    assert create(browser, code).status_code == 429
    clock.advance(seconds=30)
    assert create(browser, code).status_code == 303


def test_it_works_once_and_then_there_is_no_such_page(app: Flask, browser: FlaskClient, code: str) -> None:
    create(browser, code)
    other = app.test_client()
    for answer in (create(other, code, "Emil"), other.get("/setup"), browser.get("/setup")):
        assert answer.status_code == 404


def test_of_two_at_once_one_becomes_the_owner(app: Flask, database: Database, code: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        codes = list(pool.map(lambda n: create(app.test_client(), code, n).status_code, ("Anna", "Emil", "Dora")))
    assert sorted(codes) == [303, 404, 404]
    with database.reading() as connection:
        assert connection.execute(select(member_table.c.role)).scalars().all() == ["owner"]


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [("", PASSWORD, "Please enter a name."), ("Anna", "short", "at least 10"), ("Anna", "anna anna anna", "name")],
)
def test_a_form_that_will_not_do_says_why_and_does_not_use_the_code_up(
    browser: FlaskClient, code: str, name: str, password: str, sentence: str
) -> None:
    answer = create(browser, code, name, password)
    assert answer.status_code == 400
    assert sentence in words_of(answer)
    assert create(browser, code).status_code == 303


def test_each_start_makes_a_new_code_and_only_its_hash_is_kept(
    browser: FlaskClient, database: Database, clock: ManualClock, code: str
) -> None:
    newer = prepare_setup_code(database, new_code())
    assert newer
    assert newer != code
    with database.reading() as connection:
        kept = connection.execute(select(setup_code)).all()
    assert len(kept) == 1
    assert newer not in str(kept)
    assert create(browser, code).status_code == 401
    assert create(browser, newer).status_code == 303
    assert prepare_setup_code(database, new_code()) is None


def test_with_an_owner_there_is_no_code(household: Household) -> None:
    assert prepare_setup_code(household.database, new_code()) is None
    assert household.stranger.get("/setup").status_code == 404
    assert create(household.stranger, "AAAA-AAAA-AAAA").status_code == 404
    assert household.stranger.get("/login").status_code == 200


def test_without_any_code_nobody_gets_in(browser: FlaskClient, database: Database) -> None:
    assert create(browser, "").status_code == 401
