"""Passwords: how they are kept, compared and chosen."""

from __future__ import annotations

import unicodedata
from contextlib import AbstractContextManager
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore

from sqlalchemy import Connection, delete, update
from werkzeug.security import check_password_hash, generate_password_hash

from dashboard.household import words
from dashboard.household.devices import sign_out
from dashboard.household.names import name_key
from dashboard.household.tables import member_table, reset_link
from dashboard.household.throttle import PATIENCE_S, turn_at
from dashboard.web.forms import Wrong

METHOD = "scrypt:32768:8:1"  # 32 MB and about 0.1 s each, as OWASP asks for
SHORTEST, LONGEST = 10, 256
LONGEST_TYPED = 4 * LONGEST  # another keyboard may need several characters for an accented one
COMMON = Path(__file__).with_name("common_passwords.txt")

_two_at_once = BoundedSemaphore(2)  # the memory of a small machine


def _turn() -> AbstractContextManager[None]:
    return turn_at(_two_at_once, PATIENCE_S)


def hash_password(password: str) -> str:
    """What is kept of a password.

    Raises:
        TooBusy: others are being checked.
    """
    with _turn():
        return generate_password_hash(_normal(password), METHOD)


def is_right(password: str, kept_hash: str | None) -> bool:
    """Compare in constant time; with nothing to compare to (an unknown name) it takes just as long.

    Raises:
        TooBusy: others are being checked; nothing was compared.
    """
    if len(password) > LONGEST_TYPED:
        password, kept_hash = "", None
    with _turn():
        return check_password_hash(kept_hash or f"{METHOD}$nobody$00", _normal(password))


def is_outdated(kept_hash: str) -> bool:
    """Whether it was hashed with other parameters than today's, so should be hashed again."""
    return not kept_hash.startswith(f"{METHOD}$")


def replace(connection: Connection, member_id: int, password_hash: str, *, keep_device: int | None = None) -> None:
    """Give somebody a new password; all their devices but one are signed out, reset links are void."""
    person = update(member_table).where(member_table.c.id == member_id)
    connection.execute(person.values(password_hash=password_hash))
    connection.execute(delete(reset_link).where(reset_link.c.member_id == member_id))
    sign_out(connection, member_id, except_device=keep_device)


def check(password: str, name: str, field: str = "password") -> None:
    """Whether the person of that name may choose this password.

    Raises:
        Wrong: what speaks against it.
    """
    if problem := problem_with(password, name):
        raise Wrong(problem, field)


def problem_with(password: str, name: str) -> str | None:
    """What speaks against choosing this password, in a sentence; None if nothing does."""
    if len(password) < SHORTEST:
        return words.too_short(SHORTEST)
    if len(password) > LONGEST:  # before normalising, whose time grows faster than the text
        return words.too_long(LONGEST)
    plain = _normal(password).casefold()
    key = name_key(name)
    if len(key) >= 3 and key in plain:
        return words.name_in_password()
    if _is_simple(plain):
        return words.too_simple()
    if plain in _common() or plain.strip("0123456789!?.,-_*#@$ ") in _common():
        return words.too_common()
    return None


def _is_simple(plain: str) -> bool:
    """Few different characters, or each the next of the one before: aaaaaaaaaa, 1212121212, 0123456789."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(set(plain)) < 4 or steps <= {1, -9} or steps <= {-1, 9}


@cache
def _common() -> frozenset[str]:
    return frozenset(line.strip() for line in COMMON.read_text().splitlines() if line.strip())


def _normal(password: str) -> str:
    """The same password whichever keyboard composed its accents."""
    return unicodedata.normalize("NFC", password)
