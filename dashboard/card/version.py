"""What a refresh needs to know to say "nothing new": one query to the database, no state read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, bindparam, func, select

from dashboard.charger.account import REFUSED_SIGN_IN, SKEW_WORTH_AN_ALERT_S, refusal_code
from dashboard.charger.chargers import LIST_COLUMNS, ListFreshness
from dashboard.charger.freshness import FRESHNESS, FRESHNESS_FROM, Freshness
from dashboard.charger.progress import PROGRESS, CommandProgress, with_progress
from dashboard.charger.tables import account, charger_table, snapshot_table
from dashboard.charger.view import ChargerView
from dashboard.history.price_now import HAS_CONTRACT, PRICES_STATE
from dashboard.household.proxies import FORWARDED_AT, is_lately
from dashboard.household.tables import member_table
from dashboard.services import current_services
from dashboard.web.access import Role

# Whom a viewer is told to ask for control.
_owner_names = select(func.aggregate_strings(member_table.c.name, "\n"))
_owners = _owner_names.where(member_table.c.role == Role.OWNER).scalar_subquery()
_GLANCE = (
    select(
        *FRESHNESS,
        *PROGRESS,
        *LIST_COLUMNS,
        charger_table.c.revision.label("charger_revision"),
        account.c.rejected_key,
        account.c.ended_code,
        account.c.skew_s,
        FORWARDED_AT.label("forwarded_at"),
        _owners.label("owners"),
        PRICES_STATE.label("prices_state"),
        HAS_CONTRACT.label("has_contract"),
    )
    .select_from(
        with_progress(FRESHNESS_FROM.join(charger_table, charger_table.c.id == snapshot_table.c.charger_id)).join(
            account, account.c.id == 1
        )
    )
    .where(charger_table.c.id == bindparam("charger_id"))
)


TOO_OLD = "old"
QUARTER_S = 15 * 60  # midnight, which makes “tomorrow” of words “today”, is the start of one in every time zone


def was_too_old(version: str) -> bool:
    """Whether a card of that version had nothing to press, for want of news."""
    return f"-{TOO_OLD}" in version


@dataclass(frozen=True)
class Glance:
    """What decides whether a charger's card has changed, and whether Zaptec is to be asked.

    Attributes:
        revision: of the charger, which grows when its name, its plan or its history changes.
        refused_sign_in: `sign_in_rejected` or `sign_in_ended` where Zaptec refuses to sign in; else empty.
        owners: their names, a line each.
        skew_s: our clock minus Zaptec's, as it was found last; None before.
        forwarded_at: when a request last came through a proxy that the settings know nothing of.
        prices_state: of the price list, which grows when it changes.
        has_contract: the price may be another in any minute.
    """

    freshness: Freshness
    progress: CommandProgress
    listing: ListFreshness
    revision: int
    refused_sign_in: str
    owners: str
    skew_s: float | None
    forwarded_at: datetime | None
    prices_state: int
    has_contract: bool

    def wants_anything(self, now: datetime) -> bool:
        """Whether it is time to ask Zaptec something, as somebody looks."""
        return self.progress.wants_a_look(now) or self.wants_news(now) or self.listing.is_due(now)

    def wants_news(self, now: datetime) -> bool:
        """Whether it is time to ask for the state; just before a planned look, that look asks."""
        return self.freshness.is_due(now) and not self.progress.awaits_a_look(now)

    def version(self, role: Role, now: datetime) -> str:
        """Names everything the card depends on: news, receipt, rights, and what the passing time changes."""
        fetched, age = self.freshness.fetched_at, self.freshness.age(now)
        old_min = int(age.total_seconds() // 60) if age else ""
        how_old = f"{TOO_OLD}{old_min}" if self.freshness.is_too_old(now) else "new"
        progress = self.progress
        return "-".join(
            (
                f"{int(fetched.timestamp() * 1000):x}" if fetched else "0",
                f"{self.freshness.failures}",
                f"{self.revision}.{int(now.timestamp() // QUARTER_S) % 1000}",
                f"{progress.id or 0}.{progress.revision or 0}",
                f"{zlib.crc32(self.owners.encode()):x}",
                f"{role[0]}{int(progress.is_over(now))}{self.refused_sign_in[8:9]}",
                how_old,
                f"{self.prices_state}.{int(now.timestamp() // 60) if self.has_contract else 0}",
                self._for_owners(now) if role is Role.OWNER else "",
            )
        )

    @property
    def wrong_by_s(self) -> float | None:
        """How far our clock is from Zaptec's, where that is worth an alert."""
        return self.skew_s if self.skew_s is not None and abs(self.skew_s) >= SKEW_WORTH_AN_ALERT_S else None

    def is_forwarded(self, now: datetime) -> bool:
        return is_lately(self.forwarded_at, now)

    def _for_owners(self, now: datetime) -> str:
        """What their alerts say of the dashboard itself."""
        has_no_zone = current_services().zones() is None
        return f"{int(has_no_zone)}{int(self.is_forwarded(now))}{round(self.wrong_by_s or 0)}"

    def ask_again_s(self, now: datetime) -> int:
        """In how many seconds a visible page should ask us again."""
        if self.freshness.is_being_asked(now) and self.freshness.is_too_old(now):
            return 1
        return 2 if self.progress.is_under_way else 5


@dataclass(frozen=True)
class CardView(ChargerView):
    """A charger's view, with what the version of its card is made from."""

    glance: Glance

    @property
    def refused_sign_in(self) -> str:
        """Why Zaptec turns the account away, as a code; empty where it does not."""
        failure = self.snapshot.failure
        return self.glance.refused_sign_in or (failure if failure in REFUSED_SIGN_IN else "")


def glance(connection: Connection, charger_id: str) -> Glance | None:
    """Read it in one query; None when there is no such charger."""
    row = connection.execute(_GLANCE, {"charger_id": charger_id}).one_or_none()
    if row is None:
        return None
    columns = iter(row)
    return Glance(
        Freshness(*islice(columns, len(FRESHNESS))),
        CommandProgress(*islice(columns, len(PROGRESS))),
        ListFreshness(*islice(columns, len(LIST_COLUMNS))),
        row.charger_revision,
        refusal_code(row.rejected_key, row.ended_code),
        row.owners or "",
        row.skew_s,
        row.forwarded_at,
        row.prices_state or 0,
        bool(row.has_contract),
    )
