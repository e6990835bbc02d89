"""How a charger answers to commands, and how its values move afterwards."""

import pytest


def test_a_pause_shows_718_first_and_710_five_seconds_later(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    assert client.state()[710] == "3"
    assert float(client.state()[513]) > 10_000
    assert client.command(506).status == 200
    assert client.state()[718] == "0"
    clock.advance(seconds=2)
    assert (client.state()[718], client.state()[710]) == ("1", "3")
    clock.advance(seconds=5)
    state = client.state()
    assert (state[718], state[710], state[702], state[513]) == ("1", "5", "9", "0.000")
    assert cloud.charger.commands == [506]


def test_an_accepted_command_is_answered_with_an_empty_body(cloud, client):
    cloud.charger.plug_in_and_charge()
    assert client.command(506).body == b""


def test_a_resume_charges_again_after_the_car_has_taken_its_time(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    client.command(506)
    clock.advance(seconds=10)
    assert client.command(507).status == 200
    clock.advance(seconds=2)
    assert (client.state()[718], client.state()[710]) == ("0", "5")
    clock.advance(seconds=1)
    assert client.state()[710] == "2"
    clock.advance(seconds=cloud.charger.start_delay_s)
    assert (client.state()[710], client.state()[702]) == ("3", "6")
    clock.advance(seconds=30)
    assert float(client.state()[513]) > 10_000


def test_the_car_takes_five_to_fifteen_seconds_and_always_the_same(cloud):
    assert all(5 <= charger.start_delay_s <= 15 for charger in cloud.chargers)


def test_a_second_pause_is_refused_with_code_528(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    client.command(506)
    clock.advance(seconds=10)
    reply = client.command(506)
    assert reply.status == 500
    assert reply.json["Code"] == 528
    assert reply.json["Details"]
    assert cloud.charger.commands == [506, 506]
    assert [one.outcome for one in cloud.charger.received] == ["executed", "refused"]


def test_a_pause_without_a_car_is_refused(client):
    reply = client.command(506)
    assert (reply.status, reply.json["Code"]) == (500, 528)


def test_a_resume_of_what_is_not_paused_is_refused_in_the_recorded_words(cloud, client, sample):
    cloud.charger.plug_in_and_charge()
    reply = client.command(507)
    assert reply.status == 500
    assert reply.json == sample("error-528.json")


def test_a_waiting_car_can_be_paused_before_it_starts(cloud, client, clock):
    cloud.charger.plug_in()
    assert client.command(506).status == 200
    clock.advance(seconds=60)
    assert (client.state()[710], client.state()[718]) == ("5", "1")


def test_a_resume_does_not_wake_a_car_that_is_not_asking(cloud, client, clock):
    cloud.charger.plug_in(car_asks=False)
    client.command(506)
    clock.advance(seconds=20)
    client.command(507)
    clock.advance(seconds=300)
    assert (client.state()[710], client.state()[718]) == ("2", "0")


def test_a_full_car_is_finished_again_soon_after_a_resume(cloud, client, clock):
    cloud.charger.plug_in_full()
    client.command(506)
    clock.advance(seconds=10)
    client.command(507)
    clock.advance(seconds=60)
    assert (client.state()[710], client.state()[718]) == ("5", "0")


def test_a_resume_overrides_a_schedule(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.hold_by_schedule()
    assert (client.state()[710], client.state()[718]) == ("5", "0")
    assert client.state()[763].endswith("Z")
    assert client.command(507).status == 200
    clock.advance(seconds=20)
    assert client.state()[710] == "3"
    assert client.state()[763] is None


def test_a_schedule_lets_go_at_its_time(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.hold_by_schedule()
    clock.advance(seconds=5 * 3600 + 20)
    assert (client.state()[710], client.state()[763]) == ("3", None)


def test_deauthorize_is_answered_like_a_refusal_and_carried_out(cloud, client, clock, sample):
    cloud.charger.plug_in_and_charge()
    session = client.state()[721]
    clock.advance(seconds=600)
    reply = client.command(10001)
    assert reply.status == 500
    assert reply.json == sample("error-528-deauthorize.json")
    clock.advance(seconds=3)
    state = client.state()
    assert (state[710], state[721], state[722], state[513]) == ("1", None, None, "0.000")
    assert session in state[723]
    clock.advance(seconds=30)
    state = client.state()
    assert state[710] == "3"
    assert state[721] not in (None, session)
    assert [one.id for one in cloud.sessions()] == [session]


def test_after_deauthorize_a_charger_that_wants_permission_waits_for_it(cloud, client, clock):
    cloud.charger.require_authorisation()
    cloud.charger.plug_in()
    cloud.charger.authorise()
    clock.advance(seconds=30)
    assert (client.state()[710], client.state()[722][:4]) == ("3", "nfc-")
    client.command(10001)
    clock.advance(seconds=120)
    state = client.state()
    assert (state[710], state[722], state[708]) == ("2", None, "0.000")


def test_a_restart_stands_still_for_a_minute_or_two_and_then_goes_on(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    clock.advance(seconds=60)
    before = client.state()
    assert client.command(102).status == 200
    clock.advance(seconds=60)
    silent = client.state()
    assert silent[-2] == "1"
    assert (silent[710], silent[513], silent[807]) == ("3", before[513], before[807])
    clock.advance(seconds=60)
    after = client.state()
    assert after[807] != before[807]
    assert after[808] != before[808]
    clock.advance(seconds=60)
    assert client.state()[710] == "3"


def test_a_restart_is_never_refused_and_keeps_a_pause(cloud, client, clock):
    assert client.command(102).status == 200
    clock.advance(seconds=200)
    cloud.charger.plug_in_and_charge()
    client.command(506)
    clock.advance(seconds=10)
    assert client.command(102).status == 200
    clock.advance(seconds=200)
    assert (client.state()[710], client.state()[718]) == ("5", "1")


def test_an_offline_charger_cannot_be_reached(cloud, client):
    cloud.charger.plug_in_and_charge()
    cloud.charger.go_offline()
    reply = client.command(506)
    assert (reply.status, reply.json["Code"]) == (500, 520)
    assert cloud.charger.received[-1].outcome == "unreachable"


def test_a_charger_on_its_own_takes_commands_and_ignores_them(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.stand_alone()
    assert client.command(506).status == 200
    clock.advance(seconds=60)
    assert (client.state()[710], client.state()[718]) == ("3", "0")


@pytest.mark.parametrize(("command", "status", "code"), [(501, 500, 517), (502, 200, None), (4711, 500, 519)])
def test_other_commands_do_nothing(cloud, client, clock, command, status, code):
    cloud.charger.plug_in_and_charge()
    reply = client.command(command)
    assert reply.status == status
    assert code is None or reply.json["Code"] == code
    clock.advance(seconds=60)
    assert client.state()[710] == "3"


def test_somebody_elses_pause_is_not_among_the_commands(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.charger.pause_elsewhere()
    clock.advance(seconds=10)
    assert (client.state()[710], client.state()[718]) == ("5", "1")
    assert cloud.charger.commands == []
    cloud.charger.resume_elsewhere()
    clock.advance(seconds=30)
    assert client.state()[710] == "3"


def test_unplugging_clears_a_pause(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    client.command(506)
    clock.advance(seconds=10)
    cloud.charger.unplug()
    state = client.state()
    assert (state[710], state[718], state[702], state[714]) == ("1", "0", "12", "0")
    clock.advance(seconds=60)
    assert client.state()[710] == "1"


def test_a_cable_locked_for_good_stays_in_the_socket(cloud, client):
    cloud.charger.set_value(151, "1")
    cloud.charger.plug_in_and_charge()
    cloud.charger.unplug()
    assert (client.state()[710], client.state()[714]) == ("1", "32")
