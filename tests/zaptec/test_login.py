"""How long a token serves, and that twenty threads sign in once."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.zaptec.wire import PAGE, REJECTION
from zaptec.errors import SignInRejected


def test_one_sign_in_serves_until_shortly_before_the_token_dies(log_in, script, clock):
    login = log_in()
    assert login.token() == "token-1"
    clock.at += 86399 - 301
    assert login.token() == "token-1"
    clock.at += 2
    assert login.token() == "token-2"
    assert script.sign_ins == 2


def test_a_short_life_is_renewed_a_tenth_early(log_in, script, clock):
    script.say_token({"access_token": "short", "expires_in": 60})
    login = log_in()
    assert login.token() == "short"
    clock.at += 53
    assert login.token() == "short"
    clock.at += 2
    assert login.token() == "token-1"


@pytest.mark.parametrize("life", [None, 0, -1, "soon", True])
def test_a_token_of_unknown_life_is_taken_for_an_hour(log_in, script, clock, life):
    script.say_token({"access_token": "undated", "expires_in": life})
    login = log_in()
    login.token()
    clock.at += 3200
    assert login.token() == "undated"
    clock.at += 200
    assert login.token() == "token-1"


def test_the_form_holds_no_scope_and_survives_every_character(log_in, script):
    log_in().token()
    [heard] = script.heard
    assert heard.body == "grant_type=password&username=anna%40example.invalid&password=s3cret%26%2B%C3%BC"
    assert heard.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert heard.headers["User-Agent"].startswith("zaptec-dashboard/")


def test_a_netrc_line_is_not_sent_to_the_token_endpoint(log_in, script, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    log_in().token()
    assert "Authorization" not in script.heard[0].headers


def test_twenty_threads_sign_in_once(log_in, script):
    script.say_token({"access_token": "shared", "expires_in": 60}, after_s=0.05)
    login = log_in()
    with ThreadPoolExecutor(20) as pool:
        tokens = list(pool.map(lambda _: login.token(), range(20)))
    assert tokens == ["shared"] * 20
    assert script.sign_ins == 1


def test_a_dropped_token_is_replaced(log_in):
    login = log_in()
    login.drop(login.token())
    assert login.token() == "token-2"


def test_dropping_an_old_token_keeps_the_new_one(log_in, script):
    login = log_in()
    old = login.token()
    login.drop(old)
    login.token()
    login.drop(old)
    assert login.token() == "token-2"
    assert script.sign_ins == 2


def test_twenty_threads_with_the_same_refused_token_sign_in_once_more(log_in, script):
    login = log_in()
    refused = login.token()
    together = threading.Barrier(20)

    def drop_and_ask(_):
        together.wait()
        login.drop(refused)
        return login.token()

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(drop_and_ask, range(20))) == {"token-2"}
    assert script.sign_ins == 2


def test_a_token_about_to_die_is_used_while_no_new_one_can_be_had(log_in, script, clock):
    script.say_token({"access_token": "old", "expires_in": 1000})
    login = log_in()
    login.token()
    clock.at += 950
    script.say_token(PAGE, 503)
    assert login.token() == "old"
    assert login.token() == "old"
    assert script.sign_ins == 2
    clock.at += 51
    assert login.token() == "token-1"


def test_nothing_secret_is_shown_or_logged(log_in, script, caplog):
    caplog.set_level(logging.DEBUG, "zaptec")
    login = log_in()
    token = login.token()
    script.say_token(REJECTION, 400)
    login.drop(token)
    with pytest.raises(SignInRejected) as rejected:
        login.token()
    everything = f"{login!r} {login} {rejected.value} {rejected.value!r} {caplog.text}"
    assert not any(secret in everything for secret in ("s3cret", "token-1", "anna", "incorrect"))


def test_each_request_to_the_token_endpoint_is_recorded(log_in, script):
    records = []
    login = log_in(on_answer=records.append)
    login.token()
    [record] = records
    assert (record.kind, record.method, record.path, record.status) == ("token", "POST", "/oauth/token", 200)
    assert record.error is None and record.ms > 0
