"""What waiting for cheap hours saved: against charging at once, fixed with the cost, less than nothing too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from dashboard.charger import chargers
from dashboard.charger.tables import command
from dashboard.history import tariff
from dashboard.history.shares import shares_at_once
from dashboard.history.tables import charge_session
from simulator import Cloud
from tests.conftest import Household, words_of
from tests.history.conftest import book, number_of, services_of, session
from tests.history.stored_contracts import DAY_AND_NIGHT, add_contract, set_currency
from zaptec.sessions import CompletedSession

SIX, TEN = datetime(2026, 11, 10, 17, tzinfo=UTC), datetime(2026, 11, 10, 21, tzinfo=UTC)  # in the evening, in Oslo
HOUR = timedelta(hours=1)
MONTH = "/history?month=2026-11"


def waited(id: str = "w", came: datetime = SIX, began: datetime = TEN, **more: object) -> CompletedSession:
    """Three kWh in each of two hours, some hours after the car has come."""
    readings = ((came, Decimal(0)), (began, Decimal(0)), *((began + n * HOUR, Decimal(3)) for n in (1, 2)))
    values = {"start": came, "end": began + 4 * HOUR, "energy_kwh": Decimal(6), "intervals": readings}
    return session(id, 10, **(values | more))


def hold(household: Household, at: datetime = SIX, origin: str = "aim") -> None:
    """Somebody, or something, has paused it."""
    row = {"charger_id": session("x", 1).charger_id, "action": "pause", "origin": origin, "outcome": "confirmed"}
    with household.database.writing() as connection:
        connection.execute(insert(command).values(asked_at=at, ended_at=at, **row))


def told(household: Household, id: str = "w") -> str:
    page = words_of(household.anna.get(f"/history/sessions/{number_of(household, id)}"))
    return page[page.index("Waiting for") : page.index("Why this price")].strip() if "Waiting for" in page else ""


def saved_micro(household: Household, id: str = "w") -> int | None:
    with household.database.reading() as connection:
        kept = select(charge_session.c.saved_micro).where(charge_session.c.zaptec_id == id)
        micro: int | None = connection.execute(kept).scalar_one()
    return micro


@pytest.fixture
def listed(household: Household, cloud: Cloud) -> Household:
    """A household that knows its chargers."""
    with household.app.app_context():
        chargers.read_list(services_of(household.app))
    return household


@pytest.fixture
def by_the_clock(listed: Household) -> Household:
    """A kWh costs 0.30 kr, and from ten to six in the night 0.10."""
    set_currency(listed)
    add_contract(listed, DAY_AND_NIGHT)
    return listed


def test_session_and_month_say_what_waiting_saved(by_the_clock: Household) -> None:
    hold(by_the_clock)
    book(by_the_clock, [waited()])
    assert told(by_the_clock) == (
        "Waiting for cheap hours saved about 1.20 kr: charged at once, it would have been 1.80 kr."
    )
    month = words_of(by_the_clock.anna.get(MONTH))
    assert "Waiting for cheap hours saved about 1.20 kr in one session." in month


def test_waiting_that_cost_more_is_said_as_plainly_and_taken_off_the_month(by_the_clock: Household) -> None:
    came = TEN + 6 * HOUR
    hold(by_the_clock)
    hold(by_the_clock, came, "plan")
    book(by_the_clock, [waited(), waited("dear", came, came + 3 * HOUR, energy_kwh=Decimal(3))])
    assert told(by_the_clock, "dear") == (
        "Waiting for cheap hours cost about 0.60 kr more: charged at once, it would have been 0.30 kr."
    )
    month = words_of(by_the_clock.anna.get(MONTH))
    assert "Waiting for cheap hours saved about 0.60 kr in 2 sessions." in month


@pytest.mark.parametrize("held_by", [None, "page"])
def test_who_was_not_held_back_for_a_better_hour_has_saved_nothing(
    by_the_clock: Household, held_by: str | None
) -> None:
    """A car that was full takes some more in the night; and a person may pause for any reason."""
    if held_by:
        hold(by_the_clock, origin=held_by)
    hold(by_the_clock, SIX - HOUR)  # another car
    book(by_the_clock, [waited()])
    assert saved_micro(by_the_clock) is None
    assert told(by_the_clock) == ""
    assert "Waiting for" not in words_of(by_the_clock.anna.get(MONTH))


def test_a_car_that_charged_at_once_and_was_then_stopped_has_saved_nothing(by_the_clock: Household) -> None:
    hold(by_the_clock, SIX + 2 * HOUR)
    book(by_the_clock, [waited(began=SIX)])
    assert told(by_the_clock) == ""


def test_what_was_saved_is_fixed_with_the_cost_and_changes_with_it_only(by_the_clock: Household) -> None:
    hold(by_the_clock)
    book(by_the_clock, [waited()])
    with by_the_clock.database.writing() as connection:
        connection.execute(update(command).values(outcome="refused"))
    form = {"kind": "one price", "valid_from": "2020-01-01", "price": "0.9", "includes_vat": "yes", "do": "save"}
    assert by_the_clock.anna.post("/tariff/2/change", data=form).status_code == 303
    assert saved_micro(by_the_clock) == 1_200_000


def test_a_session_that_gets_its_price_later_is_compared_then(listed: Household) -> None:
    with listed.database.writing() as connection:
        tariff.choose_currency(connection, "NOK")
    hold(listed)
    book(listed, [waited()])
    assert saved_micro(listed) is None
    add_contract(listed, DAY_AND_NIGHT)
    assert saved_micro(listed) == 1_200_000


def test_a_correction_takes_the_place_of_what_it_corrects(by_the_clock: Household) -> None:
    hold(by_the_clock)
    book(by_the_clock, [waited()])
    book(by_the_clock, [waited(replaced_by_id="right"), waited("right", energy_kwh=Decimal(3))])
    assert (saved_micro(by_the_clock), saved_micro(by_the_clock, "right")) == (None, 600_000)


def test_a_reading_that_was_partly_pause_takes_no_longer_than_its_energy() -> None:
    """Some minutes until it was paused, and hours that are begun and left in the middle."""
    readings = [(SIX + HOUR, 200_000), (TEN + HOUR, 3_000_000), (TEN + 2 * HOUR, 6_000_000)]
    readings.append((TEN + 4 * HOUR, 3_000_000))
    ends = [SIX + timedelta(minutes=minutes) for minutes in (4, 34, 94)]

    def changes(begin: datetime, end: datetime) -> list[datetime]:
        return [at for at in ends if begin < at < end]

    moved = shares_at_once(SIX, 12_200_000, readings, UTC, changes)
    assert [share.energy_mwh for share in moved] == pytest.approx([200_000, 3_000_000, 6_000_000, 3_000_000], abs=1)
    assert sum(share.energy_mwh for share in moved) == 12_200_000
