"""The sentences of *On the home screen*: what works on this device, and what https would add."""

from __future__ import annotations

from dashboard.texts import _, mark

# As docs/phones.md has them, in ten lines each.
WAYS = (
    (
        mark("Tailscale"),
        mark("Works away from home too; costs a family nothing but an account there; each phone needs its app."),
    ),
    (
        mark("Caddy, with a certificate of its own"),
        mark("Works at home; costs nothing; each phone is given the certificate once."),
    ),
    (
        mark("A name of your own"),
        mark("Works everywhere, for about 10 € a year; the sign-in page can then be seen from the internet."),
    ),
)


def ways_to_https() -> list[tuple[str, str]]:
    """Each way, with what it costs and what it gives."""
    return [(_(name), _(about)) for name, about in WAYS]


def https() -> str:
    return _("Protected (https)")


def own_app() -> str:
    return _("An app of its own")


def last_state() -> str:
    return _("Last state offline")


def notices() -> str:
    return _("Notices to this browser")


def is_on() -> str:
    return _("yes")


def is_missing() -> str:
    return _("missing")


def works() -> str:
    return _("works here")


def needs_https() -> str:
    return _("needs https")


def under_your_account() -> str:
    return _("under Your account")


def as_app_only() -> str:
    return _("from the home screen only, under Your account")
