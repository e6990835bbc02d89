"""How to keep the dashboard at hand on this device, and which of what an app can do is missing there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request, url_for
from sqlalchemy import Connection

from dashboard.hosts import LOOPBACK
from dashboard.household import members, page_words
from dashboard.household import words as household_words
from dashboard.household.devices import describe
from dashboard.household.members import Member
from dashboard.more import home_screen_words as words
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.access import Role

HAS_TO_BE_AN_APP = ("iPhone", "iPad")  # there only what was opened from the home screen may show notices


@dataclass(frozen=True)
class Ability:
    """Something that a browser can do for us, whether it does so here, and what is missing otherwise."""

    name: str
    is_there: bool
    about: str
    address: str = ""


@dataclass(frozen=True)
class HomeScreen:
    """Everything that is shown.

    Attributes:
        how: how to put the page on the home screen of this device.
        secure_address: where it comes over https; empty where it does already, or nobody has made such an address.
        ways: how https is brought to a home, for owners; empty where nothing is missing.
        ask: whom to ask for it; empty for owners, and where nothing is missing.
    """

    how: list[str]
    abilities: list[Ability]
    secure_address: str
    ways: list[tuple[str, str]]
    ask: str


def read(connection: Connection, services: Services, you: Member) -> HomeScreen:
    """What that person sees on the device that asks."""
    _browser, system = describe(request.headers.get("User-Agent", ""))
    is_secure = came_securely(services.settings)
    has_address = services.settings.is_https
    lacks_https = not is_secure and not has_address
    is_owner = you.role is Role.OWNER
    return HomeScreen(
        how=page_words.on_home_screen(system),
        abilities=_abilities(is_secure, has_to_be_an_app=system in HAS_TO_BE_AN_APP),
        secure_address=services.settings.public_url if has_address and not is_secure else "",
        ways=words.ways_to_https() if lacks_https and is_owner else [],
        ask=household_words.ask_whom(members.owner_names(connection)) if lacks_https and not is_owner else "",
    )


def came_securely(settings: Settings) -> bool:
    """Whether the browser takes this page for a secure one: by https, or on the dashboard's own machine."""
    host = urlsplit(request.host_url)
    is_public_address = settings.is_https and host.netloc == urlsplit(settings.public_url).netloc
    return request.is_secure or is_public_address or (host.hostname or "") in LOOPBACK


def _abilities(is_secure: bool, *, has_to_be_an_app: bool) -> list[Ability]:
    notices = words.as_app_only() if has_to_be_an_app else words.under_your_account()
    account = url_for("household.show_account", _anchor="being-told")
    return [
        Ability(words.https(), is_secure, words.is_on() if is_secure else words.is_missing()),
        _ability(words.own_app(), is_secure),
        _ability(words.last_state(), is_secure),
        Ability(words.notices(), is_secure, notices if is_secure else words.needs_https(), account),
    ]


def _ability(name: str, is_secure: bool) -> Ability:
    return Ability(name, is_secure, words.works() if is_secure else words.needs_https())
