"""Below a path of another site: every address and cookie begins with it, whether or not the proxy passes it on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.settings import Settings
from dashboard.web.sub_path import WsgiApp
from simulator import Cloud, ManualClock
from tests.conftest import PASSWORD, Household, household_of
from tests.one_charger import tick

PATH = "/charger"
ADDRESS = re.compile(r'(?:href|src|action|hx-get|hx-post)="(/[^"]*)"')
HEADERS = {"Host": "home.example.org", "X-Forwarded-Proto": "https"}
PAGES = ("/", "/pause", "/plan", "/history", "/tariff", "/doors", "/activity", "/household", "/account", "/more")


@pytest.fixture(params=["taken away", "passed on"])
def below(
    settings: Settings, make_app: Callable[[Settings], Flask], clock: ManualClock, request: pytest.FixtureRequest
) -> Household:
    """Behind a proxy that takes the path away, and behind one that passes it on."""
    app = make_app(replace(settings, public_url=f"https://home.example.org{PATH}", trusted_proxies=1))
    if request.param == "taken away":
        app.wsgi_app = taking_away(app.wsgi_app)  # type: ignore[method-assign]
    return household_of(app, clock)


def taking_away(app: WsgiApp) -> WsgiApp:
    def proxy(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return app(environ | {"PATH_INFO": environ["PATH_INFO"].removeprefix(PATH) or "/"}, start_response)

    return proxy


def signed_in(household: Household) -> FlaskClient:
    """Anna, signed in through the page: her cookies have come with their path."""
    browser = household.browser()
    form = {"name": "Anna", "password": PASSWORD, "next": f"{PATH}/plan"}
    answer = browser.post(f"{PATH}/login", data=form, base_url="https://home.example.org", headers=HEADERS)
    assert (answer.status_code, answer.location) == (303, f"{PATH}/plan")
    assert {one.split("Path=")[1].split(";")[0] for one in answer.headers.getlist("Set-Cookie")} == {PATH}
    return browser


def test_every_address_on_every_page_begins_with_the_path(below: Household, cloud: Cloud) -> None:
    tick(below.app)
    browser = signed_in(below)
    for page in (*PAGES, f"/chargers/{cloud.chargers[0].id}"):
        answer = browser.get(f"{PATH}{page}", base_url="https://home.example.org", headers=HEADERS)
        assert answer.status_code == 200, page
        addresses = ADDRESS.findall(answer.text)
        assert [address for address in addresses if not address.startswith(f"{PATH}/")] == [], page


def test_signing_in_leads_back_and_its_cookies_are_for_the_path(below: Household) -> None:
    there = {"base_url": "https://home.example.org", "headers": HEADERS}
    answer = below.stranger.get(f"{PATH}/history?month=2026-11", **there)
    assert answer.location == f"{PATH}/login?next={PATH}/history%3Fmonth%3D2026-11"
    signed_in(below)


def test_an_address_of_the_site_above_is_none_of_ours(below: Household) -> None:
    for next in ("/", "/mail", "/chargers", "//elsewhere.example/charger/"):
        form = {"name": "Anna", "password": PASSWORD, "next": next}
        there = {"base_url": "https://home.example.org", "headers": HEADERS}
        answer = below.browser().post(f"{PATH}/login", data=form, **there)
        assert answer.location == f"{PATH}/", next


def test_the_app_on_the_home_screen_stays_below_the_path(below: Household) -> None:
    there = {"base_url": "https://home.example.org", "headers": HEADERS}
    manifest = json.loads(below.stranger.get(f"{PATH}/manifest.webmanifest", **there).data)
    assert manifest["id"] == manifest["scope"] == manifest["start_url"] == f"{PATH}/"
    assert [one["url"] for one in manifest["shortcuts"]] == [f"{PATH}/pause", f"{PATH}/resume"]
    assert all(icon["src"].startswith(f"{PATH}/static/") for icon in manifest["icons"])
    assert below.stranger.get(f"{PATH}/healthz", **there).status_code == 200


def test_the_path_without_its_last_slash_leads_into_it(below: Household) -> None:
    answer = below.stranger.get(PATH, base_url="https://home.example.org", headers=HEADERS)
    assert answer.location.startswith(f"{PATH}/")


def test_an_invitation_names_the_path_once(below: Household) -> None:
    browser = signed_in(below)
    there = {"base_url": "https://home.example.org", "headers": HEADERS}
    answer = browser.post(f"{PATH}/household", data={"role": "viewer"}, follow_redirects=True, **there)
    assert re.search(rf"https://home\.example\.org{PATH}/invitations/\w", answer.text)
