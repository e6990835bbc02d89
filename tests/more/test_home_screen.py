"""`/more/home-screen`: how to have it at hand, and what works on this device."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import household_of, words_of

AT_HOME = "http://192.168.1.20:8000"
IPHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU)"}


def opened(household, name, base, headers=None):
    """The page as that person sees it, signed in at that address."""
    browser = household.browser()
    browser.post("/login", data={"name": name, "password": household.password}, base_url=base)
    return words_of(browser.get("/more/home-screen", base_url=base, headers=headers))


def test_without_https_it_says_what_is_missing_and_owners_three_ways_to_it(household):
    owner = opened(household, "Anna", AT_HOME)
    assert "Protected (https) missing" in owner
    for lacking in ("An app of its own", "Last state offline", "Notices to this browser"):
        assert f"{lacking} needs https" in owner
    for way in ("Tailscale.", "Caddy, with a certificate of its own.", "A name of your own.", "docs/phones.md"):
        assert way in owner
    viewer = opened(household, "Carla", AT_HOME)
    assert "The rest needs https. Ask Anna." in viewer
    assert "Tailscale" not in viewer


def test_on_the_dashboards_own_machine_everything_works(household):
    page = words_of(household.carla.get("/more/home-screen"))
    assert "Protected (https) yes An app of its own works here" in page
    assert "Notices to this browser under Your account" in page
    assert "needs https" not in page


def test_whoever_came_without_https_is_led_to_the_address_that_has_it(settings, make_app, clock):
    secure = replace(settings, public_url="https://charger.example.org", trusted_proxies=1)
    household = household_of(make_app(secure), clock)
    assert "All of it works at its https address: https://charger.example.org" in opened(household, "Anna", AT_HOME)
    over_https = opened(household, "Anna", "https://charger.example.org", IPHONE)
    assert "https address" not in over_https
    assert "Notices to this browser from the home screen only" in over_https


def test_more_leads_there(household):
    assert "/more/home-screen" in household.carla.get("/more").text
