"""What the cloud answers, to whom, and how it tells mistakes."""

from pathlib import Path

import pytest

from simulator import Cloud
from simulator.installations import HOME_ID

RECORDINGS = sorted((Path(__file__).parent.parent / "samples").glob("state-go-*.json"))


def test_a_sign_in_gives_a_bearer_token_and_its_life(client):
    reply = client.sign_in()
    assert reply.status == 200
    assert reply.json["token_type"] == "Bearer"
    assert reply.json["expires_in"] == 86399
    assert 1000 < len(reply.json["access_token"]) < 2000
    assert reply.json["access_token"].count(".") == 2


def test_a_wrong_password_and_an_unknown_name_are_both_an_invalid_grant(client, sample):
    assert client.sign_in(password="other").status == 400
    assert client.sign_in(password="other").json == sample("token-error-400.json")
    assert client.sign_in(username="nobody@example.invalid").json["error_description"].endswith("not_found")


def test_a_password_with_special_characters_arrives_whole(cloud, client):
    cloud.add_account("odd@example.invalid", "a&b=c+d%ü #")
    assert client.sign_in("odd@example.invalid", "a&b=c+d%ü #").status == 200


def test_other_grants_are_refused(client):
    assert client.sign_in(grant_type="refresh_token").json["error"] == "unsupported_grant_type"


def test_a_flood_of_sign_ins_meets_the_gateways_page(cloud, client, clock):
    cloud.rate_limited = True
    replies = [client.sign_in() for _ in range(4)]
    assert replies[-1].status == 503
    assert b"nginx" in replies[-1].body
    assert "Retry-After" not in replies[-1].headers
    clock.advance(seconds=2)
    assert client.sign_in().status == 200


def test_without_a_good_token_the_answer_is_401_and_empty(cloud, client, clock):
    client.token = "made-up"
    reply = client.get("/api/chargers")
    assert (reply.status, reply.body) == (401, b"")
    client.token = ""
    assert client.get("/api/chargers").status == 401
    client.sign_in()
    clock.advance(seconds=86_400)
    assert client.get("/api/chargers").status == 401


def test_more_than_ten_requests_a_second_are_too_many(cloud, client, clock):
    cloud.rate_limited = True
    statuses = [client.get("/api/chargers").status for _ in range(16)]
    assert statuses == [200] * 15 + [429]
    assert client.get("/api/chargers").headers["Retry-After"] == "1"
    clock.advance(seconds=1)
    assert client.get("/api/chargers").status == 200


def test_the_list_shows_chargers_and_sensors_in_the_recorded_shape(client, sample):
    reply = client.get("/api/chargers").json
    assert [item["DeviceType"] for item in reply["Data"]] == [4, 4, 3]
    assert set(reply["Data"][0]) == set(sample("chargers-list.json")["Data"][0])
    assert reply["Data"][0]["SerialNo"] == reply["Data"][0]["Name"] == "Carport"
    assert reply["Pages"] == 1


def test_the_pin_is_for_owners(cloud, client):
    assert "Pin" in client.get("/api/chargers").json["Data"][0]
    cloud.take_role_away(cloud.charger)
    assert "Pin" not in client.get("/api/chargers").json["Data"][0]


def test_lists_come_in_pages_of_at_most_a_hundred(client, sample):
    first = client.get("/api/chargers", PageSize=2, PageIndex=0).json
    second = client.get("/API/Chargers", pagesize=2, pageindex=1).json
    assert (first["Pages"], len(first["Data"]), len(second["Data"])) == (2, 2, 1)
    refused = client.get("/api/chargers", PageSize=5000)
    assert refused.status == 400
    assert refused.json == sample("error-400-validation.json")
    assert client.get("/api/chargers", PageSize="many").status == 400


def test_the_list_can_be_narrowed(client):
    assert len(client.get("/api/chargers", DeviceType=4).json["Data"]) == 2
    assert len(client.get("/api/chargers", NameFilter="guest").json["Data"]) == 1
    assert set(client.get("/api/chargers", ReturnIdNameOnly="true").json["Data"][0]) == {"Id", "Name"}


