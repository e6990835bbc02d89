"""What a kWh costs as a function of the moment: contracts that follow each other, hours, steps, and set clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.tariff.contract import HOUR, MICRO, QUARTER, Contract
from dashboard.tariff.contracts import Contracts, midnight
from tests.tariff.contracts_of import AMSTERDAM, OSLO, Exchange, clock, contract, contracts, hours, local, spot

ZONES = ("Europe/Amsterdam", "Europe/Helsinki", "Europe/London", "Atlantic/Azores")
MINUTE = timedelta(minutes=1)


def per_kwh(prices: Contracts, moment: datetime) -> int | None:
    price = prices.price_at(moment)
    return None if price is None else price.micro_per_kwh


def test_a_contract_holds_from_its_local_midnight_until_the_next_one_s() -> None:
    prices = contracts(contract(clock(2), date(2026, 3, 1)), contract(clock(1), date(2026, 1, 1)), zone=OSLO)
    moments = ("2025-12-31 23:59:59", "2026-01-01 00:00", "2026-02-28 23:59:59", "2026-03-01 00:00")
    assert [per_kwh(prices, local(moment, OSLO)) for moment in moments] == [None, 1, 1, 2]
    assert prices.contract_at(local("2025-12-31 23:59:59", OSLO)) is None


def test_of_two_contracts_for_one_day_the_later_in_the_list_counts() -> None:
    both = contract(clock(1), date(2026, 1, 1)), contract(clock(2), date(2026, 1, 1))
    assert per_kwh(contracts(*both), local("2026-01-01 12:00")) == 2


def test_a_contract_changes_at_midnight_though_the_price_stays() -> None:
    prices = contracts(contract(clock(1), date(2026, 1, 1)), contract(clock(1), date(2026, 1, 3)))
    changes = prices.changes_between(local("2026-01-01 00:00"), local("2026-01-09 00:00"))
    assert changes == [local("2026-01-03 00:00")]
    assert prices.changes_between(local("2026-01-03 00:00"), local("2026-01-04 00:00")) == []
    assert prices.changes_between(local("2026-01-05 00:00"), local("2026-01-01 00:00")) == []


def test_one_price_never_changes_by_itself() -> None:
    prices = contracts(contract(clock(1)))
    assert prices.changes_between(local("2026-01-01 00:00"), local("2027-01-01 00:00")) == []


def test_hours_change_where_others_begin_to_hold_and_nowhere_else() -> None:
    day = hours("07:00", "23:00", 1, "working days")  # as dear as the base price: a change all the same
    prices = contracts(contract(clock(1, day)))
    friday_to_monday = prices.changes_between(local("2026-01-09 00:00"), local("2026-01-12 12:00"))
    assert friday_to_monday == [local("2026-01-09 07:00"), local("2026-01-09 23:00"), local("2026-01-12 07:00")]


def test_a_holiday_is_one_in_the_country_that_the_contract_names() -> None:
    day = hours("07:00", "23:00", 2, "working days")
    for country, expected in (("NL", 1), ("SE", 2), ("", 2)):
        prices = contracts(contract(clock(1, day), holidays_of=country))
        assert per_kwh(prices, local("2026-04-27 12:00")) == expected  # the King's Day


def test_the_grid_fee_goes_by_a_clock_of_its_own() -> None:
    grid = clock(10, hours("17:00", "19:00", 30), hours("01:00", "05:00", 5))
    prices = contracts(contract(clock(100), grid=grid))
    assert [per_kwh(prices, local(f"2026-01-05 {at}")) for at in ("00:30", "01:00", "12:00", "18:00")] == [
        110,
        105,
        110,
        130,
    ]
    assert prices.changes_between(local("2026-01-05 00:00"), local("2026-01-05 18:00")) == [
        local(f"2026-01-05 {at}") for at in ("01:00", "05:00", "17:00")
    ]


@pytest.mark.parametrize("zone_name", ZONES)
@pytest.mark.parametrize(("day", "quarters"), [("2026-03-29", 92), ("2026-06-10", 96), ("2026-10-25", 100)])
def test_a_day_has_as_many_quarters_as_pass_in_it(zone_name: str, day: str, quarters: int) -> None:
    zone = ZoneInfo(zone_name)
    begin, end = (midnight(date.fromisoformat(day) + timedelta(days=n), zone) for n in (0, 1))
    exchange = Exchange()
    for number in range(quarters):
        exchange.prices[begin + number * QUARTER] = number
    stretches = contracts(contract(spot(QUARTER)), zone=zone, exchange=exchange).between(begin, end)
    assert [stretch.price and stretch.price.energy for stretch in stretches] == list(range(quarters))
    hourly = contracts(contract(spot(HOUR)), zone=zone, exchange=exchange).between(begin, end)
    assert len(hourly) == quarters // 4
    assert hourly[-1].end == end and {stretch.end - stretch.begin for stretch in hourly} == {HOUR}


def test_hours_that_the_set_clock_leaves_out_begin_when_it_is_set() -> None:
    prices = contracts(contract(clock(1, hours("02:30", "05:00", 2))))
    changes = prices.changes_between(local("2026-03-29 00:00"), local("2026-03-29 12:00"))
    assert changes == [local("2026-03-29 03:00"), local("2026-03-29 05:00")]


def test_hours_that_come_twice_hold_twice() -> None:
    prices = contracts(contract(clock(1, hours("02:30", "02:45", 2))))
    changes = prices.changes_between(local("2026-10-25 00:00"), local("2026-10-25 12:00"))
    assert [change.astimezone(UTC).strftime("%H:%M") for change in changes] == ["00:30", "00:45", "01:30", "01:45"]


def test_hours_that_reach_into_what_comes_twice_end_begin_and_end() -> None:
    prices = contracts(contract(clock(1, hours("01:00", "02:30", 2))))
    changes = prices.changes_between(local("2026-10-25 00:30"), local("2026-10-25 12:00"))
    assert [change.astimezone(UTC).strftime("%H:%M") for change in changes] == ["23:00", "00:30", "01:00", "01:30"]


RULES = st.builds(
    lambda begin, end, micro, days: hours(f"{begin:%H:%M}", f"{end:%H:%M}", micro, days),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["00:00", "02:00", "02:30", "03:00", "06:00", "23:00"]).map(
        lambda at: datetime.fromisoformat(f"2026-01-01 {at}").time()
    ),
    st.integers(1, 9),
    st.sampled_from(["", "weekend", "working days", "sunday", "holidays, monday"]),
)
NIGHTS = st.sampled_from(["2026-03-28", "2026-10-24", "2026-12-31", "2028-02-28", "2026-04-05"])


def winner(prices: Contracts, held: Contract, moment: datetime) -> list[int | None]:
    return prices._hours_at(held, moment)


@given(rules=st.lists(RULES, max_size=3), grid=st.lists(RULES, max_size=2), day=NIGHTS, zone=st.sampled_from(ZONES))
def test_between_two_changes_the_same_hours_hold_in_every_minute(rules, grid, day, zone) -> None:  # type: ignore[no-untyped-def]
    held = contract(clock(100, *rules), grid=clock(10, *grid), holidays_of="NL")
    prices = contracts(held, zone=ZoneInfo(zone))
    begin = midnight(date.fromisoformat(day), ZoneInfo(zone))
    end = begin + timedelta(hours=36)
    minutes = [begin + number * MINUTE for number in range(36 * 60)]
    by_the_minute = [
        minute for minute in minutes[1:] if winner(prices, held, minute) != winner(prices, held, minute - MINUTE)
    ]
    assert prices.changes_between(begin, end) == by_the_minute


def test_the_whole_time_between_is_told_without_gaps() -> None:
    later = contract(spot(QUARTER), date(2026, 1, 2), grid=clock(1, hours("00:10", "00:20", 2)))
    prices = contracts(contract(clock(7), date(2026, 1, 1)), later, exchange=Exchange(5))
    begin, end = local("2025-12-31 12:00"), local("2026-01-02 00:31")
    stretches = prices.between(begin, end)
    assert (stretches[0].begin, stretches[-1].end) == (begin, end)
    assert all(one.end == other.begin for one, other in pairwise(stretches))
    assert [stretch.price and stretch.price.micro_per_kwh for stretch in stretches] == [None, 7, 6, 7, 7, 6, 6]
    assert f"{stretches[4].begin.astimezone(AMSTERDAM):%H:%M}" == "00:15"


def test_the_exchange_is_asked_for_what_the_contract_names() -> None:
    exchange = Exchange(1)
    contracts(contract(spot(HOUR)), exchange=exchange).price_at(local("2026-01-05 12:59"))
    assert exchange.asked == [("exchange.example", "NL", "EUR")] * 4


def test_the_price_of_a_billing_step_is_reckoned_once_for_all_the_sessions_in_it() -> None:
    exchange = Exchange(7)
    prices = contracts(contract(spot(HOUR), grid=clock(1, hours("12:30", "13:00", 2))), exchange=exchange)
    found = [per_kwh(prices, local(f"2026-01-05 12:{minute}")) for minute in ("00", "29", "30", "59")]
    assert found == [8, 8, 9, 9]
    assert len(exchange.asked) == 2 * 4


@pytest.mark.parametrize(
    ("energy_mwh", "micro", "cost"),
    [(1_500_000, 1, 2), (2_500_000, 1, 2), (500_000, 1, 0), (7_350_000, 321_987, 2_366_604), (1, -500_000, 0)],
)
def test_a_cost_is_rounded_half_to_even(energy_mwh: int, micro: int, cost: int) -> None:
    prices = contracts(contract(clock(micro)))
    assert prices.cost_micro(local("2026-01-05 12:00"), energy_mwh) == cost


def test_before_the_first_contract_energy_has_no_cost() -> None:
    assert contracts().cost_micro(local("2026-01-05 12:00"), MICRO) is None


def test_the_state_of_the_list_stays_with_it() -> None:
    assert contracts(state=7).state == 7
