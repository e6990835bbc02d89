"""Which names are taken, and when two are the same."""

import importlib
import unicodedata

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import insert, select

from dashboard.household import names
from dashboard.household.tables import member_table
from dashboard.web.forms import Wrong
from tests.conftest import PASSWORD_HASH, Household, words_of


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 41, "a\x00b", "bell\x07", "\u200b", "\u200d", "right\u202eleft", "\ud800"]
)
def test_what_is_not_a_name_is_refused(name: str) -> None:
    with pytest.raises(Wrong):
        names.checked_name(name)


@pytest.mark.parametrize(
    "name", ["Anna", "Jürgen", "Ægir Ødegård", "李小龙", "O'Neill", "<script>", "नेहा", "👩‍👧", "-"]
)
def test_people_have_all_sorts_of_names(name: str) -> None:
    assert names.checked_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", " anna "),
        ("STRASSE", "straße"),
        ("Jürgen", "JU\u0308RGEN"),
        ("Ａｎｎａ", "anna"),
        ("anna", "an\u200bna"),
        ("An  na", "an na"),
    ],
)
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert names.name_key(one) == names.name_key(other)


def test_different_names_are_different() -> None:
    assert names.name_key("Anna") != names.name_key("Anne")
    assert names.name_key("an na") != names.name_key("anna")


def test_a_name_typed_with_loose_accents_may_take_more_characters_than_a_name_has() -> None:
    assert names.checked_name("e\u0301" * names.LONGEST) == "é" * names.LONGEST
    with pytest.raises(Wrong):
        names.checked_name("e\u0301" * (names.LONGEST + 1))


# One of each kind that shows nothing: in a name, before it and after it.
UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200e\u202e"
UNSEEN += "\u2060\u2064\u2800\u3164\ufe00\ufeff\uffa0\ufff0"
UNSEEN += "\U0001d159\U0001d173\U00016fe4\U000e0001\U000e0041\U000e0100"


@pytest.mark.parametrize("character", UNSEEN, ids=lambda character: f"{ord(character):04x}")
def test_a_name_with_what_cannot_be_seen_is_refused_and_is_the_same_name(character: str) -> None:
    for name in (f"An{character}na", f"{character}Anna", f"Anna{character}", character):
        with pytest.raises(Wrong):
            names.checked_name(name)
    assert names.name_key(f"An{character}na") == names.name_key("Anna")


def test_the_list_of_what_is_ignorable_is_that_of_unicode() -> None:
    """Every format character but those that show something is on it."""
    shown = {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2}
    shown |= {*range(0xFFF9, 0xFFFC), 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    formats = {code for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"}
    assert all(names.shows_nothing(one) for one in formats - shown)


def test_an_emoji_is_a_name_and_with_another_picture_of_it_the_same(household: Household) -> None:
    assert names.checked_name("❤\ufe0f") == "❤\ufe0f"
    assert household.ben.post("/account/name", data={"name": "❤\ufe0f"}).status_code == 303
    for same in ("❤", "❤\ufe0e", "❤\u200d"):
        answer = household.carla.post("/account/name", data={"name": same})
        assert (answer.status_code, "There is already somebody called" in words_of(answer)) == (400, True)
    assert household.sign_in("❤")[1].status_code == 303


def test_names_kept_by_an_older_rule_are_told_apart_and_all_can_sign_in(household: Household) -> None:
    """Of two that look the same the later one gets a number, and the log says so."""
    names_kept = {1: ("Anna", "anna"), 2: ("An\u3164na", "an\u1160na"), 3: ("❤\ufe0f", "❤\ufe0f")}
    with household.database.writing() as connection:
        for id, (name, key) in names_kept.items():
            connection.execute(
                sa.update(member_table).where(member_table.c.id == id).values(name=name, name_key=key)
            )
        for name, key in (("Anna 2", "anna 2"), ("\u200b", "\u200b")):
            someone = {"name": name, "name_key": key, "role": "viewer", "password_hash": PASSWORD_HASH}
            connection.execute(insert(member_table).values(someone | {"created_at": household.clock.now()}))
        migration = importlib.import_module("migrations.versions.0013_names_apart")
        with Operations.context(MigrationContext.configure(connection)):
            migration.upgrade()
        people = connection.execute(select(member_table).order_by(member_table.c.id)).all()
    assert [person.name for person in people] == ["Anna", "Anna 3", "❤\ufe0f", "Anna 2", "Somebody 2"]
    assert all(person.name_key == names.name_key(person.name) for person in people)
    for person in people:
        browser, answer = household.sign_in(person.name)
        assert (answer.status_code, person.name in words_of(browser.get("/account"))) == (303, True)
    assert "Anna is now called Anna 3" in words_of(household.anna.get("/activity"))
