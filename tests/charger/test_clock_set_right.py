"""A clock that was a day, or ten years, ahead when somebody pressed, and has been set right since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from dashboard.charger import chargers
from dashboard.charger import press as pressing
from dashboard.charger.press import Asker
from dashboard.charger.tables import account
from simulator import Cloud, ManualClock, SimulatedCharger
from tests.one_charger import Household, act, house_of, log_of, page, press, receipt, rows, tick
from zaptec.commands import Action

AHEAD = (timedelta(hours=1), timedelta(days=1), timedelta(days=3650))


class HouseClock:
    """The clock of the computer that the dashboard runs on: right, or ahead of the world's."""

    def __init__(self, world: ManualClock) -> None:
        self.world = world
        self.ahead = timedelta()

    def now(self) -> datetime:
        return self.world.now() + self.ahead


@pytest.fixture
def house_clock(household: Household, charger: SimulatedCharger) -> Iterator[HouseClock]:
    """The household's own clock, which the test sets wrong and right."""
    clock = HouseClock(household.clock)
    services = house_of(household.app)
    services.now = services.clock.now = services.account._now = services.account.turns.now = clock.now  # type: ignore[attr-defined]
    yield clock


def set_off(household: Household, charger: SimulatedCharger) -> None:
    """A timer of Anna's pauses; the sign-in of a person would have run out in ten years."""
    with household.app.app_context():
        timer = Asker("Anna", origin="timer")
        pressing.press(house_of(household.app), charger.id, Action.PAUSE, timer)


def pass_seconds(household: Household, seconds: int) -> None:
    for _ in range(seconds):
        household.clock.advance(seconds=1)
        tick(household.app)


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("is_confirmed", [True, False], ids=["confirmed", "under-way"])
def test_a_press_made_then_blocks_no_button(
    household: Household, charger: SimulatedCharger, house_clock: HouseClock, ahead: timedelta, is_confirmed: bool
) -> None:
    house_clock.ahead = ahead
    set_off(household, charger)
    if is_confirmed:
        pass_seconds(household, 10)
    house_clock.ahead = timedelta()
    pass_seconds(household, 15)
    answer = household.ben.get(page(charger))
    assert "Resume charging" in act(answer)
    assert "The charger has confirmed." in receipt(answer)
    press(household.ben, charger, "resume")
    pass_seconds(household, 15)
    assert "Pause charging" in act(household.ben.get(page(charger)))
    assert charger.commands == [506, 507]
    assert "outside this page" not in log_of(household)


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_press_that_came_to_nothing_then_is_given_up_after_a_minute(
    household: Household, charger: SimulatedCharger, cloud: Cloud, house_clock: HouseClock, ahead: timedelta
) -> None:
    cloud.lose_commands()
    house_clock.ahead = ahead
    set_off(household, charger)
    house_clock.ahead = timedelta()
    pass_seconds(household, 80)
    assert "not confirmed" in receipt(household.anna.get(page(charger)))


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_press_that_died_then_is_ended(
    household: Household,
    charger: SimulatedCharger,
    house_clock: HouseClock,
    monkeypatch: pytest.MonkeyPatch,
    ahead: timedelta,
) -> None:
    house_clock.ahead = ahead
    monkeypatch.setattr(house_of(household.app).presses, "start", die)
    with pytest.raises(Killed):
        set_off(household, charger)
    monkeypatch.undo()
    house_clock.ahead = timedelta()
    press(household.ben, charger, "pause")
    assert [(row.outcome, row.reason) for row in rows(household)] == [("refused", "interrupted"), (None, None)]
    assert charger.commands == [506]


class Killed(BaseException):
    """As kill -9."""


def die(_work: Callable[[], object]) -> None:
    raise Killed


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_was_confirmed_then_holds_no_older_reading_for_long(
    household: Household, charger: SimulatedCharger, house_clock: HouseClock, ahead: timedelta
) -> None:
    """What others do is seen at once, though a command of ours ended in what is now the future."""
    house_clock.ahead = ahead
    set_off(household, charger)
    pass_seconds(household, 10)
    house_clock.ahead = timedelta()
    household.anna.get(page(charger))
    [row] = rows(household)
    assert row.ended_at <= household.clock.now()


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_list_read_then_is_read_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud, house_clock: HouseClock, ahead: timedelta
) -> None:
    services = house_of(household.app)
    house_clock.ahead = ahead
    chargers.read_list(services, force=True)
    house_clock.ahead = timedelta()
    before = cloud.asked("chargers")
    household.anna.get(page(charger))
    assert cloud.asked("chargers") == before + 1


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_list_that_failed_then_is_read_again(
    household: Household, charger: SimulatedCharger, cloud: Cloud, house_clock: HouseClock, ahead: timedelta
) -> None:
    with household.database.writing() as connection:
        until = household.clock.now() + ahead
        connection.execute(update(account).values(list_failure="unavailable", list_again_at=until))
    household.anna.get(page(charger))
    assert cloud.asked("chargers") == (1 if ahead > timedelta(hours=1) else 0)
