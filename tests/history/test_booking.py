"""Each session is booked once, cut by local days and prices, at a cost that stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from dashboard import leases
from dashboard.history import fetching
from dashboard.history.tables import charge_session, charge_share, history_source, price_table
from dashboard.settings import Settings
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import add_price, archived, book, collect_all, cost_of, days_agree, services_of, session

OSLO = ZoneInfo("Europe/Oslo")


def sum_of(app: Flask, column: Any) -> int:
    with services_of(app).database.reading() as connection:
        assert days_agree(connection)
        return int(connection.execute(select(func.sum(column))).scalar() or 0)


def test_a_cost_is_fixed_when_booked_and_recalculated_only_after_showing_the_difference(
    household: Household,
) -> None:
    book(household, [session("one", 2)])
    assert cost_of(household, "one") is None
    add_price(household, "0,30")  # a comma will do
    assert cost_of(household, "one") == 3_000_000
    add_price(household, "0.40", "2026-11-01")
    assert cost_of(household, "one") == 3_000_000
    book(household, [session("two", 3)])
    assert cost_of(household, "two") == 4_000_000
    book(household, [session("one", 2, energy_kwh=Decimal(11))])  # Zaptec corrects: the first booking's prices
    assert cost_of(household, "one") == 3_300_000
    shown = words_of(household.anna.get("/history/recalculate?year=2026"))
    assert "3.30" in shown and "4.40" in shown and "1.10" in shown
    assert cost_of(household, "one") == 3_300_000
    state = re.search(r'name="state" value="(\d+)"', household.anna.get("/history/recalculate?year=2026").text)
    assert state
    add_price(household, "0.50", "2026-11-20")
    answer = household.anna.post("/history/recalculate", data={"year": "2026", "state": state[1]})
    assert "nothing was recalculated" in words_of(answer) and cost_of(household, "one") == 3_300_000
    household.anna.post("/history/recalculate", data={"year": "2026", "state": str(int(state[1]) + 1)})
    assert cost_of(household, "one") == 4_400_000


def test_a_price_change_at_midnight_splits_the_session(household: Household) -> None:
    add_price(household, "0.20")
    add_price(household, "1.00", "2026-11-03")
    start = datetime(2026, 11, 2, 22, tzinfo=UTC)  # 23:00 in Oslo
    hours = tuple((start + timedelta(hours=number), Decimal(min(number, 1) * 4)) for number in range(4))
    book(household, [session("night", 2, start=start, end=hours[-1][0], energy_kwh=Decimal(12), intervals=hours)])
    assert cost_of(household, "night") == 800_000 + 8_000_000


def test_a_split_is_exact_where_readings_come_with_parts_of_a_second(household: Household) -> None:
    add_price(household, "0.20")
    add_price(household, "1.00", "2026-11-03")
    start = datetime(2026, 11, 2, 22, 59, 59, 250_000, tzinfo=UTC)  # 0.75 s before midnight in Oslo
    end = start + timedelta(seconds=1)
    readings = ((start, Decimal(0)), (end, Decimal("0.0004")))
    book(household, [session("short", 2, start=start, end=end, energy_kwh=Decimal("0.0004"), intervals=readings)])
    assert cost_of(household, "short") == 300 * 20 // 100 + 100


def test_a_removed_price_leaves_costs_alone(household: Household) -> None:
    book(household, [session("one", 2)])
    add_price(household)
    with household.database.reading() as connection:
        id = connection.execute(select(price_table.c.id)).scalar()
    assert household.anna.post(f"/history/prices/{id}/remove").status_code == 303
    assert cost_of(household, "one") == 2_500_000
    assert "Without a price no costs" in words_of(household.anna.get("/history"))


def test_days_add_up_to_the_readings_to_the_watt_hour_when_the_clocks_change(
    filled: Callable[[], Household], cloud: Cloud
) -> None:
    cloud.add_history(years=1.5)
    household = filled()
    expected: dict[date, Decimal] = {}
    for charged in cloud.sessions():
        if charged.voided or charged.aborted:
            continue
        readings = charged.intervals or [(charged.end, charged.energy_kwh)]
        for at, energy_kwh in readings:
            day = (at - timedelta(seconds=1)).astimezone(OSLO).date()
            expected[day] = expected.get(day, Decimal(0)) + Decimal(str(energy_kwh))
    with household.database.reading() as connection:
        rows = connection.execute(select(charge_share.c.day, charge_share.c.energy_mwh)).all()
    booked: dict[date, int] = {}
    for day, energy in rows:
        booked[day] = booked.get(day, 0) + energy
    assert {day: Decimal(energy) / 1_000_000 for day, energy in booked.items()} == {
        day: energy for day, energy in expected.items() if energy
    }
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert booked[day] > 0  # a car charged in each of these nights


def test_a_correction_replaces_what_was_booked(household: Household) -> None:
    first = archived("chargehistory.json")[0]
    book(household, [first])
    assert book(household, [first]) == 0
    corrected = replace(first, energy_kwh=Decimal("9.5"))
    assert book(household, [corrected]) == 1
    assert sum_of(household.app, charge_share.c.energy_mwh) == 9_500_000
    later = replace(first, id="00000000-0000-4000-8000-0000000000ff", energy_kwh=Decimal("7.0"))
    pointer = replace(corrected, replaced_by_id=later.id)
    book(household, [pointer])
    assert sum_of(household.app, charge_share.c.energy_mwh) == 9_500_000  # until the later one is here
    book(household, [later])
    assert sum_of(household.app, charge_share.c.energy_mwh) == 7_000_000


def test_void_and_aborted_ones_are_shown_but_not_counted(household: Household, cloud: Cloud) -> None:
    first = archived("chargehistory.json")[0]
    odd = [
        replace(first, id=f"odd-{flag}", end=datetime(2026, 11, 3, 9, tzinfo=UTC), **{flag: True})
        for flag in ("is_voided", "is_aborted")
    ]
    book(household, odd)
    assert sum_of(household.app, charge_share.c.energy_mwh) == 0
    page = words_of(household.anna.get("/history?month=2026-11"))
    assert "void" in page and "aborted" in page


def test_another_zone_cuts_the_days_anew(filled: Callable[[], Household], cloud: Cloud, settings: Settings,
                                         make_app: Callable[[Settings], Flask]) -> None:  # fmt: skip
    cloud.add_history(years=0.5)
    before = sum_of(filled().app, charge_share.c.energy_mwh)
    app = make_app(replace(settings, time_zone="Asia/Kolkata"))
    with app.app_context(), services_of(app).database.writing() as connection:
        connection.execute(history_source.update().values(due_at=services_of(app).now() - timedelta(days=1)))
    collect_all(app)
    with services_of(app).database.reading() as connection:
        assert set(connection.execute(select(charge_session.c.zone)).scalars()) == {"Asia/Kolkata"}
        assert not leases.is_taken(connection, fetching.FETCHING, services_of(app).now(), fetching.LEASE)
    assert sum_of(app, charge_share.c.energy_mwh) == before
