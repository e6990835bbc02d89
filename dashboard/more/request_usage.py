"""How politely we ask Zaptec, for owners: today's requests by kind, and how the account stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from dashboard.charger.account import refusal_code
from dashboard.charger.tables import account
from dashboard.more import words
from dashboard.services import current_services


@dataclass(frozen=True)
class RequestUsage:
    """How the account stands.

    Attributes:
        refused_sign_in: `sign_in_rejected` or `sign_in_ended` where Zaptec refuses to sign in; else empty.
        counts: (kind, number) of the requests since `since`, most asked first.
        since: the last midnight in UTC, in which they are counted: no household's day changes it.
        skew_s: our clock minus Zaptec's.
    """

    refused_sign_in: str
    rejected_at: datetime | None
    listed_at: datetime | None
    list_failure: str | None
    skew_s: float | None
    since: datetime
    counts: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(count for _kind, count in self.counts)


def request_usage(connection: Connection, now: datetime) -> RequestUsage:
    row = connection.execute(select(account)).one()
    since = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = current_services().account.turns.counts.of_day(connection, since.date())
    return RequestUsage(
        refused_sign_in=refusal_code(row.rejected_key, row.ended_code),
        rejected_at=row.rejected_at,
        listed_at=row.listed_at,
        list_failure=row.list_failure,
        skew_s=row.skew_s,
        since=since,
        counts=_by_label(counts.items()),
    )


def _by_label(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Kinds that are called the same count together."""
    sums: dict[str, int] = {}
    for kind, count in counts:
        label = words.kind_of_request(kind)
        sums[label] = sums.get(label, 0) + count
    return sorted(sums.items(), key=lambda counted: -counted[1])
