"""What More shows, as data; the account at Zaptec and what will be asked next only to owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import Connection

from dashboard import formats
from dashboard.charger import chargers
from dashboard.charger.chargers import HouseholdCharger
from dashboard.household import members, page_words
from dashboard.household import words as household_words
from dashboard.household.members import Member
from dashboard.more import first_steps, first_steps_words, words
from dashboard.more.coming_requests import coming_requests
from dashboard.more.request_usage import RequestUsage, request_usage
from dashboard.parts import NextRequest
from dashboard.services import Services
from dashboard.web.access import Role


@dataclass(frozen=True)
class Way:
    """A link of More, with what there is behind it."""

    address: str
    name: str
    about: str


@dataclass(frozen=True)
class AccountSection:
    """How the account at Zaptec stands, for owners.

    Attributes:
        refusal: why Zaptec is not asked any more, and what helps; empty where it lets us in.
        asked: how often Zaptec was asked, and since when, in words.
        next_requests: what will be asked, as sentences; what is due comes first.
    """

    usage: RequestUsage
    refusal: str
    asked: str
    next_requests: list[str]


@dataclass(frozen=True)
class MorePage:
    """Everything the page is made from.

    Attributes:
        people, chargers, behind: the ways to what concerns them; behind the scenes, to what few need.
        home_screen: how to keep the page at hand on this device.
        account: None for those who are no owners.
        ask: whom to ask for what one may not do; empty for owners.
    """

    people: list[Way]
    chargers: list[Way]
    behind: list[Way]
    home_screen: list[str]
    account: AccountSection | None
    ask: str


def read(services: Services, you: Member, system: str) -> MorePage:
    """What that person sees on a device with that system."""
    is_owner = you.role is Role.OWNER
    with services.database.reading() as connection:
        in_use = chargers.in_use(connection, services.settings.charger_ids)
        return MorePage(
            people=_people(connection, services, you),
            chargers=_chargers(in_use, is_owner=is_owner),
            behind=_behind(is_demo=services.settings.is_demo),
            home_screen=page_words.on_home_screen(system),
            account=_account(connection, services) if is_owner else None,
            ask="" if is_owner else household_words.ask_whom(members.owner_names(connection)),
        )


def _people(connection: Connection, services: Services, you: Member) -> list[Way]:
    about = words.about_account(you.name, you.role)
    told = url_for("household.show_account", _anchor="being-told")
    ways = [
        Way(url_for("household.show_account"), words.your_account(), about),
        Way(told, words.being_told(), words.about_being_told()),
    ]
    if you.role is Role.OWNER:
        ways.append(Way(url_for("household.show_household"), words.household(), words.about_household()))
        if first_steps.are_offered(connection, services):
            ways.append(_first_steps())
    return [*ways, Way(url_for("activity.show_activity"), words.activity(), words.about_activity())]


def _first_steps() -> Way:
    address = url_for("more.show_first_steps")
    return Way(address, first_steps_words.first_steps(), first_steps_words.about_first_steps())


def _chargers(in_use: list[HouseholdCharger], *, is_owner: bool) -> list[Way]:
    sheets = [
        Way(url_for("more.show_sheet", charger_id=charger.id), words.sheet_for(charger.name), words.about_sheet())
        for charger in in_use
    ]
    costs = Way(url_for("history.show_tariff"), words.what_a_kwh_costs(), words.about_costs())
    if not is_owner:
        return [costs, *sheets]
    names = Way(url_for("more.show_chargers"), words.names_and_order(), words.about_names())
    check = Way(url_for("more.show_account_check"), words.account_check(), words.about_check())
    return [costs, names, *sheets, check]


def _behind(*, is_demo: bool) -> list[Way]:
    doors = Way(url_for("more.show_doors"), words.doors(), words.about_doors())
    if not is_demo:
        return [doors]
    return [Way(url_for("demo.show_demo"), words.demo(), words.about_demo()), doors]


def _account(connection: Connection, services: Services) -> AccountSection:
    now = services.now()
    usage = request_usage(connection, now)
    return AccountSection(
        usage=usage,
        refusal=words.refused_sign_in(usage.refused_sign_in),
        asked=words.asked_so_far(usage.total, formats.moment_near(usage.since, now)),
        next_requests=[_sentence(request, now) for request in coming_requests(connection, services)],
    )


def _sentence(request: NextRequest, now: datetime) -> str:
    """“14:03:12: the list of chargers”; without a time where somebody has to look first."""
    if request.at is None:
        return request.why
    return words.at_that_time(formats.second_near(request.at, now), request.why)
