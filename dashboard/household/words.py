"""The sentences of sign-in, members, invitations and account, for people who know nothing of tokens."""

from __future__ import annotations

from dashboard.texts import _, ngettext


def wrong_password() -> str:
    return _("The name or the password is wrong.")


def duration(seconds: int) -> str:
    if seconds < 100:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    minutes = -(-seconds // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def must_wait(seconds: int) -> str:
    return _("There were too many wrong tries. Please try again in %s.") % duration(seconds)


def too_busy() -> str:
    return _("Too many people are signing in just now. Please try again in a few seconds.")


def name_missing() -> str:
    return _("Please enter a name.")


def name_too_long(longest: int) -> str:
    return _("This name is too long: at most %d characters.") % longest


def name_unprintable() -> str:
    return _("This name contains characters that cannot be seen. Please type it again.")


def name_taken(name: str) -> str:
    return _("There is already somebody called %s. Please choose another name.") % name


def too_short(shortest: int) -> str:
    return _("This password is too short: at least %d characters.") % shortest


def too_long(longest: int) -> str:
    return _("This password is too long: at most %d characters.") % longest


def name_in_password() -> str:
    return _("The password must not contain the name.")


def too_simple() -> str:
    return _("This password is too easy to guess. Three or four unrelated words make a good one.")


def too_common() -> str:
    return _("Many people use this password, so it is tried first. Please choose another.")


def wrong_and_must_wait(seconds: int) -> str:
    return f"{wrong_password()} {must_wait(seconds)}"


def name_and_password_missing() -> str:
    return _("Please enter your name and your password.")


def demo_person_missing() -> str:
    return _("Anna is no longer here. Sign in as somebody else, or start the demo again.")


def signed_out() -> str:
    return _("You are signed out.")


def device_name(browser: str, system: str) -> str:
    """“Firefox on Android”, or as much of it as is known."""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown browser")


def wrong_setup_code() -> str:
    return _("This is not the setup code. The dashboard prints it to its log each time it starts.")
