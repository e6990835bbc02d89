"""What a refresh brings: nothing while nothing has changed, else the card; and what is said of old news."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event

from dashboard.charger.tables import account
from dashboard.settings import Settings
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    MakeApp,
    act,
    card_of,
    house_of,
    htmx,
    page,
    pass_time,
    press,
    receipt,
    rows,
    seen,
    sentence,
    since,
    situation_of,
    tick,
    words_of,
)


def questions(cloud: Cloud) -> list[str]:
    """What was asked about the chargers; the history asks for sessions at a pace of its own."""
    asked = [one.path.split("?")[0].split("/")[-1] for one in cloud.requests]
    return [one for one in asked if one not in ("archived", "chargehistory")]


# Too old.


@pytest.mark.parametrize(("is_charging", "limit_s"), [(True, 90), (False, 180)])
def test_news_too_old_switches_the_button_off_and_says_so(
    household: Household, charger: SimulatedCharger, cloud: Cloud, is_charging: bool, limit_s: int
) -> None:
    if not is_charging:
        charger.pause_elsewhere()
        household.clock.advance(seconds=16)
        household.anna.get(page(charger))
    cloud.go_down()
    household.clock.advance(seconds=limit_s - 1)
    answer = household.anna.get(page(charger))
    assert "disabled" not in act(answer)
    assert "data-old" not in card_of(answer)
    household.clock.advance(seconds=1)
    answer = household.anna.get(page(charger))
    assert "disabled" in act(answer)
    assert "data-old" in card_of(answer)
    assert "The news from the charger is too old to act on" in words_of(answer)
    assert receipt(answer) == ""  # it explained what was so then
    assert situation_of(answer) == ("charging" if is_charging else "paused")  # the last known state stays
    assert sentence(answer) == ("Was charging at 18:01" if is_charging else "Was paused at 18:01")
    assert 'data-tone="unsure"' in card_of(answer)  # grey, and nothing moves
    cloud.heal()
    household.clock.advance(seconds=61)
    assert "disabled" not in act(household.anna.get(page(charger)))


# The version.


def test_a_refresh_that_finds_nothing_new_is_empty(household: Household, charger: SimulatedCharger) -> None:
    address = seen(household.anna.get(page(charger)))
    assert address.startswith(f"{page(charger)}?seen=")
    answer = htmx(household.anna, address)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_a_kept_card_names_what_its_bytes_depend_on(
    household: Household, charger: SimulatedCharger, accepted: str
) -> None:
    headers = {"HX-Request": "true", "Accept-Encoding": accepted}
    for _again in range(2):
        answer = household.anna.get(page(charger), headers=headers)
        assert answer.status_code == 200
        assert {"HX-Request", "Accept-Encoding"} <= set(answer.vary)
        assert answer.headers.get("Content-Encoding", "") == accepted


def test_an_unchanged_refresh_still_lets_zaptec_be_asked(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    address = seen(household.anna.get(page(charger)))
    household.clock.advance(seconds=15)
    assert htmx(household.anna, address).status_code == 204
    assert questions(cloud) == ["state"]
    answer = htmx(household.anna, address)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<article")
    assert htmx(household.anna, seen(answer)).status_code == 204


def test_whatever_changes_the_card_changes_its_version(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    def brings_news() -> bool:
        nonlocal address
        answer = htmx(household.anna, address)
        if answer.status_code == 200:
            address = seen(answer)
        return answer.status_code == 200

    address = seen(household.anna.get(page(charger)))
    assert not brings_news()
    press(household.ben, charger, "pause")  # a receipt
    assert brings_news()
    pass_time(household, 7)  # its end
    assert brings_news()
    assert not brings_news()
    household.clock.advance(seconds=55)
    assert not brings_news()
    household.clock.advance(seconds=5)
    assert not brings_news()  # asked now; the news shows with the next
    assert brings_news()
    cloud.go_down()
    household.clock.advance(seconds=60)
    assert not brings_news()  # asked now; the failure shows with the next
    assert brings_news()
    household.clock.advance(seconds=119)
    brings_news()
    brings_news()
    household.clock.advance(seconds=1)  # too old
    assert brings_news()
    assert rows(household)[0].outcome == "confirmed"


def test_at_midnight_today_becomes_yesterday_without_any_news(
    household: Household, paused: SimulatedCharger, cloud: Cloud
) -> None:
    here = household.clock.now().astimezone(ZoneInfo("Europe/Oslo"))
    household.clock.advance(seconds=((23 - here.hour) * 60 + 59 - here.minute) * 60 + 40 - here.second)
    household.anna.get(page(paused))
    answer = household.anna.get(page(paused))
    assert since(answer).startswith("since 18:")
    address, asked = seen(answer), questions(cloud)
    assert htmx(household.anna, address).status_code == 204
    household.clock.advance(seconds=20)
    assert since(htmx(household.anna, address)).startswith("since yesterday 18:")
    assert questions(cloud) == asked


def test_the_version_depends_on_the_role(household: Household, charger: SimulatedCharger) -> None:
    address = seen(household.anna.get(page(charger)))
    for browser in (household.ben, household.carla):
        assert htmx(browser, address).status_code == 200


def test_a_new_name_of_whom_to_ask_reaches_the_pages_that_are_open(
    household: Household, charger: SimulatedCharger
) -> None:
    address = seen(household.carla.get(page(charger)))
    household.anna.post("/account/name", data={"name": "Anne"})
    answer = htmx(household.carla, address)
    assert answer.status_code == 200
    assert "Ask Anne for control." in words_of(answer)


def test_what_owners_are_told_of_the_dashboard_itself_comes_and_goes_at_once(
    household: Household, charger: SimulatedCharger
) -> None:
    def says(words: str) -> bool:
        nonlocal address
        answer = htmx(household.anna, address)
        assert answer.status_code == 200
        address = seen(answer)
        return words in words_of(answer)

    services = house_of(household.app)
    address = seen(household.anna.get(page(charger)))
    with services.database.writing() as connection:
        connection.execute(account.update().values(skew_s=120.0))
    assert says("120 s away from Zaptec’s")
    with services.database.writing() as connection:
        connection.execute(account.update().values(skew_s=0.0))
    assert not says("away from Zaptec’s")
    household.anna.get("/", headers={"X-Forwarded-For": "192.0.2.1"})
    assert says("TRUSTED_PROXIES")
    household.clock.advance(seconds=86_400)
    assert not says("TRUSTED_PROXIES")
    services.zones = lambda charger_id=None: None
    assert says("The time zone is not known")
    assert htmx(household.anna, address).status_code == 204


def test_a_page_opened_for_an_action_before_the_news_came_gives_its_button_the_focus_then(
    household: Household, cloud: Cloud
) -> None:
    cloud.charger.plug_in_and_charge()
    cloud.clock.advance(seconds=60)
    tick(household.app)
    cloud.go_down()
    early = household.anna.get("/pause")
    assert "<button" not in act(early)
    cloud.heal()
    household.clock.advance(seconds=60)
    htmx(household.anna, seen(early))  # asks
    answer = htmx(household.anna, seen(early))
    assert " autofocus" in act(answer)
    household.clock.advance(seconds=15)
    htmx(household.anna, seen(answer))
    again = htmx(household.anna, seen(answer))
    assert again.status_code == 200
    assert " autofocus" not in act(again)  # it would take the focus from wherever that is by then


def test_a_page_without_htmx_is_always_whole(household: Household, charger: SimulatedCharger) -> None:
    address = seen(household.anna.get(page(charger)))
    answer = household.anna.get(address)
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")


def test_a_refresh_of_the_pause_page_stays_one(household: Household, charger: SimulatedCharger) -> None:
    address = seen(household.anna.get(page(charger, "pause")))
    assert address.startswith(page(charger, "pause"))
    household.clock.advance(seconds=20)
    htmx(household.anna, address)
    answer = htmx(household.anna, address)
    assert "This stops the charging at Carport until somebody resumes it." in words_of(answer)


# Chargers that must not be asked.


def test_a_charger_without_access_is_not_asked_for_its_state(household: Household, cloud: Cloud) -> None:
    cloud.take_role_away()
    cloud.forget_charger(cloud.chargers[1].id)
    tick(household.app)
    for _ in range(20):
        household.clock.advance(seconds=5)
        answer = household.anna.get("/")
        htmx(household.anna, seen(answer))
    assert cloud.asked("state") == 0


def test_a_narrowed_dashboard_shows_and_answers_only_what_is_named(
    household: Household, cloud: Cloud, make_app: MakeApp, settings: Settings
) -> None:
    tick(household.app)
    named, other = cloud.chargers[1], cloud.chargers[0]
    app: Flask = make_app(replace(settings, charger_ids=(named.id,)))
    cookie = household.anna.get_cookie("household")
    assert cookie is not None
    anna = app.test_client()
    anna.set_cookie("household", cookie.value)
    answer = anna.get("/")
    assert "Guest place" in words_of(answer)
    assert "Carport" not in words_of(answer)
    for address in (page(other), page(other, "pause"), page(other, "observations.txt"), page(other, "restart")):
        assert anna.get(address).status_code == 404
    assert htmx(anna, page(other)).status_code == 404
    assert anna.post(page(other, "pause")).status_code == 404
    assert anna.get("/pause").status_code == 200
    assert cloud.asked("command") == 0


def test_a_page_takes_the_card_that_was_rendered_for_its_version(
    household: Household, charger: SimulatedCharger
) -> None:
    first = household.anna.get(page(charger))
    asked: list[str] = []
    count = event.listens_for(household.database.engine, "before_cursor_execute")
    count(lambda _connection, _cursor, statement, *_rest: asked.append(statement))
    again = household.anna.get("/")
    assert card_of(again) == card_of(first)
    assert len(asked) <= 5, asked
    assert "Pause charging" not in household.carla.get("/").text  # another role's is another card


def test_the_button_takes_the_focus_on_the_page_of_its_action_and_in_no_refresh(
    household: Household, charger: SimulatedCharger
) -> None:
    for _again in range(2):
        opened = household.anna.get(page(charger, "pause"))
        assert "autofocus" in card_of(opened)
        refreshed = htmx(household.anna, seen(opened).split("?")[0])
        assert "autofocus" not in refreshed.text and refreshed.status_code == 200
        assert "autofocus" not in household.anna.get(page(charger)).text
