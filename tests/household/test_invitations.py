"""Invitations: for one person, once, in time; looking at one uses nothing up."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.household.tables import invitation_table, member_table
from dashboard.settings import Settings
from tests.conftest import Household, household_of, words_of
from tests.household.conftest import invite

DAY = 86400


def join(browser: FlaskClient, path: str, name: str = "Dora", password: str = "seven tall ladders"):  # type: ignore[no-untyped-def]
    return browser.post(path, data={"name": name, "password": password})


def test_whoever_is_invited_joins_with_that_role_and_is_signed_in(household: Household) -> None:
    path = invite(household, "viewer")
    page = household.stranger.get(path)
    assert "Anna invites you to see the household's charger, as a viewer." in words_of(page)
    answer = join(household.stranger, path)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "You are a viewer in this household." in words_of(household.stranger.get("/account"))
    page = words_of(household.anna.get("/activity"))
    assert "Anna invited somebody as a viewer" in page
    assert "Dora joined as a viewer, invited by Anna" in page


@pytest.mark.parametrize(
    ("role", "agent", "may", "at_hand"),
    [
        ("viewer", "Mozilla/5.0 (iPhone; CPU)", "You see whether", "On an iPhone or iPad: tap Share"),
        ("member", "Mozilla/5.0 (Android 15) Chrome/156", "can pause and resume", "On Android: open the browser"),
        ("owner", "Mozilla/5.0 (X11; Linux x86_64) Chrome/156", "look after people", "On a PC: bookmark the page."),
    ],
)
def test_whoever_has_joined_reads_what_they_may_do_and_how_to_keep_the_page(
    household: Household, role: str, agent: str, may: str, at_hand: str
) -> None:
    form = {"name": "Dora", "password": "seven tall ladders"}
    path = invite(household, role)
    answer = household.stranger.post(path, data=form, headers={"User-Agent": agent}, follow_redirects=True)
    assert "Welcome, Dora." in words_of(answer)
    assert may in words_of(answer)
    assert at_hand in words_of(answer)
    assert "Welcome, Dora." not in words_of(household.stranger.get("/"))


def test_looking_does_not_use_it_up(household: Household) -> None:
    path = invite(household)
    for _look in range(3):
        assert household.browser().get(path).status_code == 200
        assert household.browser().head(path).status_code == 200
    assert join(household.stranger, path).status_code == 303


def test_it_works_once_and_says_kindly_that_it_has_been_used(household: Household) -> None:
    path = invite(household)
    join(household.stranger, path)
    late = household.browser()
    for answer in (late.get(path), join(late, path, "Emil")):
        assert answer.status_code == 410
        assert "This invitation has been used. If that was you, sign in; otherwise ask for a new one." in words_of(
            answer
        )
    assert late.get("/account").status_code == 302


def test_of_two_who_join_at_once_one_does(household: Household) -> None:
    for number in range(4):
        path = invite(household)
        pairs = [(household.browser(), f"{name} {number}") for name in ("Dora", "Emil", "Frida")]
        with ThreadPoolExecutor(3) as pool:
            codes = list(pool.map(lambda pair, path=path: join(pair[0], path, pair[1]).status_code, pairs))
        assert sorted(codes) == [303, 410, 410]
    with household.database.reading() as connection:
        assert len(connection.execute(select(member_table.c.id)).all()) == 3 + 4


@pytest.mark.parametrize(("role", "days"), [("viewer", 7), ("member", 7), ("owner", 1)])
def test_it_expires(household: Household, role: str, days: int) -> None:
    path, late = invite(household, role), invite(household, role)
    household.clock.advance(seconds=days * DAY - 1)
    assert join(household.browser(), path).status_code == 303
    household.clock.advance(seconds=1)
    for answer in (household.stranger.get(late), join(household.stranger, late, "Emil")):
        assert answer.status_code == 410
        assert "This invitation has expired." in words_of(answer)


def test_one_made_while_the_clock_was_a_year_ahead_has_expired_when_it_is_right(household: Household) -> None:
    household.clock.advance(seconds=364 * DAY)
    path = invite(household)
    household.clock.advance(seconds=-364 * DAY)
    assert join(household.stranger, path).status_code == 410
    assert "/revoke" not in household.anna.get("/household").text


def test_open_ones_for_the_same_role_are_told_apart_by_when_they_were_made(household: Household) -> None:
    invite(household, "viewer")
    household.clock.advance(seconds=DAY)
    invite(household, "viewer")
    page = words_of(household.anna.get("/household"))
    assert "as a viewer, made yesterday 18:00 by Anna, until" in page
    assert "as a viewer, made 18:00 by Anna, until" in page


def test_it_can_be_withdrawn(household: Household) -> None:
    path = invite(household)
    page = household.anna.get("/household").text
    assert "as a member, made 18:00 by Anna, until 27 Nov 2026, 18:00" in page
    withdraw = re.search(r"/household/invitations/\d+/revoke", page)
    assert withdraw
    answer = household.anna.post(withdraw[0], follow_redirects=True)
    assert "The invitation is withdrawn." in words_of(answer)
    assert "revoke" not in answer.text
    for answer in (household.stranger.get(path), join(household.stranger, path)):
        assert answer.status_code == 410
        assert "withdrawn" in words_of(answer)
    assert household.anna.post(withdraw[0]).status_code == 409
    assert "Anna withdrew an invitation as a member" in words_of(household.anna.get("/activity"))


def test_an_invitation_nobody_made_is_not_found(household: Household) -> None:
    for token in ("x", "..", "%00", "é", "a" * 3000):
        answer = household.stranger.get(f"/invitations/{token}")
        assert answer.status_code == 404, token
        assert household.stranger.post(f"/invitations/{token}").status_code == 404


def test_it_stands_in_the_answer_only_and_its_hash_in_the_database(household: Household) -> None:
    path = invite(household)
    token = path.rsplit("/", 1)[1]
    assert token not in household.anna.get("/household").text
    with household.database.reading() as connection:
        row = connection.execute(select(invitation_table)).one()
    assert token not in str(row)


def test_somebody_signed_in_already_is_told_who_they_are(household: Household) -> None:
    path = invite(household)
    for answer in (household.ben.get(path), join(household.ben, path)):
        assert "You are signed in as Ben, so there is no need to join." in words_of(answer)
    assert household.ben.post("/logout", data={"next": path}).location == path
    assert join(household.ben, path).status_code == 303


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", "seven tall ladders", "Please enter a name."),
        ("Dora", "", "at least 10 characters"),
        ("Dora", "too short", "at least 10 characters"),
        ("Dora", "password123", "Many people use this password"),
        ("Dora", "dora the explorer", "must not contain the name"),
        (" anna ", "seven tall ladders", "There is already somebody called anna."),
        ("x" * 41, "seven tall ladders", "at most 40 characters"),
        ("a\u202eb", "seven tall ladders", "cannot be seen"),
    ],
)
def test_a_form_that_will_not_do_says_why_and_uses_nothing_up(
    household: Household, name: str, password: str, sentence: str
) -> None:
    path = invite(household)
    answer = join(household.stranger, path, name, password)
    assert answer.status_code == 400
    assert sentence in words_of(answer)
    assert not password or f'value="{password}"' not in answer.text
    assert join(household.stranger, path).status_code == 303


@pytest.mark.parametrize("name", ["李小龙", "Jürgen Ødegård", "<script>alert(1)</script>", "👩‍👧"])
def test_people_of_all_sorts_of_names_join_and_sign_in_again(household: Household, name: str) -> None:
    join(household.stranger, invite(household), name)
    assert household.sign_in(name, "seven tall ladders")[1].status_code == 303
    assert "<script>alert" not in household.anna.get("/household").text


def test_whoever_is_no_longer_an_owner_leaves_no_invitation_behind(household: Household) -> None:
    household.anna.post("/household/members/2/role", data={"role": "owner"})
    path = invite(household, "owner", by=household.ben)
    household.anna.post("/household/members/2/role", data={"role": "member"})
    assert join(household.stranger, path).status_code == 404


def test_on_this_computer_only_a_sentence_stands_where_the_qr_code_would(household: Household) -> None:
    answer = household.anna.post("/household", data={"role": "viewer"})
    assert "make run HOST=0.0.0.0" in words_of(answer)
    assert 'class="qr"' not in answer.text


def test_opened_as_localhost_it_says_to_open_the_page_by_the_computers_address(
    settings: Settings, make_app: Callable[[Settings], Flask], clock: object
) -> None:
    household = household_of(make_app(replace(settings, host="0.0.0.0")), clock)  # type: ignore[arg-type]
    answer = household.anna.post("/household", data={"role": "viewer"})
    assert "by the computer's address in your home network" in words_of(answer)


@pytest.mark.parametrize(
    ("public_url", "base"), [("", "http://192.168.1.20:8000"), ("https://car.example", "https://car.example")]
)
def test_elsewhere_the_qr_code_leads_a_phone_to_the_link(
    settings: Settings, make_app: Callable[[Settings], Flask], clock: object, public_url: str, base: str
) -> None:
    household = household_of(make_app(replace(settings, public_url=public_url)), clock)  # type: ignore[arg-type]
    household.anna.post("/logout")
    browser = household.browser()
    browser.post("/login", data={"name": "Anna", "password": household.password}, base_url=base)
    answer = browser.post("/household", data={"role": "viewer"}, base_url=base)
    page = answer.text
    assert ("It opens only in the home’s Wi-Fi." in words_of(answer)) == (not public_url)
    assert re.search(rf'value="{base}/invitations/[\w-]+"', page)
    assert 'src="data:image/svg+xml;charset=utf-8,' in page
    assert "style=" not in page
