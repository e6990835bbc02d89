"""What goes into files: no cell is a formula, and a name is a name."""

import pytest

from dashboard.web.files import file_headers, text_cell


@pytest.mark.parametrize(
    "begin", [*"=+-@\t\r\n", "＝", "＋", "－", "＠", "\n=", " =", "\u200b=", "\u00a0@", "\ufeff＝"]
)
def test_no_cell_is_a_formula(begin: str) -> None:
    text = f"{begin}HYPERLINK(1)"
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Garage", "1-2", "-5", "+5.25", "-1e-7", "a=b", "'=1"])
def test_other_texts_and_plain_numbers_stay_as_they_are(text: str) -> None:
    assert text_cell(text) == text


@pytest.mark.parametrize("text", ["-", "-inf", "+nan", "-1_0", "－1", "-1+cmd|' /C calc'!A0", "-5\n"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize("odd", ['"', "\r\nSet-Cookie: a=b", "ø", "\U0001f697", "/../", "\ud83d", "\0"])
def test_an_id_of_odd_characters_makes_a_plain_file_name(odd: str) -> None:
    (value,) = file_headers(f"observations-{odd}x.csv").values()
    assert value.startswith('attachment; filename="observations-') and value.endswith('x.csv"')
    assert value.isascii() and value.isprintable() and "/" not in value and value.count('"') == 2
