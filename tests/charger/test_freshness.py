"""One question to Zaptec for everybody who looks: how old a snapshot may be, and how long a look waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard import background
from dashboard.card import page as card_page
from dashboard.charger import chargers
from dashboard.charger.chargers import all_chargers
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    act,
    house_of,
    htmx,
    page,
    pass_time,
    seen,
    sentence,
    situation_of,
    tick,
    words_of,
)
from tests.real_server import wait_until
from zaptec.answers import Listing

pytestmark = pytest.mark.one_database


def questions(cloud: Cloud) -> list[str]:
    """What was asked about the chargers; the history asks for sessions at a pace of its own."""
    asked = [one.path.split("?")[0].split("/")[-1] for one in cloud.requests]
    return [one for one in asked if one not in ("archived", "chargehistory")]


# Who looks, and how often Zaptec is asked.


@pytest.mark.parametrize("viewers", [1, 50])
def test_fifty_viewers_ask_what_one_does(
    household: Household, charger: SimulatedCharger, cloud: Cloud, viewers: int
) -> None:
    pages_seen = [page(charger)] * viewers
    for _ in range(12):  # a minute, each page asking us every 5 s
        household.clock.advance(seconds=5)
        for number, address in enumerate(pages_seen):
            answer = htmx(household.carla, address)
            pages_seen[number] = seen(answer) if answer.status_code == 200 else address
    assert questions(cloud) == ["state"] * 4


def test_fifty_at_the_same_moment_ask_once(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    household.clock.advance(seconds=15)
    cloud.be_slow(0.2)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: htmx(household.carla, page(charger)).status_code, range(50)))
    assert answers == [200] * 50
    assert questions(cloud) == ["state"]


def test_nobody_looking_nobody_asks(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    pass_time(household, 1200, step=10)
    assert questions(cloud) == []


def test_while_charging_news_may_be_15_s_old(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    household.clock.advance(seconds=14)
    household.anna.get(page(charger))
    assert questions(cloud) == []
    household.clock.advance(seconds=1)
    household.anna.get(page(charger))
    assert questions(cloud) == ["state"]


def test_otherwise_it_may_be_a_minute_old(household: Household, charger: SimulatedCharger, cloud: Cloud) -> None:
    charger.unplug()
    household.clock.advance(seconds=15)
    household.anna.get(page(charger))
    cloud.forget_requests()
    household.clock.advance(seconds=59)
    household.anna.get(page(charger))
    assert questions(cloud) == []
    household.clock.advance(seconds=1)
    household.anna.get(page(charger))
    assert questions(cloud) == ["state"]


def test_two_processes_share_one_question(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    other = make_app(settings)
    cookie = household.ben.get_cookie("household")
    assert cookie is not None
    ben = other.test_client()
    ben.set_cookie("household", cookie.value)
    household.clock.advance(seconds=20)
    first, second = household.anna.get(page(charger)), ben.get(page(charger))
    assert questions(cloud) == ["state"]
    assert sentence(first) == sentence(second)


def test_the_list_is_read_once_by_processes_that_start_together(
    household: Household, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    for app in (household.app, make_app(settings), make_app(settings)):
        tick(app)
    assert cloud.asked("chargers") == 1


def test_the_list_is_read_hourly_while_somebody_looks(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    pass_time(household, 7200, step=60)
    assert cloud.asked("chargers") == 0
    htmx(household.carla, page(charger))
    assert cloud.asked("chargers") == 1
    for _ in range(59):
        household.clock.advance(seconds=60)
        htmx(household.carla, page(charger))
    assert cloud.asked("chargers") == 1
    household.clock.advance(seconds=60)
    htmx(household.carla, page(charger))
    assert cloud.asked("chargers") == 2


def test_the_list_is_read_anew_at_a_start(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    household.clock.advance(seconds=600)
    cloud.add_charger("New one")
    tick(make_app(settings))
    assert "New one" in words_of(household.anna.get("/"))


# Waiting.


def test_a_first_look_shows_what_is_there_and_then_the_news(
    household: Household, cloud: Cloud, threads: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "A_PAGE_WAITS_S", 0.1)
    cloud.forget_charger(cloud.chargers[1].id)
    tick(household.app)
    wait_until(lambda: charger(household), "it never came")
    cloud.be_slow(3600, path_contains="/state")
    answer = household.anna.get("/")
    assert situation_of(answer) == "no_data"
    assert sentence(answer) == "Asking Zaptec…"
    assert 'data-every="1"' in answer.text
    assert "<button" not in act(answer)
    cloud.heal()
    house_of(household.app).background.stop()
    answer = htmx(household.anna, seen(answer))
    assert answer.status_code == 200
    assert situation_of(answer) == "disconnected"


def charger(household: Household) -> bool:
    with household.database.reading() as connection:
        return bool(all_chargers(connection))


def test_several_chargers_are_waited_for_together(
    household: Household, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each first look waits a second at most; the page of all of them does, too."""
    waits: list[tuple[int, float]] = []

    def wait(questions: list[object], timeout: float) -> None:
        waits.append((len(questions), timeout))

    tick(household.app)
    monkeypatch.setattr(card_page, "wait_for_futures", wait)
    household.anna.get("/")
    assert waits == [(2, 1.0)]


