"""Several chargers on one account: two houses, some that the account may not command, one that has left it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from dashboard.charger import chargers
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    act,
    alerts,
    house_of,
    htmx,
    in_words,
    page,
    pass_time,
    press,
    seen,
    sentence,
    situation_of,
    tick,
    words_of,
)


@pytest.fixture
def two(household: Household, cloud: Cloud) -> tuple[SimulatedCharger, SimulatedCharger]:
    """Both chargers of the household, both charging, by name."""
    for charger in cloud.chargers:
        charger.plug_in_and_charge()
    household.clock.advance(seconds=60)
    tick(household.app)
    first, second = sorted(cloud.chargers, key=lambda charger: charger.name)
    return first, second


def look_again(household: Household) -> None:
    with household.app.app_context():
        chargers.read_list(house_of(household.app), force=True)
    household.clock.advance(seconds=120)
    household.anna.get("/")


def meant(browser: FlaskClient) -> str:
    """The name of the charger that the bookmark means."""
    found = re.search(r"<strong>(.*?)</strong>", browser.get("/pause").text)
    assert found
    return in_words(found[1])


def names(browser: FlaskClient) -> list[str]:
    return [in_words(name) for name in re.findall(r"<strong>(.*?)</strong>", browser.get("/").text)]


def test_the_bookmark_means_a_charger_that_the_account_may_command(
    household: Household, cloud: Cloud, two: tuple[SimulatedCharger, SimulatedCharger]
) -> None:
    first, second = two
    assert meant(household.ben) == first.name
    cloud.give_role(first, 1)
    look_again(household)
    assert meant(household.ben) == second.name
    household.ben.post("/pause")
    assert (first.commands, second.commands) == ([], [506])
    assert meant(household.carla) == first.name  # she can act on none, so the first of all is meant


def test_the_bookmark_passes_over_a_charger_whose_state_zaptec_has_just_refused(
    household: Household, cloud: Cloud, two: tuple[SimulatedCharger, SimulatedCharger]
) -> None:
    """Before the next list of chargers says so as well."""
    first, second = two
    cloud.give_role(first, 1)
    household.clock.advance(seconds=61)
    household.anna.get("/")
    assert meant(household.anna) == second.name


def test_where_the_account_may_command_none_the_first_of_all_is_meant(
    household: Household, cloud: Cloud, two: tuple[SimulatedCharger, SimulatedCharger]
) -> None:
    cloud.take_role_away()
    look_again(household)
    answer = household.anna.get("/pause")
    assert meant(household.anna) == two[0].name
    assert situation_of(answer) == "no_access"


def test_a_charger_that_was_swapped_comes_last_in_the_past_tense_without_buttons(
    household: Household, cloud: Cloud, two: tuple[SimulatedCharger, SimulatedCharger]
) -> None:
    first, second = two
    assert names(household.anna) == [first.name, second.name]
    cloud.forget_charger(first.id)
    look_again(household)
    assert names(household.anna) == [second.name, first.name]
    answer = household.anna.get(page(first))
    assert sentence(answer) == "Was charging at 18:01"
    assert alerts(answer) == ""  # it is said in the place of the button
    assert "no longer in the account" in in_words(act(answer))
    card = answer.text.split("<article")[1].split("</article>")[0]
    assert re.findall(r"<button[^>]*>(.*?)<", card) == ["Put away"]
    assert "<button" not in household.ben.get(page(first)).text.split("<article")[1].split("</article>")[0]
    assert "Nothing planned" not in card
    assert meant(household.anna) == second.name
    assert "no longer in the account" in words_of(press(household.anna, first, "pause"))
    assert first.commands == []


def test_an_owner_puts_a_swapped_charger_away_and_takes_it_back(
    household: Household, cloud: Cloud, two: tuple[SimulatedCharger, SimulatedCharger]
) -> None:
    first, second = two
    address = page(first, "put-away")
    household.anna.post(address)
    assert names(household.anna) == [first.name, second.name]  # it has not left the account
    cloud.forget_charger(first.id)
    look_again(household)
    assert [browser.post(address).status_code for browser in (household.ben, household.carla)] == [403, 403]
    assert household.anna.post(address).location == page(first)
    assert names(household.anna) == [second.name]
    assert "Show it again" in household.anna.get(page(first)).text  # its own address stays
    household.anna.post(address, data={"do": "back"})
    assert names(household.anna) == [second.name, first.name]
    household.anna.post(address)
    cloud.chargers.append(first)
    look_again(household)
    assert sorted(names(household.anna)) == sorted([first.name, second.name])  # the account has it again


def test_each_card_tells_times_in_its_own_chargers_zone(
    make_app: MakeApp, settings: Settings, household: Household, cloud: Cloud
) -> None:
    away = cloud.add_installation("Cabin", "Europe/Helsinki")
    cabin = cloud.add_charger("Cabin", installation=away)
    for charger in cloud.chargers:
        charger.plug_in_and_charge()
    app = make_app(replace(settings, time_zone=""))
    tick(app)
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    anna = app.test_client()
    anna.set_cookie("household", cookie.value)
    anna.get("/")
    for charger, time in ((cloud.charger, "18:00"), (cabin, "19:00")):
        for address in (page(charger), page(charger, "pause")):
            answer = words_of(anna.get(address))
            assert f"since {time}" in answer and f"as of {time}:00" in answer
        anna.post(page(charger, "pause"))
        assert f"Anna asked to pause it at {time}." in words_of(anna.get(page(charger)))
        assert f"As of {time}" in words_of(anna.get(page(charger, "observations")))
    assert re.findall(r"as of <time [^>]*>([\d:]+)<", anna.get("/").text) == ["19:00:00", "18:00:00", "18:00:00"]


def test_with_a_zone_in_the_settings_all_go_by_it(
    make_app: MakeApp, settings: Settings, household: Household, cloud: Cloud
) -> None:
    away = cloud.add_installation("Cabin", "Europe/Helsinki")
    cabin = cloud.add_charger("Cabin", installation=away)
    tick(household.app)
    assert "as of 18:00:00" in words_of(household.anna.get(page(cabin)))


def test_what_can_be_pressed_comes_first_and_a_charger_without_a_car_is_one_line(
    household: Household, cloud: Cloud, two: tuple[SimulatedCharger, SimulatedCharger]
) -> None:
    first, second = two
    first.unplug()
    household.clock.advance(seconds=61)
    household.anna.get("/")
    answer = household.anna.get("/")
    assert names(household.anna) == [second.name, first.name]
    assert [" data-line" in tag for tag in re.findall(r"<article[^>]*>", answer.text)] == [False, True]
    line = answer.text.split("<article")[2].split("</article>")[0]
    assert in_words("<p" + line) == f"{first.name} No car plugged in as of 18:02:01"
    cloud.forget_charger(first.id)
    look_again(household)
    assert " data-line" not in household.anna.get("/").text  # there is more to say: it has left the account


def test_several_chargers_are_cards_on_the_first_page(household: Household, cloud: Cloud) -> None:
    tick(household.app)
    answer = household.anna.get("/")
    assert answer.text.count("<article") == 2
    assert [one in words_of(answer) for one in ("Carport", "Guest place")] == [True, True]
    for one in cloud.chargers:
        assert f'href="{page(one)}"' in answer.text


def test_a_card_among_several_stays_compact_when_it_is_refreshed(household: Household, cloud: Cloud) -> None:
    tick(household.app)
    address = seen(household.anna.get("/"))
    household.clock.advance(seconds=61)
    htmx(household.anna, address)
    answer = htmx(household.anna, address)
    assert 'class="charger compact"' in answer.text
    assert "<h2" in answer.text


def test_a_press_on_a_card_among_several_keeps_it_compact(household: Household, cloud: Cloud) -> None:
    tick(household.app)
    cloud.charger.plug_in_and_charge()
    household.clock.advance(seconds=300)
    household.anna.get("/")
    household.anna.post(page(cloud.charger, "pause"), data={"compact": "1"})
    pass_time(household, 10)
    form = household.anna.get("/").text.split('<div class="act">')[1].split("</form>")[0]
    assert 'name="compact" value="1"' in form


def test_the_bookmarks_take_the_first_by_the_owners_order_else_by_name(household: Household, cloud: Cloud) -> None:
    from dashboard.charger.chargers import arrange

    tick(household.app)
    carport, guests = cloud.chargers
    assert "Carport" in words_of(household.anna.get("/pause"))
    with household.database.writing() as connection:
        arrange(connection, {carport.id: (2, "Roof"), guests.id: (1, "")})
    assert "Guest place" in words_of(household.anna.get("/pause"))
    first, second = household.anna.get("/").text.split("<article")[1:]
    assert ("Guest place" in first, "Roof" in second) == (True, True)


def test_names_of_the_household_count_in_the_order_by_name(household: Household, cloud: Cloud) -> None:
    from dashboard.charger.chargers import arrange

    tick(household.app)
    with household.database.writing() as connection:
        arrange(connection, {cloud.charger.id: (None, "Zum Hof")})  # type: ignore[dict-item]
    first, second = household.anna.get("/").text.split("<article")[1:]
    assert ("Guest place" in first, "Zum Hof" in second) == (True, True)
