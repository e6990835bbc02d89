"""The sentences of the household's and the account's pages: about people, devices, and the way in."""

from __future__ import annotations

from dashboard.household import words
from dashboard.texts import _, mark
from dashboard.web.access import Role

YOU_MAY = {
    Role.VIEWER: mark("You see whether the car is charging, its history and the plan."),
    Role.MEMBER: mark("You see whether the car is charging, can pause and resume it, and plan."),
    Role.OWNER: mark("You can pause, resume and plan, and look after people and settings."),
}


def you_may(role: str) -> str:
    return _(YOU_MAY[Role(role)])


def welcome(name: str, role: str, system: str) -> str:
    """To somebody who has just joined, on that system."""
    return _("Welcome, %(name)s. %(you_may)s To have this page at hand: %(home_screen)s") % {
        "name": name,
        "you_may": you_may(role),
        "home_screen": on_home_screen(system)[0],
    }


def welcome_first_owner(name: str) -> str:
    return _("Welcome, %s.") % name


ON_IPHONE = mark("On an iPhone or iPad: tap Share, then “Add to Home Screen”.")
ON_ANDROID = mark("On Android: open the browser’s menu, then “Add to Home screen” or “Install”.")
ON_A_PC = mark("On a PC: bookmark the page.")
HOME_SCREENS = {"iPhone": (ON_IPHONE,), "iPad": (ON_IPHONE,), "Android": (ON_ANDROID,)}


def on_home_screen(system: str) -> list[str]:
    """How to keep a page at hand on that system, as `devices.describe` calls it; on a PC also how on phones."""
    return [_(sentence) for sentence in HOME_SCREENS.get(system, (ON_A_PC, ON_IPHONE, ON_ANDROID))]


def about_person(role_of_them: str, last_seen: str) -> str:
    """“member · last seen 14:03”; `last_seen` is empty where they never were here."""
    return f"{words.role(role_of_them)} · " + (_("last seen %s") % last_seen if last_seen else _("never signed in"))


def about_invitation(role_of_them: str, made: str, name: str, ends: str) -> str:
    facts = {"role": words.a_role(role_of_them), "when": made, "name": name, "time": ends}
    return _("as %(role)s, made %(when)s by %(name)s, until %(time)s") % facts


def this_device(since: str) -> str:
    return _("this device · signed in since %s") % since


def other_device(since: str, last_seen: str) -> str:
    return _("signed in since %(since)s · last seen %(seen)s") % {"since": since, "seen": last_seen}
