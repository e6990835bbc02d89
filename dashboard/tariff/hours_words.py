"""The sentences of the picture of the hours to come."""

from __future__ import annotations

from datetime import datetime

from dashboard import formats
from dashboard.texts import _

PricedMoment = tuple[int, datetime]


def now() -> str:
    """Where in the picture the present is."""
    return _("now")


def not_known() -> str:
    return _("not known")


def cheapest_and_dearest(cheapest: PricedMoment, dearest: PricedMoment, now: datetime, currency: str) -> str:
    """“Cheapest 0.31 kr, tomorrow 03:00; dearest 2.10 kr, 18:00.”"""
    values = {
        "cheap": formats.money(cheapest[0], currency),
        "from": _when(cheapest[1], now),
        "dear": formats.money(dearest[0], currency),
        "then": _when(dearest[1], now),
    }
    if values["cheap"] == values["dear"]:
        return _("%(cheap)s all the time.") % values
    return _("Cheapest %(cheap)s, %(from)s; dearest %(dear)s, %(then)s.") % values


def _when(begin: datetime, now: datetime) -> str:
    return _("now") if begin <= now else formats.moment_near(begin, now)


def means_of_hours() -> str:
    return _("Each bar is the mean of an hour.")


def gap(begin: datetime, end: datetime, now: datetime) -> str:
    span = f"{formats.moment_near(begin, now)}–{formats.moment_beside(end, begin)}"
    return _("Not known: %s.") % span


def not_known_from(end: datetime, now: datetime, *, is_all_of_tomorrow: bool) -> str:
    if is_all_of_tomorrow:
        return _("Tomorrow’s prices are not known yet.")
    return _("Not known yet from %s.") % formats.moment_near(end, now)


def filled() -> str:
    return _("Filled: when the car is to charge.")


def dashed(latest_start: datetime, now: datetime) -> str:
    return _("Dashed: it starts %s at the latest.") % formats.moment_near(latest_start, now)
