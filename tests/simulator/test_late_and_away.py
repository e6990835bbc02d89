"""News that comes late, chargers that lose their line together, and a Go 2 that ends late."""

from datetime import UTC, datetime, timedelta

from simulator import Cloud, ManualClock
from simulator.world_file import load, save


def entry(client, cloud, state_id):
    entries = client.get(f"/api/chargers/{cloud.charger.id}/state").json
    return next(entry for entry in entries if entry["StateId"] == state_id)


def test_late_news_shows_what_was_so_with_its_own_time(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=60)
    cloud.late_news(minutes=20)
    assert client.command(506).status == 200
    clock.advance(seconds=600)
    assert (client.state()[710], client.state()[718]) == ("3", "0")
    assert client.get("/api/chargers").json["Data"][0]["OperatingMode"] == 3
    assert cloud.charger.mode == 5
    clock.advance(seconds=602)
    assert (client.state()[718], client.state()[710]) == ("1", "3")
    clock.advance(seconds=10)
    assert client.state()[710] == "5"
    assert entry(client, cloud, 718)["Timestamp"] == "2026-11-20T17:01:01.5"
    assert entry(client, cloud, 710)["Timestamp"] == "2026-11-20T17:01:06.5"


def test_the_heartbeat_is_as_late_as_the_rest_and_the_charger_still_online(cloud, client, clock):
    cloud.late_news(minutes=20)
    clock.advance(seconds=1190)
    assert entry(client, cloud, -1)["Timestamp"] == "2026-11-20T17:00:00"
    assert client.state()[-2] == "1"
    clock.advance(seconds=1000)
    assert entry(client, cloud, -1)["Timestamp"] == "2026-11-20T17:10:00"


def test_sessions_reach_the_history_late_too(cloud, client, clock):
    cloud.late_news(minutes=20)
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=3600)
    cloud.charger.unplug()
    clock.advance(seconds=1199)
    assert client.get("/api/chargehistory").json["Data"] == []
    clock.advance(seconds=1)
    session = client.get("/api/chargehistory").json["Data"][0]
    assert (session["EndDateTime"], session["CommitEndDateTime"]) == ("2026-11-20T18:00:00", "2026-11-20T18:20:00")
    assert not cloud.sessions()[0].offline


def test_healing_brings_at_once_what_was_on_its_way(cloud, client, clock):
    cloud.late_news()
    assert cloud.faults() == ["news late"]
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=300)
    cloud.charger.unplug()
    assert 723 not in client.state()
    cloud.heal()
    assert cloud.faults() == []
    assert client.state()[723]
    assert len(cloud.sessions()) == 1
    cloud.charger.plug_in_and_charge()
    assert client.state()[710] == "3"


def test_news_from_a_silence_is_late_as_well(cloud, client, clock):
    cloud.charger.late_news(minutes=5)
    cloud.charger.go_offline()
    cloud.charger.plug_in_and_charge()
    cloud.charger.come_online()
    assert (client.state()[-2], client.state()[710]) == ("1", "1")
    clock.advance(seconds=300)
    assert client.state()[710] == "3"


def test_a_kept_world_keeps_what_is_on_its_way(tmp_path):
    clock = ManualClock(datetime(2046, 11, 20, tzinfo=UTC))  # a kept world goes on in the real time
    cloud = Cloud.household(clock=clock)
    cloud.late_news(minutes=20)
    cloud.charger.plug_in_and_charge()
    save(cloud, tmp_path / "world.json")
    again = load(tmp_path / "world.json").charger
    assert again.text_of(710) == "1"
    again.catch_up(clock.now() + timedelta(minutes=20))
    assert again.text_of(710) == "3"


def test_a_fleet_loses_its_line_and_finds_it_by_itself(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.fleet_offline(minutes=90)
    assert cloud.faults() == ["fleet offline"]
    assert [charger.text_of(-2) for charger in cloud.chargers] == ["0", "0"]
    assert client.command(506).json["Code"] == 520
    clock.advance(seconds=90 * 60 - 1)
    assert client.state()[-2] == "0"
    clock.advance(seconds=1)
    assert (client.state()[-2], client.state()[710]) == ("1", "3")
    assert entry(client, cloud, -2)["Timestamp"] == "2026-11-20T18:30:00"
    assert cloud.faults() == []


def test_a_charger_that_was_offline_before_stays_so(cloud, clock):
    cloud.charger.go_offline()
    cloud.fleet_offline(minutes=1)
    clock.advance(seconds=3600)
    cloud.catch_up()
    assert [charger.online for charger in cloud.chargers] == [False, True]


def test_healing_ends_the_fleets_silence_and_not_a_chargers_own(cloud):
    cloud.fleet_offline()
    cloud.charger.go_offline()
    cloud.heal()
    assert [charger.online for charger in cloud.chargers] == [False, True]


def test_a_go_2_shows_mode_3_without_power_for_two_minutes_after_the_end(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=600)
    cloud.charger.fill_up_on_a_go_2()
    state = client.state()
    assert (state[702], state[710], state[513], state[718]) == ("9", "3", "0.000", "0")
    ended = entry(client, cloud, 702)["Timestamp"]
    clock.advance(seconds=119)
    assert client.state()[710] == "3"
    clock.advance(seconds=1)
    assert client.state()[710] == "5"
    assert (ended, entry(client, cloud, 710)["Timestamp"]) == ("2026-11-20T17:10:00", "2026-11-20T17:12:00")


def test_the_late_end_of_a_go_2_does_not_reach_into_the_next_stay(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.fill_up_on_a_go_2()
    cloud.charger.unplug()
    cloud.charger.plug_in_and_charge()
    cloud.charger.car_sleeps()
    clock.advance(seconds=300)
    assert client.state()[710] == "3"
