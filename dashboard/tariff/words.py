"""The sentences about where the exchange's prices come from."""

from __future__ import annotations

from datetime import datetime

from dashboard import formats
from dashboard.tariff import area_words
from dashboard.tariff.sources.table import PriceSource
from dashboard.texts import _, mark

# Why a source gave no prices, as it goes on after “Without success at 14:03:”.
FAILURES = {
    "not_yet": mark("the prices are not there yet"),
    "unreachable": mark("it cannot be reached"),
    "timed_out": mark("it did not answer in time"),
    "refused": mark("it has trouble and cannot answer"),
    "rate_limited": mark("it asks us to wait"),
    "redirected": mark("it sent us to another address, where we do not go"),
    "too_large": mark("its answer was far too large"),
    "unreadable": mark("its answer could not be understood"),
    "other_money": mark("it told prices in another currency"),
    "other_day": mark("it told prices of another day"),
}


def failure(code: str) -> str:
    return _(FAILURES.get(code, FAILURES["unreadable"]))


def gave_none(host: str, failed_at: datetime, now: datetime, code: str) -> str:
    """Of the last question."""
    values = {"host": host, "when": formats.moment_at(failed_at, now), "why": failure(code)}
    return _("%(host)s gave no prices %(when)s: %(why)s.") % values


def none_since(host: str, since: datetime, now: datetime, code: str) -> str:
    """Of a trouble that lasts."""
    values = {"host": host, "when": formats.moment_near(since, now), "why": failure(code)}
    return _("What a kWh costs is not known. Nothing of use from %(host)s since %(when)s: %(why)s.") % values


def what_for(source: PriceSource) -> str:
    return _("Tells what electricity costs on the exchange in %s.") % area_words.listed(source.areas)


def needed_for(areas: list[str]) -> str:
    """Whether it is asked at all."""
    if not areas:
        return _("No contract goes by its prices, so nothing is asked of it now.")
    return _("Your contract goes by its prices for %s.") % area_words.listed(areas)


def how_often() -> str:
    """Of all sources, once above them."""
    return _(
        "Each is asked a few times a day, and hears for which area and day, and this house’s internet address; "
        "nothing about you, the car or the charger."
    )
