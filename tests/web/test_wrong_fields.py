"""After a mistake in a form the browser goes to the field in question, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from dashboard.household.setup import prepare_setup_code
from dashboard.household.setup_code import new_code
from simulator import ManualClock
from tests.conftest import Household
from tests.household.conftest import invite, reset_link

LONG = "x" * 200


def wrong_field(answer: TestResponse) -> str:
    """The one field that has the focus and is marked; what describes it is on the page."""
    assert 400 <= answer.status_code < 500
    [field] = re.findall(r"<(?:input|select)\b[^>]*\bautofocus\b[^>]*>", answer.text)
    assert answer.text.count("autofocus") == answer.text.count('aria-invalid="true"') == 1
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]+)"', field)
    assert described
    for id in described[1].split():
        assert answer.text.count(f'id="{id}"') == 1
    assert re.search(rf'class="error" role="alert" id="{described[1].split()[-1]}"', answer.text)
    name = re.search(r'\bname="([^"]+)"', field)
    assert name
    return name[1]


def add_price(household: Household, **fields: str) -> TestResponse:
    form = {"price": "0.25", "valid_from": "2020-01-01", "currency": "EUR"} | fields
    return household.anna.post("/history/prices", data=form)


@pytest.mark.parametrize(
    ("form", "field"),
    [({"price": "cheap"}, "price"), ({"currency": "XXX"}, "currency"), ({"valid_from": "soon"}, "valid_from")],
)
def test_of_a_price(household: Household, form: dict[str, str], field: str) -> None:
    assert wrong_field(add_price(household, **form)) == field
    assert "autofocus" not in household.anna.get("/history").text


def test_of_a_second_price_for_a_day(household: Household) -> None:
    add_price(household)
    assert wrong_field(add_price(household)) == "valid_from"


def test_of_the_account(household: Household) -> None:
    def password(old: str, new: str) -> TestResponse:
        return household.ben.post("/account/password", data={"old_password": old, "new_password": new})

    assert wrong_field(household.ben.post("/account/name", data={"name": "anna"})) == "name"
    assert wrong_field(password("wrong", "seven tall ladders")) == "old_password"
    assert wrong_field(password(household.password, "short")) == "new_password"
    assert "autofocus" not in household.ben.get("/account").text


def test_of_the_household(household: Household) -> None:
    assert wrong_field(household.anna.post("/household", data={"role": "king"})) == "role"
    assert wrong_field(household.anna.post("/household/members/2/role", data={"role": "king"})) == "role"


def test_of_the_sign_in(household: Household) -> None:
    assert wrong_field(household.sign_in("", "x")[1]) == "name"
    assert wrong_field(household.sign_in("Ben", "")[1]) == "password"
    assert wrong_field(household.sign_in("Ben", "wrong")[1]) == "password"


def test_of_an_invitation(household: Household) -> None:
    path = invite(household)

    def join(name: str, password: str) -> str:
        return wrong_field(household.stranger.post(path, data={"name": name, "password": password}))

    assert join("ben", "seven tall ladders") == "name"
    assert join(LONG, "short") == "name"
    assert join("Dora", "short") == "password"


def test_of_a_reset_link(household: Household) -> None:
    assert wrong_field(household.stranger.post(reset_link(household, 2), data={"password": "short"})) == "password"


def test_of_the_first_owner(make_app: Callable, settings: object, clock: ManualClock) -> None:  # type: ignore[type-arg]
    app = make_app(settings)
    code = prepare_setup_code(app.extensions["services"].database, new_code())
    app.extensions["services"].sleep = lambda seconds: None

    def create(code: str | None, name: str = "Anna", password: str = "short") -> str:
        return wrong_field(
            app.test_client().post("/setup", data={"code": code, "name": name, "password": password})
        )

    assert create("no") == "code"
    assert create(code, LONG) == "name"
    assert create(code) == "password"
