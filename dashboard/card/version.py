"""What a refresh needs to know to say "nothing new": one question to the database, no state read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, select

from dashboard.charger.chargers import LIST_COLUMNS, ListFreshness
from dashboard.charger.receipts import CONFIRMED, IS_SHOWN, UNDO_FOR, is_over
from dashboard.charger.snapshots import FRESHNESS, Freshness
from dashboard.charger.tables import account, charger_table, command, snapshot_table
from dashboard.charger.view import ChargerView
from dashboard.household.tables import member_table
from dashboard.web.access import Role

_last = (
    select(func.max(command.c.id))
    .where(command.c.charger_id == charger_table.c.id, IS_SHOWN)
    .correlate(charger_table)
    .scalar_subquery()
)
# Whom a viewer is told to ask for control.
_owner_names = select(func.aggregate_strings(member_table.c.name, "\n"))
_owners = _owner_names.where(member_table.c.role == Role.OWNER).scalar_subquery()
_QUESTION = (
    select(
        *FRESHNESS,
        charger_table.c.revision,
        command.c.id.label("command_id"),
        command.c.revision.label("command_revision"),
        command.c.outcome,
        command.c.ended_at,
        command.c.look_at,
        account.c.rejected_key,
        _owners.label("owners"),
        *LIST_COLUMNS,
    )
    .select_from(
        charger_table.join(snapshot_table, snapshot_table.c.charger_id == charger_table.c.id)
        .outerjoin(command, and_(command.c.charger_id == charger_table.c.id, command.c.id == _last))
        .join(account, account.c.id == 1)
    )
    .where(charger_table.c.id == bindparam("charger_id"))
)


@dataclass(frozen=True)
class Glance:
    """The standing of one charger's card.

    Attributes:
        look_at: when a command under way wants its next look.
    """

    freshness: Freshness
    revision: int
    command_id: int | None
    command_revision: int | None
    outcome: str | None
    ended_at: datetime | None
    look_at: datetime | None
    is_rejected: bool
    owners: str
    listing: ListFreshness

    @property
    def is_under_way(self) -> bool:
        return self.command_id is not None and self.ended_at is None

    def wants_a_look(self, now: datetime) -> bool:
        return self.look_at is not None and self.look_at <= now

    def wants_anything(self, now: datetime) -> bool:
        """Whether it is time to ask Zaptec something, as somebody looks."""
        return self.wants_a_look(now) or self.freshness.is_due(now) or self.listing.is_due(now)

    def version(self, role: Role, now: datetime) -> str:
        """Names everything the card depends on: news, receipt, rights, and what the passing time changes."""
        fetched, age = self.freshness.fetched_at, self.freshness.age(now)
        old_min = int(age.total_seconds() // 60) if age and self.freshness.is_too_old(now) else -1
        may_undo = self.outcome == CONFIRMED and self.ended_at is not None and now - self.ended_at < UNDO_FOR
        return "-".join(
            (
                f"{int(fetched.timestamp() * 1000):x}" if fetched else "0",
                f"{self.freshness.failures}",
                f"{self.revision}",
                f"{self.command_id or 0}.{self.command_revision or 0}",
                f"{zlib.crc32(self.owners.encode()):x}",
                f"{role[0]}{int(may_undo)}{int(is_over(self.ended_at, now))}{int(self.is_rejected)}.{old_min}",
            )
        )

    def ask_again_s(self, now: datetime) -> int:
        """In how many seconds a visible page should ask us again."""
        if self.freshness.is_being_asked(now) and self.freshness.is_too_old(now):
            return 1
        return 2 if self.is_under_way else 5


@dataclass(frozen=True)
class CardView(ChargerView):
    """A charger's view, with what the version of its card is made from."""

    glance: Glance


def glance(connection: Connection, charger_id: str) -> Glance | None:
    row = connection.execute(_QUESTION, {"charger_id": charger_id}).one_or_none()
    if row is None:
        return None
    freshness = Freshness(*row[: len(FRESHNESS)])
    return Glance(
        freshness,
        row.revision,
        row.command_id,
        row.command_revision,
        row.outcome,
        row.ended_at,
        row.look_at,
        row.rejected_key is not None,
        row.owners or "",
        ListFreshness(*row[-len(LIST_COLUMNS) :]),
    )
