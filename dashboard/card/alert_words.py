"""The sentences of the alerts on a charger's card; of failures see `dashboard.reasons`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dashboard import formats
from dashboard.texts import _, mark
from zaptec.catalogue import warning_in_words

# Warnings whose note says more than an alert may: the sentence says whether it charges, the alert what to do.
IN_ALERTS = {
    "RELAY_WELDED": mark("relay stuck"),
    "TEMPERATURE_ERROR": mark("too hot"),
}


def dangerous_fault(warnings: Sequence[str]) -> str:
    return _("The charger reports a dangerous fault: %s. Stop using it.") % named(warnings)


def warning(warnings: Sequence[str]) -> str:
    return _("The charger reports: %s.") % named(warnings)


def unknown_warning() -> str:
    return _("The charger reports a warning this page does not know.")


def named(warnings: Sequence[str]) -> str:
    """Zaptec's names of warnings, in words."""
    return ", ".join(_(IN_ALERTS.get(name) or warning_in_words(name)) for name in warnings)


def silent(heartbeat_at: datetime | None, now: datetime) -> str:
    if heartbeat_at is None or not formats.is_possible(heartbeat_at, now):
        return _("Nothing has been heard from the charger, although Zaptec calls it online: this may be old.")
    text = _("Nothing was heard from the charger for %s, although Zaptec calls it online: this may be old.")
    return text % formats.age(heartbeat_at, now)


def of_unknown_age() -> str:
    return _("Nobody knows how old this news is.")


def no_time_zone() -> str:
    return _("The time zone is not known, so times are in UTC: set TZ to a name such as Europe/Oslo.")


def wrong_clock(skew_s: float) -> str:
    text = _("This computer’s clock is %s s away from Zaptec’s: set it right, or times will mislead.")
    return text % round(abs(skew_s))


def unknown_proxy() -> str:
    return _("A proxy stands in front of this dashboard: set TRUSTED_PROXIES, or everyone looks the same to it.")
