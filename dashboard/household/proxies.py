"""Notices when a proxy stands in front of the dashboard that the settings know nothing of."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import request
from flask_login import current_user
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.household.tables import notice
from dashboard.leases import CLOCK_SET_BACK
from dashboard.services import current_services

FORWARDED = "forwarded"
NOTED_EVERY = timedelta(hours=1)
LATELY = timedelta(days=1)
FORWARDED_AT = select(notice.c.at).where(notice.c.name == FORWARDED).scalar_subquery()


def forwarded_lately(connection: Connection, now: datetime) -> bool:
    """Whether requests carry X-Forwarded-For though TRUSTED_PROXIES is 0: an alert to owners."""
    return is_lately(connection.execute(select(FORWARDED_AT)).scalar(), now)


def is_lately(forwarded_at: datetime | None, now: datetime) -> bool:
    """The same where it is known when that was seen last."""
    if current_services().settings.trusted_proxies or forwarded_at is None:
        return False
    return -CLOCK_SET_BACK < now - forwarded_at < LATELY


def note_forwarded() -> None:
    """Note such a request of somebody signed in: a stranger who forges the header raises no alert."""
    if "X-Forwarded-For" not in request.headers or current_services().settings.trusted_proxies:
        return
    if not current_user.is_authenticated:
        return
    now = current_services().now()
    with current_services().database.reading() as connection:
        seen = connection.execute(select(notice.c.at).where(notice.c.name == FORWARDED)).scalar()
    if seen is not None and -CLOCK_SET_BACK < now - seen < NOTED_EVERY:
        return
    try:
        with current_services().database.writing() as connection:
            if not connection.execute(update(notice).where(notice.c.name == FORWARDED).values(at=now)).rowcount:
                connection.execute(insert(notice).values(name=FORWARDED, at=now))
    except DBAPIError:
        pass  # another process was first, or nothing can be written: the next request notes it
