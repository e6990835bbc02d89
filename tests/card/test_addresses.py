"""The addresses are a contract: each exists with its methods, HEAD is like GET, and looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import Household, htmx, words_of

# Address, whether it takes a POST. `<id>` is the charger's.
SHOWN = {
    "/": False,
    "/chargers/<id>": False,
    "/chargers/<id>/pause": True,
    "/chargers/<id>/resume": True,
    "/chargers/<id>/deauthorize": True,
    "/chargers/<id>/restart": True,
    "/pause": True,
    "/resume": True,
    "/chargers/<id>/observations": False,
    "/chargers/<id>/observations.txt": False,
    "/chargers/<id>/observations.json": False,
    "/chargers/<id>/observations.csv": False,
    "/plan": False,
    "/history": False,
    "/activity": False,
    "/household": False,
    "/account": False,
    "/more": True,
    "/logout": True,
    "/healthz": False,
    "/manifest.webmanifest": False,
    "/service-worker.js": False,
}
OUR_MEMORY = {"request_count", "account", "snapshot", "lease", "history_source"}  # of what Zaptec has answered
WITH_FORMS = {"/plan", "/history", "/household", "/account"}  # their rooms test them
PUBLIC = {"/healthz", "/manifest.webmanifest", "/service-worker.js", "/logout"}


def test_each_address_of_the_contract_is_there(household: Household, charger: SimulatedCharger) -> None:
    for address in SHOWN:
        here = address.replace("<id>", charger.id)
        got, head = household.anna.get(here), household.anna.head(here)
        assert (got.status_code, head.status_code, head.data) == (200, 200, b""), address
        assert got.headers["Content-Type"] == head.headers["Content-Type"], address


def test_what_only_shows_takes_no_post(household: Household, charger: SimulatedCharger) -> None:
    for address in (one for one, takes_post in SHOWN.items() if not takes_post and one not in WITH_FORMS):
        answer = household.anna.post(address.replace("<id>", charger.id))
        assert answer.status_code == 405, address
        assert "GET" in answer.headers["Allow"]
        assert "This address shows something" in words_of(answer)


def test_signed_out_each_leads_to_the_sign_in_and_back(household: Household, charger: SimulatedCharger) -> None:
    for address in SHOWN.keys() - PUBLIC:
        here = address.replace("<id>", charger.id)
        assert household.stranger.get(here).location == f"/login?next={here}"
        assert htmx(household.stranger, here).status_code == 401


@pytest.mark.parametrize(
    "address", ["/setup", "/invitations/unknown", "/reset/unknown", "/demo", "/nowhere", "/index.php"]
)
def test_what_is_not_there_is_404(household: Household, address: str) -> None:
    answer = household.stranger.get(address)
    assert answer.status_code in (404, 410)
    assert "<h1" in answer.text


def test_the_demo_page_is_there_in_the_demo_only(
    household: Household, make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    from dashboard.demo.people import seed_demo

    demo = make_app(replace(settings, is_demo=True))
    seed_demo(demo.extensions["services"].database, household.clock.now())
    browser = demo.test_client()
    browser.post("/login", data={"enter": "demo"})
    assert browser.get("/demo").status_code == 200
    assert household.anna.post("/demo", data={"move": "unplug"}).status_code == 404


def test_the_demo_page_moves_the_world(
    household: Household, make_app: Callable[[Settings], Flask], settings: Settings, cloud: Cloud
) -> None:
    demo = make_app(replace(settings, is_demo=True))
    browser = demo.test_client()
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    browser.set_cookie("demo", cookie.value)
    for move in ("plug_in_and_charge", "car_sleeps", "unplug", "go_down", "heal"):
        answer = browser.post("/demo", data={"move": move}, follow_redirects=True)
        assert "Done:" in words_of(answer), move
    assert cloud.charger.car is None
    assert browser.post("/demo", data={"move": "forget_charger"}).status_code == 400
    assert browser.post("/demo").status_code == 400
    cloud.refuse_connections()
    assert "The simulated charger does not answer" in words_of(
        browser.post("/demo", data={"move": "unplug"}, follow_redirects=True)
    )


def test_looking_at_every_address_writes_nothing_and_sends_nothing(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    def content() -> dict[str, list[object]]:
        with household.database.reading() as connection:
            names = set(inspect(connection).get_table_names()) - OUR_MEMORY
            return {
                name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names
            }

    before = content()
    for address in SHOWN:
        here = address.replace("<id>", charger.id)
        for browser in (household.anna, household.ben, household.carla, household.stranger):
            browser.get(here)
            browser.head(here)
    after = content()
    assert {name for name in before if before[name] != after[name]} == set()
    assert cloud.asked("command") == 0


def test_healthz_says_that_it_serves_and_never_asks_zaptec(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    household.clock.advance(seconds=100)
    answer = household.stranger.get("/healthz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ok", "database": "ok", "clock_ticked_s_ago": 100.0},
    )
    assert list(cloud.requests) == []
    assert "Set-Cookie" not in answer.headers


def test_healthz_notices_a_clock_that_stands_still(household: Household, charger: SimulatedCharger) -> None:
    household.clock.advance(seconds=121)
    answer = household.stranger.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["status"] == "failing"  # type: ignore[index]
