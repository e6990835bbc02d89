"""No power outlives its role: who is demoted, removed or signed out while a request is on its way does nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import delete, inspect, text
from werkzeug.test import TestResponse

from dashboard.background import AtOnce
from dashboard.charger import chargers
from dashboard.history.booking import Booking
from dashboard.history.fetching import SESSIONS
from dashboard.household import members, passwords
from dashboard.household.tables import device_table
from dashboard.services import Services
from dashboard.tariff.sources.table import SOURCES
from dashboard.web.access import ANYBODY, Role, allowed
from simulator import Cloud
from tests.conftest import PASSWORD_HASH, Household
from tests.household.conftest import ANNA, BEN, CARLA
from zaptec.sessions import CompletedSession

pytestmark = pytest.mark.one_database

T = TypeVar("T")
# What every request may change, whoever sends it, and what only comes from Zaptec.
NOT_BY_PEOPLE = ("account", "installation", "notice", "request_count", "snapshot", "throttle", "wrong_try")
NOTHING_OF_ANYBODYS = {"more.set_scheme", "ways.show_push_key"}  # a cookie; a key that all of them share
# They would need more than a form: a second device, another price list, an account that was turned away, a way.
CHANGE_NOTHING_HERE = {
    "history.recalculate",
    "household.sign_out_device",
    "household.sign_out_others",
    "more.try_again",
    "notices.note_opened",
    "notices.remove_way",
    "notices.send_test",
}
# The prices that other presses of these have added; the first one is removed.
CHANGED_PRICES = {"history.change_price": 2, "history.change_contract": 3}


class Late(NamedTuple):
    """The household, and what happens between the door and the act of a request."""

    house: Household
    charger_id: str
    meanwhile: list[Callable[[], None]]

    def owner(self, name: str) -> tuple[int, FlaskClient]:
        """One more owner, signed in."""
        with self.house.database.writing() as connection:
            added = members.add_member(connection, name, Role.OWNER, PASSWORD_HASH, self.house.clock.now())
        return added.id, self.house.sign_in(name)[0]

    def post(self, browser: FlaskClient, press: Press, change: Callable[[], None]) -> TestResponse:
        """A request that is let in, and does what it does only after the change."""
        self.meanwhile.append(change)
        answer = browser.post(press.address, data=press.form)
        assert not self.meanwhile
        return answer

    def kept(self) -> dict[str, list[str]]:
        """Everything in the database that people of the household change."""
        with self.house.database.reading() as connection:
            names = set(inspect(connection).get_table_names()) - {*NOT_BY_PEOPLE}
            return {
                name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")).all())) for name in names
            }


class Press(NamedTuple):
    """A POST for which a role is needed."""

    endpoint: str
    address: str
    role: Role
    form: dict[str, str]


@pytest.fixture
def late(household: Household, cloud: Cloud) -> Late:
    """A household with a charging car, a history, two prices, an open invitation and a timer."""
    cloud.charger.plug_in_and_charge()
    with household.app.app_context():
        chargers.read_list(household.app.extensions["services"])
        _book_two_sessions(household, cloud.charger.id)
    household.anna.get(f"/chargers/{cloud.charger.id}")
    for day in ("2020-01-01", "2020-02-01"):
        household.anna.post("/history/prices", data={"price": "0.25", "valid_from": day, "currency": "EUR"})
    household.anna.post("/household", data={"role": "viewer"})
    meanwhile: list[Callable[[], None]] = []
    household.app._got_first_request = False

    @household.app.before_request
    def change_something() -> None:
        if request.method == "POST" and meanwhile:
            meanwhile.pop()()

    return Late(household, cloud.charger.id, meanwhile)


def _book_two_sessions(household: Household, charger_id: str) -> None:
    now, card = household.clock.now(), {"token_name": "Key fob"}
    ends = [now - timedelta(days=1), now - timedelta(hours=3)]
    sessions = [
        CompletedSession(f"session-{end:%d}", charger_id, end - timedelta(hours=2), end, Decimal(7), **card)
        for end in ends
    ]
    with household.database.writing() as connection:
        services: Services = household.app.extensions["services"]
        Booking(connection, services.zone, now).store(sessions, charger_id, SESSIONS)


def presses(late: Late) -> list[Press]:
    """Every POST that a role is needed for, with a form that would change something; what removes comes last."""
    app, charger_id = late.house.app, late.charger_id
    with late.house.database.reading() as connection:
        numbers = {
            f"{name}_id": connection.execute(text(f"SELECT min(id) FROM {table}")).scalar() or 1
            for name, table in (("session", "charge_session"), ("price", "price"), ("invitation", "invitation"))
        }
    ids = numbers | {"member_id": CARLA, "device_id": 999, "charger_id": charger_id}
    week = {"rows": "1", "days-0": "1", "from-0": "23:00", "to-0": "06:00", "on": "yes", "charger": charger_id}
    contract = {"do": "save", "kind": "one price", "currency": "EUR", "price": "0.33", "includes_vat": "yes"}
    forms = {
        "household.change_name": {"name": "Somebody Else"},
        "household.change_password": {"old_password": late.house.password, "new_password": "seven tall ladders"},
        "household.invite": {"role": "owner"},
        "household.change_role": {"role": "owner"},
        "plan.save_plan": week,
        "plan.charge_once": {"start": "23:00", "end": "03:00", "charger": charger_id},
        "plan.charge_by": {"do": "set", "ready_by": "07:00", "energy": "20", "charger": charger_id},
        "card.set_aim": {"do": "set", "ready_by": "06:00", "energy": "10"},
        "card.set_timer": {"do": "pause-1"},
        "history.add_price": {"price": "0.30", "valid_from": "2021-01-01", "currency": "EUR"},
        "history.change_price": {"price": "0.31", "valid_from": "2022-01-01"},
        "history.save_contract": contract | {"valid_from": "2024-01-01"},
        "history.change_contract": contract | {"valid_from": "2025-01-01"},
        "history.assign": {"person": str(ANNA)},
        "history.note_usual_person": {"person": str(BEN)},
        "history.note_usual_person_of_card": {"person": str(BEN)},
        "notices.add_way": {"kind": "ntfy", "address": "our-charger"},
        "notices.save_choices": {"hear": "finished"},
        "more.switch_door": {"host": SOURCES[0].host, "open": "yes"},
        "more.arrange_chargers": {f"name-{charger_id}": "Ours"},
        "more.name_chargers": {f"name-{charger_id}": "Left"},
        "more.invite_first": {"role": "member"},
    }
    posts = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            role = allowed(rule.endpoint)
            if role == ANYBODY or "POST" not in (rule.methods or ()) or rule.endpoint in NOTHING_OF_ANYBODYS:
                continue
            price = {"price_id": CHANGED_PRICES.get(rule.endpoint, ids["price_id"])}
            address = app.url_for(rule.endpoint, **{name: (ids | price).get(name, 1) for name in rule.arguments})
            posts.append(Press(rule.endpoint, address, Role(role), forms.pop(rule.endpoint, {})))
    assert not forms, "routes that are gone"
    return sorted(posts, key=lambda press: "remove" in press.endpoint)


def test_each_of_these_presses_would_change_something(late: Late) -> None:
    """Otherwise the tests below would show nothing."""
    late.house.app.extensions["services"].presses = NothingIsSent()
    changed = set()
    for number, press in enumerate(presses(late)):
        _id, browser = late.owner(f"Owner {number}")
        before = late.kept()
        assert browser.post(press.address, data=press.form).status_code in (200, 204, 303), press
        if late.kept() != before:
            changed.add(press.endpoint)
    every = {press.endpoint for press in presses(late)}
    assert changed >= {endpoint for endpoint in every if not endpoint.startswith("card.")} - CHANGE_NOTHING_HERE
    assert changed & {"card.pause", "card.set_timer"}  # the others find this one under way


class NothingIsSent(AtOnce):
    def start(self, work: Callable[[], T]) -> Future[T]:
        return Future()


def demote(late: Late, id: int) -> None:
    with late.house.database.writing() as connection:
        members.change_role(connection, id, Role.VIEWER)


def remove(late: Late, id: int) -> None:
    with late.house.database.writing() as connection:
        members.remove(connection, id)


def sign_out(late: Late, id: int) -> None:
    with late.house.database.writing() as connection:
        connection.execute(delete(device_table).where(device_table.c.member_id == id))


@pytest.mark.parametrize("change", [demote, remove, sign_out])
def test_a_late_request_changes_nothing(late: Late, cloud: Cloud, change: Callable[[Late, int], None]) -> None:
    """Each press that the new role does not allow, of somebody who could still do it at the door."""
    for number, press in enumerate(presses(late)):
        if change is demote and press.role is Role.VIEWER:
            continue
        id, browser = late.owner(f"Owner {number}")
        after: dict[str, list[str]] = {}

        def happens(id: int = id, after: dict[str, list[str]] = after) -> None:
            change(late, id)
            after.update(late.kept())

        answer = late.post(browser, press, happens)
        assert late.kept() == after, press
        assert answer.status_code == (403 if change is demote else 303), press
        if change is not demote:
            assert answer.location == f"/login?next={press.address}"
    assert cloud.charger.commands == []


class Meanwhile(AtOnce):
    """Before a press is carried out, something else happens."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self.happens = happens

    def start(self, work: Callable[[], T]) -> Future[T]:
        self.happens()
        return super().start(work)


