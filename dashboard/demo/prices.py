"""What a kWh costs in the demo: one price for its past, and from its first day on the exchange's by the hour."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Connection, delete, update

from dashboard import doors
from dashboard.charger import chargers
from dashboard.database import Database
from dashboard.demo.people import PEOPLE
from dashboard.history import tariff
from dashboard.history.tariff import FROM_THE_FIRST
from dashboard.tariff import terms
from dashboard.tariff.contract import HOUR, ClockHours, ClockPrice, Contract, SpotSupport, SpotTerms
from dashboard.tariff.sources.answer import DELIVERY_ZONE, delivery_day
from dashboard.tariff.tables import spot_day, spot_price

CURRENCY, PAST_MICRO = "NOK", 1_250_000
SOURCE = "www.hvakosterstrommen.no"
SPOT = SpotTerms(SOURCE, "NO1", CURRENCY, HOUR, mark_up_micro=50_000)
NIGHT = ClockHours(time(22), time(6), 250_000)


def seed_prices(database: Database, now: datetime) -> None:
    """Enter the demo's contracts and switch its source on, unless somebody has entered prices already."""
    with database.writing() as connection:
        if not tariff.entered(connection):
            _enter(connection, now)


def _enter(connection: Connection, now: datetime) -> None:
    who = next(iter(PEOPLE))
    contract = Contract(
        valid_from=now.date(),
        currency=CURRENCY,
        energy=SPOT,
        grid=ClockPrice(350_000, (NIGHT,)),
        vat_micro=250_000,
        support=SpotSupport(900_000, 962_500),
    )
    tariff.choose_currency(connection, CURRENCY)
    tariff.add(connection, FROM_THE_FIRST, PAST_MICRO, now, who)
    tariff.add(connection, contract.valid_from, 0, now, who, terms.to_text(contract))
    doors.switch(connection, SOURCE, True, now, who)


def begin_anew(connection: Connection, now: datetime) -> None:
    """Forget the exchange's prices from today on and every failure: what was moved shows in what is told next."""
    today = now.astimezone(DELIVERY_ZONE).date()
    connection.execute(delete(spot_day).where(spot_day.c.day >= today))
    connection.execute(delete(spot_price).where(spot_price.c.begin_at >= delivery_day(today)[0]))
    connection.execute(update(doors.door_table).values(failure=None, failed_at=None, failures=0, again_at=None))
    chargers.touch_all(connection)
