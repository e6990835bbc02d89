"""Which passwords are taken."""

import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete

from dashboard.charger import chargers
from dashboard.household import names, passwords
from dashboard.household.setup import prepare_setup_code
from dashboard.household.setup_code import new_code
from dashboard.household.tables import member_table
from simulator import Cloud
from tests.conftest import Household
from tests.household.conftest import invite, reset_link


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "ninechars",
        "x" * 257,
        "aaaaaaaaaaaa",
        "1212121212",
        "0123456789",
        "9876543210",
        "abcdefghijkl",
        "qwertyuiop",
        "QWERTYUIOP",
        "password123",
        "Password2024!",
        "zaptec123456",
        "correcthorsebatterystaple",
        "iloveyou!!",
        "my name is Anna",
        "annaannaanna",
    ],
)
def test_a_password_that_is_short_or_common_is_refused(password: str) -> None:
    assert passwords.problem_with(password, "Anna")


@pytest.mark.parametrize(
    "password", ["five green kettles", "fünf grüne Kessel", "v9#Kq!x2Lp", "密码很长的一句话真的", "x9" * 60 + "Abc"]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert passwords.problem_with(password, "Anna") is None


def test_a_hash_is_not_the_password_and_only_it_opens() -> None:
    kept = passwords.hash_password("five green kettles")
    assert kept.startswith("scrypt:")
    assert passwords.is_right("five green kettles", kept)
    assert not passwords.is_right("five green kettle", kept)
    assert not passwords.is_right("five green kettles", None)
    assert not passwords.is_right("", None)


MARKS = "a" + "\u0301" * 15_500 + "\u0323" * 15_500  # as large as a form may be; ten seconds to normalise
UNPACKED = "multipart/form-data"  # two bytes each; six in the usual encoding


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each text was that was normalised."""
    lengths: list[int] = []
    normalize = unicodedata.normalize

    def note(form: Any, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    for module in (names, passwords):
        monkeypatch.setattr(module, "unicodedata", SimpleNamespace(normalize=note, category=unicodedata.category))
    return lengths


def test_no_long_text_is_ever_normalised(household: Household, normalised: list[int]) -> None:
    invitation = invite(household)
    forms = [
        (household.stranger, "/login", {"name": MARKS, "password": "x"}),
        (household.stranger, "/login", {"name": "Anna", "password": MARKS}),
        (household.stranger, invitation, {"name": MARKS, "password": "seven tall ladders"}),
        (household.stranger, invitation, {"name": "Dora", "password": MARKS}),
        (household.stranger, reset_link(household, 2), {"password": MARKS}),
        (household.ben, "/account/name", {"name": MARKS}),
        (household.ben, "/account/password", {"old_password": MARKS, "new_password": "seven tall ladders"}),
        (household.ben, "/account/password", {"old_password": household.password, "new_password": MARKS}),
        (household.anna, "/more/chargers", {"name-x": MARKS}),
    ]
    for browser, address, form in forms:
        answer = browser.post(address, data=form, content_type=UNPACKED)
        assert answer.status_code in (303, 400, 401), address
    assert normalised
    assert max(normalised) <= passwords.LONGEST_TYPED


def test_the_forms_of_the_first_owner_and_of_the_chargers_normalise_none_either(
    household: Household, cloud: Cloud, normalised: list[int]
) -> None:
    services = household.app.extensions["services"]
    with household.app.app_context():
        chargers.read_list(services)
    answer = household.anna.post("/more/chargers", data={f"name-{cloud.charger.id}": MARKS}, content_type=UNPACKED)
    assert (answer.status_code, "This name is too long" in answer.text) == (400, True)
    with household.database.writing() as connection:
        connection.execute(delete(member_table))
    code = prepare_setup_code(household.database, new_code())
    for name, password in ((MARKS, "x"), ("Anna", MARKS)):
        form = {"code": code, "name": name, "password": password}
        assert household.stranger.post("/setup", data=form, content_type=UNPACKED).status_code == 400
    assert max(normalised, default=0) <= passwords.LONGEST_TYPED


def test_a_long_password_opens_however_its_accents_are_typed() -> None:
    composed = "é" * 100 + "ü" * 100
    kept = passwords.hash_password(composed)
    assert passwords.is_right("e\u0301" * 100 + "u\u0308" * 100, kept)
    assert not passwords.is_right(composed + "x", kept)
