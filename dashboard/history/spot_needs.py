"""For which areas and days the price list needs the exchange's prices; and what happens when some have come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from dashboard.charger import chargers
from dashboard.history import cost_orders, tariff
from dashboard.history.tables import charge_session, charge_share
from dashboard.history.tariff import Tariffs
from dashboard.services import Services
from dashboard.tariff.contract import Contract
from dashboard.tariff.sources.answer import DELIVERY_ZONE, ONE_DAY
from dashboard.tariff.spot_prices import PriceArea

MOST_SHARES = 2_000  # of sessions without a cost, the newest: more days than are asked for in months


def area_of(contract: Contract | None) -> PriceArea | None:
    """Whose prices a contract goes by; None where it needs none."""
    terms = contract and contract.needed_spot
    return PriceArea(terms.source, terms.area) if terms else None


def areas(connection: Connection, now: datetime) -> list[PriceArea]:
    """The areas whose prices are needed from today on."""
    today = now.astimezone(DELIVERY_ZONE).date()
    found, holds_until = [], date.max
    for entry in tariff.prices(connection):  # the newest first
        if holds_until >= today:
            found.append(area_of(entry.contract()))
        holds_until = min(holds_until, entry.valid_from)
    return list(dict.fromkeys(area for area in found if area is not None))


def past_days(services: Services, connection: Connection) -> list[tuple[PriceArea, date]]:
    """The days before today with sessions that have no cost for want of the exchange's prices, the newest first."""
    if not any(area_of(entry.contract()) for entry in tariff.prices(connection)):
        return []
    today = services.now().astimezone(DELIVERY_ZONE).date()
    needed = dict.fromkeys(_needed(connection, Tariffs(connection, services.zone)))
    return sorted((need for need in needed if need[1] < today), key=lambda need: need[1], reverse=True)


def _needed(connection: Connection, tariffs: Tariffs) -> Iterator[tuple[PriceArea, date]]:
    query = (
        select(charge_share.c.charger_id, charge_share.c.begin_at, charge_session.c.end_at)
        .join(charge_session, charge_session.c.id == charge_share.c.session_id)
        .where(charge_share.c.cost_micro.is_(None))
        .order_by(charge_share.c.begin_at.desc())
        .limit(MOST_SHARES)
    )
    for row in connection.execute(query):
        area = area_of(tariffs.of(row.charger_id).contracts.contract_at(row.begin_at))
        if area is not None:
            yield from ((area, day) for day in _delivery_days(row.begin_at, row.end_at))


def _delivery_days(begin: datetime, end: datetime) -> list[date]:
    """The exchange's days that a share may touch: it lies in one local day."""
    last = max(begin, min(end, begin + timedelta(hours=25)) - timedelta(seconds=1))
    first_day, last_day = (at.astimezone(DELIVERY_ZONE).date() for at in (begin, last))
    return [first_day + n * ONE_DAY for n in range((last_day - first_day).days + 1)]


def see(connection: Connection) -> None:
    """Order the costs that have waited for the prices that have just come, in the transaction that stores them.

    The cards show the prices themselves, too.
    """
    cost_orders.order_open(connection)
    chargers.touch_all(connection)
