"""Lines of the log as people read them: when, and a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from dashboard.activity import log, words
from dashboard.formats import clock


@dataclass(frozen=True)
class LogLine:
    """One thing that happened.

    Attributes:
        kind: what happened, mostly one of `LineKind`; another version may have written others.
        who: the name of the person at that time; None where no person did it.
        origin: from where: page, timer, plan, shell, outside.
        charger: the charger's name where it helps to tell chargers apart, else None.
        details: facts, as `log.record` stores them.
    """

    at: datetime
    kind: str
    who: str | None = None
    origin: str = "page"
    charger: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return words.sentence(self.kind, self.who, self.origin, self.charger, self.details, self.at)

    @property
    def time(self) -> str:
        return clock(self.at)


def latest(connection: Connection, charger_id: str, count: int = 3) -> list[LogLine]:
    """The last lines about one charger, newest first; for that charger's own page."""
    choice = log.LineFilter(charger_id=charger_id, with_told=False)
    return [line_of(row, {}) for row in log.newest(connection, choice, count)]


def line_of(row: Row[Any], chargers: Mapping[str, str]) -> LogLine:
    """One row of the log; the charger is named where there are several in `chargers`, names by id."""
    charger = chargers.get(row.charger_id) if len(chargers) > 1 else None
    return LogLine(row.at, row.kind, row.member_name, row.origin, charger, json.loads(row.details))
