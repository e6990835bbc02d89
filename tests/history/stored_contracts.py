"""Contracts on the household's list, and prices that the exchange has told: for the tests of what follows."""

from __future__ import annotations

from datetime import date, time, timedelta

from dashboard.history import cost_orders, tariff
from dashboard.tariff import spot_prices, terms
from dashboard.tariff.contract import HOUR, ClockHours, ClockPrice, Contract, SpotTerms
from dashboard.tariff.sources.answer import DayPrices, delivery_day
from dashboard.tariff.spot_prices import PriceArea
from tests.conftest import Household
from tests.history.conftest import add_price, services_of

SINCE = date(2020, 1, 1)
QUARTER = timedelta(minutes=15)
AREA = PriceArea("www.hvakosterstrommen.no", "NO1")
SPOT = SpotTerms(AREA.source, AREA.area, "NOK", HOUR)
NIGHT = ClockHours(time(22), time(6), 100_000)
DAY_AND_NIGHT = ClockPrice(300_000, (NIGHT,))


def add_contract(
    household: Household, energy: ClockPrice | SpotTerms, valid_from: date = SINCE, **parts: object
) -> int:
    """Put a contract on the list; how many sessions have got a cost by it."""
    contract = Contract(valid_from, "NOK", energy, **parts)  # type: ignore[arg-type]
    services = services_of(household.app)
    with household.app.app_context():
        with household.database.writing() as connection:
            tariff.add(connection, valid_from, 0, services.now(), "Anna", terms.to_text(contract))
            ordered = cost_orders.order_open(connection)
        return cost_orders.begin(services, ordered).changed


def tell_prices(household: Household, day: date, *by_hour: int) -> None:
    """What the exchange told of a delivery day, an hour after the other, and what follows from it."""
    begin, end = delivery_day(day)
    quarters = {
        begin + n * QUARTER: by_hour[n // 4] for n in range((end - begin) // QUARTER) if n // 4 < len(by_hour)
    }
    services = services_of(household.app)
    with household.app.app_context():
        with household.database.writing() as connection:
            now = household.clock.now()
            spot_prices.keep(connection, AREA, day, DayPrices({"NOK": quarters}, len(by_hour) == 24), now)
            for see in services.on_prices:
                see(connection)
        cost_orders.go_on(services)


def set_currency(household: Household) -> None:
    add_price(household, "0", "2019-01-01", currency="NOK")
