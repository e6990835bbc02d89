"""Costs of many sessions: ordered at once, fixed step by step, and how far that is can be seen."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, insert, select

from dashboard.history import cost_orders, recalculating, session_cost, tariff
from dashboard.history.cost_orders import A_STEP, AT_ONCE, CostStep, WhichCosts
from dashboard.history.tables import charge_session, charge_share, cost_order
from dashboard.history.tariff import Tariffs
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, book, cost_of, days_agree, price_ids, services_of, session

MANY = AT_ONCE + A_STEP + 10


def book_many(household: Household) -> None:
    """One session, and copies of it."""
    book(household, [session("m", 10, energy_kwh=Decimal(1), intervals=())])
    with household.database.writing() as connection:
        booked = connection.execute(select(charge_session)).one()._asdict()
        share = connection.execute(select(charge_share)).one()._asdict()
        ids = range(booked["id"] + 1, booked["id"] + MANY)
        sessions = [booked | {"id": id, "zaptec_id": f"m{id}"} for id in ids]
        connection.execute(insert(charge_session), sessions)
        session_cost.store(connection, list(ids), [share | {"session_id": id} for id in ids])


def costs(household: Household) -> Counter[int | None]:
    """How many shares cost how much."""
    with household.database.reading() as connection:
        assert days_agree(connection)
        query = select(charge_share.c.cost_micro, func.count()).group_by(charge_share.c.cost_micro)
        return Counter({row[0]: row[1] for row in connection.execute(query)})


def go_on(household: Household) -> float | None:
    with household.app.app_context():
        return cost_orders.go_on(services_of(household.app))


def change_price(household: Household, price: str) -> None:
    """Put another price in the place of the one there is, for what is booked from now on."""
    form = {"price": price, "valid_from": "2020-01-01"}
    household.anna.post(f"/history/prices/{price_ids(household)[-1]}/change", data=form)


def recalculate(household: Household) -> str:
    """Press the button that the difference of the year ends with; where that leads."""
    page = household.anna.get("/history/recalculate?year=2026").text
    state = re.search(r'name="state" value="(\d+)"', page)
    assert state
    return household.anna.post("/history/recalculate", data={"year": 2026, "state": state[1]}).location or ""


def test_a_price_gives_the_first_sessions_their_cost_at_once_and_the_clock_the_others(household: Household) -> None:
    book_many(household)
    answer = household.anna.get(add_price(household).location)
    assert "Sessions without a cost are getting theirs; that takes some seconds." in words_of(answer)
    assert f"Costs are being worked out: {AT_ONCE} of {MANY} sessions." in words_of(answer)
    assert costs(household) == {250_000: AT_ONCE, None: MANY - AT_ONCE}
    assert go_on(household) is not None
    assert costs(household) == {250_000: MANY}
    assert go_on(household) is None
    assert "worked out" not in words_of(household.anna.get("/history"))


def test_recalculating_a_year_shows_how_far_it_is_and_goes_on_by_itself(household: Household) -> None:
    book_many(household)
    add_price(household)
    go_on(household)
    change_price(household, "0.5")
    page = household.anna.get(recalculate(household))
    assert f'max="{MANY}" value="{AT_ONCE}"' in page.text
    again = re.search(r'http-equiv="refresh" content="2;url=([^"]+)"', page.text)
    assert again
    go_on(household)
    assert costs(household) == {500_000: MANY}
    done = household.anna.get(again[1].replace("&amp;", "&"), follow_redirects=True)
    assert "The costs are worked out" in words_of(done)
    log = words_of(household.anna.get("/activity"))
    assert f"Anna recalculated the costs of 2026 (sessions changed: {MANY})" in log


def test_a_change_that_may_concern_many_sessions_is_compared_where_progress_is_shown(household: Household) -> None:
    book_many(household)
    add_price(household)
    go_on(household)
    form = {"price": "0.25", "valid_from": "2020-01-01"}  # as it was: of a few nobody would be asked
    answer = household.anna.post(f"/history/prices/{price_ids(household)[-1]}/change", data=form)
    assert "/history/recalculate?price=" in answer.location
    assert "Nothing would change" in words_of(household.anna.get(answer.location))


def test_recalculating_ends_where_the_prices_change_meanwhile(household: Household) -> None:
    book_many(household)
    add_price(household)
    go_on(household)
    change_price(household, "0.5")
    recalculate(household)
    change_price(household, "0.7")
    go_on(household)
    assert costs(household) == {500_000: AT_ONCE, 250_000: MANY - AT_ONCE}
    assert go_on(household) is None


def test_looking_at_a_difference_orders_nothing(household: Household) -> None:
    book_many(household)
    add_price(household)
    go_on(household)
    change_price(household, "0.5")
    assert str(MANY) in words_of(household.anna.get("/history/recalculate?year=2026"))
    with household.database.reading() as connection:
        assert connection.execute(select(cost_order)).first() is None
    assert costs(household) == {250_000: MANY}


@pytest.mark.parametrize("what", ["a correction", "another price", "another process"])
def test_a_step_that_came_too_late_is_not_stored(household: Household, what: str) -> None:
    book(household, [session("one", 10)])
    services = services_of(household.app)
    with household.app.app_context():
        with household.database.writing() as connection:
            tariff.choose_currency(connection, "EUR")
            tariff.add(connection, tariff.FROM_THE_FIRST, 250_000, household.clock.now(), "Anna")
            cost_orders.order_open(connection)
        with household.database.reading() as connection:
            ordered = cost_orders.find(connection, WhichCosts())
            assert ordered is not None
            step = CostStep.read(services, connection, Tariffs(connection, services.zone), ordered)
        if what == "a correction":
            household.clock.advance(seconds=1)
            book(household, [replace(session("one", 10), energy_kwh=Decimal(20))])
        with household.database.writing() as connection:
            if what == "another price":
                tariff.add(connection, date(2026, 11, 20), 300_000, household.clock.now(), "Anna")
            if what == "another process":
                assert step.store(connection, services) == 1
            assert step.store(connection, services) == 0
    expected = {"a correction": 5_000_000, "another price": None, "another process": 2_500_000}
    assert cost_of(household, "one") == expected[what]


def test_removing_a_price_counts_what_it_has_made_in_any_state_of_the_list(household: Household) -> None:
    add_price(household)
    book(household, [session("one", 10)])
    add_price(household, "0.3", "2026-11-12")
    book(household, [session("two", 11), session("three", 13)])
    services = services_of(household.app)
    with household.app.app_context(), household.database.reading() as connection:
        tariffs = Tariffs(connection, services.zone)
        made = [recalculating.made_by(connection, tariffs, price_id) for price_id in (1, 2)]
        counts = [recalculating.count(connection, meant) for meant in made]
    assert counts == [2, 1]
