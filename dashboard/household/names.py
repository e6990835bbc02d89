"""People's names: what is allowed, and when two are the same."""

from __future__ import annotations

import unicodedata

from dashboard.household import words
from dashboard.web.forms import Wrong

LONGEST = 40
LONGEST_TYPED = 4 * LONGEST  # a letter may be typed as several characters that become one
JOINERS = "\u200c\u200d"  # they belong to some scripts and to many emoji


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
    """What two names are compared by: without case, surrounding spaces and invisible characters.

    Of what is longer than any name only the beginning counts.
    """
    name = name.strip()[:LONGEST_TYPED]
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in folded if not _is_invisible(c)).split())


def _problem_with(name: str) -> str | None:
    if not name_key(name):
        return words.name_missing()
    if len(name) > LONGEST:
        return words.name_too_long(LONGEST)
    if any(_is_invisible(character) and character not in JOINERS for character in name):
        return words.name_unprintable()
    return None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co") and not character.isspace()
