"""Signing in, where it may be done, and the ways in which it can end for good."""

import json

import pytest


def test_the_token_endpoint_can_be_discovered(client, url):
    client.token = ""
    for path in ("/.well-known/openid-configuration", "/.well-known/openid-configuration/"):
        told = client.get(path).json
        assert (told["issuer"], told["token_endpoint"]) == (f"{url}/", f"{url}/oauth/token")
    assert client.post("/.well-known/openid-configuration").status == 405


def test_a_withdrawn_password_grant_refuses_the_right_password_and_leaves_tokens_good(cloud, client):
    cloud.withdraw_password_grant()
    reply = client.sign_in()
    assert (reply.status, reply.json["error"]) == (400, "unsupported_grant_type")
    assert client.get("/api/chargers").status == 200
    cloud.accept_sign_in()
    assert client.sign_in().status == 200


def test_a_required_scope_makes_the_right_password_wrong_without_it(cloud, client, sample):
    cloud.require_scope("openid")
    assert client.sign_in().json == sample("token-error-400.json")
    assert client.sign_in(scope="profile").status == 400
    assert client.sign_in(scope="profile openid").status == 200
    cloud.heal()
    assert client.sign_in().status == 200


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, json.dumps({"error": "invalid_client"})),
        (400, ""),
        (401, ""),
        (403, "<html>No</html>"),
        (404, ""),
        (410, ""),
        (200, "[]"),
    ],
)
def test_a_sign_in_can_be_answered_anything_until_healed(cloud, client, status, body):
    cloud.answer_sign_in(status, body)
    reply = client.ask("POST", "/oauth/token", b"grant_type=password")
    assert (reply.status, reply.body.decode()) == (status, body)
    assert cloud.troubles.names() == ["sign-in ended"]
    cloud.heal()
    assert client.sign_in().status == 200


def test_a_sign_in_can_be_sent_elsewhere(cloud, client):
    cloud.answer_sign_in(302, location="https://auth.example.invalid/")
    reply = client.ask("POST", "/oauth/token", b"grant_type=password")
    assert (reply.status, reply.headers["Location"]) == (302, "https://auth.example.invalid/")
