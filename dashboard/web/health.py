"""`/healthz`: whether this program can serve. It never asks Zaptec and says nothing private."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from dashboard.services import current_services
from dashboard.web.access import ANYBODY, allow

health = Blueprint("health", __name__)
A_LATE_TICK_S = 120


@health.get("/healthz")
@allow(ANYBODY)
def show_health() -> ResponseReturnValue:
    services = current_services()
    last = services.clock.last_tick
    late_s = None if last is None else round((services.now() - last).total_seconds(), 1)
    try:
        with services.database.reading() as connection:
            connection.execute(text("SELECT 1 FROM alembic_version"))
        database = "full" if services.database.has_no_space() else "ok"
    except (DBAPIError, PoolExhausted):
        database = "failing"
    is_well = database == "ok" and (late_s is None or late_s < A_LATE_TICK_S)
    body = {"status": "ok" if is_well else "failing", "database": database, "clock_ticked_s_ago": late_s}
    return body, 200 if is_well else 503


def init_app(app: Flask) -> None:
    app.register_blueprint(health)
