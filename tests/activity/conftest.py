"""Writing lines as the rooms do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dashboard.activity import log
from dashboard.activity.kinds import LineKind
from dashboard.charger.tables import charger_table
from dashboard.household.members import as_member, find_by_name
from tests.conftest import Household
from zaptec.charger import Charger, Family

Write = Callable[..., None]


@pytest.fixture
def write(household: Household) -> Write:
    """Writes one line as of now, or as of `at`; `member` by name."""

    def write(kind: LineKind, *, member: str | None = None, at: datetime | None = None, **what: Any) -> None:
        with household.database.writing() as connection:
            person = as_member(find_by_name(connection, member)) if member else None
            log.record(connection, at=at or household.clock.now(), kind=kind, member=person, **what)

    return write


@pytest.fixture
def put_up(household: Household) -> Write:
    """Puts up chargers in place of those that are there: `put_up(id=name)`."""

    def put_up(**names: str) -> None:
        with household.database.writing() as connection:
            connection.execute(charger_table.delete())
            for id, name in names.items():
                record = json.dumps(Charger(id, name, 4, Family.GO).to_record())
                row = {"id": id, "name": name, "record": record, "is_listed": True, "revision": 0}
                connection.execute(charger_table.insert().values(row))

    return put_up
