"""Who usually charges with a card or at a charger: whose a session is taken to be until somebody says otherwise.

A card goes before the charger. What is noted for a session stays, also when the usual person changes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select, update

from dashboard.history.tables import charge_day, charge_session, usual_person
from dashboard.history.totals import GUEST, Choice
from dashboard.household.tables import member_table


@dataclass(frozen=True)
class Usually:
    """What a usual person is noted for: a charger, or a card wherever it is used.

    Attributes:
        authorised_by, token_name: private. The card, as Zaptec names whoever has it and what it is.
    """

    charger_id: str = ""
    authorised_by: str = ""
    token_name: str = ""

    @property
    def is_card(self) -> bool:
        return not self.charger_id

    @property
    def sessions(self) -> list[ColumnElement[bool]]:
        """The sessions it is about."""
        if not self.is_card:
            return [charge_session.c.charger_id == self.charger_id]
        return [
            func.coalesce(charge_session.c.authorised_by, "") == self.authorised_by,
            func.coalesce(charge_session.c.token_name, "") == self.token_name,
        ]


_NOTED_FOR = (usual_person.c.charger_id, usual_person.c.authorised_by, usual_person.c.token_name)


def _this(of: Usually) -> list[ColumnElement[bool]]:
    keys = (of.charger_id, of.authorised_by, of.token_name)
    return [column == key for column, key in zip(_NOTED_FOR, keys, strict=True)]


def everywhere(connection: Connection) -> dict[Usually, int]:
    """Every usual person that is noted: their number, GUEST for guests."""
    rows = connection.execute(select(*_NOTED_FOR, usual_person.c.person_id))
    return {Usually(*keys): person_id for *keys, person_id in rows}


def note(connection: Connection, of: Usually, person_id: int | None) -> bool:
    """Note who usually charges, or with None that nobody does; False if that was known."""
    noted = connection.execute(select(usual_person.c.person_id).where(*_this(of))).scalar()
    if noted == person_id:
        return False
    connection.execute(delete(usual_person).where(*_this(of)))
    if person_id is not None:
        keys = {"charger_id": of.charger_id, "authorised_by": of.authorised_by, "token_name": of.token_name}
        connection.execute(insert(usual_person).values(person_id=person_id, **keys))
    return True


def of_session(connection: Connection, session_id: int) -> Usually | None:
    """The card of a session; None where nobody authorised it."""
    table = charge_session.c
    row = connection.execute(select(table.authorised_by, table.token_name).where(table.id == session_id)).one()
    return _card(row)


def _card(row: Any) -> Usually | None:
    if not (row.authorised_by or row.token_name):
        return None
    return Usually("", row.authorised_by or "", row.token_name or "")


def take_as_usual(connection: Connection, session_id: int) -> None:
    """Note whose a session is as usual, unless somebody has said whose."""
    row = connection.execute(select(charge_session).where(charge_session.c.id == session_id)).one()
    if row.person_id is not None and not row.is_person_usual:
        return
    noted = everywhere(connection)
    card = _card(row)
    person_id = noted.get(card) if card else None
    if person_id is None:
        person_id = noted.get(Usually(row.charger_id))
    if person_id is not None:
        _give(connection, person_id, charge_session.c.id == session_id, is_usual=True)


def _give(connection: Connection, person_id: int, *which: ColumnElement[bool], is_usual: bool) -> int:
    """Note whose these sessions are; nothing where that person has left the household."""
    name = connection.execute(select(member_table.c.name).where(member_table.c.id == person_id)).scalar()
    if name is None and person_id != GUEST:
        return 0
    given = update(charge_session).where(*which)
    values = {"person_id": person_id, "person_name": name, "is_person_usual": is_usual}
    return connection.execute(given.values(**values)).rowcount


def _open(limited_to: tuple[str, ...] | None = None) -> list[ColumnElement[bool]]:
    """The sessions that count and of which nobody has said whose they are."""
    table = charge_session.c
    conditions = [table.person_id.is_(None), table.is_counted, table.are_times_known, table.is_energy_known]
    return [*conditions, *([] if limited_to is None else [table.charger_id.in_(limited_to)])]


def has_open(connection: Connection, of: Usually, limited_to: tuple[str, ...] | None) -> bool:
    """Whether there is a session that a usual person could be noted for; to count them takes long after years."""
    query = select(charge_session.c.id).where(*_open(limited_to), *of.sessions).limit(1)
    return connection.execute(query).first() is not None


def give_open(connection: Connection, of: Usually, person_id: int, limited_to: tuple[str, ...] | None) -> int:
    """Note that person for all of these; how many they were."""
    return _give(connection, person_id, *_open(limited_to), *of.sessions, is_usual=True)


def claim(connection: Connection, choice: Choice, person_id: int) -> int:
    """Note that person for every session of a period that is not assigned; how many they were."""
    return _give(connection, person_id, *_open_in(choice), is_usual=False)


def count_open_in(connection: Connection, choice: Choice) -> int:
    """How many those are."""
    query = select(func.count()).select_from(charge_session).where(*_open_in(choice))
    return connection.execute(query).scalar() or 0


def _open_in(choice: Choice) -> list[ColumnElement[bool]]:
    in_period = select(charge_day.c.session_id).where(*choice.where)
    return [*_open(choice.chargers), charge_session.c.id.in_(in_period)]


def is_told_apart(connection: Connection) -> bool:
    """Whether it is of interest whose a charge was: in a home of one only once there was somebody else's."""
    people = connection.execute(select(member_table.c.id).limit(2)).scalars().all()
    if len(people) > 1:
        return True
    return bool(connection.execute(select(exists().where(charge_session.c.person_id.not_in(people)))).scalar())
