"""People's names: what is allowed, and when two are the same."""

from __future__ import annotations

import unicodedata

from dashboard.household import words

LONGEST = 40
JOINERS = "\u200c\u200d"  # they belong to some scripts and to many emoji


def clean_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """What two names are compared by: without case, surrounding spaces and invisible characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in folded if not _is_invisible(c)).split())


def problem_with_name(name: str) -> str | None:
    """What speaks against a (clean) name, in a sentence; None if nothing does."""
    if not name_key(name):
        return words.name_missing()
    if len(name) > LONGEST:
        return words.name_too_long(LONGEST)
    if any(_is_invisible(character) and character not in JOINERS for character in name):
        return words.name_unprintable()
    return None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co") and not character.isspace()
