"""`/more`: names and order of the chargers, light or dark, and what the account at Zaptec may do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from dashboard.background import Threads
from dashboard.charger import chargers, snapshots
from dashboard.history import fetching
from dashboard.history.tables import history_source
from dashboard.plan.tables import weekly_plan
from tests.conftest import words_of


@pytest.fixture
def threads(household):
    """What runs in the background really does."""
    services = household.app.extensions["services"]
    services.background = Threads(household.app.app_context)
    yield
    services.background.stop()


@pytest.fixture
def listed(household, cloud):
    """The household's two chargers, as the dashboard has read them from the account."""
    services = household.app.extensions["services"]
    with household.app.app_context():
        chargers.read_list(services)
    return cloud.chargers


def test_an_owner_names_and_orders_the_chargers(household, listed):
    first, second = listed
    form = {
        f"name-{first.id}": "  Mum's   place ",
        f"place-{first.id}": "2",
        f"name-{second.id}": "",
        f"place-{second.id}": "1",
    }
    assert household.anna.post("/more/chargers", data=form).status_code == 303
    page = words_of(household.carla.get("/"))
    assert page.index(second.name) < page.index("Mum's place")
    assert "renamed the charger Carport to Mum's place" in words_of(household.anna.get("/activity"))
    with household.app.app_context(), household.database.reading() as connection:
        assert [one.id for one in chargers.all_chargers(connection)] == [second.id, first.id]


def test_saving_only_the_order_keeps_following_the_names_at_zaptec(household, listed):
    first, second = listed
    form = {f"name-{first.id}": first.name, f"place-{first.id}": "2", f"name-{second.id}": second.name}
    household.anna.post("/more/chargers", data=form | {f"place-{second.id}": "1"})
    assert "renamed" not in words_of(household.anna.get("/activity"))
    first.name = "North  wall"
    with household.app.app_context():
        chargers.read_list(household.app.extensions["services"], force=True)
    assert "North wall" in words_of(household.carla.get("/"))
    household.anna.post("/more/chargers", data={f"name-{first.id}": "North wall"})
    assert "renamed" not in words_of(household.anna.get("/activity"))
    household.anna.post("/more/chargers", data={f"name-{first.id}": "Ours"})
    household.anna.post("/more/chargers", data={f"name-{first.id}": ""})
    assert "renamed the charger Ours to North wall" in words_of(household.anna.get("/activity"))


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


def test_the_first_charger_is_what_the_pause_bookmark_opens(household, listed, clock):
    first, second = listed
    household.anna.post("/more/chargers", data={f"place-{first.id}": "2", f"place-{second.id}": "1"})
    assert second.name in words_of(household.ben.get("/pause"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("x" * 200, "This name is too long: at most 40 characters."), ("bell\x07", "characters that cannot be seen")],
)
def test_a_name_that_cannot_be_shown_is_refused_and_kept_in_the_form(household, listed, name, sentence):
    answer = household.anna.post("/more/chargers", data={f"name-{listed[1].id}": name})
    assert answer.status_code == 400
    assert sentence in words_of(answer)
    field = re.search(rf'<input name="name-{listed[1].id}"[^>]*>', answer.text)[0]
    assert f'value="{name}"' in field
    assert 'autofocus="" aria-invalid="true" aria-describedby="problem"' in field
    assert answer.text.count("autofocus") == 1
    assert listed[1].name in words_of(household.anna.get("/"))


@pytest.mark.parametrize("place", ["9" * 5000, "-1", "x", ""])
def test_a_place_that_cannot_be_read_is_no_mistake(household, listed, place):
    answer = household.anna.post("/more/chargers", data={f"place-{listed[0].id}": place})
    assert answer.status_code == 303


@pytest.mark.parametrize("address", ["/account", "/more/chargers", "/invitations/TOKEN", "/login"])
def test_no_browser_cuts_a_name_short_before_it_can_be_refused(household, listed, address):
    page = household.anna.post("/household", data={"role": "member"}).text
    token = re.search(r"/invitations/([\w-]+)", page)[1]
    browser = household.stranger if address in ("/login", "/invitations/TOKEN") else household.anna
    page = browser.get(address.replace("TOKEN", token))
    assert page.status_code == 200 and "maxlength" not in page.text


