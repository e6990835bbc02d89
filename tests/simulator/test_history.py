"""Past sessions, by the newer and the older endpoint."""

import json
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from simulator import Cloud, ManualClock
from simulator.installations import HOME_ID

YEARS = {"From": "2020-01-01T00:00:00Z", "To": "2030-01-01T00:00:00Z"}


@pytest.fixture
def past(cloud):
    cloud.add_history(years=2)
    return cloud.sessions()


def archived(client, **query):
    return client.get("/api/sessions/archived", **(YEARS | {"InstallationId": HOME_ID} | query))


def test_both_endpoints_tell_a_session_in_the_recorded_shapes(cloud, client, clock, sample):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=2.5 * 3600)
    cloud.charger.unplug()
    new = archived(client).json["sessions"][0]
    old = client.get("/api/chargehistory", DetailLevel=1).json["Data"][0]
    recorded = sample("sessions-archived.json")["sessions"][2]
    assert list(new) == list(recorded)
    assert list(new["energyDetails"][0]) == list(recorded["energyDetails"][0])
    assert set(old) == set(sample("chargehistory.json")["Data"][0])
    assert old["ChargerFirmwareVersion"]["Major"] == 2
    assert new["startDateTime"] == "2026-11-20T17:00:00Z"
    assert old["StartDateTime"] == "2026-11-20T17:00:00"
    assert old["CommitMetadata"] == 5
    assert [entry["timestamp"] for entry in new["energyDetails"]] == [
        "2026-11-20T17:00:00+00:00",
        "2026-11-20T18:00:00+00:00",
        "2026-11-20T19:00:00+00:00",
        "2026-11-20T19:30:00+00:00",
    ]
    assert sum(entry["energy"] for entry in new["energyDetails"]) == pytest.approx(new["energy"], abs=0.002)


def test_details_come_only_when_asked_for(cloud, client, past):
    told = client.get("/api/chargehistory").json["Data"]
    assert told and all("EnergyDetails" not in one for one in told)


def test_the_newer_endpoint_is_read_with_a_cursor_oldest_first(client, past):
    seen, query = [], {"PageSize": 100}
    while True:
        reply = archived(client, **query).json
        seen += reply["sessions"]
        if not reply["hasMore"]:
            break
        query["Cursor"] = reply["cursor"]
    assert reply["cursor"] is None
    assert len(seen) == len(past) > 300
    assert [one["endDateTime"][:19] for one in seen] == sorted(one["endDateTime"][:19] for one in seen)


def test_from_and_to_look_at_the_end_of_a_session(client, past):
    one = past[10]
    start, end = one.end.isoformat(), (one.end + timedelta(milliseconds=1)).isoformat()
    found = archived(client, **{"From": start, "To": end}).json["sessions"]
    assert [session["id"] for session in found] == [one.id]
    before = (one.end - timedelta(seconds=1)).isoformat()
    assert one.id not in {s["id"] for s in archived(client, **{"From": before, "To": start}).json["sessions"]}


@pytest.mark.parametrize(
    "query",
    [
        {"From": ""},
        {"To": "2019-01-01"},
        {"From": "yesterday"},
        {"InstallationId": ""},
        {"ChargerId": "11111111-2222-4333-8444-555555555555"},
        {"PageSize": "1000"},
        {"Cursor": "?"},
    ],
)
def test_a_wrong_question_is_a_400(client, query):
    assert archived(client, **query).status == 400


def test_the_newer_endpoint_is_for_owners(cloud, client):
    cloud.take_role_away()
    assert archived(client).status == 403
    assert archived(client, InstallationId="", ChargerId=cloud.charger.id).status == 403


