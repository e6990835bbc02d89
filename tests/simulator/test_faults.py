"""Each thing that can go wrong with the cloud, and that healing ends it."""

import json
import socket
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from tests.real_server import wait_until


@pytest.mark.parametrize("status", [502, 503, 504])
def test_while_the_cloud_is_down_the_gateway_answers_with_a_page(cloud, client, status):
    cloud.go_down(status)
    reply = client.get("/api/chargers")
    assert reply.status == status
    assert b"nginx" in reply.body
    assert reply.headers["Content-Type"] == "text/html"
    assert client.sign_in().status == status
    cloud.heal()
    assert client.get("/api/chargers").status == 200


def test_a_command_to_a_cloud_that_is_down_reaches_no_charger(cloud, client):
    cloud.charger.plug_in_and_charge()
    cloud.go_down()
    client.command(506)
    assert cloud.charger.commands == []
    assert cloud.asked("command") == 1


def test_refused_connections_come_back_on_the_same_port(cloud, client):
    cloud.refuse_connections()
    for _ in range(2):
        with pytest.raises(ConnectionError):
            client.get("/api/chargers")
    cloud.come_back()
    assert client.get("/api/chargers").status == 200


def test_healing_listens_again_too(cloud, client):
    cloud.refuse_connections()
    cloud.heal()
    client.connection.close()
    assert client.get("/api/chargers").status == 200


def test_a_reset_connection_gives_no_answer_and_carries_nothing_out(cloud, client):
    cloud.charger.plug_in_and_charge()
    cloud.reset_connections()
    with pytest.raises(ConnectionResetError):
        client.command(506)
    assert cloud.charger.commands == []
    assert cloud.requests[-1].status == 0


