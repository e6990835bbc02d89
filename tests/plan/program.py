"""A dashboard's clock as a process of its own, in a time that is told to it; for a test that kills it."""

from __future__ import annotations

from multiprocessing.connection import Connection

from app import create_app
from dashboard.background import AtOnce
from dashboard.services import Services
from dashboard.settings import Settings


def run(settings: Settings, orders: Connection) -> None:
    """Tick at each moment that is ordered, and say so when it is done; for ever."""
    moment = orders.recv()
    app = create_app(
        settings,
        now=lambda: moment,
        background=AtOnce,
        sleep=lambda _seconds: None,
        seconds_per_request=0,
        jobs=("charger", "plan"),
    )
    services: Services = app.extensions["services"]
    while True:
        services.clock.tick()
        orders.send("ticked")
        moment = orders.recv()
