"""Whose charge it was: said once for a card, a charger or a month, and not at all in a home of one."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from dashboard.charger import chargers
from dashboard.history.booking import OBSERVATION
from dashboard.history.tables import charge_session, usual_person
from dashboard.household.tables import member_table
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, number_of, services_of, session

ANNA, BEN, CARLA, GUEST = 1, 2, 3, 0
CHARGER = "11111111-2222-4333-8444-555555555555"
FOB = {"user_name": "Example Driver", "token_name": "Key fob"}


@pytest.fixture
def listed(household: Household, cloud: Cloud) -> Household:
    """A household that knows its chargers."""
    with household.app.app_context():
        chargers.read_list(services_of(household.app))
    return household


def whose(household: Household) -> dict[str, int | None]:
    """Whose each session is, by its id at Zaptec."""
    with household.database.reading() as connection:
        rows = connection.execute(select(charge_session.c.zaptec_id, charge_session.c.person_id))
        return {row.zaptec_id: row.person_id for row in rows}


def press(household: Household, label: str, page: str = "/history") -> TestResponse:
    """Ben presses a button of a page, with what its form holds."""
    text = household.ben.get(page).text
    [form] = [form for form in re.findall(r"<form.*?</form>", text, re.S) if f">{label}</button>" in form]
    address = re.search(r'action="([^"]+)"', form)
    assert address
    return household.ben.post(unescape(address[1]), follow_redirects=True)


def usually(household: Household, person: object, **more: str) -> TestResponse:
    form = {"person": str(person)} | more
    return household.ben.post(f"/history/usual/{CHARGER}?month=2026-11", data=form, follow_redirects=True)


def usually_with_card(household: Household, name: str, person: int | str, **more: str) -> TestResponse:
    address = f"/history/sessions/{number_of(household, name)}/usual"
    return household.anna.post(address, data={"person": str(person)} | more, follow_redirects=True)


def test_all_of_a_month_that_nobody_has_claimed_are_mine_with_one_press(household: Household) -> None:
    book(household, [session("one", 2), session("two", 3), session("annas", 4), session("none", 5, is_voided=True)])
    household.anna.post(f"/history/sessions/{number_of(household, 'annas')}/person", data={"person": "1"})
    assert "2 sessions of November 2026 are not assigned." in words_of(household.ben.get("/history?month=2026-11"))
    page = press(household, "All of these are mine", "/history?month=2026-11")
    assert "2 sessions are noted as yours." in words_of(page)
    assert whose(household) == {"one": BEN, "two": BEN, "annas": ANNA, "none": None}
    for missing in ("All of these are mine", "not assigned", "Not assigned"):
        assert missing not in page.text
    assert "Ben noted 2 charges of November 2026 as theirs" in words_of(household.anna.get("/activity"))


def test_another_month_and_another_charger_are_left_alone(listed: Household) -> None:
    later = session("later", 30)
    book(
        listed,
        [session("one", 2), replace(later, start=later.start.replace(month=10), end=later.end.replace(month=10))],
    )
    book(listed, [replace(session("there", 2), charger_id="22222222-2222-4333-8444-555555555555")], charger="b")
    listed.ben.post(f"/history/mine?month=2026-11&charger={CHARGER}")
    assert whose(listed) == {"one": BEN, "later": None, "there": None}


def test_new_sessions_at_a_charger_are_whose_they_usually_are(listed: Household) -> None:
    book(listed, [session("before", 2)])
    page = words_of(usually(listed, CARLA))
    assert "Noted: Carla. New sessions are assigned at once." in page
    book(listed, [session("new", 3)])
    assert whose(listed) == {"before": None, "new": CARLA}
    assert 'value="3" selected' in listed.ben.get("/history").text
    book(listed, [session("before", 2, energy_kwh=None)])  # a correction is not new
    assert whose(listed)["before"] is None
    assert "nobody is assumed" in words_of(usually(listed, ""))
    book(listed, [session("newest", 4)])
    assert whose(listed) == {"before": None, "new": CARLA, "newest": None}


def test_what_is_not_assigned_so_far_is_given_along_where_that_is_ticked(listed: Household) -> None:
    book(listed, [session("one", 2), session("two", 3)])
    listed.ben.post(f"/history/sessions/{number_of(listed, 'two')}/person", data={"person": "0"})
    assert "Also the sessions so far that are not assigned" in words_of(listed.ben.get("/history"))
    assert "1 session was assigned too." in words_of(usually(listed, ANNA, open="yes"))
    assert whose(listed) == {"one": ANNA, "two": GUEST}
    assert "Also the sessions" not in words_of(listed.ben.get("/history"))


def test_a_card_goes_before_the_charger_and_what_somebody_said_before_both(listed: Household) -> None:
    book(listed, [session("card", 2, **FOB)])
    usually(listed, CARLA)
    assert "Noted: Ben." in words_of(usually_with_card(listed, "card", BEN, open="yes"))
    book(listed, [session("other", 3, user_name="Example Driver"), session("same", 4, **FOB)])
    assert whose(listed) == {"card": BEN, "other": CARLA, "same": BEN}
    listed.ben.post(f"/history/sessions/{number_of(listed, 'same')}/person", data={"person": "1"})
    book(listed, [session("same", 4, **FOB, is_offline=True)])
    assert whose(listed)["same"] == ANNA


def test_a_card_that_zaptec_tells_of_later_corrects_what_the_charger_made_of_it(listed: Household) -> None:
    book(listed, [session("card", 2, **FOB)])
    usually(listed, CARLA)
    usually_with_card(listed, "card", BEN)
    book(listed, [session("fresh", 3)], OBSERVATION)
    assert whose(listed)["fresh"] == CARLA
    book(listed, [session("fresh", 3, **FOB)])
    assert whose(listed)["fresh"] == BEN


def test_a_correction_takes_over_what_somebody_said_rather_than_what_is_usual(listed: Household) -> None:
    usually(listed, CARLA)
    book(listed, [session("first", 2)])
    listed.ben.post(f"/history/sessions/{number_of(listed, 'first')}/person", data={"person": "2"})
    book(listed, [session("corrected", 2)])
    book(listed, [session("first", 2, replaced_by_id="corrected")])
    assert whose(listed)["corrected"] == BEN


def test_of_somebody_who_has_left_nothing_is_taken(listed: Household) -> None:
    usually(listed, CARLA)
    listed.anna.post("/household/members/3/remove")
    book(listed, [session("one", 2)])
    assert whose(listed) == {"one": None}


def test_any_member_may_name_another_person_and_the_answer_stands_beside_the_session(household: Household) -> None:
    book(household, [session("one", 2)])
    id = number_of(household, "one")
    page = household.ben.post(f"/history/sessions/{id}/person", data={"person": "3"}, follow_redirects=True)
    assert page.request.path == f"/history/sessions/{id}" and whose(household) == {"one": CARLA}
    assert page.text.index('id="who"') < page.text.index("Noted: Carla.")
    back = f"/history?month=2026-11#session-{id}"
    page = household.ben.post(f"/history/sessions/{id}/person", data={"next": back}, follow_redirects=True)
    assert page.text.index(f'id="session-{id}"') < page.text.index("Noted: Not assigned.") and whose(household) == {
        "one": None
    }


def test_cards_are_seen_and_noted_by_owners_only(listed: Household) -> None:
    book(listed, [session("card", 2, **FOB), session("none", 3)])
    address = f"/history/sessions/{number_of(listed, 'card')}"
    assert "Who usually charges with it?" in words_of(listed.anna.get(address))
    assert "Key fob" not in listed.ben.get(address).text
    assert listed.ben.post(f"{address}/usual", data={"person": "1"}).status_code == 403
    assert listed.carla.post(f"/history/usual/{CHARGER}", data={"person": "1"}).status_code == 403
    assert listed.carla.post("/history/mine").status_code == 403
    assert listed.anna.post(f"/history/sessions/{number_of(listed, 'none')}/usual").status_code == 404
    assert listed.ben.post("/history/usual/nowhere").status_code == 404
    usually_with_card(listed, "card", BEN)
    log = words_of(listed.carla.get("/activity"))
    assert "Anna noted who usually charges with a card: Ben" in log and "Key fob" not in log


@pytest.mark.parametrize("person", ["77", "-1"])
def test_nobody_can_be_noted_who_is_not_there(listed: Household, person: str) -> None:
    book(listed, [session("card", 2, **FOB)])
    assert "Nothing was changed" in words_of(usually(listed, person, open="yes"))
    assert "Nothing was changed" in words_of(usually_with_card(listed, "card", person, open="yes"))
    with listed.database.reading() as connection:
        assert connection.execute(select(usual_person)).all() == []
    assert whose(listed) == {"card": None}


def test_a_home_of_one_hears_nothing_of_whose_a_charge_was(listed: Household) -> None:
    add_price(listed)
    book(listed, [session("one", 2), session("two", 3)])
    listed.anna.post("/history/mine?month=2026-11")
    book(listed, [session("three", 4)])
    with listed.database.writing() as connection:
        connection.execute(delete(member_table).where(member_table.c.id != ANNA))
    for page in ("/history?month=2026-11", "/history/statement?month=2026-11", "/history/sessions/1"):
        text = words_of(listed.anna.get(page)).replace("Name Anna", "")
        for noise in ("Anna", "Mine", "mine", "ssigned", "Whose", "Who ", "person", "Person", "guest", "Everybody"):
            assert noise not in text, (page, noise)
    with listed.database.writing() as connection:  # somebody's who has left: that is of interest again
        left = charge_session.update().where(charge_session.c.zaptec_id == "three")
        connection.execute(left.values(person_id=BEN, person_name="Ben"))
    assert "Ben" in words_of(listed.anna.get("/history?month=2026-11"))