def test_a_swallowed_answer_belongs_to_a_command_that_was_carried_out(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.swallow_answers()
    with pytest.raises(ConnectionResetError):
        client.command(506)
    clock.advance(seconds=10)
    assert (client.state()[718], cloud.charger.commands) == ("1", [506])


def test_a_lost_command_is_answered_with_200_and_does_nothing(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.lose_commands()
    assert client.command(506).status == 200
    clock.advance(seconds=60)
    assert client.state()[710] == "3"
    assert cloud.charger.received[-1].outcome == "lost"


def test_a_slow_cloud_takes_its_time_only_where_it_was_told_to(cloud, client):
    cloud.be_slow(3600, path_contains="/api/chargers/99")
    cloud.be_slow(0.15, path_contains="sendcommand")
    cloud.charger.plug_in_and_charge()
    client.state()
    began = time.monotonic()
    client.command(506)
    assert time.monotonic() - began >= 0.15


def test_what_is_slow_is_answered_as_soon_as_that_is_healed(cloud, client, url):
    cloud.be_slow(3600)
    with drops(url, "/api/constants", client.token) as line:
        wait_until(lambda: any(asked.path == "/api/constants" for asked in cloud.requests), "it was never asked")
        cloud.heal()
        assert line.recv(65536).startswith(b"HTTP/1.1 200")


def test_the_next_requests_fail_as_often_as_told(cloud, client):
    cloud.fail_next(times=2, status=500, body='{"Code":500,"Details":null}', path_contains="/state")
    path = f"/api/chargers/{cloud.charger.id}/state"
    assert client.get("/api/chargers").status == 200
    assert [client.get(path).status for _ in range(3)] == [500, 500, 200]


def test_a_failure_can_ask_for_patience(cloud, client):
    cloud.fail_next(status=429, retry_after=7)
    reply = client.get("/api/chargers")
    assert (reply.status, reply.headers["Retry-After"], reply.body) == (429, "7", b"")


def test_a_rate_limit_says_when_to_come_again(cloud, client):
    cloud.rate_limit(retry_after=3)
    assert client.get("/api/chargers").headers["Retry-After"] == "3"


def test_a_rate_limit_can_be_of_one_endpoint_only(cloud, client):
    cloud.rate_limit(retry_after=13, path_contains="/state")
    path = f"/api/chargers/{cloud.charger.id}/state"
    assert (client.get(path).status, client.get(path).headers["Retry-After"]) == (429, "13")
    assert client.get("/api/chargers").status == 200
    cloud.heal()
    assert client.get(path).status == 200


def drops(url, path, token):
    """A connection on which this has been asked for, and everything that comes."""
    line = socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=60)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return line


def test_an_answer_can_drip_and_comes_whole_once_that_is_healed(cloud, client, url):
    whole = client.get("/api/chargers").body
    cloud.drip(seconds=3600, path_contains="/chargers", head=False)
    assert client.get("/api/constants").status == 200
    with drops(url, "/api/chargers", client.token) as line:
        head = line.recv(65536)
        assert head.endswith(b"\r\n\r\n")
        cloud.heal()
        body = b""
        while len(body) < len(whole):
            body += line.recv(65536)
    assert body == whole


def test_the_head_drips_too_and_every_byte_arrives(cloud, client, url):
    whole = client.get("/api/chargers").body
    cloud.drip(seconds=0.000_01)
    assert client.get("/api/chargers").body == whole


def test_a_drip_ends_with_the_port_and_does_not_touch_the_remote_control(cloud, client, url):
    cloud.drip(seconds=3600, head=False)
    assert client.get("/simulator").json["faults"] == ["dripping"]
    with drops(url, "/api/chargers", client.token) as line:
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        cloud.refuse_connections()
        assert line.recv(65536) == b""


@pytest.mark.parametrize("status", [201, 202, 204])
def test_a_command_can_be_answered_with_another_success(cloud, client, clock, status):
    cloud.charger.plug_in_and_charge()
    cloud.answer_commands(status)
    reply = client.command(506)
    assert (reply.status, reply.body) == (status, b"")
    clock.advance(seconds=10)
    assert (client.state()[710], cloud.charger.commands) == ("5", [506])
    assert client.command(506).json["Code"] == 528


def test_a_command_can_be_answered_with_400_and_dropped(cloud, client, clock):
    cloud.charger.plug_in_and_charge()
    cloud.answer_commands(400, '{"title":"Bad Request"}', carry_out=False)
    assert client.command(506).status == 400
    clock.advance(seconds=60)
    assert (client.state()[710], cloud.charger.commands) == ("3", [])
    cloud.heal()
    assert client.command(506).status == 200


def test_a_state_can_be_answered_with_204_for_one_charger(cloud, client):
    cloud.turn_off("state", 204, path_contains=cloud.charger.id)
    first, second = (client.get(f"/api/chargers/{charger.id}/state") for charger in cloud.chargers)
    assert (first.status, first.body, second.status) == (204, b"", 200)
    assert cloud.troubles.names() == ["state turned off"]


def test_answers_can_be_pages_or_broken_off(cloud, client):
    cloud.answer_html()
    reply = client.get("/api/chargers")
    assert (reply.status, reply.headers["Content-Type"][:9]) == (200, "text/html")
    cloud.heal()
    cloud.answer_half_json()
    reply = client.get("/api/chargers")
    assert reply.status == 200
    with pytest.raises(json.JSONDecodeError):
        assert reply.json


def test_tokens_expire_when_told_to(cloud, client):
    cloud.expire_tokens()
    assert client.get("/api/chargers").status == 401
    client.sign_in()
    assert client.get("/api/chargers").status == 200


def test_a_changed_password_is_no_longer_right_until_it_is_again(cloud, client):
    cloud.reject_sign_in()
    assert client.sign_in().json["error"] == "invalid_grant"
    assert client.get("/api/chargers").status == 200
    cloud.accept_sign_in()
    assert client.sign_in().status == 200


def test_the_date_header_goes_by_the_clouds_clock_and_can_be_wrong(cloud, client, clock):
    assert parsedate_to_datetime(client.get("/api/chargers").headers["Date"]) == clock.now()
    cloud.skew_clock(90)
    skewed = parsedate_to_datetime(client.get("/api/chargers").headers["Date"])
    assert (skewed - clock.now()).total_seconds() == 90


@pytest.mark.parametrize("status", [403, 404, 410])
def test_one_kind_of_request_can_be_turned_off(cloud, client, status):
    cloud.turn_off("chargehistory", status)
    assert client.get("/api/chargehistory").status == status
    assert client.get("/api/chargers").status == 200
    cloud.turn_on("chargehistory")
    assert client.get("/api/chargehistory").status == 200


def test_faults_add_up_and_are_listed(cloud):
    assert cloud.troubles.names() == []
    cloud.be_slow(0.01)
    cloud.go_down()
    cloud.skew_clock(5)
    assert cloud.troubles.names() == ["down", "slow", "clock skewed"]
    cloud.heal()
    assert cloud.troubles.names() == []
