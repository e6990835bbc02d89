"""What goes wrong never leaves a car emptier: prices, clock, Zaptec, and programs that die."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from dashboard.plan import aim_planning, aims, steps
from dashboard.plan.kwh_prices import KwhPrices
from dashboard.plan.planner import PriceSlot
from tests.plan.conftest import Home, at, killed

pytestmark = pytest.mark.one_database

MIDNIGHT, MORNING = at("2026-11-21T00:00"), at("2026-11-21T07:00")
CHEAP, DEAR = 1_000_000, 3_000_000


def prices_until(until: datetime | None) -> KwhPrices:
    """An hour each, dear but for 22:00 and 02:00 to 04:00; None: nobody knows any."""
    begins = [at("2026-11-20T18:00") + n * timedelta(hours=1) for n in range(13)]
    cheap = {at("2026-11-20T22:00"), at("2026-11-21T02:00"), at("2026-11-21T03:00")}
    slots = [PriceSlot(at, at + timedelta(hours=1), CHEAP if at in cheap else DEAR) for at in begins]
    return KwhPrices(tuple(slot for slot in slots if until and slot.begin < until), "NOK", True)


def tell_prices(home: Home, until: datetime | None) -> None:
    """The prices that are known, told as the exchange's are."""
    services = home.services
    services.kwh_prices = lambda *_asked: prices_until(until)
    with services.database.writing() as connection:
        for see in services.on_prices:
            see(connection)


def set_aim(home: Home, energy: str = "20") -> None:
    form = {"do": "set", "energy": energy, "hours": "", "ready_by": "07:00", "cheapest": "yes"}
    home.people.ben.post(f"/chargers/{home.id}/aim", data=form)


def aim_of(home: Home):
    return home.people.carla.get(f"/chargers/{home.id}/next.json").json["aim"]


def first_hour(home: Home) -> str:
    return aim_of(home)["slots"][0][0][11:13]


def test_without_prices_it_charges_at_once(charging_home: Home) -> None:
    tell_prices(charging_home, None)
    set_aim(charging_home)
    assert (aim_of(charging_home)["reason"], aim_of(charging_home)["cost"]) == ("no_prices", None)
    assert "No prices are known, so it does not wait. Charges +20 kWh" in charging_home.next()
    charging_home.settle()
    assert charging_home.charger.commands == []


def test_it_plans_with_the_prices_that_are_known_and_anew_when_others_come(charging_home: Home) -> None:
    home = charging_home
    tell_prices(home, MIDNIGHT)
    set_aim(home)
    assert (aim_of(home)["reason"], first_hour(home)) == ("some_prices", "21")
    assert "Some prices are missing; hours without a price come last." in home.next()
    tell_prices(home, MORNING)
    home.settle()
    assert aim_of(home)["reason"] == "cheapest"
    assert home.next().startswith("Prices for tomorrow have come: now 02:0")


def test_with_a_clock_that_may_be_wrong_it_does_not_wait(charging_home: Home) -> None:
    tell_prices(charging_home, MORNING)
    charging_home.services.account.is_clock_right = lambda _connection: False
    set_aim(charging_home)
    assert aim_of(charging_home)["reason"] == "clock"
    assert charging_home.charger.commands == []


def test_zaptec_down_at_the_start_it_starts_when_zaptec_is_back(charging_home: Home) -> None:
    home = charging_home
    tell_prices(home, MORNING)
    set_aim(home)
    home.settle()
    home.go_to(at("2026-11-21T01:59"))
    home.cloud.go_down()
    home.pass_time(minutes=40, step=300)
    assert home.charger.commands == [506]
    home.cloud.come_back()
    home.pass_time(minutes=5)
    assert home.charger.commands == [506, 507]
    home.pass_time(hours=3, step=900)
    assert aim_of(home) is None


def test_what_is_not_reached_in_time_goes_on_and_says_that_it_is_late(charging_home: Home) -> None:
    home = charging_home
    tell_prices(home, MORNING)
    set_aim(home, "200")
    assert aim_of(home)["reason"] == "late"
    assert "Late: not ready by 07:00. Charges on until it has +200 kWh, at about 12:" in home.next()
    home.go_to(at("2026-11-21T08:00"))
    home.pass_time(minutes=2)
    assert home.charger.commands == [] and aim_of(home)["reason"] == "late"


@pytest.mark.parametrize(
    ("module", "name"),
    [(aims, "change"), (aim_planning, "_add_step"), (steps, "claim"), (steps, "_carry_out"), (steps, "_note")],
)
def test_a_program_that_is_killed_anywhere_starts_it_once(charging_home: Home, module: object, name: str) -> None:
    home = charging_home
    tell_prices(home, MORNING)
    set_aim(home)
    home.settle()
    home.go_to(at("2026-11-21T01:59"))
    home.tick()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, killed)
        with suppress(KeyboardInterrupt):
            home.pass_time(minutes=4, step=30)
    home.pass_time(minutes=6, step=30)
    assert home.charger.commands == [506, 507]
    assert len([line for line in home.log() if "resumed" in line]) == 1
