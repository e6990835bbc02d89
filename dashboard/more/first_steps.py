"""What a new household does first: see the charger, name it, invite the others, put the page on the home screen.

Which of it is done is read from what is there, so that nothing is lost whenever one stops; what is left out is only
passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger, ListStatus
from dashboard.household import invitations, members
from dashboard.services import Services

OFFERED_FOR = timedelta(days=7)  # on More, to a new household


class FirstStep(StrEnum):
    CHARGER = "charger"
    NAME = "name"
    INVITE = "invite"
    HOME_SCREEN = "home-screen"


@dataclass(frozen=True)
class FirstSteps:
    """How far a household is.

    Attributes:
        chargers: what the account has been found to list.
        done: never HOME_SCREEN, which only the device knows.
    """

    status: ListStatus
    chargers: list[HouseholdCharger]
    done: frozenset[FirstStep]

    def next_after(self, passed: FirstStep | None) -> FirstStep | None:
        """The first that is not done, of those after the one that was passed over; None at the end."""
        steps = list(FirstStep)
        left = steps[steps.index(passed) + 1 :] if passed else steps
        return next((step for step in left if step not in self.done), None)


def read(connection: Connection, services: Services) -> FirstSteps:
    found = chargers.in_use(connection, services.settings.charger_ids)
    is_done = {
        FirstStep.CHARGER: bool(found),
        FirstStep.NAME: not found or chargers.is_any_named(connection),
        FirstStep.INVITE: _is_not_alone(connection, services.now()),
    }
    done = frozenset(step for step, is_so in is_done.items() if is_so)
    return FirstSteps(chargers.list_status(connection), found, done)


def _is_not_alone(connection: Connection, now: datetime) -> bool:
    return len(members.everybody(connection)) > 1 or bool(invitations.still_open(connection, now))


def are_offered(connection: Connection, services: Services) -> bool:
    """Whether More leads an owner there: the household is new, and something is left."""
    if services.settings.is_demo:
        return False
    first_at = members.first_at(connection)
    is_new = first_at is not None and services.now() - first_at < OFFERED_FOR
    return is_new and read(connection, services).next_after(None) is not FirstStep.HOME_SCREEN


def step_named(text: str) -> FirstStep | None:
    return FirstStep(text) if text in list(FirstStep) else None
