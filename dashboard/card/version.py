"""What a refresh needs to know to say "nothing new": one query to the database, no state read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, bindparam, func, select

from dashboard.charger import receipts
from dashboard.charger.account import refusal_code
from dashboard.charger.chargers import LIST_COLUMNS, ListFreshness
from dashboard.charger.receipt import is_over
from dashboard.charger.receipts import CommandProgress
from dashboard.charger.snapshots import FRESHNESS, FRESHNESS_FROM, Freshness
from dashboard.charger.tables import account, charger_table, snapshot_table
from dashboard.charger.view import ChargerView
from dashboard.household.tables import member_table
from dashboard.web.access import Role

# Whom a viewer is told to ask for control.
_owner_names = select(func.aggregate_strings(member_table.c.name, "\n"))
_owners = _owner_names.where(member_table.c.role == Role.OWNER).scalar_subquery()
_GLANCE = (
    select(
        *FRESHNESS,
        *receipts.PROGRESS,
        *LIST_COLUMNS,
        charger_table.c.revision.label("charger_revision"),
        account.c.rejected_key,
        account.c.ended_code,
        _owners.label("owners"),
    )
    .select_from(
        receipts.with_progress(
            FRESHNESS_FROM.join(charger_table, charger_table.c.id == snapshot_table.c.charger_id)
        ).join(account, account.c.id == 1)
    )
    .where(charger_table.c.id == bindparam("charger_id"))
)


@dataclass(frozen=True)
class Glance:
    """What decides whether a charger's card has changed, and whether Zaptec is to be asked.

    Attributes:
        revision: of the charger, which grows when its name, its plan or its history changes.
        refused_sign_in: `sign_in_rejected` or `sign_in_ended` where Zaptec refuses to sign in; else empty.
        owners: their names, a line each.
    """

    freshness: Freshness
    progress: CommandProgress
    listing: ListFreshness
    revision: int
    refused_sign_in: str
    owners: str

    def wants_anything(self, now: datetime) -> bool:
        """Whether it is time to ask Zaptec something, as somebody looks."""
        return self.progress.wants_a_look(now) or self.freshness.is_due(now) or self.listing.is_due(now)

    def version(self, role: Role, now: datetime) -> str:
        """Names everything the card depends on: news, receipt, rights, and what the passing time changes."""
        fetched, age = self.freshness.fetched_at, self.freshness.age(now)
        old_min = int(age.total_seconds() // 60) if age and self.freshness.is_too_old(now) else -1
        progress = self.progress
        flags = (progress.may_be_undone(now), is_over(progress.ended_at, now))
        return "-".join(
            (
                f"{int(fetched.timestamp() * 1000):x}" if fetched else "0",
                f"{self.freshness.failures}",
                f"{self.revision}",
                f"{progress.id or 0}.{progress.revision or 0}",
                f"{zlib.crc32(self.owners.encode()):x}",
                f"{role[0]}{''.join(str(int(flag)) for flag in flags)}{self.refused_sign_in[8:9]}.{old_min}",
            )
        )

    def ask_again_s(self, now: datetime) -> int:
        """In how many seconds a visible page should ask us again."""
        if self.freshness.is_being_asked(now) and self.freshness.is_too_old(now):
            return 1
        return 2 if self.progress.is_under_way else 5


@dataclass(frozen=True)
class CardView(ChargerView):
    """A charger's view, with what the version of its card is made from."""

    glance: Glance


def glance(connection: Connection, charger_id: str) -> Glance | None:
    """Read it in one query; None when there is no such charger."""
    row = connection.execute(_GLANCE, {"charger_id": charger_id}).one_or_none()
    if row is None:
        return None
    columns = iter(row)
    return Glance(
        Freshness(*islice(columns, len(FRESHNESS))),
        CommandProgress(*islice(columns, len(receipts.PROGRESS))),
        ListFreshness(*islice(columns, len(LIST_COLUMNS))),
        row.charger_revision,
        refusal_code(row.rejected_key, row.ended_code),
        row.owners or "",
    )
