"""Signing in and out, and what a session is worth afterwards."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from dashboard.demo.people import seed_demo
from dashboard.household import passwords
from dashboard.household.tables import device_table, member_table
from dashboard.settings import Settings
from tests.conftest import Household, words_of


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def test_the_name_is_taken_without_case_and_surrounding_spaces(household: Household) -> None:
    browser, answer = household.sign_in("  aNNA ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Anna" in browser.get("/account").text


@pytest.mark.parametrize("name", ["Anna", "Nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(household: Household, name: str) -> None:
    browser, answer = household.sign_in(name, "wrong horse battery")
    assert answer.status_code == 401
    assert "The name or the password is wrong." in words_of(answer)
    assert f'value="{name}"' in answer.text  # what was typed stays,
    assert "wrong horse" not in answer.text  # but not the password
    assert not is_signed_in(browser)


def test_an_unknown_name_costs_a_hash_too(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    check = passwords.check_password_hash
    monkeypatch.setattr(passwords, "check_password_hash", lambda *args: compared.append(args[0]) or check(*args))
    household.sign_in("Nobody")
    assert len(compared) == 1
    assert compared[0].startswith(passwords.METHOD)


@pytest.mark.parametrize("form", [{}, {"name": "Anna"}, {"password": "x"}, {"name": " ", "password": " "}])
def test_a_form_without_its_fields_is_answered_with_a_sentence(household: Household, form: dict[str, str]) -> None:
    answer = household.stranger.post("/login", data=form)
    assert answer.status_code == 400
    assert "Please enter your name and your password." in words_of(answer)


@pytest.mark.parametrize(
    "next", ["/chargers/x?seen=1", "/history", "/chargers/x/pause", "/activity?person=1&page=2"]
)
def test_after_signing_in_one_is_where_one_was_going(household: Household, next: str) -> None:
    browser = household.stranger
    page = browser.get(f"/login?next={next.replace('&', '%26')}")
    assert page.text.count("hidden") > 0
    assert "signed in." not in words_of(page)  # at a first visit there is nothing to explain
    answer = browser.post("/login", data={"name": "Ben", "password": household.password, "next": next})
    assert answer.location == next


@pytest.mark.parametrize(
    "next",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "///elsewhere.example",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "http:elsewhere.example",
        "elsewhere",
        "",
    ],
)
def test_a_next_that_leads_elsewhere_leads_home(household: Household, next: str) -> None:
    form = {"name": "Ben", "password": household.password, "next": next}
    assert household.stranger.post("/login", data=form).location == "/"
    assert household.anna.get("/login", query_string={"next": next}).location == "/"


def test_signing_in_begins_a_new_session(household: Household) -> None:
    """A session somebody else put into the browser is not the one that gets signed in."""
    browser = household.browser()
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"
    browser.post("/login", data={"name": "Ben", "password": household.password})
    with browser.session_transaction() as session:
        assert "planted" not in session


def test_signing_in_as_somebody_else_ends_the_session_before(household: Household) -> None:
    cookie = household.ben.get_cookie("household")
    assert cookie is not None
    household.ben.post("/login", data={"name": "Carla", "password": household.password})
    assert "Carla" in household.ben.get("/account").text
    copy = household.browser()
    copy.set_cookie("household", cookie.value)
    assert not is_signed_in(copy)


def test_a_copied_cookie_is_worth_nothing_after_signing_out(household: Household) -> None:
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    assert household.anna.get("/logout").status_code == 200
    assert is_signed_in(household.anna)  # looking at the button signed nobody out
    answer = household.anna.post("/logout", follow_redirects=True)
    assert "You are signed out." in words_of(answer)
    copy = household.browser()
    copy.set_cookie("household", cookie.value)
    assert not is_signed_in(copy)


def test_signing_out_twice_leads_to_the_sign_in(household: Household) -> None:
    assert household.stranger.post("/logout").location == "/login"
    assert household.stranger.get("/logout").location == "/login"


def test_a_cookie_signed_with_another_key_is_nobody(
    household: Household, make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    other = make_app(replace(settings, secret_key="quite another secret"))
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    browser = other.test_client()
    browser.set_cookie("household", cookie.value)
    assert not is_signed_in(browser)


def test_a_restart_signs_nobody_out(
    household: Household, make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    again = make_app(settings).test_client()
    again.set_cookie("household", cookie.value)
    assert is_signed_in(again)


def test_whoever_stays_signed_in_stays_a_year_of_use(household: Household) -> None:
    browser, _answer = household.sign_in("Ben")
    for _month in range(14):
        household.clock.advance(seconds=30 * 86400)
        assert is_signed_in(browser)
    household.clock.advance(seconds=366 * 86400)
    assert not is_signed_in(browser)


def test_whoever_does_not_is_signed_out_a_day_after_last_seen(household: Household) -> None:
    browser = household.browser()
    answer = browser.post("/login", data={"name": "Ben", "password": household.password})
    assert "Expires" not in next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("household"))
    household.clock.advance(seconds=20 * 3600)
    assert is_signed_in(browser)
    household.clock.advance(seconds=20 * 3600)
    assert is_signed_in(browser)
    household.clock.advance(seconds=25 * 3600)
    assert not is_signed_in(browser)


def test_the_cookie_is_renewed_once_a_day_and_only_with_whole_pages(household: Household) -> None:
    def sends_cookie(path: str, **headers: str) -> bool:
        return "Set-Cookie" in household.anna.get(path, headers=headers).headers

    assert not sends_cookie("/account")
    household.clock.advance(seconds=86400)
    assert not sends_cookie("/account", **{"HX-Request": "true"})
    assert not sends_cookie("/healthz")
    assert sends_cookie("/account")
    assert not sends_cookie("/account")


def test_cookies_are_kept_from_scripts_and_other_sites(
    household: Household, make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    _browser, answer = household.sign_in("Ben")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in c and "SameSite=Lax" in c and "Secure" not in c for c in cookies)
    https = make_app(replace(settings, public_url="https://car.example")).test_client()
    form = {"name": "Ben", "password": household.password}
    cookies = https.post("/login", data=form, base_url="https://car.example").headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in c for c in cookies)


def test_an_old_hash_is_renewed_at_sign_in(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "METHOD", "scrypt:512:8:1")
    household.sign_in("Ben")
    with household.database.reading() as connection:
        hash_of_ben = select(member_table.c.password_hash).where(member_table.c.name == "Ben")
        kept = connection.execute(hash_of_ben).scalar_one()
    assert kept.startswith("scrypt:512:8:1$")
    assert household.sign_in("Ben")[1].status_code == 303


def test_a_password_may_be_typed_on_any_keyboard(household: Household) -> None:
    composed, decomposed = "f\u00fcnf gr\u00fcne Kessel", "fu\u0308nf gru\u0308ne Kessel"
    with household.database.writing() as connection:
        hash = generate_password_hash(composed, passwords.METHOD)
        connection.execute(member_table.update().where(member_table.c.name == "Ben").values(password_hash=hash))
    assert household.sign_in("Ben", decomposed)[1].status_code == 303


def test_looking_is_noted_at_most_every_ten_minutes(household: Household) -> None:
    def last_seen() -> object:
        with household.database.reading() as connection:
            query = select(device_table.c.last_seen_at).join(member_table).where(member_table.c.name == "Anna")
            return connection.execute(query).scalar_one()

    start = household.clock.now()
    household.clock.advance(seconds=599)
    household.anna.get("/account")
    assert last_seen() == start
    household.clock.advance(seconds=1)
    household.anna.get("/account")
    assert last_seen() == household.clock.now()


def test_a_look_works_while_nothing_can_be_written(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def cannot_write() -> None:
        raise OperationalError("UPDATE", {}, Exception("readonly"))

    household.clock.advance(seconds=3600)
    monkeypatch.setattr(household.database, "writing", cannot_write)
    assert is_signed_in(household.anna)
    answer = household.stranger.post("/login", data={"name": "Anna", "password": household.password})
    assert answer.status_code == 503


def test_the_session_holds_no_trace_of_address_or_browser(household: Household) -> None:
    browser, _answer = household.sign_in("Ben")
    with browser.session_transaction() as session:
        assert sorted(session) == ["_fresh", "_permanent", "_user_id", "renewed"]


@pytest.fixture
def demo(make_app: Callable[[Settings], Flask], settings: Settings, clock: object) -> Flask:
    app = make_app(replace(settings, is_demo=True))
    services = app.extensions["services"]
    seed_demo(services.database, services.now())
    seed_demo(services.database, services.now())
    return app


def test_the_demo_is_entered_with_one_button(demo: Flask) -> None:
    browser = demo.test_client()
    page = browser.get("/login?next=/history")
    assert "Enter the demo" in page.text
    assert "ben (a member) or carla (a viewer)" in words_of(page)
    answer = browser.post("/login", data={"enter": "demo", "next": "/activity"})
    assert answer.location == "/activity"
    assert "owner" in words_of(browser.get("/account"))


@pytest.mark.parametrize(("name", "role"), [("anna", "an owner"), ("ben", "a member"), ("carla", "a viewer")])
def test_the_demos_people_have_the_password_demo(demo: Flask, name: str, role: str) -> None:
    browser = demo.test_client()
    assert browser.post("/login", data={"name": name, "password": "demo"}).status_code == 303
    page = words_of(browser.get("/account"))
    assert f"You are {role} in this household." in page
    assert name.title() in page


def test_outside_the_demo_there_is_no_such_button(household: Household) -> None:
    assert "demo" not in household.stranger.get("/login").text.lower()
    assert household.stranger.post("/login", data={"enter": "demo"}).status_code == 400
    assert not is_signed_in(household.stranger)


def test_signing_out_after_a_while_waits_for_nobody(household: Household) -> None:
    household.clock.advance(seconds=3600)  # so that the device is to be noted as seen, too
    answer = household.anna.post("/logout")
    assert answer.status_code == 303
    assert household.anna.get("/account").status_code == 302
