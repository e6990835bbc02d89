"""How much a car takes: known from those before it, seen in its first minutes, or guessed so that it is ready."""

from __future__ import annotations

import re

import pytest

from dashboard.news import NewsKind
from dashboard.plan import aim_words
from dashboard.plan.aim_progress import Power
from dashboard.plan.kwh_prices import UsualCharge
from tests.conftest import words_of
from tests.plan.aims import aim_of, by_the_clock, set_aim, slots
from tests.plan.conftest import Home, at

pytestmark = pytest.mark.one_database


def test_how_fast_a_car_charges_is_said_with_how_many_times_it_was_seen() -> None:
    assert [aim_words.expected_power(Power(5_500, sessions)) for sessions in (0, 1, 10)] == [
        "How fast a car charges here is not known yet: the hours are planned for 5.5 kW.",
        "The last car here charged with about 5.5 kW: the hours are planned for that.",
        "Cars charge here with about 5.5 kW (the last 10 times): the hours are planned for that.",
    ]


def test_a_weaker_car_than_usual_is_known_before_it_waits_and_is_ready_in_time(home: Home) -> None:
    """Reckoned with the usual 10.8 kW two hours would do, and it would begin too late for a car with 3.7."""
    by_the_clock(home)
    home.services.usual_charge = lambda *_of_whom: UsualCharge(10_800, 10, 40_000)
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.charger.car_draws_at_most(16, 1)
    told: list[NewsKind] = []
    home.services.on_news.append(lambda _connection, news: told.append(news.kind))
    home.look()
    set_aim(home, cheapest="yes", ready_by="04:00")
    home.pass_time(hours=9, minutes=58)
    assert home.time.now() < at("2026-11-21T04:00")
    assert aim_of(home) is None
    assert NewsKind.LATE not in told  # the steps of energy make it look late by some minutes now and then
    assert "The car got +20 kWh, wanted by 04:00" in home.log()


@pytest.mark.both_databases
def test_a_car_as_usual_waits_as_soon_as_that_is_known(home: Home) -> None:
    by_the_clock(home)
    home.services.usual_charge = lambda *_of_whom: UsualCharge(10_800, 10, 40_000)
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.look()
    says = words_of(set_aim(home, cheapest="yes"))
    assert "Charges some minutes to see how much this car takes, then 01:00–02:" in says
    assert home.charger.commands == []
    home.pass_time(minutes=8, step=60)
    assert home.charger.commands == [506]
    assert slots(home).startswith("01:00–02:")
    assert ", " not in slots(home)


def paused_car(home: Home, amps: float, phases: int, usual: UsualCharge) -> Home:
    """A car that is plugged in, and paused before anybody has seen how much it takes."""
    by_the_clock(home)
    home.services.usual_charge = lambda *_of_whom: usual
    home.charger.plug_in_and_charge(battery_kwh=60_000)
    home.charger.car_draws_at_most(amps, phases)
    home.charger.pause_elsewhere()
    home.look_after(60)
    return home


@pytest.mark.parametrize("usual", [UsualCharge(7_400, 10, 40_000, least_w=3_700), UsualCharge()])
def test_a_car_that_is_plugged_in_paused_begins_early_enough_for_a_weak_one(home: Home, usual: UsualCharge) -> None:
    """Like the mean of those that came it would begin at one, and be ready at half past six."""
    paused_car(home, 16, 1, usual)
    set_aim(home, cheapest="yes", ready_by="06:00")
    assert slots(home).startswith("23:3")
    safe = (
        "How fast this car charges is seen once it begins: until then the hours are planned for 3.7 kW, to be safe."
    )
    assert (safe in words_of(home.people.ben.get("/plan"))) is bool(usual.sessions)
    home.go_to(at("2026-11-20T23:30"))
    home.pass_time(hours=6, minutes=29, step=300)
    assert home.time.now() < at("2026-11-21T06:00")
    assert "The car got +20 kWh, wanted by 06:00" in home.log()


def test_a_strong_car_that_was_plugged_in_paused_waits_for_the_rest_of_the_cheap_hours(home: Home) -> None:
    paused_car(home, 16, 3, UsualCharge(7_400, 10, 40_000, least_w=3_700))
    set_aim(home, cheapest="yes", ready_by="06:00")
    home.go_to(at("2026-11-20T23:30"))
    home.pass_time(minutes=30, step=60)
    assert home.charger.commands == [507, 506]
    assert slots(home).startswith("01:00–02:")
    assert re.search(r"This car charges with about 1[01]\.\d kW", words_of(home.people.ben.get("/plan")))


def test_where_all_cars_took_as_much_a_paused_one_waits_for_the_cheapest_hours(home: Home) -> None:
    paused_car(home, 16, 3, UsualCharge(10_800, 10, 40_000, least_w=10_800))
    set_aim(home, cheapest="yes", ready_by="06:00")
    assert slots(home).startswith("01:00–02:5")