def test_with_the_user_role_only_the_list_is_readable(cloud, client):
    cloud.take_role_away()
    charger_id = cloud.charger.id
    assert client.get("/api/chargers").json["Data"][0]["CurrentUserRoles"] == 1
    assert client.get(f"/api/chargers/{charger_id}").status == 403
    assert client.get(f"/api/chargers/{charger_id}/state").status == 403
    assert client.command(506).status == 403
    assert cloud.charger.commands == []
    for path in (f"/api/installation/{HOME_ID}/hierarchy", f"/api/chargerFirmware/installation/{HOME_ID}"):
        reply = client.get(path)
        assert (reply.status, reply.body) == (204, b"")
    home = client.get(f"/api/installation/{HOME_ID}")
    assert home.status == 200
    assert not {"AuthenticationType", "Address", "InstallationCategory"} & set(home.json)
    cloud.give_role()
    assert client.get(f"/api/chargers/{charger_id}/state").status == 200


def test_roles_are_per_charger(cloud, client):
    cloud.take_role_away(cloud.charger)
    assert client.get(f"/api/chargers/{cloud.charger.id}/state").status == 403
    assert client.get(f"/api/chargers/{cloud.chargers[1].id}/state").status == 200


def test_an_unknown_charger_is_404_with_other_names_in_the_body(cloud, client, sample):
    reply = client.get("/api/chargers/99999999-0000-4000-8000-000000000000/state")
    assert reply.status == 404
    assert reply.json == sample("error-404-charger.json")
    gone = cloud.charger.id
    cloud.forget_charger(gone)
    assert client.get(f"/api/chargers/{gone}/state").status == 404
    assert gone not in {item["Id"] for item in client.get("/api/chargers").json["Data"]}


def test_a_state_is_repeated_for_fifteen_seconds(cloud, client, clock):
    cloud.state_cache_s = 15
    assert client.state()[710] == "1"
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=14)
    assert client.state()[710] == "1"
    clock.advance(seconds=1)
    assert client.state()[710] == "3"


def test_a_look_that_renews_the_cache_too_soon_hides_a_pause_for_fifteen_seconds_more(cloud, client, clock):
    cloud.state_cache_s = 15
    cloud.charger.plug_in_and_charge()
    assert client.state()[710] == "3"  # repeated until second 15
    clock.advance(seconds=14)
    assert client.command(506).status == 200
    clock.advance(seconds=1)
    assert client.state()[718] == "0"  # renewed half a second before the charger has accepted
    clock.advance(seconds=14.9)
    assert (client.state()[710], client.state()[718]) == ("3", "0")
    clock.advance(seconds=0.1)
    assert (client.state()[710], client.state()[718]) == ("5", "1")


def test_a_look_out_of_the_cache_does_no_harm_and_one_after_its_end_shows_the_pause(cloud, client, clock):
    cloud.state_cache_s = 15
    cloud.charger.plug_in_and_charge()
    assert client.state()[710] == "3"
    clock.advance(seconds=9)
    assert client.command(506).status == 200
    for _ in range(5):
        assert client.state()[718] == "0"  # out of the cache, which that does not prolong
        clock.advance(seconds=1)
    clock.advance(seconds=2)
    assert (client.state()[710], client.state()[718]) == ("5", "1")


def test_each_charger_has_a_cache_of_its_own(cloud, client, clock):
    cloud.state_cache_s = 15
    client.state()
    clock.advance(seconds=10)
    guest = cloud.chargers[1]
    guest.plug_in_and_charge()
    told = {entry["StateId"]: entry for entry in client.get(f"/api/chargers/{guest.id}/state").json}
    assert told[710]["ValueAsString"] == "3"


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_is_served_verbatim_and_its_values_decide(cloud, client, sample, recording):
    entries = sample(recording.name)
    cloud.charger.serve_recording(entries)
    assert client.get(f"/api/chargers/{cloud.charger.id}/state").json == entries
    values = {entry["StateId"]: entry.get("ValueAsString") for entry in entries}
    listed = client.get("/api/chargers").json["Data"][0]
    assert listed["OperatingMode"] == int(values[710])
    assert listed["IsOnline"] is (values[-2] == "1")
    can_resume = values[-2] == "1" and ((values[710] == "5" and values[718] == "1") or bool(values.get(763)))
    assert (client.command(507).status == 200) is can_resume


