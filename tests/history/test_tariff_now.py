"""The tariff of these days is kept, until something it depends on is another."""

from __future__ import annotations

from datetime import datetime, timedelta

from dashboard.history.tariff_now import TariffNow, tariff_now
from dashboard.tariff.contract import HOUR, ClockPrice
from tests.conftest import Household
from tests.history.conftest import services_of
from tests.history.stored_contracts import DAY_AND_NIGHT, SPOT, add_contract, set_currency, tell_prices


def kept(household: Household, begin: datetime | None = None) -> TariffNow:
    services = services_of(household.app)
    with household.app.app_context(), household.database.reading() as connection:
        return tariff_now(connection, services.zone(), services.now(), begin)


def test_it_is_read_anew_when_the_list_the_prices_or_the_day_are_others(household: Household) -> None:
    told = [kept(household)]
    assert told[0].contracts.price_at(household.clock.now()) is None
    set_currency(household)
    told.append(kept(household))
    add_contract(household, SPOT)
    told.append(kept(household))
    today = household.clock.now().date()
    for day in (today, today + timedelta(days=1)):
        tell_prices(household, day, *[200_000] * 24)
        told.append(kept(household))
    household.clock.advance(seconds=86_400)
    told.append(kept(household))
    assert len({id(one) for one in told}) == len(told)
    assert kept(household) is told[-1]
    price = told[-1].contracts.price_at(household.clock.now())
    assert price is not None and price.micro_per_kwh == 200_000 and told[-1].currency == "NOK"


def test_what_a_charge_that_began_earlier_cost_is_known_too(household: Household) -> None:
    set_currency(household)
    add_contract(household, SPOT)
    tell_prices(household, household.clock.now().date(), *[200_000] * 24)
    began = household.clock.now()
    household.clock.advance(seconds=3 * 86_400)
    assert kept(household).contracts.price_at(began) is None
    earlier = kept(household, began)
    assert earlier.contracts.price_at(began) is not None
    assert kept(household, began + HOUR) is earlier


def test_an_emptied_database_has_no_tariff_and_no_mistake(household: Household) -> None:
    with household.database.writing() as connection:
        connection.exec_driver_sql("delete from history_book")
    assert kept(household).currency is None
    add_contract(household, DAY_AND_NIGHT, grid=ClockPrice(0))
    assert kept(household).contracts.price_at(household.clock.now()) is not None
