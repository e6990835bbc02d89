"""What this room will ask Zaptec next: whether a press is done, again after a failure, the list of chargers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.charger import chargers, receipts, words
from dashboard.charger.freshness import FRESHNESS, FRESHNESS_FROM, Freshness
from dashboard.charger.tables import account, snapshot_table
from dashboard.parts import NextRequest


def next_requests(connection: Connection, names: Mapping[str, str], now: datetime) -> Iterator[NextRequest]:
    """The requests of this room, in no order; `names` holds the name of each charger that is shown, by its id."""
    yield from _after_presses(connection, names)
    yield from _after_failures(connection, names, now)
    yield _of_list(connection)
    yield NextRequest(None, words.reads_state_while_looked_at())


def _after_presses(connection: Connection, names: Mapping[str, str]) -> Iterator[NextRequest]:
    for receipt in receipts.under_way(connection):
        if receipt.charger_id in names and receipt.look_at is not None:
            yield NextRequest(receipt.look_at, words.looks_whether_done(names[receipt.charger_id]))


def _after_failures(connection: Connection, names: Mapping[str, str], now: datetime) -> Iterator[NextRequest]:
    query = select(*FRESHNESS).select_from(FRESHNESS_FROM)
    failed = query.where(snapshot_table.c.failure.is_not(None))
    for freshness in (Freshness(*row) for row in connection.execute(failed)):
        if freshness.charger_id in names:
            at = freshness.ask_again_at if freshness.is_left_alone(now) else now
            yield NextRequest(at, words.asks_again_after_failure(names[freshness.charger_id]))


def _of_list(connection: Connection) -> NextRequest:
    row = connection.execute(select(account.c.listed_at, account.c.list_again_at)).one()
    at = row.list_again_at or (row.listed_at + chargers.LIST_EVERY if row.listed_at else None)
    return NextRequest(at, words.reads_list())