def test_a_list_that_somebody_else_has_just_read_is_not_asked_for_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud, make_app: MakeApp, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The closest race there is: it was found due before the other process had its answer."""
    household.clock.advance(seconds=3600)
    house, other = house_of(household.app), house_of(make_app(settings))
    is_due = chargers._is_due

    def found_due_before_the_other(*args: Any) -> bool:
        was_due = is_due(*args)
        monkeypatch.undo()
        chargers.read_list(other)
        return was_due

    monkeypatch.setattr(chargers, "_is_due", found_due_before_the_other)
    assert not chargers.read_list(house)
    assert cloud.asked("chargers") == 1
    household.clock.advance(seconds=3600)
    assert chargers.read_list(house)  # nobody holds the lease


def test_an_entry_of_the_list_that_cannot_be_read_takes_no_charger_away(
    household: Household, charger: SimulatedCharger, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(household.app)
    monkeypatch.setattr(house.account.client, "chargers", lambda: Listing([], unread=1))
    chargers.read_list(house, force=True)
    assert "Pause charging" in act(household.anna.get(page(charger)))
    monkeypatch.setattr(house.account.client, "chargers", lambda: Listing([], unread=0))
    chargers.read_list(house, force=True)
    assert "no longer in the account" in act(household.anna.get(page(charger)))


def test_rights_that_were_given_are_noticed_within_two_minutes_while_somebody_looks(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    """By the list of chargers: as long as it says that the account may not, the state is not asked for."""
    cloud.give_role(charger, 1)
    chargers.read_list(house_of(household.app), force=True)
    cloud.forget_requests()
    for _ in range(60):
        household.clock.advance(seconds=5)
        htmx(household.anna, page(charger))
    assert cloud.asked("state") == 0
    assert cloud.asked("chargers") == 2
    cloud.give_role(charger, 3)
    for _ in range(25):
        household.clock.advance(seconds=5)
        htmx(household.anna, page(charger))
    assert situation_of(household.anna.get(page(charger))) == "charging"


@pytest.mark.parametrize("number", [711, 712])
def test_a_charger_that_does_not_listen_is_asked_as_often_while_it_charges(
    household: Household, charger: SimulatedCharger, cloud: Cloud, number: int
) -> None:
    charger.set_value(number, "0" if number == 711 else "1")
    household.clock.advance(seconds=15)
    household.anna.get(page(charger))
    cloud.forget_requests()
    household.clock.advance(seconds=15)
    household.anna.get(page(charger))
    assert questions(cloud) == ["state"]
