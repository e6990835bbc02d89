"""How politely we ask Zaptec, for owners: today's questions by kind, and when and why the next one is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from dashboard.charging import words
from dashboard.charging.chargers import LIST_EVERY
from dashboard.charging.tables import account, charger, command, request_count, snapshot
from dashboard.texts import _


@dataclass(frozen=True)
class Next:
    """The next planned question: when (None: when somebody looks) and why."""

    at: datetime | None
    why: str


@dataclass(frozen=True)
class Standing:
    """How the account stands.

    Attributes:
        counts: (kind, number) of today's questions, UTC, most asked first.
        skew_s: our clock minus Zaptec's.
    """

    is_rejected: bool
    rejected_at: datetime | None
    listed_at: datetime | None
    list_failure: str | None
    skew_s: float | None
    counts: list[tuple[str, int]]
    nexts: list[Next]

    @property
    def total(self) -> int:
        return sum(count for _kind, count in self.counts)


def standing(connection: Connection, now: datetime) -> Standing:
    row = connection.execute(select(account)).one()
    counts = connection.execute(
        select(request_count.c.kind, request_count.c.count.label("asked"))
        .where(request_count.c.day == now.astimezone(UTC).date())
        .order_by(request_count.c.count.desc())
    ).all()
    return Standing(
        is_rejected=row.rejected_key is not None,
        rejected_at=row.rejected_at,
        listed_at=row.listed_at,
        list_failure=row.list_failure,
        skew_s=row.skew_s,
        counts=_by_label((row.kind, row.asked) for row in counts),
        nexts=_nexts(connection, row.listed_at, row.list_again_at),
    )


def _by_label(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Kinds that are called the same count together."""
    sums: dict[str, int] = {}
    for kind, count in counts:
        label = words.kind_of_question(kind)
        sums[label] = sums.get(label, 0) + count
    return sorted(sums.items(), key=lambda one: -one[1])


def _nexts(connection: Connection, listed_at: datetime | None, list_again_at: datetime | None) -> list[Next]:
    nexts = []
    looks = connection.execute(
        select(command.c.look_at, charger.c.name)
        .join(charger, charger.c.id == command.c.charger_id)
        .where(command.c.ended_at.is_(None), command.c.look_at.is_not(None))
    ).all()
    nexts += [Next(look_at, _("%s: whether what was asked is done") % name) for look_at, name in looks]
    waiting = connection.execute(
        select(snapshot.c.ask_again_at, charger.c.name)
        .join(charger, charger.c.id == snapshot.c.charger_id)
        .where(snapshot.c.failure.is_not(None))
    ).all()
    nexts += [Next(at, _("%s: again after a failure, if somebody looks") % name) for at, name in waiting]
    if list_again_at or listed_at:
        hourly = (listed_at or list_again_at or datetime.now(UTC)) + (LIST_EVERY if listed_at else timedelta())
        nexts.append(Next(list_again_at or hourly, _("the list of chargers, if somebody looks")))
    nexts.append(
        Next(None, _("the state of a charger: every 15 s while charging, else every minute, if somebody looks"))
    )
    return nexts
