"""The sessions of a period as lines of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard import formats
from dashboard.history import sessions, totals, usual, whose_words, words
from dashboard.history.sessions import BookedSession
from dashboard.history.totals import Choice
from dashboard.services import current_services


@dataclass(frozen=True)
class SessionLine:
    """One session in the list of a month.

    Attributes:
        energy_mwh: what it took in the month; all of it where nobody knows when.
    """

    session: BookedSession
    when: str
    charger: str
    person: str
    flags: list[str]

    @property
    def energy_mwh(self) -> int:
        return self.session.share_mwh if self.session.are_times_known else self.session.energy_mwh

    @property
    def small(self) -> str:
        return " · ".join(part for part in (self.charger, self.person, *self.flags) if part)


def read(connection: Connection, choice: Choice, chargers: Mapping[str, str]) -> list[SessionLine]:
    """The sessions of a period, newest first, each told in its own charger's time zone.

    Args:
        chargers: their names by id, where there are several to be told apart.
    """
    names, now, is_told_apart = totals.people(connection), current_services().now(), usual.is_told_apart(connection)
    lines = []
    for session in sessions.of_period(connection, choice):
        with formats.in_zone_of(session.charger_id):
            when = words.when(session, now)
        charger = chargers.get(session.charger_id, "") if len(chargers) > 1 else ""
        person = whose_words.person(session.person_id, session.person_name, names) if is_told_apart else ""
        flags = [flag for flag in words.flags(session) if flag not in when]
        lines.append(SessionLine(session, when, charger, person, flags))
    return lines
