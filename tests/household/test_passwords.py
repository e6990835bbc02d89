"""Which passwords and names are taken."""

import pytest

from dashboard.household import names, passwords
from dashboard.web.forms import Wrong


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
