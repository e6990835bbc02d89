"""The remote control under /simulator/."""

import json

import pytest

from simulator import control
from simulator.request import Request


def post(client, path, **arguments):
    return client.post(f"/simulator/{path}", json.dumps(arguments).encode())


def test_it_tells_how_the_world_is_and_what_can_be_done(cloud, client):
    cloud.charger.plug_in_and_charge(level=0.5)
    cloud.be_slow(0)
    world = client.get("/simulator").json
    charger = world["chargers"][0]
    assert (charger["id"], charger["name"], charger["mode"]) == (cloud.charger.id, "Carport", 3)
    assert (charger["is_paused"], charger["car"], charger["is_online"]) == (False, "awake", True)
    assert charger["battery"] == 0.5
    assert world["faults"] == ["slow"]
    names = {verb["name"] for kind in world["verbs"].values() for verb in kind}
    assert {"plug_in", "unplug", "go_offline", "go_down", "heal", "refuse_connections"} <= names
    assert all(verb["does"] for verb in world["verbs"]["chargers"] + world["verbs"]["faults"])


def test_a_verb_moves_a_charger(cloud, client):
    reply = post(client, f"chargers/{cloud.charger.id}/plug_in_and_charge", level=0.8)
    assert reply.status == 200
    assert reply.json["chargers"][0]["battery"] == 0.8
    assert cloud.charger.mode == 3


def test_a_form_does_as_well_as_json(cloud, client):
    client.post(f"/simulator/chargers/{cloud.charger.id}/limit_current", b"amps=10")
    client.post(f"/simulator/chargers/{cloud.charger.id}/stand_alone", b"alone=true")
    client.post(f"/simulator/chargers/{cloud.charger.id}/set_value", b"state_id=151&text=1")
    assert (cloud.charger.limit_a, cloud.charger.text_of(712), cloud.charger.text_of(151)) == (10, "1", "1")
    client.post(f"/simulator/chargers/{cloud.charger.id}/hold_by_schedule", b"until=2026-11-20T22:00:00Z")
    assert cloud.charger.text_of(763) == "2026-11-20T22:00:00Z"


def test_a_field_left_empty_means_the_default(cloud, client):
    client.post(f"/simulator/chargers/{cloud.charger.id}/plug_in", b"level=&phases=1")
    assert (cloud.charger.car.level, cloud.charger.car.phases) == (0.4, 1)


def test_fields_and_recordings_are_taken_as_they_are(cloud, client):
    path = f"chargers/{cloud.charger.id}"
    assert post(client, f"{path}/list_as", fields={"DeviceType": 99, "Name": None}).status == 200
    assert cloud.charger.fields == {"DeviceType": 99, "Name": None}
    assert post(client, f"{path}/list_as", fields="DeviceType").status == 400
    assert post(client, f"{path}/serve_recording", entries=[{"StateId": 710, "ValueAsString": "5"}]).status == 200
    assert cloud.charger.text_of(710) == "5"
    assert post(client, f"{path}/set_device_type", device_type=None).status == 200
    assert cloud.charger.device_type is None


def test_every_verb_can_be_called_with_what_it_takes_by_default(cloud, client):
    for verb in client.get("/simulator").json["verbs"]["chargers"]:
        if None not in verb["arguments"].values():
            assert post(client, f"chargers/{cloud.charger.id}/{verb['name']}").status == 200
    for verb in client.get("/simulator").json["verbs"]["faults"]:
        if None not in verb["arguments"].values() and verb["name"] != "refuse_connections":
            assert post(client, f"faults/{verb['name']}").status == 200
    assert post(client, "faults/heal").json["faults"] == []


def test_faults_are_turned_on_and_off(cloud, client):
    assert post(client, "faults/go_down", status=502).json["faults"] == ["down"]
    assert client.get("/api/chargers").status == 502
    assert post(client, "faults/take_role_away", charger=cloud.charger.id).status == 200
    post(client, "faults/heal")
    assert client.get(f"/api/chargers/{cloud.charger.id}/state").status == 403


def test_the_clock_can_be_moved_on(cloud, client, clock):
    before = clock.now()
    assert post(client, "clock/advance", seconds=90).status == 200
    assert (clock.now() - before).total_seconds() == 90


@pytest.mark.parametrize(
    "path", ["nothing", "chargers/x/plug_in", "chargers/{id}/settle", "chargers/{id}/__init__", "faults/lock"]
)
def test_what_is_not_on_the_list_is_404(cloud, client, path):
    assert post(client, path.format(id=cloud.charger.id)).status == 404


def test_wrong_arguments_are_a_400_and_a_get_moves_nothing(cloud, client):
    path = f"chargers/{cloud.charger.id}/plug_in"
    assert post(client, path, colour="red").status == 400
    assert client.post(f"/simulator/{path}", b"{").status == 400
    assert client.post(f"/simulator/{path}", b"level=much").status == 400
    assert post(client, path, level=[]).status == 400
    assert post(client, path, level=None).status == 400
    assert client.post(f"/simulator/{path}", b"level=nan").status == 400
    assert client.get(f"/simulator/{path}").status == 405
    assert cloud.charger.mode == 1


def test_it_answers_to_this_machine_only_and_not_to_other_sites(cloud):
    from_afar = Request("GET", "/simulator", {}, peer="192.168.1.20")
    assert control.answer(cloud, from_afar).status == 403
    from_a_page = Request("POST", "/simulator/faults/go_down", {"sec-fetch-site": "cross-site"})
    assert control.answer(cloud, from_a_page).status == 403


def test_it_is_not_counted_among_the_requests(cloud, client):
    cloud.forget_requests()
    client.get("/simulator")
    assert len(cloud.requests) == 0


def test_what_it_moves_shows_at_once_although_the_cloud_repeats_itself(cloud, client):
    cloud.state_cache_s = 15
    assert client.state()[710] == "1"
    cloud.charger.plug_in_and_charge()
    assert client.state()[710] == "1"
    post(client, f"chargers/{cloud.charger.id}/plug_in_and_charge")
    assert client.state()[710] == "3"
