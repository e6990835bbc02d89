"""What the pages show of whose charges these are; nothing in a home of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from dashboard.history import totals, usual, whose_words
from dashboard.history.totals import ChargeSum, Choice
from dashboard.history.usual import Usually


@dataclass(frozen=True)
class UsualChoice:
    """The form in which somebody chooses who usually charges.

    Attributes:
        chosen: who does by now, as the value of the select; empty for nobody.
        open: what ticking the box would assign too, as a sentence; empty where there is nothing.
    """

    label: str
    address: str
    people: dict[str, str]
    chosen: str
    open: str


@dataclass(frozen=True)
class Whose:
    """Who took how much in a month, and what can be said about it.

    Attributes:
        is_anybody_named: else there is nothing to tell apart.
        open: how many sessions are not assigned, as a sentence; empty where all are.
    """

    people: list[tuple[str, ChargeSum]]
    is_anybody_named: bool
    open: str
    usual: list[UsualChoice]


def read(
    connection: Connection, choice: Choice, month: str, chargers: dict[str, str], place: dict[str, Any]
) -> Whose | None:
    """What the page of a month shows, of the chargers it is about, by id; None in a home of one."""
    if not usual.is_told_apart(connection):
        return None
    names = totals.people(connection)
    by_person = totals.by_person(connection, choice)
    count = usual.count_open_in(connection, choice)
    return Whose(
        people=[
            (whose_words.person(person.id, person.name, names) or whose_words.nobody(), person.sum)
            for person in by_person
        ],
        is_anybody_named=any(person.id is not None for person in by_person),
        open=whose_words.not_assigned(count, month) if count else "",
        usual=[
            usual_choice(
                connection,
                Usually(id),
                whose_words.usually_at(name if len(chargers) > 1 else ""),
                url_for("history.note_usual_person", charger_id=id, **place),
            )
            for id, name in chargers.items()
        ],
    )


def usual_choice(
    connection: Connection, of: Usually, label: str, address: str, limited_to: tuple[str, ...] | None = None
) -> UsualChoice:
    """The form for one charger or card."""
    people = {"": whose_words.nobody_in_particular()}
    people |= {str(id): name for id, name in whose_words.people(connection).items()}
    chosen = usual.everywhere(connection).get(of)
    return UsualChoice(
        label=label,
        address=address,
        people=people,
        chosen="" if chosen is None else str(chosen),
        open=whose_words.also_open() if usual.has_open(connection, of, limited_to) else "",
    )
