"""A dashboard that hears of news and tells it, as a process of its own, in a time that is told to it; for a test
that kills it.
"""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection

from flask import Flask

from app import create_app
from dashboard.background import AtOnce
from dashboard.news import News
from dashboard.notices import clock_job
from dashboard.notices.ways import telegram
from dashboard.notices.ways.reach import Reach
from dashboard.services import Services
from dashboard.settings import Settings

Order = tuple[datetime, News | None]


def run(settings: Settings, telegrams_house: str, orders: Connection) -> None:
    """At each moment that is ordered report what has happened then, if anything, and tell; for ever."""
    telegram.HOUSE, telegram.REACH = telegrams_house, Reach.THIS_MACHINE
    moment, news = orders.recv()
    app = create_app(
        settings, now=lambda: moment, background=AtOnce, sleep=lambda _s: None, seconds_per_request=0, jobs=()
    )
    while True:
        with app.app_context():
            _tell(app, news)
        orders.send("told")
        moment, news = orders.recv()


def _tell(app: Flask, news: News | None) -> None:
    services: Services = app.extensions["services"]
    if news is not None:
        with services.database.writing() as connection:
            services.report(connection, news)
    clock_job.tell(services)
