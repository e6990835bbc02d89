"""The sentences of the list of what leaves the house."""

from __future__ import annotations

from datetime import datetime

from dashboard import formats
from dashboard.doors import Door
from dashboard.texts import _


def prices() -> str:
    return _("Prices of the exchange")


def notices() -> str:
    return _("Being told")


def state(door: Door, now: datetime) -> str:
    """Whether it is on, and by whom."""
    if door.switched_at is None:
        return _("Off; nobody has switched it on yet.")
    details = {"when": formats.moment_near(door.switched_at, now), "who": door.switched_by}
    if door.is_open:
        return _("On, switched on by %(who)s: %(when)s.") % details
    return _("Off, switched off by %(who)s: %(when)s.") % details


def answered(moment: datetime, now: datetime) -> str:
    return _("Last answer of use: %s.") % formats.moment_near(moment, now)


def failed(moment: datetime, now: datetime, why: str) -> str:
    return _("Without success: %(when)s, %(why)s.") % {"when": formats.moment_near(moment, now), "why": why}


def asked_again(moment: datetime, now: datetime) -> str:
    return _("Asked again: %s at the earliest.") % formats.moment_near(moment, now)


def switched(host: str, *, is_open: bool) -> str:
    if is_open:
        return _("%s is on.") % host
    return _("%s is off. It is not asked any more.") % host


def is_so_already(host: str, *, is_open: bool) -> str:
    return (_("%s was on already.") if is_open else _("%s was off already.")) % host
