"""What stands above the sentence, only when it is true."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from dashboard import formats, reasons
from dashboard.card import words
from dashboard.card.version import CardView
from dashboard.charger.account import SKEW_WORTH_AN_ALERT_S
from dashboard.charger.tables import account
from dashboard.household.proxies import forwarded_lately
from dashboard.parts import Alert
from dashboard.services import current_services
from dashboard.texts import _
from dashboard.web.access import Role
from zaptec.catalogue import warning_in_words
from zaptec.situation import Situation, SituationName


def alerts_for(connection: Connection, view: CardView, situation: Situation, role: Role) -> list[Alert]:
    alerts = []
    snapshot, now = view.snapshot, view.now
    if not view.charger.is_listed:
        alerts.append(Alert(reasons.reason("not_listed") + "."))
    if situation.warnings:
        template = words.WARNINGS["unsafe" if situation.is_unsafe else "plain"]
        named = ", ".join(_(warning_in_words(one)) for one in situation.warnings)
        alerts.append(Alert(_(template) % named, is_quiet=not situation.is_unsafe))
    if situation.unknown_warnings:
        numbers = ", ".join(str(bit) for bit in situation.unknown_warnings)
        alerts.append(Alert(_(words.WARNINGS["unknown"]) % numbers, is_quiet=True))
    if situation.name is SituationName.OFFLINE:
        alerts.append(
            Alert(_("The charger has been offline since %s.") % formats.moment_near(situation.since, now))
        )
    elif situation.is_silent and snapshot.state is not None and not snapshot.failure:
        text = _("Nothing was heard from the charger for %s, although Zaptec calls it online: this may be old.")
        alerts.append(Alert(text % formats.age(snapshot.state.heartbeat_at, now), is_quiet=True))
    alerts += _news(connection, view, role)
    return alerts


def _news(connection: Connection, view: CardView, role: Role) -> list[Alert]:
    """Alerts about the way to Zaptec rather than the charger."""
    alerts = []
    snapshot, now = view.snapshot, view.now
    if snapshot.failure == "sign_in_rejected" or view.glance.is_rejected:
        text = reasons.reason("sign_in_rejected") + "."
        remedy = "" if role is Role.OWNER else " " + reasons.failure_remedy("sign_in_rejected")
        alerts.append(Alert(text + remedy, link="more" if role is Role.OWNER else ""))
    elif (
        snapshot.failure
        and snapshot.state is not None
        and snapshot.failure != "no_access"
        and snapshot.failures >= 2
    ):
        alerts.append(
            Alert(f"{reasons.reason(snapshot.failure)}. {reasons.failure_remedy(snapshot.failure)}", is_quiet=True)
        )
    if snapshot.fetched_at and snapshot.is_too_old(now):
        alerts.append(Alert(_("This news is %s old.") % formats.age(snapshot.fetched_at, now), is_quiet=True))
    if role is Role.OWNER:
        alerts += _for_owners(connection, now)
    return alerts


def _for_owners(connection: Connection, now: datetime) -> list[Alert]:
    skew_s = connection.execute(select(account.c.skew_s)).scalar()
    alerts = []
    if current_services().zones() is None:
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
