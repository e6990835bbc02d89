"""The composition root: settings, then the database, then the rooms, then who listens to whom.

Run by gunicorn as 'app:create_app()'; the shell commands and the tests call the same function.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

import click
from flask import Flask, Response, request

from dashboard.activity import log as activity_log
from dashboard.activity import routes as activity
from dashboard.background import Background, Context, Threads
from dashboard.card import routes as card
from dashboard.charger import clock_job as charger_job
from dashboard.charger import request_counts
from dashboard.charger.account import Account
from dashboard.charger.time_zones import TimeZones
from dashboard.charger.turns import SECONDS_PER_REQUEST
from dashboard.clock import Clock, Job
from dashboard.database import Database, DatabaseUnusable
from dashboard.demo import routes as demo
from dashboard.history import charge_power, cost_orders, day_sums, fetching, price_outlook, spot_needs
from dashboard.history import routes as history
from dashboard.history import state_changes as history_changes
from dashboard.household import members
from dashboard.household import routes as household
from dashboard.more import routes as more
from dashboard.notices import clock_job as notices_job
from dashboard.notices import events as notice_events
from dashboard.notices import page as notices_page
from dashboard.notices import routes as notices
from dashboard.notices import state_changes as notices_changes
from dashboard.notices import telling
from dashboard.notices.ways import routes as notice_ways
from dashboard.plan import aims, clock_set_back
from dashboard.plan import clock_job as plan_job
from dashboard.plan import queries as plan_queries
from dashboard.plan import routes as plan
from dashboard.plan import state_changes as plan_changes
from dashboard.services import Services, utc_now
from dashboard.settings import Settings, SettingsError, from_environment
from dashboard.tariff import fetching as price_fetching
from dashboard.web import access, assets, errors, health, install, security, sub_path

CLEAN_UP_EVERY = timedelta(hours=6)


def create_app(
    settings: Settings | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    background: Callable[[Context], Background] = Threads,
    sleep: Callable[[float], None] = time.sleep,
    seconds_per_request: float = SECONDS_PER_REQUEST,
    jobs: Collection[str] | None = None,
) -> Flask:
    """Put the dashboard together; nothing is started and nobody is asked.

    Args:
        now, background, sleep: a test passes a clock of its own, work that is done at once, and no waiting.
        seconds_per_request: at which pace Zaptec is asked; 0 for no limit.
        jobs: the names of what the clock does; None for everything.
    """
    settings, database = _open(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(_flask_settings(settings))
    services = Services(
        settings,
        database,
        now,
        background=background(app.app_context),
        presses=background(app.app_context),
        clock=Clock(now, app.app_context),
        account=Account(settings, database, now, sleep, seconds_per_request),
        zones=TimeZones(settings, database),
        sleep=sleep,
    )
    app.extensions["services"] = services
    for part in (errors, security, access, assets, install, health):
        part.init_app(app)
    for room in (household, card, plan, history, notice_ways, notices, activity, more, demo):
        room.init_app(app)
    app.after_request(partial(_look_at_what_was_planned, services))
    _introduce(services)
    services.clock.jobs = [job for job in services.clock.jobs if jobs is None or job.name in jobs]
    sub_path.init_app(app, settings.public_path)
    _trust_proxies(app, settings)
    return app


def _open(settings: Settings | None) -> tuple[Settings, Database]:
    """The settings, read from the environment where none are given, and their database brought up to date."""
    is_in_shell = click.get_current_context(silent=True) is not None
    try:
        settings = settings or from_environment()
        database = Database(settings.database_url)
        _migrate(database, is_in_shell)
    except (SettingsError, DatabaseUnusable) as error:
        if is_in_shell:  # a sentence, not a traceback
            raise click.ClickException(str(error)) from error
        raise
    return settings, database


def _migrate(database: Database, is_in_shell: bool) -> None:
    try:
        database.migrate()
    except DatabaseUnusable as error:
        if not is_in_shell:
            raise
        database.problem = str(error)  # the one command that puts a backup in its place does not mind


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "demo" if settings.is_demo else "household",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=365),
    }


def _introduce(services: Services) -> None:
    """Who listens to whom: what a room below tells those above it."""
    services.whom_to_ask = partial(members.whom_to_ask, database=services.database)
    services.on_state += [plan_changes.see, history_changes.see, partial(notices_changes.see, services)]
    services.on_state += [charge_power.see]  # the last: until then what a charge has cost can be told
    services.on_news += [partial(notice_events.keep, services)]
    services.account_sections += [partial(notices_page.section, services)]
    services.on_prices += [spot_needs.see, partial(aims.look_at_all, services)]
    services.kwh_prices = partial(price_outlook.kwh_prices, services)
    services.usual_charge = price_outlook.usual_charge
    services.clock.jobs += [
        Job("charger", partial(charger_job.begin, services), every=timedelta.max),
        Job("charger", partial(charger_job.follow, services)),
        Job("plan", partial(clock_set_back.mend, services), every=timedelta(minutes=1)),
        Job("plan", partial(plan_job.follow_zones, services), every=timedelta(minutes=10)),
        Job("plan", partial(plan_job.tick, services)),
        Job("history", partial(fetching.fetch_if_due, services)),
        Job("notices", partial(notices_job.watch, services), every=timedelta(minutes=1)),
        Job("notices", partial(notices_job.ask, services)),
        Job("notices", partial(notices_job.tell, services)),
        Job("prices", partial(_fetch_prices, services)),
        Job("costs", partial(cost_orders.go_on, services)),
        Job("days", partial(day_sums.mend, services), every=CLEAN_UP_EVERY),
        Job("clean up", partial(_clean_up, services), every=CLEAN_UP_EVERY),
    ]


def _look_at_what_was_planned(services: Services, response: Response) -> Response:
    """What somebody has just saved may be due at once."""
    if request.method == "POST":
        services.clock.wake()
    return response


def _fetch_prices(services: Services) -> float | None:
    """Ask for what the price list needs of the exchange's prices."""
    areas = partial(spot_needs.areas, now=services.now())
    return price_fetching.fetch_if_due(services, areas, partial(spot_needs.past_days, services))


def _clean_up(services: Services) -> None:
    """Forget what has been kept long enough, by a clock that is known to be right."""
    with services.database.reading() as connection:
        if not services.account.is_clock_right(connection):
            return
    with services.database.writing() as connection:
        for room in (activity_log, request_counts, plan_queries, aims, telling):
            room.forget_old(connection, services.now())


def _trust_proxies(app: Flask, settings: Settings) -> None:
    if count := settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
