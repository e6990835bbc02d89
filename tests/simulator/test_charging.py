"""What the values of a charging, finished, waiting or silent charger look like."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from simulator import Cloud, ManualClock
from simulator.readings import without_zone


def test_a_plugged_in_car_asks_and_then_charges(cloud, client, clock):
    cloud.charger.plug_in()
    state = client.state()
    assert (state[710], state[702], state[714]) == ("2", "9", "32")
    assert state[721]
    clock.advance(seconds=20)
    assert (client.state()[710], client.state()[702]) == ("3", "6")


def test_a_charging_car_draws_what_volts_and_amps_say(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=600)
    state = client.state()
    product_w = sum(float(state[v]) * float(state[a]) for v, a in ((501, 507), (502, 508), (503, 509)))
    assert float(state[513]) == pytest.approx(product_w, rel=0.05)
    assert 10_000 < float(state[513]) < 11_500
    assert state[147] == "180"


def test_a_one_phase_car_draws_on_the_first_phase_only(cloud, client, clock):
    cloud.charger.plug_in_and_charge(phases=1)
    clock.advance(seconds=60)
    state = client.state()
    assert 3000 < float(state[513]) < 4000
    assert float(state[507]) > 10 > 1 > float(state[508])


def test_the_session_energy_moves_in_steps(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    told = []
    for _ in range(360):
        clock.advance(seconds=10)
        told.append(float(client.state()[553]))
    steps = [(before, after - before) for before, after in pairwise(told) if after > before]
    assert all(step >= (0.1 if before < 1 else 0.2 if before < 5 else 0.5) - 1e-9 for before, step in steps)
    assert told[-1] == pytest.approx(10.9, abs=0.8)


def test_a_car_tapers_and_finishes_by_itself(cloud, client, clock):
    cloud.charger.plug_in_and_charge(level=0.95)
    full_w = float(client.state()[513])
    clock.advance(seconds=12 * 60)
    assert float(client.state()[513]) < full_w * 0.95
    clock.advance(seconds=3600)
    state = client.state()
    assert (state[710], state[718], state[702], state[513]) == ("5", "0", "9", "0.000")
    assert cloud.charger.car.is_full


def test_it_does_not_matter_how_often_somebody_looks():
    states = []
    for looks in (1, 96, 1800):
        clock = ManualClock()
        cloud = Cloud.household(clock)
        cloud.charger.plug_in_and_charge()
        for _ in range(looks):
            clock.advance(seconds=6 * 3600 / looks)
            cloud.catch_up()
        cloud.charger.unplug()
        states.append(cloud.charger.state())
    assert states[0] == states[1] == states[2]


def test_the_signed_meter_is_written_on_the_hour_and_only_after_energy(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    first = client.state()[554]
    clock.advance(seconds=3599)
    assert client.state()[554] == first
    clock.advance(seconds=1)
    hourly = client.state()[554]
    assert hourly != first
    body = json.loads(hourly.split("|")[1])
    assert body["PG"] == "F1"
    assert body["RD"][0]["TM"] == "2026-11-20T18:00:00,000+00:00 R"
    cloud.charger.fill_up()
    clock.advance(seconds=3600)
    kept = client.state()[554]
    clock.advance(seconds=7200)
    assert client.state()[554] == kept


def test_the_pulse_beats_every_147_seconds_value_and_carries_nothing(cloud, clock):
    charger = cloud.charger
    clock.advance(seconds=599)
    cloud.catch_up()
    first = charger.seen.reading(-1)
    clock.advance(seconds=1)
    cloud.catch_up()
    second = charger.seen.reading(-1)
    assert second.at - first.at == timedelta(seconds=600)
    assert second.text is None
    charger.plug_in_and_charge()
    clock.advance(seconds=500)
    cloud.catch_up()
    assert clock.now() - charger.seen.reading(-1).at < timedelta(seconds=181)


def test_an_odd_pulse_interval_does_not_stop_the_world(cloud, client, clock):
    cloud.charger.set_value(147, "-1")
    clock.advance(seconds=3600)
    assert client.state()[147] == "-1"


def test_voltages_stand_through_a_pause_and_fall_when_unplugged(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=300)
    client.command(506)
    clock.advance(seconds=60)
    assert float(client.state()[501]) > 200
    cloud.charger.unplug()
    assert float(client.state()[501]) < 10


def test_the_meters_warm_up_only_while_current_flows(cloud, client, clock):
    cold = float(client.state()[202])
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=3500)
    warm = float(client.state()[202])
    assert warm > cold + 10


def test_timestamps_tell_the_last_change_in_utc_without_saying_so(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    path = f"/api/chargers/{cloud.charger.id}/state"
    before = {e["StateId"]: e["Timestamp"] for e in client.get(path).json}
    clock.advance(seconds=3600)
    after = {e["StateId"]: e["Timestamp"] for e in client.get(path).json}
    assert before[710] == after[710] == "2026-11-20T17:00:00"
    assert after[553] > before[553]
    assert without_zone(datetime(2024, 3, 9, 17, 5, 5, 190_234, tzinfo=UTC)) == "2024-03-09T17:05:05.19"


def test_cleared_values_come_without_text_and_entries_in_order(cloud, client):
    entries = client.get(f"/api/chargers/{cloud.charger.id}/state").json
    by_id = {entry["StateId"]: entry for entry in entries}
    assert all("ValueAsString" not in by_id[state_id] for state_id in (-1, 721, 722))
    assert [entry["StateId"] for entry in entries] == sorted(by_id)
    assert 65 <= len(entries) <= 90
    assert set(entries[0]) == {"ChargerId", "StateId", "Timestamp", "ValueAsString"}


def test_it_sends_every_id_a_recorded_go_sends(cloud, client, sample):
    recorded = {entry["StateId"] for entry in sample("state-go-charging.json")}
    assert recorded - set(client.state()) == {723}
    cloud.charger.plug_in_and_charge()
    cloud.charger.unplug()
    assert recorded <= set(client.state())


def test_unplugging_writes_the_session_to_723_and_to_the_history(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    session_id = client.state()[721]
    clock.advance(seconds=2.5 * 3600)
    cloud.charger.unplug()
    state = client.state()
    told = json.loads(state[723])
    assert told["SessionId"] == session_id
    assert told["EndDateTime"] == "2026-11-20T19:30:00.000000Z"
    assert told["Energy"] == pytest.approx(27.2, abs=0.5) == float(state[553])
    readings = json.loads(told["SignedSession"].split("|")[1])["RD"]
    assert [reading["TX"] for reading in readings] == ["B", "T", "T", "E"]
    assert readings[-1]["RV"] - readings[0]["RV"] == pytest.approx(told["Energy"], abs=0.001)
    assert state[721] is None


def test_a_sleeping_car_keeps_mode_3_without_power_until_it_wakes(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.car_sleeps()
    clock.advance(seconds=600)
    state = client.state()
    assert (state[710], state[702], state[513]) == ("3", "9", "0.000")
    cloud.charger.car_wakes()
    clock.advance(seconds=20)
    assert float(client.state()[513]) > 10_000


def test_a_car_with_its_own_timer_looks_finished_with_next_to_no_energy(cloud, client, clock):
    cloud.charger.car_has_its_own_timer()
    clock.advance(seconds=60)
    state = client.state()
    assert (state[710], state[718], state[553]) == ("5", "0", "0.000")
    assert state[721]
    cloud.charger.car_wakes()
    clock.advance(seconds=30)
    assert client.state()[710] == "3"


def test_too_little_current_leaves_the_car_waiting(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.limit_current(0)
    assert (client.state()[710], client.state()[510], client.state()[708]) == ("2", "0.000", "0.000")
    cloud.charger.limit_current(10)
    clock.advance(seconds=30)
    assert client.state()[710] == "3"
    assert 6000 < float(client.state()[513]) < 7000


def test_load_balancing_takes_the_share_and_not_the_limit(cloud, client):
    cloud.charger.plug_in_and_charge()
    cloud.charger.share_current(0)
    assert (client.state()[710], client.state()[510], client.state()[708]) == ("2", "16.000", "0.000")


def test_a_disabled_charger_stops(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.disable()
    assert (client.state()[711], client.state()[513]) == ("0", "0.000")
    cloud.charger.disable(False)
    clock.advance(seconds=20)
    assert client.state()[710] == "3"


def test_swapping_cars_changes_the_session_and_nothing_else(cloud, client):
    cloud.charger.plug_in_and_charge()
    first = client.state()[721]
    cloud.charger.swap_car()
    assert client.state()[721] not in (first, None)
    assert client.state()[710] == "3"


def test_an_offline_charger_stands_still_and_catches_up_later(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=60)
    cloud.charger.go_offline()
    before = client.state()
    assert before[-2] == "0"
    clock.advance(seconds=3600)
    cloud.charger.unplug()
    assert client.state() == before
    assert cloud.sessions() == []
    cloud.charger.come_online()
    state = client.state()
    assert (state[-2], state[710]) == ("1", "1")
    assert cloud.sessions()[0].offline


def test_odd_values_are_served_as_they_are(cloud, client):
    cloud.charger.set_value(710, "7")
    cloud.charger.set_value(4242, "what is this")
    cloud.charger.double_value(802, "Second name")
    cloud.charger.leave_out(718)
    cloud.charger.warn(512)
    entries = client.get(f"/api/chargers/{cloud.charger.id}/state").json
    assert [e["ValueAsString"] for e in entries if e["StateId"] == 802] == ["Carport", "Second name"]
    state = client.state()
    assert (state[710], state[4242], state[804]) == ("7", "what is this", "512")
    assert 718 not in state
    cloud.charger.plug_in_and_charge()
    assert client.state()[718] == "0"
