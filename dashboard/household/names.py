"""People's names: what is allowed, and when two are the same."""

from __future__ import annotations

import unicodedata

from dashboard.household import words
from dashboard.web.forms import Wrong

LONGEST = 40
LONGEST_TYPED = 4 * LONGEST  # a letter may be typed as several characters that become one
# Joiners and variation selectors belong to some scripts and to many emoji; names are compared without them.
UNSEEN_BUT_TAKEN = "\u200c\u200d\ufe0e\ufe0f"
# Unicode's DerivedCoreProperties.txt, Default_Ignorable_Code_Point: what shows nothing by itself.
IGNORABLE = (
    *(range(one, one + 1) for one in (0x00AD, 0x034F, 0x061C, 0x3164, 0xFEFF, 0xFFA0)),
    range(0x115F, 0x1161),
    range(0x17B4, 0x17B6),
    range(0x180B, 0x1810),
    range(0x200B, 0x2010),
    range(0x202A, 0x202F),
    range(0x2060, 0x2070),
    range(0xFE00, 0xFE10),
    range(0xFFF0, 0xFFF9),
    range(0x1BCA0, 0x1BCA4),
    range(0x1D173, 0x1D17B),
    range(0xE0000, 0xE1000),
)
BLANK = (0x2800, 0x16FE4, 0x1D159)  # letters and signs whose picture is empty


def checked_name(name: str, field: str = "name") -> str:
    """The name as it is kept, from what was typed into that field.

    Raises:
        Wrong: it is not a name.
    """
    if len(name.strip()) > LONGEST_TYPED:  # before normalising, whose time grows faster than the text
        raise Wrong(words.name_too_long(LONGEST), field)
    name = " ".join(unicodedata.normalize("NFC", name.strip()).split())
    if problem := _problem_with(name):
        raise Wrong(problem, field)
    return name


def name_key(name: str) -> str:
    """What two names are compared by: without case, surrounding spaces and what cannot be seen.

    Of what is longer than any name only the beginning counts.
    """
    name = name.strip()[:LONGEST_TYPED]
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in folded if not _is_unseen(c)).split())


def _problem_with(name: str) -> str | None:
    if not name_key(name):
        return words.name_missing()
    if len(name) > LONGEST:
        return words.name_too_long(LONGEST)
    if any(_is_unseen(character) and character not in UNSEEN_BUT_TAKEN for character in name):
        return words.name_unprintable()
    return None


def _is_unseen(character: str) -> bool:
    if character.isspace():
        return False
    return shows_nothing(ord(character)) or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co")


def shows_nothing(code_point: int) -> bool:
    return code_point in BLANK or any(code_point in some for some in IGNORABLE)