def test_the_older_endpoint_comes_in_pages_newest_first(client, past):
    reply = client.get("/api/chargehistory", PageSize=100).json
    ends = [one["EndDateTime"][:19] for one in reply["Data"]]
    assert ends == sorted(ends, reverse=True)
    assert reply["Pages"] == -(-len(past) // 100)
    assert client.get("/api/chargehistory", PageSize=5000).status == 400


def test_the_older_endpoint_can_have_lost_its_oldest_sessions(cloud, client, past, clock):
    cloud.chargehistory_from = clock.now() - timedelta(days=365)
    pages = client.get("/api/chargehistory", PageSize=100).json["Pages"]
    assert pages == -(-sum(one.end >= cloud.chargehistory_from for one in past) // 100)


def test_the_past_is_the_same_for_the_same_seed():
    def ids(seed):
        cloud = Cloud.household(ManualClock())
        cloud.add_history(years=0.5, seed=seed)
        return [session.id for session in cloud.sessions()]

    assert ids(1) == ids(1) != ids(2)


def test_the_past_holds_every_kind_of_odd_session(cloud):
    cloud.add_history(years=3)
    past = cloud.sessions()
    zone = ZoneInfo("Europe/Oslo")
    kinds = {
        "offline": any(s.offline and not s.readings for s in past),
        "wrong clock": any(not s.reliable_clock for s in past),
        "void": any(s.voided and s.replaced_by in {other.id for other in past} for s in past),
        "aborted": any(s.aborted for s in past),
        "somebody": {s.person.full_name for s in past if s.person} == {"Anna", "Ben", "Carla"},
        "card": any(s.stopped_by_rfid and s.token_name for s in past),
        "clocks change": any(
            s.start.astimezone(zone).utcoffset() != s.end.astimezone(zone).utcoffset() for s in past
        ),
    }
    assert [kind for kind, is_there in kinds.items() if not is_there] == []


def test_meter_readings_go_on_from_session_to_session_and_into_the_charger(cloud, past):
    mine = [s for s in past if s.charger_id == cloud.charger.id and not s.voided and not s.aborted]
    meter_kwh = mine[0].readings[0][1]
    for session in mine:
        if session.readings:
            assert session.readings[0][1] == pytest.approx(meter_kwh, abs=0.01)
            assert session.energy_kwh == pytest.approx(session.readings[-1][1] - session.readings[0][1], abs=0.002)
        meter_kwh += session.energy_kwh
    assert cloud.charger.meter.kwh == pytest.approx(meter_kwh, abs=0.01)
    assert json.loads(cloud.charger.text_of(723))["SessionId"] == mine[-1].id


def test_sessions_do_not_overlap(cloud, past):
    mine = sorted((s for s in past if s.charger_id == cloud.charger.id), key=lambda s: s.start)
    assert all(before.end <= after.start for before, after in pairwise(mine))


def test_a_single_session_can_be_put_into_the_past(cloud, client, clock):
    session = cloud.add_session(clock.now() - timedelta(hours=9), clock.now(), 12.5, voided=True)
    assert archived(client).json["sessions"][0]["id"] == session.id
    assert client.get("/api/chargehistory").json["Data"][0]["CommitMetadata"] & 32


def test_a_single_session_comes_in_the_recorded_shape(cloud, client, past, sample):
    reply = client.get(f"/api/session/{past[-1].id}").json
    assert list(reply) == list(sample("session.json"))
    assert (reply["sessionId"], reply["energy"]) == (past[-1].id, past[-1].energy_kwh)
    assert reply["sessionEnd"].endswith("Z")


def test_a_running_session_has_a_start_and_no_end(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    session_id = client.state()[721]
    clock.advance(seconds=3600)
    reply = client.get(f"/api/session/{session_id.upper()}").json
    assert (reply["sessionStart"], reply["sessionEnd"], reply["energy"]) == ("2026-11-20T17:00:00Z", None, 0.0)
    cloud.charger.go_offline()
    cloud.charger.unplug()
    assert client.get(f"/api/session/{session_id}").json == reply
    cloud.charger.come_online()
    assert client.get(f"/api/session/{session_id}").json["sessionEnd"] == "2026-11-20T18:00:00Z"
    assert cloud.asked("session") == 3


def test_a_single_session_is_for_whoever_may_read_the_charger(cloud, client, past):
    cloud.take_role_away()
    assert client.get(f"/api/session/{past[-1].id}").status == 403
    assert client.get("/api/session/99999999-0000-4000-8000-000000000000").status == 404
    assert client.get("/api/session/today").status == 400


def test_a_session_can_be_told_as_anything_by_either_endpoint(cloud, client, clock):
    odd = {"energy": None, "endDateTime": "1970-01-01T00:00:00Z", "Energy": None, "TokenName": "\ud83d", "New": 1}
    cloud.add_session(clock.now() - timedelta(hours=9), clock.now(), 12.5, told_as=odd)
    new = archived(client).json["sessions"][0]
    assert (new["energy"], new["endDateTime"], new["tokenName"]) == (None, "1970-01-01T00:00:00Z", None)
    old = client.get("/api/chargehistory").json["Data"][0]
    assert (old.get("Energy"), old["TokenName"], old["New"]) == (None, "\ud83d", 1)
    assert "Energy" not in old
