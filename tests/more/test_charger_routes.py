"""`/more/chargers`: the household's names and order, and putting away what has left the account."""

from __future__ import annotations

import re

import pytest

from dashboard.charger import chargers
from tests.conftest import words_of


def test_an_owner_names_and_orders_the_chargers(household, listed):
    first, second = listed
    form = {f"name-{first.id}": "  Mum's   place ", f"name-{second.id}": "", "move": f"down-{first.id}"}
    answer = household.anna.post("/more/chargers", data=form)
    assert (answer.status_code, answer.location) == (303, f"/more/chargers#charger-{first.id}")
    page = words_of(household.carla.get("/"))
    assert page.index(second.name) < page.index("Mum's place")
    assert "renamed the charger Carport to Mum's place" in words_of(household.anna.get("/activity"))
    with household.app.app_context(), household.database.reading() as connection:
        assert [charger.id for charger in chargers.all_chargers(connection)] == [second.id, first.id]


def test_saving_only_the_order_keeps_following_the_names_at_zaptec(household, listed):
    first, second = listed
    form = {f"name-{first.id}": first.name, f"name-{second.id}": second.name}
    household.anna.post("/more/chargers", data=form | {"move": f"up-{second.id}"})
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


def test_the_first_charger_is_what_the_pause_bookmark_opens(household, listed, clock):
    _first, second = listed
    household.anna.post("/more/chargers", data={"move": f"up-{second.id}"})
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


def test_each_charger_moves_up_or_down_but_not_off_the_list(household, listed):
    first, second = listed
    page = words_of(household.anna.get("/more/chargers"))
    assert re.findall(rf"(?:Up|Down) \((?:{first.name}|{second.name})\)", page) == [
        f"Down ({first.name})",
        f"Up ({second.name})",
    ]
    for move in (f"up-{first.id}", f"down-{second.id}", "up-nobody", f"off-{first.id}", "up", "9" * 5000, ""):
        assert household.anna.post("/more/chargers", data={"move": move}).status_code == 303
        with household.app.app_context(), household.database.reading() as connection:
            assert [charger.id for charger in chargers.all_chargers(connection)] == [first.id, second.id]


def test_the_return_key_in_a_name_saves_and_moves_nothing(household, listed):
    page = household.anna.get("/more/chargers").text
    first_button = re.search(r"<button[^>]*>", page)[0]
    assert "hidden" in first_button and "move" not in first_button


@pytest.mark.parametrize("address", ["/account", "/more/chargers", "/invitations/TOKEN", "/login"])
def test_no_browser_cuts_a_name_short_before_it_can_be_refused(household, listed, address):
    page = household.anna.post("/household", data={"role": "member"}).text
    token = re.search(r"/invitations/([\w-]+)", page)[1]
    browser = household.stranger if address in ("/login", "/invitations/TOKEN") else household.anna
    page = browser.get(address.replace("TOKEN", token))
    assert page.status_code == 200 and "maxlength" not in page.text


@pytest.fixture
def left(household, listed, cloud):
    """The household's first charger, which the account has lost to its second."""
    gone = listed[0]
    cloud.forget_charger(gone.id)
    with household.app.app_context():
        chargers.read_list(household.app.extensions["services"], force=True)
    return gone


def test_what_has_left_the_account_comes_last_and_an_owner_puts_it_away(household, left, cloud):
    other = cloud.chargers[0]
    page = words_of(household.carla.get("/"))
    assert page.index(other.name) < page.index(left.name)
    page = household.anna.get("/more/chargers")
    assert f"Put {left.name} away" in words_of(page)
    assert f"Put {other.name} away" not in words_of(page)
    form = {"next": "/more/chargers"}
    assert household.ben.post(f"/chargers/{left.id}/put-away", data=form).status_code == 403
    answer = household.anna.post(f"/chargers/{left.id}/put-away", data=form)
    assert answer.location == "/more/chargers"
    assert left.name not in words_of(household.carla.get("/"))
    assert left.name not in words_of(household.carla.get("/more"))
    assert household.carla.get(f"/chargers/{left.id}").status_code == 200  # bookmarks are for ever


def test_what_was_put_away_is_shown_again(household, left):
    household.anna.post(f"/chargers/{left.id}/put-away")
    page = household.anna.get("/more/chargers")
    assert f"Show {left.name} again" in words_of(page)
    [hidden] = re.findall(r'<input type="hidden" name="do" value="(\w+)">', page.text)
    answer = household.anna.post(f"/chargers/{left.id}/put-away", data={"do": hidden, "next": "//evil.example"})
    assert answer.location == f"/chargers/{left.id}"
    assert left.name in words_of(household.carla.get("/"))
