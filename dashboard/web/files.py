"""What goes into files that people keep or open in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

# With one of these a spreadsheet begins a formula; the wide ones of Chinese and Japanese keyboards mean the same.
FORMULA = (
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
BREAKS = "\t\r\n"
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def text_cell(text: str) -> str:
    """A cell that a spreadsheet will not take for a formula; a plain number stays a number."""
    if NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(tuple(BREAKS)) or _first_seen(text) in FORMULA else text


def _first_seen(text: str) -> str:
    """The first character that takes up room: spreadsheets skip blanks and what cannot be seen. A blank if none."""
    return next((character for character in text if unicodedata.category(character)[0] not in "ZC"), " ")


def file_headers(name: str) -> dict[str, str]:
    """Headers that let the browser keep the answer as a file; what does not belong in a file's name is left out."""
    return {"Content-Disposition": f'attachment; filename="{NOT_IN_A_NAME.sub("", name)}"'}
