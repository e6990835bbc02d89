"""Names compared without what cannot be seen; of two that look the same the later one gets a number, and a log line.

Whoever types a name types what can be seen, so the later of the two could not sign in.
"""

import json
import unicodedata
from datetime import UTC, datetime
from itertools import count

import sqlalchemy as sa
from alembic import op

from dashboard.database import UtcTime

revision = "0013"
down_revision = "0012"

member = sa.table("member", sa.column("id", sa.Integer), sa.column("name", sa.Text), sa.column("name_key", sa.Text))
activity = sa.table(
    "activity",
    sa.column("at", UtcTime),
    sa.column("kind", sa.Text),
    sa.column("member_id", sa.Integer),
    sa.column("member_name", sa.Text),
    sa.column("origin", sa.Text),
    sa.column("details", sa.Text),
)

# The rule of November 2026, which may change in the rooms but not here.
LONGEST, LONGEST_TYPED = 40, 160
UNSEEN = frozenset(
    map(
        chr,
        (
            *(0x00AD, 0x034F, 0x061C, 0x3164, 0xFEFF, 0xFFA0, 0x2800, 0x16FE4, 0x1D159),
            *range(0x115F, 0x1161),
            *range(0x17B4, 0x17B6),
            *range(0x180B, 0x1810),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
            *range(0xFFF0, 0xFFF9),
            *range(0x1BCA0, 0x1BCA4),
            *range(0x1D173, 0x1D17B),
            *range(0xE0000, 0xE1000),
        ),
    )
)


def seen(text: str) -> str:
    return " ".join("".join(character for character in text if not _is_unseen(character)).split())


def _is_unseen(character: str) -> bool:
    if character.isspace():
        return False
    return character in UNSEEN or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co")


def key_of(name: str) -> str:
    name = name.strip()[:LONGEST_TYPED]
    return seen(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()))


def upgrade() -> None:
    connection = op.get_bind()
    people = connection.execute(sa.select(member).order_by(member.c.id)).all()
    taken = {person.name_key for person in people}
    for person in people:
        key = key_of(person.name)
        if key == person.name_key:
            continue
        name = person.name if key and key not in taken else _name_apart(person.name, taken)
        taken.add(key_of(name))
        changed = member.update().where(member.c.id == person.id)
        connection.execute(changed.values(name=name, name_key=key_of(name)))
        if name != person.name:
            _tell(connection, person, name)


def _name_apart(name: str, taken: set[str]) -> str:
    """“Anna 2”: what can be seen of the name, with the first number that is free."""
    visible = seen(name)[: LONGEST - 4] or "Somebody"
    numbered = (f"{visible} {number}" for number in count(2))
    return next(name for name in numbered if key_of(name) not in taken)


def _tell(connection: sa.Connection, person: sa.Row, name: str) -> None:
    line = {
        "at": datetime.now(UTC),
        "kind": "member_renamed",
        "member_id": person.id,
        "member_name": name,
        "origin": "page",
        "details": json.dumps({"old": seen(person.name), "new": name}, ensure_ascii=False),
    }
    connection.execute(activity.insert().values(line))
