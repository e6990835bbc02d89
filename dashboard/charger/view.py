"""One charger as read from the database at one moment: what every part of its page is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.receipt import Receipt
from dashboard.charger.snapshots import Snapshot
from zaptec.situation import Situation, situation


@dataclass(frozen=True)
class ChargerView:
    """What a card is made from: one reading of the database.

    Attributes:
        receipt: of the last command that is worth showing; None where there is none.
        now: when it was read.
    """

    charger: HouseholdCharger
    snapshot: Snapshot
    receipt: Receipt | None
    now: datetime

    @property
    def situation(self) -> Situation:
        return situation(
            self.charger.as_listed,
            self.snapshot.state,
            self.now,
            self.receipt.under_way if self.receipt else None,
            is_forbidden=self.snapshot.failure == "no_access",
        )
