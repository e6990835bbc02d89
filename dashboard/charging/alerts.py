"""What stands above the sentence, only when it is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from dashboard import formats
from dashboard.access import Role
from dashboard.charging import words
from dashboard.charging.account import SKEW_WORTH_AN_ALERT_S, is_zone_known
from dashboard.charging.tables import account
from dashboard.household.proxies import forwarded_lately
from dashboard.texts import _
from zaptec.catalogue import warning_in_words
from zaptec.situation import Situation, SituationName

if TYPE_CHECKING:
    from dashboard.charging.card import Looked


@dataclass(frozen=True)
class Alert:
    """One alert; `is_quiet` where it informs rather than warns."""

    text: str
    is_quiet: bool = False
    link: str = ""


def alerts_for(connection: Connection, looked: Looked, found: Situation, role: Role) -> list[Alert]:
    alerts = []
    known, now = looked.known, looked.now
    if not looked.listed.is_listed:
        alerts.append(Alert(words.reason("not_listed") + "."))
    if found.warnings:
        template = words.WARNINGS["unsafe" if found.is_unsafe else "plain"]
        named = ", ".join(_(warning_in_words(one)) for one in found.warnings)
        alerts.append(Alert(_(template) % named, is_quiet=not found.is_unsafe))
    if found.name is SituationName.OFFLINE:
        alerts.append(Alert(_("The charger has been offline since %s.") % formats.moment_near(found.since, now)))
    elif found.is_silent and known.state is not None and not known.failure:
        text = _("Nothing was heard from the charger for %s, although Zaptec calls it online: this may be old.")
        alerts.append(Alert(text % formats.ago(known.state.heartbeat_at, now), is_quiet=True))
    alerts += _news(connection, looked, role)
    return alerts


def _news(connection: Connection, looked: Looked, role: Role) -> list[Alert]:
    """Alerts about the way to Zaptec rather than the charger."""
    alerts = []
    known, now = looked.known, looked.now
    if known.failure == "sign_in_rejected" or looked.glance.is_rejected:
        text = words.reason("sign_in_rejected") + "."
        remedy = "" if role is Role.OWNER else " " + words.failure_remedy("sign_in_rejected")
        alerts.append(Alert(text + remedy, link="more" if role is Role.OWNER else ""))
    elif known.failure and known.state is not None and known.failure != "no_access" and known.failures >= 2:
        alerts.append(Alert(f"{words.reason(known.failure)}. {words.failure_remedy(known.failure)}", is_quiet=True))
    if known.fetched_at and known.is_too_old(now):
        alerts.append(Alert(_("This news is %s old.") % formats.ago(known.fetched_at, now), is_quiet=True))
    if role is Role.OWNER:
        alerts += _for_owners(connection, now)
    return alerts


def _for_owners(connection: Connection, now: datetime) -> list[Alert]:
    skew_s = connection.execute(select(account.c.skew_s)).scalar()
    alerts = []
    if not is_zone_known():
        text = _("The time zone is not known, so times are in UTC: set TZ to a name such as Europe/Oslo.")
        alerts.append(Alert(text, is_quiet=True))
    if skew_s is not None and abs(skew_s) >= SKEW_WORTH_AN_ALERT_S:
        text = _("This computer’s clock is %s s away from Zaptec’s: set it right, or times will mislead.")
        alerts.append(Alert(text % round(abs(skew_s)), is_quiet=True))
    if forwarded_lately(connection, now):
        text = _(
            "A proxy stands in front of this dashboard: set TRUSTED_PROXIES, or everyone looks the same to it."
        )
        alerts.append(Alert(text, is_quiet=True))
    return alerts
