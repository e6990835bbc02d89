"""`/more`: the bottom bar, light or dark, trying again, the sheet for the wall, and who may do what."""

from __future__ import annotations

import re

import pytest

from tests.conftest import words_of


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("/", "Now"),
        ("/chargers/CHARGER/restart", "Now"),
        ("/chargers/CHARGER/observations", "Now"),
        ("/plan", "Plan"),
        ("/history", "History"),
        ("/history/statement", "History"),
        ("/more/chargers", "More"),
        ("/activity", "More"),
        ("/household", "More"),
        ("/account", "More"),
        ("/chargers/CHARGER/sheet", "More"),
    ],
)
def test_the_bottom_bar_marks_the_room_one_is_in(household, listed, path, tab):
    page = household.anna.get(path.replace("CHARGER", listed[0].id)).text
    bar = page[page.index('<nav class="bar"') :]
    assert re.findall(r"<a [^>]*aria-current[^>]*>.*?</svg>(\w+)</a>", bar) == [tab]


def test_only_owners_arrange_chargers_and_check_the_account(household, listed):
    for client in (household.ben, household.carla):
        assert client.get("/more/chargers").status_code == 403
        assert client.post("/more/chargers", data={}).status_code == 403
        assert client.get("/more/account").status_code == 403


def test_trying_again_does_not_wait_for_a_slow_zaptec(household, listed, cloud, threads):
    cloud.be_slow(3600)
    page = words_of(household.anna.post("/more/try-again", follow_redirects=True))
    assert "Asking Zaptec… Look again in a moment." in page
    cloud.heal()


def test_light_or_dark_is_remembered_by_the_browser(household):
    assert 'data-scheme="dark"' not in household.carla.get("/more").text
    household.carla.post("/more", data={"scheme": "dark"})
    assert 'data-scheme="dark"' in household.carla.get("/more").text
    household.carla.post("/more", data={"scheme": ""})
    assert "data-scheme" not in household.carla.get("/more").text


def test_a_sheet_for_the_wall_has_a_qr_code_only_if_phones_can_follow_it(household, listed):
    path = f"/chargers/{listed[0].id}/sheet"
    answer = household.carla.get(path)
    assert "This link works on this computer only." in words_of(answer)
    assert "<img" not in answer.text and f"http://localhost/chargers/{listed[0].id}" in answer.text
    base = "http://192.168.1.20:8000"
    phone = household.browser()
    phone.post("/login", data={"name": "Carla", "password": household.password}, base_url=base)
    answer = phone.get(path, base_url=base)
    assert "this computer only" not in answer.text
    assert "Point your phone’s camera here." in words_of(answer)
    assert f"QR code of this address: {base}/chargers/{listed[0].id}" in answer.text


def test_more_is_grouped_and_shows_nobody_what_they_may_not_open(household, listed):
    owner, viewer = (words_of(browser.get("/more")) for browser in (household.anna, household.carla))
    people = ("People Your account", "Household", "Activity")
    its_chargers = (
        "Chargers What a kWh costs",
        "Names and order",
        "Sheet for the wall: Carport",
        "Check the Zaptec account",
    )
    places = [owner.index(words) for words in (*people, *its_chargers, "This device", "Behind the scenes")]
    assert places == sorted(places)
    for owners_only in ("Invite somebody", "Names and order", "Check the Zaptec account", "How often Zaptec"):
        assert owners_only not in viewer
    assert "What a kWh costs" in viewer and "What leaves the house" in viewer
    assert "Carla, a viewer: name, password, devices" in viewer
    assert "Something is missing or not allowed? Ask Anna." in viewer
    assert "Something is missing" not in owner


def test_the_log_of_requests_is_folded(household, listed):
    page = household.anna.get("/more").text
    folded = page[page.index("<details>") : page.index("</details>")]
    assert "How often Zaptec is asked" in folded and "the list of chargers" in folded
    assert "the list of chargers" not in page.replace(folded, "")


@pytest.mark.parametrize(
    ("agent", "told", "not_told"),
    [
        ("Mozilla/5.0 (iPhone; CPU)", "iPhone or iPad: tap Share", "Android"),
        ("Mozilla/5.0 (Linux; Android 15)", "On Android: open the browser’s menu", "iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "On a PC: bookmark the page. On an iPhone", "nothing"),
    ],
)
def test_it_says_how_to_keep_the_page_at_hand_on_this_device(household, agent, told, not_told):
    page = words_of(household.carla.get("/more", headers={"User-Agent": agent}))
    assert told in page and not_told not in page
