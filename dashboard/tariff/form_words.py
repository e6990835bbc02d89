"""The sentences and choices of the form of a contract."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.texts import _, mark

KINDS = {"one price": mark("one price"), "by the clock": mark("by the clock"), "by the hour": mark("by the hour")}
GRID_KINDS = {"none": mark("none"), "one price": mark("one price"), "by the clock": mark("by the clock")}
SUPPORTS = {
    "none": mark("none"),
    "share of the spot above a price": mark("share of the spot above a price"),
    "fixed price instead of the spot": mark("fixed price instead of the spot"),
}
STEPS = {"60": mark("the mean of the hour"), "15": mark("15 minutes")}
DAYS = {
    "monday": mark("Monday"),
    "tuesday": mark("Tuesday"),
    "wednesday": mark("Wednesday"),
    "thursday": mark("Thursday"),
    "friday": mark("Friday"),
    "saturday": mark("Saturday"),
    "sunday": mark("Sunday"),
    "working days": mark("Working days"),
    "weekend": mark("Weekend"),
    "holidays": mark("Holidays"),
}
MONTHS = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)
COUNTRIES = {
    "AT": mark("Austria"),
    "BE": mark("Belgium"),
    "CH": mark("Switzerland"),
    "DE": mark("Germany"),
    "DK": mark("Denmark"),
    "EE": mark("Estonia"),
    "FI": mark("Finland"),
    "FR": mark("France"),
    "LT": mark("Lithuania"),
    "LV": mark("Latvia"),
    "NL": mark("Netherlands"),
    "NO": mark("Norway"),
    "SE": mark("Sweden"),
}


def country(code: str) -> str:
    """The name of a country by its two letters; the letters where it has none here."""
    return _(COUNTRIES[code]) if code in COUNTRIES else code


def choices(marked: dict[str, str]) -> dict[str, str]:
    """Values and texts of a select."""
    return {value: _(text) for value, text in marked.items()}


def months() -> dict[str, str]:
    return {str(number): _(name) for number, name in enumerate(MONTHS, 1)}


def please_choose() -> str:
    return _("Please choose one of these.")


def number_unreadable(highest: int) -> str:
    return _("Please enter a number between 0 and %d, such as 0.32.") % highest


def time_unreadable() -> str:
    return _("Please enter a time of day, such as 22:00.")


def hours_missing() -> str:
    return _("Please enter the hours that have another price.")


def support_not_chosen() -> str:
    return _("Please choose which support it is, or leave its numbers empty.")


def area_unknown(host: str, areas: Sequence[str]) -> str:
    return _("%(host)s tells prices for %(areas)s. Choose one of these, or another source.") % {
        "host": host,
        "areas": ", ".join(areas),
    }


def rate_missing(theirs: str, ours: str) -> str:
    return _("This source tells prices in %(theirs)s. Enter how many %(ours)s one %(theirs)s is.") % {
        "theirs": theirs,
        "ours": ours,
    }