def test_only_owners_arrange_chargers_and_check_the_account(household, listed):
    for client in (household.ben, household.carla):
        assert client.get("/more/chargers").status_code == 403
        assert client.post("/more/chargers", data={}).status_code == 403
        assert client.get("/more/account").status_code == 403


def test_the_account_check_says_that_nothing_stands_in_the_way(household, listed):
    page = words_of(household.anna.get("/more/account"))
    assert "The account has owner rights." in page
    assert "Its state can be read." in page


def test_the_account_check_names_what_stands_in_the_way(household, listed, cloud):
    first, second = listed
    first.stand_alone(True)
    first.limit_current(0)
    cloud.take_role_away(second)
    page = words_of(household.anna.get("/more/account"))
    assert "Pause and resume may have no effect while it runs without Zaptec." in page
    assert "The limit is 0 A; a car needs at least 6 A to charge." in page
    assert "The account has user rights only. Ask whoever owns the charger for owner or service rights." in page


def test_the_account_check_says_why_nothing_can_be_found(household, listed, cloud):
    cloud.go_down()
    assert "Zaptec has trouble and cannot answer." in words_of(household.anna.get("/more/account"))


def test_trying_again_does_not_wait_for_a_slow_zaptec(household, listed, cloud, threads):
    cloud.be_slow(3)
    page = words_of(household.anna.post("/more/try-again", follow_redirects=True))
    assert "Asking Zaptec… Look again in a moment." in page
    cloud.heal()


def test_the_account_check_does_not_wait_for_a_slow_zaptec_and_is_made_once(household, listed, cloud, threads):
    cloud.forget_requests()
    cloud.be_slow(3)
    page = words_of(household.anna.get("/more/account"))
    assert "Asking Zaptec… Look again in a moment." in page
    cloud.heal()
    while "Asking Zaptec…" in page:
        page = words_of(household.anna.get("/more/account"))
    assert page.count("Its state can be read.") == 2
    assert cloud.asked("chargers") == 1
    assert "Its state can be read." in words_of(household.anna.get("/more/account"))
    assert cloud.asked("chargers") == 2  # what was shown is not shown again


def test_light_or_dark_is_remembered_by_the_browser(household):
    assert 'data-scheme="dark"' not in household.carla.get("/more").text
    household.carla.post("/more", data={"scheme": "dark"})
    assert 'data-scheme="dark"' in household.carla.get("/more").text
    household.carla.post("/more", data={"scheme": ""})
    assert "data-scheme" not in household.carla.get("/more").text


def test_owners_see_how_often_zaptec_was_asked(household, listed):
    page = words_of(household.anna.get("/more"))
    assert "the list of chargers" in page
    assert "Asked since 01:00: 3 times." in page  # midnight in UTC, by which it is counted
    assert "Asked since" not in words_of(household.ben.get("/more"))
    household.clock.advance(seconds=6 * 3600 + 1800)  # 00:30: the count began on the day before
    assert "Asked since yesterday 01:00" in words_of(household.anna.get("/more"))


def test_owners_see_what_is_asked_though_nobody_looks(household, listed):
    first, second = listed
    services = household.app.extensions["services"]
    with household.app.app_context():
        snapshots.ask(services, first.id)
        snapshots.ask(services, second.id)
        fetching.fetch_if_due(services)  # begins with the present month
    page = words_of(household.anna.get("/more"))
    assert f"{first.name}: the sessions of earlier months" in page
    assert "its state, for the plan" not in page
    with household.database.writing() as connection:
        connection.execute(
            insert(weekly_plan).values(
                charger_id=first.id, is_on=True, windows="", zone="Europe/Oslo", is_open=False,
                cursor=household.clock.now(), next_at=household.clock.now() + timedelta(hours=5),
            )
        )  # fmt: skip
        connection.execute(
            update(history_source).values(is_filled=True, due_at=household.clock.now() + timedelta(days=1))
        )
    page = words_of(household.anna.get("/more"))
    assert f"18:02:00: {first.name}: its state, for the plan or a timer" in page
    assert f"23:00:00: {first.name}: a change by the plan or a timer" in page
    assert f"tomorrow 18:00: {second.name}: finished sessions" in page
    assert f"{second.name}: its state, for the plan" not in page


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
