"""A press that met the sign-in comes back as a GET of its address, which leads to the page with its button."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule

from dashboard.web.access import Role, allow, button_on
from tests.conftest import Household


@pytest.fixture
def with_a_press(household: Household) -> Household:
    """The household's app with one more address, which only takes a POST; its button is on a page with a number."""
    household.app._got_first_request = False

    @allow(Role.VIEWER)
    def show_page(number: int) -> str:
        return f"page {number}"

    @allow(Role.MEMBER)
    @button_on("show_page", anchor="here")
    def press(number: int, other: str) -> Response:
        raise AssertionError("a GET never presses")

    household.app.add_url_rule("/page/<int:number>", "show_page", show_page)
    household.app.add_url_rule("/page/<int:number>/<other>", "press", press, methods=["POST"])
    return household


def test_it_leads_to_the_page_with_what_of_the_address_the_page_understands(with_a_press: Household) -> None:
    for method in ("GET", "HEAD"):
        answer = with_a_press.ben.open("/page/7/x", method=method)
        assert (answer.status_code, answer.location) == (302, "/page/7#here")


def test_who_may_not_press_is_told_so_and_who_is_signed_out_signs_in_first(with_a_press: Household) -> None:
    assert with_a_press.carla.get("/page/7/x").status_code == 403
    answer = with_a_press.stranger.get("/page/7/x")
    assert (answer.status_code, answer.location) == (302, "/login?next=/page/7/x")


def test_other_methods_and_other_addresses_are_none_of_its_business(with_a_press: Household) -> None:
    assert with_a_press.ben.put("/page/7/x").status_code == 405
    assert with_a_press.ben.get("/page/7/x/y").status_code == 404
    assert with_a_press.ben.get("/household/nothing").status_code == 404


def post_only(app: Flask) -> list[Rule]:
    rules = list(app.url_map.iter_rules())
    looks = {re.sub("<[^>]+>", "<>", rule.rule) for rule in rules if "GET" in (rule.methods or ())}
    return [
        rule for rule in rules if "POST" in (rule.methods or ()) and re.sub("<[^>]+>", "<>", rule.rule) not in looks
    ]


def test_every_address_that_only_takes_a_post_names_the_page_with_its_button(app: Flask) -> None:
    rules = post_only(app)
    assert len(rules) >= 8
    for rule in rules:
        page, _anchor = app.view_functions[rule.endpoint].button_on  # type: ignore[attr-defined]
        [shown] = app.url_map.iter_rules(page)
        assert "GET" in (shown.methods or ())
        assert shown.arguments <= rule.arguments
