"""What only owners can mend, the evening without a car, the first of the month: looked for each minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from dashboard import doors
from dashboard.charger import chargers, snapshots
from dashboard.charger.account import SKEW_WORTH_AN_ALERT_S, refusal_code
from dashboard.charger.tables import account
from dashboard.history import spot_needs
from dashboard.news import News, NewsKind
from dashboard.notices import choices, month, watches
from dashboard.notices.watches import Condition
from dashboard.plan import active_rules
from dashboard.plan.rules import ActiveRules
from dashboard.plan.week import moment
from dashboard.services import Services
from zaptec.modes import OperationMode

EVENING_FOR = timedelta(hours=1)  # after its time: later it is too late to go out
AHEAD = timedelta(hours=18)  # what is planned for the night that follows


def look(services: Services, connection: Connection) -> None:
    """Report what there is to be told of."""
    now = services.now()
    _account(services, connection, now)
    _sources(services, connection, now)
    _evening(services, connection, now)
    _month(services, connection, now)


def _follow(
    services: Services,
    connection: Connection,
    subject: str,
    condition: Condition,
    holds: bool,
    **facts: object,
) -> None:
    """Report it to owners once it has held for its time."""
    now = services.now()
    if not holds:
        watches.end(connection, subject, condition)
        return
    watches.begin(connection, subject, condition, now)
    since = watches.claim_telling(connection, subject, condition, now)
    if since is not None:
        key = f"{NewsKind.OWNER}:{condition}:{subject}:{since.isoformat()}"
        told = {"condition": condition.value, "subject": subject, **facts}
        services.report(connection, News(NewsKind.OWNER, key, now, facts=told))


def _account(services: Services, connection: Connection, now: datetime) -> None:
    row = connection.execute(select(account.c.rejected_key, account.c.ended_code, account.c.skew_s)).one_or_none()
    if row is None:
        return
    refusal = refusal_code(row.rejected_key, row.ended_code)
    _follow(services, connection, "", Condition.SIGN_IN_REFUSED, bool(refusal), reason=refusal)
    skew_s = abs(row.skew_s or 0.0)
    _follow(services, connection, "", Condition.CLOCK_WRONG, skew_s >= SKEW_WORTH_AN_ALERT_S, skew_s=round(skew_s))


def _sources(services: Services, connection: Connection, now: datetime) -> None:
    """A price source that is needed, and has failed since its last answer."""
    for host in {area.source for area in spot_needs.areas(connection, now)}:
        door = doors.find(connection, host)
        fails = door.is_open and door.failures > 0
        _follow(services, connection, host, Condition.SOURCE_FAILS, fails, host=host)


def _evening(services: Services, connection: Connection, now: datetime) -> None:
    """Whoever wants to hear it: no car is there although charging is planned for the night."""
    for member_id, minutes in choices.evening_people(connection):
        for charger in chargers.in_use(connection, services.settings.charger_ids):
            zone = services.zone(charger.id)
            today = now.astimezone(zone).date()
            tell_at = moment(today, minutes, zone)
            if tell_at <= now < tell_at + EVENING_FOR and _is_without_car(connection, charger.id):
                rules = active_rules.read(connection, charger.id, zone, now)
                if begins_at := next_opening(rules, now):
                    key = f"{NewsKind.NOT_PLUGGED_IN}:{member_id}:{charger.id}:{today.isoformat()}"
                    facts = {"begins_at": begins_at.isoformat()}
                    news = News(NewsKind.NOT_PLUGGED_IN, key, now, charger.id, member_id, facts)
                    services.report(connection, news)


def next_opening(rules: ActiveRules, now: datetime) -> datetime | None:
    """When charging is let go in the night that follows; None where nothing is planned for it."""
    if rules.week is None and not rules.timers and rules.aim is None:
        return None
    if rules.rule_without_person(now).is_open:
        return now
    return next((change.at for change in rules.changes(now, now + AHEAD) if change.is_open), None)


def _is_without_car(connection: Connection, charger_id: str) -> bool:
    snapshot = snapshots.read(connection, charger_id)
    return bool(snapshot and snapshot.state and snapshot.state.mode is OperationMode.DISCONNECTED)


def _month(services: Services, connection: Connection, now: datetime) -> None:
    over = month.due(services, now)
    if over is None:
        return
    for person in choices.people(connection, now):
        key = f"{NewsKind.MONTH}:{person.id}:{over.key}"
        if person.hears(NewsKind.MONTH):
            news = News(NewsKind.MONTH, key, now, None, person.id, {"month": over.key})
            services.report(connection, news)
