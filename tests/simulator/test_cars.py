"""Cars as nights know them: weak ones, those that are content early, and those that do not like to be woken."""

import pytest

from simulator.world_file import load, save

PAUSE, RESUME = 506, 507


def power_w(client) -> float:
    return float(client.state()[513])


def pause_and_resume(client, clock) -> None:
    assert client.command(PAUSE).status == 200
    clock.advance(seconds=60)
    assert client.command(RESUME).status == 200


@pytest.mark.parametrize(
    ("limit_a", "amps", "phases", "least_w", "most_w"),
    [(32, 32, 1, 7_000, 7_400), (16, 16, 3, 10_500, 11_300), (16, 16, 1, 3_500, 3_700), (32, 10, 3, 6_500, 7_000)],
)
def test_a_car_takes_no_more_than_it_can(cloud, client, clock, limit_a, amps, phases, least_w, most_w):
    cloud.charger.limit_current(limit_a)
    cloud.charger.share_current(limit_a)
    cloud.charger.plug_in_and_charge()
    cloud.charger.car_draws_at_most(amps, phases)
    clock.advance(seconds=60)
    assert least_w < power_w(client) < most_w


def test_a_car_is_content_at_its_own_limit(cloud, client, clock):
    cloud.charger.plug_in_and_charge(level=0.75, battery_kwh=40)
    cloud.charger.car_wants_only(0.8)
    clock.advance(seconds=3600)
    state = client.state()
    assert (state[710], state[718], state[513]) == ("5", "0", "0.000")
    assert cloud.charger.car.level == pytest.approx(0.8, abs=0.01)
    cloud.charger.car_wants_only(1.0)
    cloud.charger.car_wakes()
    clock.advance(seconds=60)
    assert power_w(client) > 10_000


def test_a_car_that_wakes_slowly_lets_the_charger_wait_after_a_pause(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.car_wakes_slowly(4)
    pause_and_resume(client, clock)
    clock.advance(seconds=200)
    assert (client.state()[710], power_w(client)) == ("2", 0)
    clock.advance(seconds=90)
    assert (client.state()[710], power_w(client) > 10_000) == ("3", True)


def test_a_car_that_starts_only_twice_sleeps_through_the_third_offer_until_it_is_woken(cloud, client, clock):
    cloud.charger.plug_in()
    cloud.charger.car_starts_only(2)
    clock.advance(seconds=60)
    pause_and_resume(client, clock)
    clock.advance(seconds=60)
    assert power_w(client) > 10_000
    pause_and_resume(client, clock)
    clock.advance(seconds=3600)
    assert (client.state()[710], power_w(client)) == ("2", 0)
    cloud.charger.car_wakes()
    clock.advance(seconds=60)
    assert power_w(client) > 10_000


def test_a_kept_world_remembers_what_its_car_is_like(cloud, tmp_path):
    cloud.charger.plug_in_and_charge()
    cloud.charger.car_starts_only(1)
    cloud.charger.car_wakes_slowly(2)
    cloud.charger.car_wants_only(0.9)
    save(cloud, tmp_path / "world.json")
    kept = load(tmp_path / "world.json")
    assert kept is not None
    assert kept.charger.car == cloud.charger.car
