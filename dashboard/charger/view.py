"""One charger as read from the database at one moment: what every part of its page is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from dashboard.charger import chargers, snapshots
from dashboard.charger.chargers import HouseholdCharger
from dashboard.charger.receipt import Receipt
from dashboard.charger.snapshots import Snapshot
from dashboard.services import Services
from zaptec.situation import Situation, SituationName, situation


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

    @cached_property
    def situation(self) -> Situation:
        return situation(
            self.charger.as_listed,
            self.snapshot.state,
            self.now,
            self.receipt.under_way if self.receipt else None,
            is_forbidden=self.snapshot.failure == "no_access",
        )

    @property
    def is_under_way(self) -> bool:
        """Whether a command of ours, or a pause from elsewhere, is still taking effect."""
        is_changing = self.situation.name in (SituationName.PAUSING, SituationName.RESUMING)
        return is_changing or (self.receipt is not None and self.receipt.is_under_way)

    @property
    def is_old(self) -> bool:
        """Whether the news is too old to act on."""
        return self.snapshot.is_too_old(self.now) and self.situation.name is not SituationName.NO_ACCESS


def read_view(connection: Connection, charger_id: str, now: datetime) -> ChargerView:
    """A charger as it is without any command of ours.

    Raises:
        LookupError: there is no such charger.
    """
    charger = chargers.find(connection, charger_id)
    snapshot = snapshots.read(connection, charger_id)
    if charger is None or snapshot is None:
        raise LookupError(charger_id)
    return ChargerView(charger, snapshot, None, now)


def situation_now(services: Services, charger_id: str, snapshot: Snapshot) -> Situation:
    """The situation as a snapshot tells it, without any command of ours.

    Raises:
        LookupError: there is no such charger.
    """
    with services.database.reading() as connection:
        charger = chargers.find(connection, charger_id)
    if charger is None:
        raise LookupError(charger_id)
    return ChargerView(charger, snapshot, None, services.now()).situation
