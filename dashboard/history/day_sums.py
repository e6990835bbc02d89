"""Mends the sums by day where they are not those of the shares.

A version from before these sums may have booked something after the database was migrated, as when one takes
another's place without a pause. Looked for when a program starts, and now and then.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, delete, except_, func, insert, select

from dashboard.charger import chargers
from dashboard.history.session_cost import day_rows
from dashboard.history.tables import charge_day, charge_share
from dashboard.services import Services

log = logging.getLogger(__name__)
AT_ONCE = 200  # sessions, in one transaction


def mend(services: Services) -> None:
    with services.database.reading() as connection:
        ids = _wrong(connection)
    for begin in range(0, len(ids), AT_ONCE):
        with services.database.writing() as connection:
            _sum_up(connection, ids[begin : begin + AT_ONCE])
            chargers.touch_all(connection)
    if ids:
        log.warning("the days of %d sessions were summed up anew", len(ids))


def _wrong(connection: Connection) -> list[int]:
    """The sessions in question."""
    share, day = charge_share.c, charge_day.c
    sums = (func.sum(share.energy_mwh), func.sum(share.cost_micro))
    right = select(share.session_id, share.day, *sums).group_by(share.session_id, share.day)
    kept = select(day.session_id, day.day, day.energy_mwh, day.cost_micro)
    found = [*connection.execute(except_(right, kept)), *connection.execute(except_(kept, right))]
    return sorted({row.session_id for row in found})


def _sum_up(connection: Connection, ids: Sequence[int]) -> None:
    shares = connection.execute(select(charge_share).where(charge_share.c.session_id.in_(ids)))
    days = day_rows([dict(row._mapping) for row in shares])
    connection.execute(delete(charge_day).where(charge_day.c.session_id.in_(ids)))
    if days:
        connection.execute(insert(charge_day), days)