@pytest.mark.parametrize("change", [demote, remove])
@pytest.mark.parametrize("action", ["pause", "deauthorize"])
def test_a_press_that_is_not_sent_yet_is_void(
    late: Late, cloud: Cloud, action: str, change: Callable[[Late, int], None]
) -> None:
    services: Services = late.house.app.extensions["services"]
    id, browser = late.owner("Dora")
    services.presses = Meanwhile(lambda: change(late, id))
    assert browser.post(f"/chargers/{late.charger_id}/{action}").status_code == 303
    assert cloud.charger.commands == []
    assert (
        "Whoever pressed may no longer do this; nothing was sent"
        in late.house.anna.get(f"/chargers/{late.charger_id}").text
    )


def test_what_a_member_may_do_is_sent_though_they_are_no_owner_any_more(late: Late, cloud: Cloud) -> None:
    services: Services = late.house.app.extensions["services"]
    id, browser = late.owner("Dora")

    def becomes_a_member() -> None:
        with late.house.database.writing() as connection:
            members.change_role(connection, id, Role.MEMBER)

    services.presses = Meanwhile(becomes_a_member)
    browser.post(f"/chargers/{late.charger_id}/pause")
    assert cloud.charger.commands == [506]


@pytest.mark.parametrize("change", ["password", "removal"])
def test_a_sign_in_under_way_opens_nothing_with_a_password_that_has_just_gone(
    household: Household, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    compare = passwords.is_right

    def is_right_for_the_last_time(password: str, kept: str | None) -> bool:
        was_right = compare(password, kept)
        with household.database.writing() as connection:
            if change == "removal":
                members.remove(connection, BEN)
            else:
                passwords.replace(connection, BEN, "another hash")
        return was_right

    monkeypatch.setattr(passwords, "is_right", is_right_for_the_last_time)
    browser, answer = household.sign_in("Ben")
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert browser.get("/account").location == "/login?next=/account"
