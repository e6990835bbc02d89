"""What More shows, as data; the account at Zaptec and what will be asked next only to owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger
from dashboard.household import members
from dashboard.household import words as household_words
from dashboard.more import words
from dashboard.more.coming_requests import coming_requests
from dashboard.more.request_usage import RequestUsage, request_usage
from dashboard.parts import NextRequest
from dashboard.services import Services


@dataclass(frozen=True)
class AccountSection:
    """How the account at Zaptec stands, for owners.

    Attributes:
        refusal: why Zaptec is not asked any more, and what helps; empty where it lets us in.
        since: since when the requests are counted, in words.
        next_requests: what will be asked, as sentences; what is due comes first.
    """

    usage: RequestUsage
    refusal: str
    since: str
    next_requests: list[str]


@dataclass(frozen=True)
class MorePage:
    """Everything the page is made from.

    Attributes:
        account: None for those who are no owners.
        ask: whom to ask for what one may not do.
    """

    chargers: list[HouseholdCharger]
    account: AccountSection | None
    ask: str


def read(services: Services, *, is_owner: bool) -> MorePage:
    with services.database.reading() as connection:
        return MorePage(
            chargers=chargers.in_use(connection, services.settings.charger_ids),
            account=_account(connection, services) if is_owner else None,
            ask=household_words.ask_whom(members.owner_names(connection)),
        )


def _account(connection: Connection, services: Services) -> AccountSection:
    now = services.now()
    usage = request_usage(connection, now)
    return AccountSection(
        usage=usage,
        refusal=words.refused_sign_in(usage.refused_sign_in),
        since=formats.moment_near(usage.since, now),
        next_requests=[_sentence(request, now) for request in coming_requests(connection, services)],
    )


def _sentence(request: NextRequest, now: datetime) -> str:
    """“14:03:12: the list of chargers”; without a time where somebody has to look first."""
    if request.at is None:
        return request.why
    return words.at_that_time(formats.second_near(request.at, now), request.why)
