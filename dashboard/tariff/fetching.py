"""Asks for the exchange's prices when a day is due: one process of all, a day at a time."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from sqlalchemy import Connection

from dashboard import doors, leases
from dashboard.services import Services
from dashboard.tariff import due, spot_prices
from dashboard.tariff.sources.answer import PricesUnusable, SourceFailure
from dashboard.tariff.sources.asking import ask
from dashboard.tariff.sources.table import BY_HOST
from dashboard.tariff.spot_prices import PriceArea

log = logging.getLogger(__name__)
FETCHING = "prices"  # the lease of whoever asks
LEASE = timedelta(minutes=2)  # longer than one question may take
COME_AGAIN_S = 5.0
# What is wrong with one day's answer, and does not mean that the host is in trouble.
OF_THE_DAY = {SourceFailure.NOT_YET, SourceFailure.OTHER_DAY, SourceFailure.OTHER_MONEY}
Areas = Callable[[Connection], Iterable[PriceArea]]
PastDays = Callable[[Connection], Iterable[due.PastDay]]


class _AskingPrices:
    """Whether a thread of this process is asking."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def fetch_if_due(services: Services, areas: Areas, past: PastDays) -> float | None:
    """Ask in the background if a day is due and nobody is at it.

    Args:
        areas: whose prices are needed.
        past: what is needed of the days before today, newest first.

    Returns in how many seconds to come again, if there may be more to ask then.
    """
    with services.database.reading() as connection:
        if leases.is_taken(connection, FETCHING, services.now(), LEASE):
            return COME_AGAIN_S
        if _next(services, connection, areas, past) is None:
            return None
    under_way = services.shared(_AskingPrices)
    if under_way.lock.acquire(blocking=False):
        services.background.start(lambda: _fetch_and_let_go(services, under_way, areas, past))
    return COME_AGAIN_S


def _next(
    services: Services, connection: Connection, areas: Areas, past: PastDays
) -> tuple[PriceArea, date] | None:
    secret = services.settings.secret_key
    return due.next_day(connection, areas(connection), past(connection), services.now(), secret)


def _fetch_and_let_go(services: Services, under_way: _AskingPrices, areas: Areas, past: PastDays) -> None:
    """One day, under a lease; a process that is killed leaves it to lapse."""
    me = secrets.token_hex(8)
    try:
        with services.database.writing() as connection:
            found = _next(services, connection, areas, past)
            is_ours = found and leases.take(connection, FETCHING, me, services.now(), LEASE)
        if found and is_ours:
            fetch(services, *found)
    finally:
        with services.database.writing() as connection:
            leases.release(connection, me)
        under_way.lock.release()


def fetch(services: Services, where: PriceArea, day: date) -> None:
    """Ask one source for one day, and store what it says or why it says nothing."""
    try:
        prices = ask(BY_HOST[where.source], where.area, day, services.settings.price_api_url)
    except PricesUnusable as error:
        log.info("no prices of %s for %s: %s", where.area, day, error.failure.value)
        _note_failure(services, where, day, error)
        return
    with services.database.writing() as connection:
        spot_prices.keep(connection, where, day, prices, services.now())
        doors.note_answer(connection, where.source, services.now())
        for see in services.on_prices:
            see(connection)


def _note_failure(services: Services, where: PriceArea, day: date, error: PricesUnusable) -> None:
    now, failure = services.now(), error.failure
    with services.database.writing() as connection:
        again_at = None
        if failure in OF_THE_DAY:
            spot_prices.note_missing(connection, where, day, now)
        else:
            failures = doors.find(connection, where.source).failures
            again_at = now + due.HOST_BACK_OFF.pause(failure, failures, error.retry_after_s)
        if failure is not SourceFailure.NOT_YET:
            doors.note_failure(connection, where.source, failure, now, again_at)
