"""Every route says who may use it, and nobody else can."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dashboard.household.tables import device_table
from dashboard.web.access import ANYBODY, Role, allow, allowed
from simulator import Cloud
from tests.conftest import Household

FORMS_OF_SEVERAL_ROLES = {("POST", "/more")}  # one form there is everybody's, the other the owners'
ROLES = {"anna": Role.OWNER, "ben": Role.MEMBER, "carla": Role.VIEWER}
FOREIGN = ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})
FORGED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-User": "anna",
    "Remote-User": "anna",
    "Authorization": "Basic YW5uYTpkZW1v",
    "X-HTTP-Method-Override": "GET",
}


@pytest.fixture
def routes(app: Flask, cloud: Cloud) -> list[tuple[str, str, Role | str]]:
    """Every (method, address, declared role) there is."""
    values = {
        "charger_id": cloud.charger.id,
        "token": "a-token-nobody-made",
        "hash": "0000",
        "name": "style.css",
    }

    def address(rule: Rule) -> str:
        filled = {name: values.get(name, 999 if name.endswith("_id") else "x") for name in rule.arguments}
        with app.test_request_context():
            return app.url_for(rule.endpoint, **filled).replace("http://localhost", "")

    with app.app_context():
        return [
            (method, address(rule), allowed(rule.endpoint))
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]


def ask(browser: FlaskClient, method: str, address: str, headers: dict[str, str] | None = None) -> TestResponse:
    return browser.open(address, method=method, headers=headers)


def guarded(routes: list[tuple[str, str, Role | str]]) -> Iterator[tuple[str, str, Role]]:
    for method, address, role in routes:
        if role != ANYBODY:
            yield method, address, Role(role)


def test_every_route_says_who_may_use_it(routes: list[tuple[str, str, Role | str]]) -> None:
    assert len(routes) > 30
    assert {address for _method, address, role in routes if role == ANYBODY} >= {"/login", "/setup", "/healthz"}


def test_a_route_that_does_not_say_so_lets_nobody_in(household: Household) -> None:
    household.app.config["PROPAGATE_EXCEPTIONS"] = False
    household.app._got_first_request = False
    household.app.add_url_rule("/forgotten", "forgotten", lambda: "open to the world")
    for browser in (household.anna, household.stranger):
        answer = browser.get("/forgotten")
        assert answer.status_code == 500
        assert "open to the world" not in answer.text


def assert_turned_away(browser: FlaskClient, routes: list[tuple[str, str, Role | str]], **forged: str) -> None:
    for method, address, _role in guarded(routes):
        answer = ask(browser, method, address, forged)
        assert answer.status_code == (303 if method == "POST" else 302), address
        assert answer.location == f"/login?next={address}"
        htmx = ask(browser, method, address, {"HX-Request": "true"} | forged)
        assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (401, f"/login?next={address}")


def test_signed_out_every_guarded_address_leads_to_the_sign_in_and_back(
    household: Household, routes: list[tuple[str, str, Role | str]]
) -> None:
    assert_turned_away(household.stranger, routes)


def test_forged_headers_and_cookies_open_nothing(
    household: Household, routes: list[tuple[str, str, Role | str]]
) -> None:
    assert_turned_away(household.stranger, routes, **FORGED)
    household.stranger.set_cookie("household", "eyJfdXNlcl9pZCI6IjEifQ.Zz.forged")
    household.stranger.set_cookie("remember_token", "1|forged")
    assert_turned_away(household.stranger, routes)


def test_a_stale_cookie_opens_nothing(household: Household, routes: list[tuple[str, str, Role | str]]) -> None:
    with household.database.writing() as connection:
        connection.execute(delete(device_table))
    assert_turned_away(household.anna, routes)


@pytest.mark.parametrize("name", ROLES)
def test_each_role_gets_what_it_may_have_and_403_for_the_rest(
    household: Household, routes: list[tuple[str, str, Role | str]], name: str
) -> None:
    browser: FlaskClient = getattr(household, name)
    for method, address, role in guarded(routes):
        answer = ask(browser, method, address)
        if (method, address) in FORMS_OF_SEVERAL_ROLES:
            assert answer.status_code in (303, 403)
        elif ROLES[name].includes(role):
            assert answer.status_code not in (401, 403, 500), (method, address)
            assert not (answer.location or "").startswith("/login"), (method, address)
        else:
            assert answer.status_code == 403, (method, address)
            assert "does not allow this. Ask Anna." in answer.text


@pytest.mark.parametrize("name", [*ROLES, "stranger"])
@pytest.mark.parametrize("headers", FOREIGN)
def test_no_post_of_another_site_is_obeyed(
    household: Household, routes: list[tuple[str, str, Role | str]], name: str, headers: dict[str, str]
) -> None:
    for method, address, _role in routes:
        if method == "POST":
            answer = ask(getattr(household, name), method, address, headers)
            assert answer.status_code == 403, address
    if name != "stranger":
        assert getattr(household, name).get("/account").status_code == 200  # /logout was refused too


def test_a_post_without_its_fields_never_breaks_anything(
    household: Household, routes: list[tuple[str, str, Role | str]]
) -> None:
    for method, address, _role in routes:
        if method == "POST":
            for browser in (household.browser(), household.anna):
                answer = browser.post(address)
                assert answer.status_code < 500, address
                answer = browser.post(address, data=b"\xff\x00{", content_type="application/json")
                assert answer.status_code < 500, address
            household.anna, _answer = household.sign_in("Anna")  # some of them sign out


def test_a_demotion_counts_at_the_next_request_and_a_removal_too(household: Household) -> None:
    assert household.ben.get("/household").status_code == 403
    ben = household.anna.post("/household/members/2/role", data={"role": "owner"})
    assert ben.status_code == 303
    assert household.ben.get("/household").status_code == 200
    household.anna.post("/household/members/2/role", data={"role": "viewer"})
    assert household.ben.get("/household").status_code == 403
    household.anna.post("/household/members/2/remove")
    answer = household.ben.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=/")


def test_a_signed_out_press_is_never_replayed_but_finds_its_button_again(
    household: Household, routes: list[tuple[str, str, Role | str]]
) -> None:
    """Wherever a POST was going, a GET of that address shows a page after signing in."""
    for method, address, _role in guarded(routes):
        if method == "POST":
            back = household.stranger.post(address).location
            assert back == f"/login?next={address}"
            answer = household.anna.get(address, follow_redirects=True)
            assert answer.status_code in (200, 404), address  # 404: a demo's page outside the demo


@pytest.mark.parametrize("wanted", Role)
@pytest.mark.parametrize("name", ROLES)
def test_a_role_includes_those_before_it(name: str, wanted: Role) -> None:
    assert ROLES[name].includes(wanted) == ([*Role].index(ROLES[name]) >= [*Role].index(wanted))


def test_allow_leaves_the_view_as_it_is() -> None:
    def view() -> str:
        return "seen"

    declared: Callable[[], str] = allow(Role.VIEWER)(view)
    assert declared() == "seen"


def test_whoever_is_signed_out_reads_why_their_page_became_the_sign_in(household: Household) -> None:
    with household.database.writing() as connection:
        connection.execute(delete(device_table))
    refresh = {"HX-Request": "true", "HX-Current-URL": "http://localhost/chargers/x"}
    answer = household.ben.get("/chargers/x?seen=1", headers=refresh)
    assert answer.status_code == 401
    page = household.ben.get(answer.headers["HX-Redirect"])
    assert "This device is no longer signed in." in page.text
    assert "no longer signed in" not in household.ben.get("/login").text
