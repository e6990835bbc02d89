"""The power of the charge that runs: what is kept of it, how it is drawn, and for how long the car was charged."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dashboard.card.curve import curve_of
from dashboard.history import charge_power
from dashboard.history.charge_power import KEPT, PowerStep, time_charging
from simulator import SimulatedCharger
from tests.one_charger import Household, page, words_of
from zaptec.charger import ChargerState
from zaptec.observation import Observation

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def steps_of(household: Household, charger: SimulatedCharger) -> list[PowerStep]:
    with household.database.reading() as connection:
        return charge_power.read(connection, charger.id)


def say(household: Household, charger: SimulatedCharger, power_w: float, *, after_s: int = 60) -> None:
    """The charger reports this power, and somebody looks."""
    household.clock.advance(seconds=after_s)
    charger.set_value(513, str(power_w))
    household.anna.get(page(charger))


def test_each_change_of_the_power_is_a_step_and_noise_is_none(
    household: Household, charger: SimulatedCharger
) -> None:
    for power_w in (4000, 4100, 3900, 7200, 7200):
        say(household, charger, power_w)
    assert [step.power_w for step in steps_of(household, charger)][1:] == [4000, 7200]


def test_of_a_charge_that_nobody_looked_at_the_power_is_known_since_it_was_measured() -> None:
    state = ChargerState(
        {710: Observation(710, "3", minutes(0)), 513: Observation(513, "7200", minutes(50))},
    )
    assert charge_power._new_steps(None, state, minutes(60)) == [
        PowerStep(minutes(0), None),
        PowerStep(minutes(50), 7200),
    ]


def test_a_car_that_takes_no_power_is_not_charging(household: Household, charger: SimulatedCharger) -> None:
    for power_w in (7200, 3, 0, 7200):
        say(household, charger, power_w)
    assert [step.power_w for step in steps_of(household, charger)][-3:] == [7200, 0, 7200]


def test_a_reading_that_can_be_no_power_is_kept_as_not_known(
    household: Household, charger: SimulatedCharger
) -> None:
    charger.pause_elsewhere()
    say(household, charger, 0)
    charger.set_value(710, "3")
    charger.set_value(718, "0")
    say(household, charger, 1e30)
    assert steps_of(household, charger)[-1].power_w is None


def test_all_of_it_is_forgotten_with_the_car(household: Household, charger: SimulatedCharger) -> None:
    say(household, charger, 7200)
    assert steps_of(household, charger)
    charger.unplug()
    say(household, charger, 0)
    assert steps_of(household, charger) == []


def test_what_is_kept_has_an_end_and_the_smallest_steps_go_first(
    household: Household, charger: SimulatedCharger
) -> None:
    with household.database.writing() as connection:
        for number in range(3 * KEPT):
            power_w = 7200 if number < 2 else 2000 + 250 * (number % 7)
            state = ChargerState(
                {
                    710: Observation(710, "3", minutes(0)),
                    513: Observation(513, str(power_w), minutes(360 + number)),
                }
            )
            before = ChargerState({710: Observation(710, "3", minutes(0))})
            charge_power.see(connection, charger.id, before, state, minutes(360 + number))
    steps = steps_of(household, charger)
    assert len(steps) == KEPT
    assert 7200 in [step.power_w for step in steps]


def test_a_state_that_says_nothing_new_writes_nothing(household: Household, charger: SimulatedCharger) -> None:
    state = ChargerState({710: Observation(710, "3", NOON), 513: Observation(513, "7200", NOON)})
    connection = None  # whoever asks the database would fail
    charge_power.see(connection, charger.id, state, state, NOON)  # type: ignore[arg-type]


def test_the_time_charging_leaves_out_the_pauses() -> None:
    steps = [PowerStep(minutes(0), 7200), PowerStep(minutes(30), 0), PowerStep(minutes(90), None)]
    assert time_charging(steps, minutes(100)) == timedelta(minutes=40)
    assert time_charging(steps[:2], minutes(100)) == timedelta(minutes=30)
    assert time_charging([], NOON) == timedelta()
    assert time_charging(steps, NOON) == timedelta(minutes=30)  # our clock is behind the charger's


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        ([PowerStep(minutes(0), 7600)], "M0 40V2H300V40z"),
        ([PowerStep(minutes(0), 3800), PowerStep(minutes(50), 7600)], "M0 40V21H150V2H300V40z"),
        ([PowerStep(minutes(0), None), PowerStep(minutes(50), 7600)], "M150 40V2H300V40z"),  # what nobody knows
        ([PowerStep(minutes(0), 7600), PowerStep(minutes(25), 0)], "M0 40V2H75V40H300V40z"),
    ],
)
def test_the_curve_draws_what_is_known(app: Flask, steps: list[PowerStep], path: str) -> None:
    with app.app_context():
        curve = curve_of(steps, minutes(100), minutes(100))
        assert curve is not None
        assert curve.path == path
        assert curve.label.startswith("Power of this charge since 13:00: at most 7.6 kW")


def test_a_charge_that_has_just_begun_has_no_curve(app: Flask) -> None:
    with app.app_context():
        assert curve_of([PowerStep(minutes(0), 7600)], minutes(4), minutes(4)) is None
        assert curve_of([], minutes(4), minutes(4)) is None


def test_the_card_shows_the_curve_while_charging_and_the_time_for_as_long_as_the_car_stays(
    household: Household, charger: SimulatedCharger
) -> None:
    say(household, charger, 7200)
    household.clock.advance(seconds=7200)
    household.anna.get(page(charger))
    answer = household.anna.get(page(charger))
    assert re.search(r"Time charging 2:0\d h", words_of(answer))
    assert 'aria-label="Power of this charge since 18:0' in answer.text
    assert answer.text.count("7.2 kW") == answer.text.count("with 7.2 kW")  # the power stands there once
    charger.pause_elsewhere()
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))
    answer = household.anna.get(page(charger))
    assert re.search(r"Time charging 2:0\d h", words_of(answer))
    assert "Power of this charge" not in answer.text


def test_a_charger_without_a_car_shows_no_dashes_and_no_zeros(
    household: Household, charger: SimulatedCharger
) -> None:
    charger.unplug()
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))
    assert 'class="numbers"' not in household.anna.get(page(charger)).text
