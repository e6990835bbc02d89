"""What a new state of a charger means for the history: a session has ended, and may be told already."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection

from dashboard.charger.chargers import touch
from dashboard.history import due, fetching
from dashboard.history.booking import OBSERVATION, Booking
from dashboard.services import current_services
from zaptec.charger import ChargerState
from zaptec.sessions import CompletedSession

log = logging.getLogger(__name__)


def see(
    connection: Connection, charger_id: str, before: ChargerState | None, after: ChargerState, now: datetime
) -> None:
    """Book a session the moment the charger tells that it ended; called with every new state."""
    has_ended = before is not None and before.session_id not in (None, after.session_id)
    text = after.last_session_text
    if text and (before is None or before.last_session_text != text):
        has_ended = True
        _book(connection, charger_id, text, now)
    if has_ended:
        due.session_ended(connection, charger_id, now)


def _book(connection: Connection, charger_id: str, text: str, now: datetime) -> None:
    try:
        session = CompletedSession.from_observation(text, charger_id)
    except ValueError:
        log.warning("the last session of …%s could not be read", charger_id[-6:])
        return
    services = current_services()
    booking = Booking(connection, services.zone, now, fetching.zaptec_now(services))
    if booking.store([session], charger_id, OBSERVATION).changed:
        touch(connection, charger_id)
