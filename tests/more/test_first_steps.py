"""`/setup/next`: what a new household does first, step by step; each may be left out, and nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboard.charger import chargers
from dashboard.household.setup import prepare_setup_code
from dashboard.household.setup_code import new_code
from tests.conftest import words_of

PASSWORD = "seven tall ladders"
IPHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU)"}


@pytest.fixture
def anna(app, cloud):
    """The browser of somebody who has just become the first owner."""
    services = app.extensions["services"]
    code = prepare_setup_code(services.database, new_code())
    with app.app_context():
        chargers.read_list(services)
    browser = app.test_client()
    answer = browser.post("/setup", data={"code": code, "name": "Anna", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/setup/next")
    return browser


def name_of(charger):
    return f"name-{charger.id}"


def test_from_the_first_owner_to_the_charger(anna, app, cloud):
    page = anna.get("/setup/next")
    assert "Welcome, Anna." in words_of(page)
    assert "Step 1 of 3 What do you call it? Zaptec knows the account" in words_of(page)
    assert "these chargers were found: Carport, Guest place." in words_of(page)
    form = {name_of(cloud.chargers[0]): "Our place"}
    page = anna.post("/setup/next/name", data=form, follow_redirects=True)
    assert "Step 2 of 3 Invite the others" in words_of(page)

    page = anna.post("/setup/next/invite", data={"role": "member"})
    link = re.search(r'value="http://localhost(/invitations/[^"]+)"', page.text)
    assert link
    assert app.test_client().get(link[1]).status_code == 200
    assert "Invite somebody else" in words_of(page)
    assert words_of(page).index("Go on") < words_of(page).index("Invite somebody else")
    page = anna.get("/setup/next?after=invite", headers=IPHONE)
    assert "Step 3 of 3 Put it on the home screen" in words_of(page)
    assert "Open the charger first and put that page there, not this one." in words_of(page)
    assert "tap Share" in words_of(page)
    assert "Our place" in words_of(anna.get("/"))


def test_each_step_may_be_left_out(anna):
    for place, step in ((1, "name"), (2, "invite")):
        page = anna.get(f"/setup/next{'?after=name' if place == 2 else ''}")
        assert f"Step {place} of 3" in words_of(page)
        assert re.search(rf'href="/setup/next\?after={step}">Skip<', page.text)
    assert "Step 3 of 3" in words_of(anna.get("/setup/next?after=invite"))
    assert anna.get("/setup/next?after=home-screen").location == "/"
    assert "Step 1 of 3" in words_of(anna.get("/setup/next?after=nonsense"))


def test_what_is_typed_wrong_is_said_where_it_was_typed(anna, cloud):
    answer = anna.post("/setup/next/name", data={name_of(cloud.chargers[0]): "x" * 50})
    assert answer.status_code == 400
    assert "Step 1 of 3 What do you call it?" in words_of(answer)
    assert "This name is too long: at most 40 characters." in words_of(answer)
    answer = anna.post("/setup/next/invite", data={"role": "king"})
    assert (answer.status_code, "Step 2 of 3" in words_of(answer)) == (400, True)


def test_a_program_that_was_killed_goes_on_where_it_was(anna, settings, make_app, cloud):
    """Nothing but the database is left, and another browser."""
    anna.post("/setup/next/name", data={name_of(cloud.chargers[0]): "Our place"})
    browser = make_app(settings).test_client()
    browser.post("/login", data={"name": "Anna", "password": PASSWORD})
    assert "Step 2 of 3" in words_of(browser.get("/setup/next"))
    browser.post("/setup/next/invite", data={"role": "viewer"})
    assert "Step 3 of 3" in words_of(after_a_reload(browser))


def after_a_reload(browser):
    """The page that a reload of the invitation's answer leads to: its link was shown only once."""
    answer = browser.get("/setup/next/invite")
    assert answer.location == "/setup/next"
    return browser.get(answer.location)


def test_more_leads_there_while_the_household_is_new_and_something_is_left(anna, cloud, clock):
    assert "/setup/next" in anna.get("/more").text
    clock.advance(seconds=8 * 86400)
    assert "/setup/next" not in anna.get("/more").text


def test_without_a_charger_it_says_why_and_looks_again(settings, make_app):
    app = make_app(replace(settings, zaptec_password="another"))
    services = app.extensions["services"]
    code = prepare_setup_code(services.database, new_code())
    browser = app.test_client()
    browser.post("/setup", data={"code": code, "name": "Anna", "password": PASSWORD})
    assert "Looking for your charger Zaptec does not accept" in words_of(browser.get("/setup/next"))
    assert "Step 2 of 3" in words_of(browser.get("/setup/next?after=charger"))


def test_an_account_that_may_only_look_is_told_so_at_once(anna, app, cloud):
    assert "but not pause" not in words_of(anna.get("/setup/next"))
    cloud.take_role_away(cloud.chargers[1])
    with app.app_context():
        chargers.read_list(app.extensions["services"], force=True)
    page = words_of(anna.get("/setup/next"))
    assert "The account may look at Guest place, but not pause or resume. Ask whoever owns the charger" in page


def test_nobody_but_owners_sees_any_of_it(household, listed):
    for browser in (household.ben, household.carla):
        assert browser.get("/setup/next").status_code == 403
        assert browser.post("/setup/next/invite", data={"role": "owner"}).status_code == 403
        assert "/setup/next" not in browser.get("/more").text
    assert household.stranger.get("/setup/next").location == "/login?next=/setup/next"
