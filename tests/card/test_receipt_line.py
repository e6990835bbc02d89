"""How long a receipt speaks: while what it brought about lasts; one that came to nothing until it was seen."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import update

from dashboard.charger import chargers
from dashboard.charger.tables import charger_table
from simulator import Cloud, SimulatedCharger
from tests.one_charger import (
    Household,
    alerts,
    htmx,
    page,
    pass_time,
    press,
    receipt,
    rows,
    seen,
    words_of,
)


def test_a_receipt_of_yesterday_says_so_and_one_of_long_ago_is_left_to_the_log(
    household: Household, paused: SimulatedCharger
) -> None:
    household.clock.advance(seconds=5 * 3600)  # 23:01 in Oslo
    press(household.ben, paused, "resume")
    pass_time(household, 60)
    address = seen(household.anna.get(page(paused)))
    household.clock.advance(seconds=3600)
    answer = household.anna.get(page(paused))
    assert re.search(r"Ben resumed it yesterday 23:\d\d", receipt(answer))
    assert "yesterday 23:" in words_of(answer).split("Lately")[1]
    address = seen(answer)
    household.clock.advance(seconds=11 * 3600)
    answer = htmx(household.anna, address)
    assert receipt(answer) == ""
    assert "Ben resumed charging" in words_of(answer)


def test_a_receipt_speaks_and_stays_while_it_explains_what_is_so(
    household: Household, charger: SimulatedCharger
) -> None:
    press(household.anna, charger, "pause")
    pass_time(household, 7)
    said = "confirmed: Anna paused it at 18:01. The charger has confirmed."
    assert receipt(household.ben.get(page(charger))) == said
    household.clock.advance(seconds=3600)
    household.ben.get(page(charger))
    assert "Anna paused it at 18:01." in receipt(household.ben.get(page(charger)))
    charger.resume_elsewhere()
    household.clock.advance(seconds=61)
    household.ben.get(page(charger))
    assert receipt(household.ben.get(page(charger))) == ""


def test_a_receipt_goes_with_the_car(household: Household, paused: SimulatedCharger) -> None:
    assert receipt(household.anna.get(page(paused)))
    paused.unplug()
    household.clock.advance(seconds=61)
    household.anna.get(page(paused))
    assert receipt(household.anna.get(page(paused))) == ""


def test_a_press_that_came_to_nothing_is_an_alert_until_whoever_pressed_has_seen_it(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.ben.post(page(charger, "pause"))
    pass_time(household, 60)
    said = "Still charging: the pause did not get through."

    def look(browser: FlaskClient, wait_s: int = 0) -> str:
        household.clock.advance(seconds=wait_s)
        browser.get(page(charger))
        return alerts(browser.get(page(charger)))

    answer = household.ben.get(page(charger))
    assert f"{said} Try again" in alerts(answer)
    assert '<div class="alert" role="alert"' in answer.text
    assert "Try again" not in look(household.carla)
    people = (household.anna, household.ben, household.carla)
    tells = [page(charger, "seen") in browser.get(page(charger)).text for browser in people]
    assert tells == [False, True, False]  # only Ben’s page tells when he has seen it
    number = str(rows(household)[0].id)
    for browser in (household.anna, household.carla):
        assert browser.post(page(charger, "seen"), data={"receipt": number}).status_code == 303
    assert said in look(household.ben, 3600)
    household.ben.post(page(charger, "seen"), data={"receipt": number})
    assert said in look(household.ben, 59)  # it does not go while it is being read
    assert said not in look(household.ben, 1)
    assert receipt(household.ben.get(page(charger))) == ""


def test_that_alert_ends_when_it_is_no_longer_so(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.ben.post(page(charger, "pause"))
    pass_time(household, 60)
    charger.pause_elsewhere()
    household.clock.advance(seconds=600)
    household.ben.get(page(charger))
    assert "get through" not in alerts(household.ben.get(page(charger)))


def test_of_a_charger_that_has_left_the_account_no_press_can_be_tried_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud
) -> None:
    cloud.lose_commands()
    household.ben.post(page(charger, "pause"))
    pass_time(household, 60)
    assert "Try again" in alerts(household.ben.get(page(charger)))
    with household.database.writing() as connection:
        connection.execute(update(charger_table).values(is_listed=False))
        chargers.touch(connection, charger.id)
    answer = household.ben.get(page(charger))
    assert alerts(answer) == "" and "Try again" not in answer.text
