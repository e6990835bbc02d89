"""How old the news of a charger is: whether it may be acted on, and whether it is time to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import leases
from dashboard.charger.tables import snapshot_table
from dashboard.leases import CLOCK_SET_BACK, lease_table

LOOKED_AT_LIVELY = timedelta(seconds=15)
LOOKED_AT = timedelta(seconds=60)
TOO_OLD_LIVELY = timedelta(seconds=90)
TOO_OLD = timedelta(minutes=3)
LEASE = timedelta(seconds=40)  # longer than a question with its repetitions may take
BACK_OFF = leases.BackOff(timedelta(seconds=5), timedelta(seconds=60), seldom=timedelta(seconds=105))


@dataclass(frozen=True)
class Freshness:
    """How old the news of one charger is, and how the last question went.

    Attributes:
        fetched_at: when Zaptec last answered, by our clock.
        is_lively: charging or about to: its news ages faster.
        failure: why the last question failed, as a code; None when it did not.
        cached_until: until when Zaptec may answer with the same copy again.
    """

    charger_id: str
    fetched_at: datetime | None
    is_lively: bool
    failure: str | None
    failures: int
    ask_again_at: datetime | None
    cached_until: datetime | None
    lease_until: datetime | None

    def age(self, now: datetime) -> timedelta | None:
        return None if self.fetched_at is None else now - self.fetched_at

    def is_older_than(self, limit: timedelta, now: datetime) -> bool:
        """News from the future is old too: our clock was set back, and nobody knows how old it is."""
        age = self.age(now)
        return age is None or age >= limit or age < -CLOCK_SET_BACK

    def is_too_old(self, now: datetime) -> bool:
        """Whether it is too old to act on: the numbers turn grey and the button is off."""
        return self.is_older_than(TOO_OLD_LIVELY if self.is_lively else TOO_OLD, now)

    def is_due(self, now: datetime) -> bool:
        """Whether somebody who looks at it should have it asked again, now."""
        return self.is_to_be_asked(LOOKED_AT_LIVELY if self.is_lively else LOOKED_AT, now)

    def is_to_be_asked(self, every: timedelta, now: datetime) -> bool:
        """Whether Zaptec is to be asked now, for somebody for whom the news may get so old."""
        if self.is_being_asked(now) or self.is_left_alone(now):
            return False
        return self.is_older_than(every, now)

    def to_be_asked_at(self, every: timedelta, now: datetime) -> datetime:
        """When Zaptec is to be asked next for the same; never in the past."""
        is_old = self.fetched_at is None or self.is_older_than(every, now)
        at = now if is_old or self.fetched_at is None else self.fetched_at + every
        return max(at, self.ask_again_at) if self.ask_again_at and self.is_left_alone(now) else at

    def is_left_alone(self, now: datetime) -> bool:
        """Whether a pause after a failure holds; one planned further ahead than any can be is over."""
        return leases.still_holds(self.ask_again_at, now, BACK_OFF.longest)

    def is_being_asked(self, now: datetime) -> bool:
        return leases.still_holds(self.lease_until, now, LEASE)


# The columns of a Freshness, in its order; FRESHNESS_FROM says where they are.
FRESHNESS = (
    *(snapshot_table.c[name] for name in Freshness.__dataclass_fields__ if name != "lease_until"),
    lease_table.c.until.label("lease_until"),
)
FRESHNESS_FROM = snapshot_table.outerjoin(lease_table, lease_table.c.name == snapshot_table.c.charger_id)
