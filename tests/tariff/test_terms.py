"""A contract that is written down and read again is the same."""

from __future__ import annotations

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from dashboard.tariff import terms
from dashboard.tariff.contract import (
    HOLIDAYS,
    HOUR,
    QUARTER,
    WEEKDAYS,
    WEEKEND,
    WORKING_DAYS,
    ClockHours,
    ClockPrice,
    Contract,
    FixedInsteadOfSpot,
    SpotSupport,
    SpotTerms,
)

MICRO = st.integers(0, 10**9)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DAYS = st.frozensets(st.sampled_from([*WEEKDAYS, WORKING_DAYS, WEEKEND, HOLIDAYS]))
HOURS = st.builds(ClockHours, TIMES, TIMES, MICRO, DAYS, st.frozensets(st.integers(1, 12)))
CLOCK = st.builds(ClockPrice, MICRO, st.lists(HOURS, max_size=3).map(tuple))
SPOT = st.builds(
    SpotTerms, st.just("prices.example"), st.just("NL"), st.just("EUR"), st.sampled_from([QUARTER, HOUR]),
    MICRO, MICRO, MICRO,
)  # fmt: skip
SUPPORT = st.none() | st.builds(SpotSupport, MICRO, MICRO) | st.builds(FixedInsteadOfSpot, MICRO)
CONTRACTS = st.builds(
    Contract, st.just(date(2026, 1, 1)), st.just("NOK"), CLOCK | SPOT, CLOCK, MICRO, MICRO, st.booleans(), SUPPORT,
    st.sampled_from(["", "NO"]),
)  # fmt: skip


@given(contract=CONTRACTS)
def test_a_contract_comes_back_from_its_text(contract: Contract) -> None:
    assert terms.from_text(terms.to_text(contract), contract.valid_from, contract.currency) == contract
