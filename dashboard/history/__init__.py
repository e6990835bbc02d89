"""What the car took, when, and what it cost: collecting, prices, totals, and files to hand on."""

from __future__ import annotations

import logging
from datetime import datetime

from flask import Flask
from sqlalchemy import Connection

from dashboard.services import Services
from zaptec.charger import ChargerState
from zaptec.sessions import CompletedSession

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    from dashboard.history import card, collecting, downloads, prices, routes

    app.register_blueprint(routes.history)
    app.register_blueprint(prices.prices)
    app.register_blueprint(downloads.downloads)
    house: Services = app.extensions["services"]

    def see(
        connection: Connection, charger_id: str, before: ChargerState | None, state: ChargerState, now: datetime
    ) -> None:
        """Book a session the moment the charger tells that it ended."""
        has_ended = before is not None and before.session_id not in (None, state.session_id)
        text = state.last_session_text
        if text and (before is None or before.last_session_text != text):
            has_ended = True
            with app.app_context():  # the background has none
                _book(connection, charger_id, text, now)
        if has_ended:
            collecting.session_ended(connection, charger_id, now)

    house.hooks.card_parts.append(card.part)
    house.hooks.on_state.append(see)
    house.hooks.chores.append(lambda house: collecting.chore(app, house))


def _book(connection: Connection, charger_id: str, text: str, now: datetime) -> None:
    from dashboard.charging.account import household_zone
    from dashboard.charging.chargers import touch
    from dashboard.history.booking import OBSERVATION, Booking

    try:
        session = CompletedSession.from_observation(text, charger_id)
    except ValueError:
        log.warning("the last session of …%s could not be read", charger_id[-6:])
        return
    if Booking(connection, household_zone(), now).store([session], charger_id, OBSERVATION):
        touch(connection, charger_id)
