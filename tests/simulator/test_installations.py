"""Installations: filters of the lists, and more than one house on an account."""

from datetime import timedelta

import pytest

from simulator import Cloud, ManualClock
from simulator.accounts import OWNER, USER
from simulator.installations import HOME_ID, PRO
from simulator.world_file import load, save


@pytest.fixture
def cabin(cloud):
    """A second house in another time zone, with a charger of its own."""
    cabin = cloud.add_installation("Cabin", "America/New_York", kind=PRO)
    cloud.add_charger("Barn", installation=cabin)
    return cabin


def names(reply):
    return [item["Name"] for item in reply.json["Data"]]


def test_both_lists_can_be_narrowed_to_a_kind_of_installation(client, cabin):
    assert names(client.get("/api/installation", InstallationType=1)) == ["Home"]
    assert names(client.get("/api/installation", InstallationType=0)) == ["Cabin"]
    assert names(client.get("/api/chargers", InstallationType=1)) == ["Carport", "Guest place", "Meter"]
    assert names(client.get("/api/chargers", installationtype=0)) == ["Barn"]
    assert client.get("/api/chargers", InstallationType=7).status == 400
    assert client.get("/api/installation", InstallationType="Pro").status == 400


def test_installations_can_be_narrowed_by_name_and_role(cloud, client, cabin):
    cloud.give_role(cloud.chargers[2], USER)
    assert names(client.get("/api/installation", NameFilter="cab")) == ["Cabin"]
    assert names(client.get("/api/installation", Roles=OWNER)) == ["Home"]
    only = client.get("/api/installation", ReturnIdNameOnly="true").json["Data"][0]
    assert only == {"Id": HOME_ID, "Name": "Home"}


def test_each_charger_names_its_own_house(cloud, client, cabin):
    barn = cloud.chargers[2]
    listed = client.get("/api/chargers", InstallationId=cabin.id.upper()).json["Data"]
    assert [(item["Id"], item["InstallationName"], item["InstallationId"]) for item in listed] == [
        (barn.id, "Cabin", cabin.id)
    ]
    assert barn.text_of(800) == cabin.id
    assert client.get(f"/api/installation/{cabin.id}").json["TimeZoneIanaName"] == "America/New_York"
    tree = client.get(f"/api/installation/{cabin.id}/hierarchy").json
    assert [charger["Name"] for charger in tree["Circuits"][0]["Chargers"]] == ["Barn"]
    assert len(client.get(f"/api/chargerfirmware/installation/{HOME_ID}").json) == 2


def test_roles_differ_from_house_to_house(cloud, client, cabin):
    cloud.give_role(cloud.chargers[2], USER)
    assert client.get(f"/api/installation/{cabin.id}").json["CurrentUserRoles"] == USER
    assert client.get(f"/api/installation/{HOME_ID}").json["CurrentUserRoles"] == USER | OWNER
    cloud.give_role(cloud.chargers[2], 0)
    assert client.get(f"/api/installation/{cabin.id}").status == 403


def test_the_past_of_one_house_is_told_apart_from_that_of_another(cloud, client, clock, cabin):
    at_home = cloud.add_session(clock.now() - timedelta(hours=9), clock.now() - timedelta(hours=1), 5.0)
    barn = cloud.chargers[2]
    away = cloud.add_session(clock.now() - timedelta(hours=9), clock.now() - timedelta(hours=1), 6.0, barn)
    span = {"From": "2026-11-01", "To": "2026-12-01"}
    for installation_id, session in ((HOME_ID, at_home), (cabin.id, away)):
        new = client.get("/api/sessions/archived", InstallationId=installation_id, **span).json["sessions"]
        old = client.get("/api/chargehistory", InstallationId=installation_id).json["Data"]
        assert [item["id"] for item in new] == [item["Id"] for item in old] == [session.id]


def test_a_kept_world_keeps_its_houses(tmp_path):
    cloud = Cloud.household(ManualClock())
    cabin = cloud.add_installation("Cabin", "America/New_York")
    barn = cloud.add_charger("Barn", installation=cabin)
    save(cloud, tmp_path / "world.json")
    again = load(tmp_path / "world.json")
    assert again.installations == cloud.installations
    assert again.installation_of(barn.id) == cabin
