"""“Ben was told at 22:01; opened 22:03.”: one line of the log for each notice, by whichever ways it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.household import members
from dashboard.notices.events import Event
from dashboard.notices.tables import notice_table
from dashboard.web.forms import Wrong


def write_told(connection: Connection, notice: Row[Any], event: Event | None, now: datetime) -> None:
    """It has been handed over; the first way that has done so writes the line."""
    mine = (notice_table.c.id == notice.id, notice_table.c.line_id.is_(None))
    if event is None or not connection.execute(update(notice_table).where(*mine).values(line_id=0)).rowcount:
        return
    try:
        person = members.find(connection, notice.member_id)
    except Wrong:
        return  # removed meanwhile
    line_id = activity_log.record(
        connection,
        at=now,
        kind=LineKind.TOLD,
        member=person,
        charger_id=event.charger_id,
        origin="notice",
        details={"news": event.kind.value, "told_at": now.isoformat()},
    )
    connection.execute(update(notice_table).where(notice_table.c.id == notice.id).values(line_id=line_id))


def note_opened(connection: Connection, tag: str, member_id: int, now: datetime) -> None:
    """Whoever was told has come by the notice's link; nobody else's visit counts, and the first one does."""
    theirs = (notice_table.c.tag == tag, notice_table.c.member_id == member_id, notice_table.c.opened_at.is_(None))
    opened = update(notice_table).where(*theirs).values(opened_at=now).returning(notice_table.c.line_id)
    line_id = connection.execute(opened).scalar()
    if line_id:
        activity_log.add_details(connection, line_id, {"opened_at": now.isoformat()})