def test_the_path_of_a_command_may_be_written_either_way(cloud, client):
    cloud.charger.plug_in_and_charge()
    assert client.post(f"/api/chargers/{cloud.charger.id.upper()}/SendCommand/506").status == 200


def test_a_sensor_takes_no_commands(cloud, client):
    reply = client.post(f"/api/chargers/{cloud.sensors[0].id}/sendCommand/506")
    assert (reply.status, reply.json["Code"]) == (500, 527)
    assert client.get(f"/api/chargers/{cloud.sensors[0].id}/state").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/", 404),
        ("GET", "/api/chargers/not-an-id/state", 400),
        ("POST", "/api/chargers", 405),
        ("GET", "/oauth/token", 405),
        ("GET", "/api/chargers?PageIndex=-1", 400),
        ("GET", "/api/chargers/%ff/state", 400),
        ("POST", "/api/chargers/x/sendCommand/abc", 404),
        ("GET", "//example.invalid", 404),
        ("GET", "/[", 404),
        ("GET", "/api/chargehistory?From=0001-01-01T00:00:00%2B14:00", 400),
    ],
)
def test_malformed_requests_get_an_answer_and_no_traceback(client, method, path, status, capfd):
    assert client.ask(method, path).status == status
    assert "Traceback" not in capfd.readouterr().err


def test_details_of_a_charger_come_in_the_recorded_shape(cloud, client, sample):
    assert set(client.get(f"/api/chargers/{cloud.charger.id}").json) == set(sample("charger.json"))


def test_a_charger_that_replaces_another_has_an_id_of_its_own(cloud, client):
    gone = cloud.charger
    cloud.forget_charger(gone.id)
    new = cloud.add_charger("New one", device_type=None)
    assert new.id not in {gone.id, cloud.charger.id}
    listed = client.get("/api/chargers").json["Data"]
    assert [charger["Name"] for charger in listed] == ["Guest place", "New one", "Meter"]
    assert "DeviceType" not in listed[1]


def test_installation_hierarchy_and_firmware_come_in_the_recorded_shape(client, sample):
    home = client.get(f"/api/installation/{HOME_ID}").json
    assert home["TimeZoneIanaName"] == "Europe/Oslo"
    assert set(home) == set(sample("installation.json"))
    assert client.get("/api/installation").json["Data"] == [home]
    tree, recorded = client.get(f"/api/installation/{HOME_ID}/hierarchy").json, sample("hierarchy.json")
    assert set(tree) == set(recorded)
    assert set(tree["Circuits"][0]) == set(recorded["Circuits"][0])
    firmware = client.get(f"/api/chargerfirmware/installation/{HOME_ID}").json
    assert set(firmware[0]) == set(sample("firmware.json")[0])


def test_constants_need_no_token_and_are_whole(client):
    client.token = ""
    told = client.get("/api/constants").json
    assert len(told) == 32
    assert told["ChargerOperationModes"]["Connected_Charging"] == 3
    assert told["ErrorCodes"]["DeviceCommandRejected"] == 528


def test_the_constants_name_the_commands_as_other_clients_look_for_them(client):
    """Home Assistant's client puts the general commands and those of the device's schema together."""
    told = client.get("/api/constants").json
    commands = told["Commands"] | told["Schema"]["Apollo"]["CommandIds"]
    wanted = {"RestartCharger": 102, "StopChargingFinal": 506, "ResumeCharging": 507, "DeauthorizeAndStop": 10001}
    assert wanted.items() <= commands.items()
    assert told["Schema"]["Apollo"]["DeviceType"] == 4
    assert told["Schema"]["Apollo"]["ObservationIds"]["FinalStopActive"] == 718


def test_numbers_beyond_what_javascript_can_hold_are_whole(client):
    assert b"72057594037927936" in client.get("/api/constants").body


def test_every_request_is_counted_by_kind(cloud: Cloud, client):
    client.state()
    client.state()
    client.command(506)
    assert (cloud.asked("token"), cloud.asked("state"), cloud.asked("command")) == (1, 2, 1)
    assert cloud.requests[-1].status == 500
    cloud.forget_requests()
    assert cloud.asked("state") == 0
