"""Readings, names and list entries that no charger should have, and that clients meet all the same."""

import json

import pytest

from simulator.world_file import load, save


def reading(client, cloud, state_id):
    entries = client.get(f"/api/chargers/{cloud.charger.id}/state").json
    return next(entry for entry in entries if entry["StateId"] == state_id)


@pytest.mark.parametrize("text", ["\ud83d", "1e400", "NaN", "-0", "²", "9" * 5000, "\u2028", "\x00", ""])
def test_a_reading_can_be_made_to_say_anything(cloud, client, text):
    cloud.charger.replace_value(513, text)
    assert reading(client, cloud, 513)["ValueAsString"] == text


def test_a_replaced_reading_moves_nothing_in_the_charger(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.replace_value(710, "7")
    cloud.charger.replace_value(513, "1e308")
    clock.advance(seconds=600)
    assert (client.state()[710], client.state()[513]) == ("7", "1e308")
    assert (cloud.charger.mode, cloud.charger.readings[710]) == (3, "3")
    assert client.get("/api/chargers").json["Data"][0]["OperatingMode"] == 7
    cloud.charger.stop_replacing()
    assert client.state()[710] == "3"


def test_a_replaced_reading_can_have_any_time_and_no_text(cloud, client):
    cloud.charger.replace_value(710, "5", timestamp="1970-01-01T00:00:00")
    cloud.charger.replace_value(4711)
    assert reading(client, cloud, 710)["Timestamp"] == "1970-01-01T00:00:00"
    assert "ValueAsString" not in reading(client, cloud, 4711)


def test_commands_go_by_what_the_cloud_tells(cloud, client):
    cloud.charger.plug_in_and_charge()
    cloud.charger.replace_value(710, "5")
    cloud.charger.replace_value(718, "1")
    assert client.command(506).json["Code"] == 528


def test_half_a_character_is_an_escape_in_valid_json(cloud, client):
    cloud.charger.half_a_character()
    cloud.charger.half_a_character(717)
    answer = client.get("/api/chargers")
    assert rb'"Name":"Carport\ud83d"' in answer.body
    assert answer.json["Data"][0]["Name"] == "Carport\ud83d"
    assert client.state()[802] == "Carport\ud83d"
    assert client.state()[717].endswith("L12:401.20\ud83d")


def test_half_a_character_goes_into_the_sessions_and_a_kept_world(cloud, client, tmp_path):
    cloud.charger.half_a_character()
    cloud.charger.plug_in_and_charge()
    cloud.charger.unplug()
    assert client.get("/api/chargehistory").json["Data"][0]["DeviceName"] == "Carport\ud83d"
    save(cloud, tmp_path / "world.json")
    assert load(tmp_path / "world.json").charger.name == "Carport\ud83d"


def test_the_remote_control_takes_half_a_character_too(cloud, client):
    path = f"/simulator/chargers/{cloud.charger.id}/replace_value"
    client.post(path, json.dumps({"state_id": 802, "text": "\ud83d"}).encode())
    assert client.state()[802] == "\ud83d"


@pytest.mark.parametrize("device_type", [99, 0, None])
def test_a_charger_can_be_of_an_unknown_or_untold_type(cloud, client, device_type, tmp_path):
    cloud.charger.set_device_type(device_type)
    for path in ("/api/chargers", f"/api/chargers/{cloud.charger.id}"):
        reply = client.get(path).json
        charger = reply["Data"][0] if "Data" in reply else reply
        assert charger.get("DeviceType", "untold") == ("untold" if device_type is None else device_type)
    save(cloud, tmp_path / "world.json")
    assert load(tmp_path / "world.json").charger.device_type == device_type


def test_a_charger_can_be_listed_as_anything(cloud, client):
    cloud.charger.list_as({"AuthenticationType": 2, "IsOnline": None, "Name": None})
    charger = client.get("/api/chargers").json["Data"][0]
    assert charger["AuthenticationType"] == 2
    assert not {"IsOnline", "Name"} & set(charger)
    assert client.get("/api/chargers", ReturnIdNameOnly="true").status == 200
    cloud.charger.stop_replacing()
    assert client.get("/api/chargers").json["Data"][0]["Name"] == "Carport"
