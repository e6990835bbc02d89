"""When the hours of a price by the clock hold."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dashboard.tariff.contract import ContractKind
from tests.tariff.contracts_of import clock, contract, hours, spot

MONDAY, TUESDAY, SATURDAY, SUNDAY = "2026-01-05", "2026-01-06", "2026-01-10", "2026-01-11"
NO_HOLIDAYS: frozenset[date] = frozenset()
EPIPHANY = frozenset({date(2026, 1, 6)})


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day} {time}")


def test_hours_begin_with_their_first_moment_and_end_before_their_last() -> None:
    day = hours("07:00", "23:00", 1)
    assert [day.hold_at(at(MONDAY, time), NO_HOLIDAYS) for time in ("06:59:59", "07:00", "22:59:59", "23:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_hours_from_midnight_to_midnight_are_the_whole_day() -> None:
    whole = hours("00:00", "00:00", 1, "saturday")
    assert whole.hold_at(at(SATURDAY, "00:00"), NO_HOLIDAYS)
    assert whole.hold_at(at(SATURDAY, "23:59:59"), NO_HOLIDAYS)
    assert not whole.hold_at(at(SUNDAY, "00:00"), NO_HOLIDAYS)


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    night = hours("22:00", "06:00", 1, "saturday")
    assert not night.hold_at(at(SATURDAY, "05:00"), NO_HOLIDAYS)
    assert night.hold_at(at(SATURDAY, "22:00"), NO_HOLIDAYS)
    assert night.hold_at(at(SUNDAY, "05:59"), NO_HOLIDAYS)
    assert not night.hold_at(at(SUNDAY, "06:00"), NO_HOLIDAYS)
    assert not night.hold_at(at(SUNDAY, "22:00"), NO_HOLIDAYS)


def test_the_month_of_hours_over_midnight_is_that_of_the_day_they_begin_on() -> None:
    night = hours("22:00", "06:00", 1, months=(12,))
    assert night.hold_at(at("2027-01-01", "05:00"), NO_HOLIDAYS)
    assert not night.hold_at(at("2026-12-01", "05:00"), NO_HOLIDAYS)


@pytest.mark.parametrize(
    ("days", "holding"),
    [
        ("", {MONDAY, TUESDAY, SATURDAY, SUNDAY}),
        ("working days", {MONDAY}),
        ("weekend", {SATURDAY, SUNDAY}),
        ("holidays", {TUESDAY}),
        ("tuesday", {TUESDAY}),
        ("weekend, holidays", {TUESDAY, SATURDAY, SUNDAY}),
        ("monday, sunday", {MONDAY, SUNDAY}),
    ],
)
def test_a_day_counts_when_one_of_its_names_is_meant(days: str, holding: set[str]) -> None:
    whole = hours("00:00", "00:00", 1, days)
    four = (MONDAY, TUESDAY, SATURDAY, SUNDAY)
    assert {day for day in four if whole.hold_at(at(day, "12:00"), EPIPHANY)} == holding


def test_a_holiday_in_a_weekend_is_both_and_no_working_day() -> None:
    on_saturday = frozenset({date.fromisoformat(SATURDAY)})
    for days, is_so in (("weekend", True), ("holidays", True), ("working days", False)):
        assert hours("00:00", "00:00", 1, days).hold_at(at(SATURDAY, "12:00"), on_saturday) is is_so


def test_the_first_hours_that_hold_win() -> None:
    price = clock(10, hours("17:00", "19:00", 30, months=(1,)), hours("07:00", "23:00", 20))
    assert [price.micro_at(at(MONDAY, time), NO_HOLIDAYS) for time in ("03:00", "08:00", "18:00")] == [10, 20, 30]
    assert price.micro_at(at("2026-06-01", "18:00"), NO_HOLIDAYS) == 20


def test_the_kind_of_a_contract_is_that_of_its_energy() -> None:
    by_the_clock = clock(1, hours("07:00", "23:00", 2))
    assert contract(clock(1), grid=by_the_clock).kind is ContractKind.ONE_PRICE
    assert contract(by_the_clock).kind is ContractKind.BY_THE_CLOCK
    assert contract(spot()).kind is ContractKind.BY_THE_HOUR
