"""Of the receipt a page shows, what tells whether the page has to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import FromClause, and_, func, or_, select

from dashboard.charger.looks import LOOK_AGAIN_SELDOM, LOOK_SOON
from dashboard.charger.receipt import NOT_CONFIRMED, REFUSED, is_over
from dashboard.charger.tables import charger_table, command
from dashboard.leases import CLOCK_SET_BACK
from zaptec.reasons import ALREADY_SO

# What was so already when somebody pressed is told in passing: the receipt before it stays on the page.
IS_SHOWN = or_(
    command.c.outcome.is_(None),
    command.c.outcome != REFUSED,
    command.c.reason.is_(None),
    command.c.reason.not_in(sorted(ALREADY_SO)),
)


@dataclass(frozen=True)
class CommandProgress:
    """How far the command is that a charger's page shows; its fields are PROGRESS, all None without one.

    Attributes:
        look_at: when a command under way wants its next look.
        seen_at: when whoever pressed saw that it came to nothing.
        member_id: whoever pressed; None of the plan's and the timers' own.
    """

    id: int | None
    revision: int | None
    outcome: str | None
    ended_at: datetime | None
    look_at: datetime | None
    seen_at: datetime | None
    member_id: int | None

    @property
    def is_under_way(self) -> bool:
        return self.id is not None and self.ended_at is None

    def is_to_be_seen_by(self, member_id: int) -> bool:
        """Whether it came to nothing, and whoever asks is the one who pressed and has not seen that yet."""
        is_theirs = self.member_id is not None and self.member_id == member_id
        return is_theirs and self.outcome in (NOT_CONFIRMED, REFUSED) and self.seen_at is None

    def wants_a_look(self, now: datetime) -> bool:
        """Whether it is time to see if it is done; a look planned too far ahead was planned by a wrong clock."""
        at = self.look_at
        return at is not None and not now < at <= now + LOOK_AGAIN_SELDOM + CLOCK_SET_BACK

    def awaits_a_look(self, now: datetime) -> bool:
        """As `receipts.awaits_a_look`: its next look is so near that nothing else asks before it."""
        return self.look_at is not None and now < self.look_at <= now + LOOK_SOON

    def is_over(self, now: datetime) -> bool:
        return is_over(self.ended_at, self.seen_at, now)


PROGRESS = tuple(command.c[name] for name in CommandProgress.__dataclass_fields__)
_shown_id = (
    select(func.max(command.c.id))
    .where(command.c.charger_id == charger_table.c.id, IS_SHOWN)
    .correlate(charger_table)
    .scalar_subquery()
)


def with_progress(chargers: FromClause) -> FromClause:
    """A join of chargers to which `PROGRESS` of each is added."""
    return chargers.outerjoin(command, and_(command.c.charger_id == charger_table.c.id, command.c.id == _shown_id))
