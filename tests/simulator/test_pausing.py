"""How a charger answers to pause and resume, and how its values move."""


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


def test_while_the_cloud_is_down_the_gateway_answers_with_a_page(cloud, client):
    cloud.go_down()
    reply = client.get("/api/chargers")
    assert reply.status == 503
    assert b"nginx" in reply.body
    cloud.heal()
    assert client.get("/api/chargers").status == 200
