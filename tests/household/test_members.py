"""The household's page: roles, removal, and an owner always."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.household import members
from dashboard.household.tables import device_table, member_table
from dashboard.web.access import Role
from dashboard.web.forms import Wrong
from tests.conftest import Household, words_of

BEN, CARLA = 2, 3


def role_of(household: Household, name: str) -> str | None:
    with household.database.reading() as connection:
        return connection.execute(select(member_table.c.role).where(member_table.c.name == name)).scalar()


def set_role(household: Household, id: int, role: str, by: str = "anna") -> Any:
    return getattr(household, by).post(f"/household/members/{id}/role", data={"role": role})


def test_the_page_names_everybody_with_role_and_last_seen(household: Household) -> None:
    household.sign_in("Ben")
    page = words_of(household.anna.get("/household"))
    assert "Anna (you) owner" in page
    assert "Ben member · last seen 18:00" in page
    assert "Carla viewer · never signed in" in page
    for name in ("Role of Ben", "Reset link for Ben", "Remove Ben", "Invite"):
        assert name in page


def test_the_page_promises_viewers_no_more_than_they_see(household: Household) -> None:
    assert household.carla.get("/household").status_code == 403
    assert "Viewer: sees state, history and plan, changes nothing" in words_of(household.anna.get("/household"))


def test_an_owner_changes_a_role_and_it_is_logged(household: Household) -> None:
    answer = set_role(household, BEN, "viewer")
    assert answer.location == "/household"
    assert role_of(household, "Ben") == "viewer"
    assert "Ben is now a viewer." in words_of(household.anna.get("/household"))
    assert "Anna made Ben a viewer" in words_of(household.carla.get("/activity"))


@pytest.mark.parametrize("role", ["", "admin", "OWNER", "viewer\x07"])
def test_a_role_nobody_knows_is_refused(household: Household, role: str) -> None:
    answer = set_role(household, BEN, role)
    assert answer.status_code == 400
    assert "Please choose a role." in words_of(answer)
    assert role_of(household, "Ben") == "member"


@pytest.mark.parametrize("id", [0, 999, 2147483647])
def test_somebody_who_is_gone_is_gone(household: Household, id: int) -> None:
    for what in ("role", "remove", "reset"):
        answer = household.anna.post(f"/household/members/{id}/{what}", data={"role": "viewer"})
        assert answer.status_code == 404
        assert "no longer in the household" in words_of(answer)
    assert household.anna.post(f"/household/members/{2**70}/remove").status_code in (404, 405)


def test_whoever_is_removed_is_signed_out_at_once_and_their_lines_stay(household: Household) -> None:
    household.sign_in("Ben")
    answer = household.anna.post(f"/household/members/{BEN}/remove", follow_redirects=True)
    assert "Ben is removed and signed out everywhere." in words_of(answer)
    assert household.ben.get("/").location == "/login?next=/"
    assert household.sign_in("Ben")[1].status_code == 401
    assert "Anna removed Ben" in words_of(household.anna.get("/activity"))
    assert "Ben signed in on a new device" in words_of(household.anna.get("/activity?topic=people"))


def test_a_removal_is_asked_about_on_a_page_with_one_button(household: Household) -> None:
    path = f"/household/members/{BEN}/remove"
    assert f'<form method="get" action="{path}">' in household.anna.get("/household").text
    page = household.anna.get(path)
    assert "Ben is signed out everywhere at once. To come back they need an invitation." in words_of(page)
    assert page.text.count("<button") == page.text.count(f'<form method="post" action="{path}">') == 1
    assert ">Remove Ben</button>" in page.text
    assert role_of(household, "Ben") == "member"
    assert household.ben.get(path).status_code == 403
    assert household.anna.get("/household/members/999/remove").status_code == 404
    last = words_of(household.anna.get("/household/members/1/remove"))
    assert "Anna is the only owner. Make somebody else an owner first." in last


def test_the_last_owner_can_neither_be_removed_nor_demoted(household: Household) -> None:
    page = words_of(household.anna.get("/household"))
    assert ("Role of Ben" in page, "Role of Anna" in page) == (True, False)
    assert ("Remove Ben" in page, "Remove Anna" in page) == (True, False)
    for answer in (set_role(household, 1, "member"), household.anna.post("/household/members/1/remove")):
        assert answer.status_code == 409
        assert "Anna is the only owner. Make somebody else an owner first." in words_of(answer)
    assert role_of(household, "Anna") == "owner"


def test_the_household_begins_with_its_people_and_an_invitation_and_asks_no_riddles(household: Household) -> None:
    household.clock.advance(seconds=600)
    page = words_of(household.anna.get("/household"))
    people, invite = page.index("Anna (you) owner · last seen 18:10"), page.index("Invite somebody")
    assert people < invite < page.index("Role of Ben") < page.index("Reset link for Ben") < page.index("Remove Ben")
    assert "only owner" not in page
    assert "Reset link for Anna" not in page  # who is signed in changes the password


def test_of_several_owners_each_may_make_a_reset_link_for_the_others(household: Household) -> None:
    set_role(household, BEN, "owner")
    page = words_of(household.anna.get("/household"))
    assert "Reset link for Ben" in page
    assert "Reset link for Anna" not in page


def test_with_a_second_owner_the_first_may_go(household: Household) -> None:
    set_role(household, BEN, "owner")
    page = words_of(household.anna.get("/household"))
    assert "Role of Anna" in page
    assert household.anna.post("/household/members/1/remove").status_code == 303
    assert household.anna.get("/").location == "/login?next=/"
    assert household.ben.get("/household").status_code == 200
    assert set_role(household, BEN, "member", by="ben").status_code == 409


def test_an_owner_who_steps_down_lands_on_a_page_that_is_still_theirs(household: Household) -> None:
    set_role(household, BEN, "owner")
    answer = set_role(household, 1, "viewer")
    assert answer.location == "/account"
    assert household.anna.get("/household").status_code == 403


@pytest.mark.parametrize("action", ["demote", "remove"])
def test_two_owners_who_demote_each_other_at_once_leave_one(household: Household, action: str) -> None:
    set_role(household, BEN, "owner")

    def without(id: int) -> bool:
        try:
            with household.database.writing() as connection:
                if action == "demote":
                    members.change_role(connection, id, Role.VIEWER)
                else:
                    members.remove(connection, id)
        except Wrong:
            return False
        return True

    for _round in range(5):
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(without, (1, BEN))) == [False, True]
        with household.database.writing() as connection:
            assert len(members.owner_names(connection)) == 1
            if action == "remove":
                return
            connection.execute(member_table.update().where(member_table.c.id.in_((1, BEN))).values(role="owner"))


def test_a_name_that_is_a_script_is_only_a_name(household: Household) -> None:
    name = "<script>alert(1)</script>"
    household.ben.post("/account/name", data={"name": name})
    for path in ("/household", "/activity", "/account"):
        page = household.anna.get(path).text + household.ben.get(path).text
        assert "<script>alert" not in page
    assert "Remove &lt;script&gt;alert(1)&lt;/script&gt;" in household.anna.get("/household").text


def test_an_id_is_never_given_out_twice(household: Household) -> None:
    household.anna.post(f"/household/members/{CARLA}/remove")
    with household.database.writing() as connection:
        added = members.add_member(connection, "Dora", Role.VIEWER, "x", household.clock.now())
    assert added.id > CARLA


def test_removal_takes_the_devices_along(household: Household) -> None:
    household.anna.post(f"/household/members/{CARLA}/remove")
    with household.database.reading() as connection:
        assert connection.execute(select(device_table.c.member_id)).scalars().all() == [1, BEN]


def test_the_owners_names_are_known_in_order(household: Household) -> None:
    set_role(household, CARLA, "owner")
    with household.database.reading() as connection:
        assert members.owner_names(connection) == ["Anna", "Carla"]


def test_an_unknown_proxy_is_told_to_owners_only_when_somebody_signed_in_comes_through_it(
    household: Household,
) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.5"}
    household.stranger.get("/login", headers=forwarded)
    assert "TRUSTED_PROXIES" not in household.anna.get("/household").text
    household.carla.get("/account", headers=forwarded)
    household.carla.get("/account", headers=forwarded)
    assert "Set TRUSTED_PROXIES" in household.anna.get("/household").text
    household.clock.advance(seconds=2 * 3600)
    household.carla.get("/account", headers=forwarded)
    household.clock.advance(seconds=23 * 3600)
    assert "Set TRUSTED_PROXIES" in household.anna.get("/household").text
    household.clock.advance(seconds=2 * 3600)
    assert "Set TRUSTED_PROXIES" not in household.anna.get("/household").text


def test_an_unknown_proxy_seen_while_the_clock_was_ahead_is_not_told_of_for_longer_than_a_day(
    household: Household,
) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.5"}
    household.clock.advance(seconds=300 * 86400)
    household.carla.get("/account", headers=forwarded)
    household.clock.advance(seconds=-300 * 86400)
    assert "TRUSTED_PROXIES" not in household.anna.get("/household").text
    household.carla.get("/account", headers=forwarded)
    assert "Set TRUSTED_PROXIES" in household.anna.get("/household").text
