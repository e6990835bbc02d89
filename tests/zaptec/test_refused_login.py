"""What is done where Zaptec does not sign in: now, for a while, or not any more."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.zaptec.wire import PAGE, REJECTION
from zaptec.errors import NotUnderstood, SignInEnded, SignInRejected, TryLater


def test_a_wrong_password_is_asked_once_and_remembered(log_in, script):
    script.say_token(REJECTION, 400)
    login = log_in()
    for _ in range(3):
        with pytest.raises(SignInRejected):
            login.token()
    assert script.sign_ins == 1


def test_whoever_takes_a_rejection_remembers_it_and_may_forget_it_elsewhere(log_in, script):
    script.say_token(REJECTION, 400)
    kept = []

    def stop_if_kept():
        if kept:
            raise SignInRejected("kept elsewhere")

    login = log_in(before_sign_in=stop_if_kept, on_rejected=kept.append)
    for _ in range(3):
        with pytest.raises(SignInRejected):
            login.token()
    assert script.sign_ins == 1
    kept.clear()
    assert login.token() == "token-1"


def test_a_rejection_is_not_remembered_by_another_login(log_in, script):
    script.say_token(REJECTION, 400)
    with pytest.raises(SignInRejected):
        log_in().token()
    assert log_in().token() == "token-1"


def test_the_hook_can_stop_a_sign_in_before_it_is_sent(log_in, script):
    remembered = [True]

    def check():
        if remembered:
            raise SignInRejected("remembered elsewhere")

    login = log_in(before_sign_in=check)
    with pytest.raises(SignInRejected):
        login.token()
    assert script.sign_ins == 0
    remembered.clear()
    assert login.token() == "token-1"


def test_the_hook_is_asked_only_before_a_request(log_in):
    calls = []
    login = log_in(before_sign_in=lambda: calls.append(1))
    login.token()
    login.token()
    assert len(calls) == 1


LASTING_REFUSALS = [
    *(
        ({"body": {"error": code}, "status": status}, code)
        for status in (400, 401)
        for code in (
            "unsupported_grant_type",
            "unauthorized_client",
            "invalid_client",
            "invalid_request",
            "invalid_scope",
        )
    ),
    *(({"status": status}, f"status_{status}") for status in (401, 403, 404, 405, 410)),
    ({"status": 302, "headers": {"Location": "/elsewhere"}}, "status_302"),
    ({"status": 400, "body": "<html>Bad Request</html>"}, "status_400"),
    ({"status": 400, "body": {"error": "Anna's words"}}, "status_400"),
    ({"status": 400, "body": {"error": 5}}, "status_400"),
]


@pytest.mark.parametrize(("line", "code"), LASTING_REFUSALS)
def test_a_refusal_that_lasts_and_is_not_about_the_password_is_tried_once_an_hour(
    log_in, script, clock, line, code
):
    login = log_in()
    for _hour in range(3):
        script.say_token(**line)
        asked = script.sign_ins
        for _minute in range(60):
            with pytest.raises(SignInEnded) as end:
                login.token()
            assert end.value.code == code
            clock.at += 60
        assert script.sign_ins == asked + 1
    assert login.token() == "token-1"


@pytest.mark.parametrize("body", [REJECTION, b"", b" \r\n"])
def test_an_empty_400_is_a_wrong_password_too(log_in, script, body):
    script.say_token(body, 400)
    with pytest.raises(SignInRejected):
        log_in().token()


def test_a_token_outlives_the_end_of_its_way_of_signing_in(log_in, script, clock):
    script.say_token({"access_token": "old", "expires_in": 10_000})
    login = log_in()
    login.token()
    clock.at += 9_800
    script.say_token({"error": "unsupported_grant_type"}, 400)
    assert [login.token(), login.token()] == ["old", "old"]
    assert script.sign_ins == 2
    clock.at += 201
    with pytest.raises(SignInEnded):
        login.token()
    assert script.sign_ins == 2


def test_whoever_takes_the_end_of_a_way_of_signing_in_remembers_it_and_may_forget_it_elsewhere(log_in, script):
    kept = []

    def stop_if_kept():
        if kept:
            raise kept[0]

    script.say_token(status=410)
    login = log_in(before_sign_in=stop_if_kept, on_ended=kept.append)
    for _ in range(3):
        with pytest.raises(SignInEnded):
            login.token()
    assert (script.sign_ins, [end.code for end in kept]) == (1, ["status_410"])
    kept.clear()
    assert login.token() == "token-1"


def test_a_scope_is_sent_where_one_is_set(log_in, script):
    log_in(scope="openid").token()
    assert script.heard[0].body.endswith("&scope=openid")


def test_answers_that_make_no_sense_are_asked_for_ever_more_seldom(log_in, script, clock):
    login = log_in()
    began = clock.at
    while clock.at - began < 24 * 3600:
        script.say_token("<html>Welcome to Hotel Wi-Fi</html>")
        with pytest.raises((NotUnderstood, TryLater)):
            login.token()
        clock.at += 60
    assert script.sign_ins < 36


def test_a_flooded_endpoint_is_left_alone_for_longer_and_longer(log_in, script, clock):
    login = log_in()
    for wait_s in (5, 10, 20, 40, 60, 60):
        script.say_token(PAGE, 503)
        with pytest.raises(TryLater) as first:
            login.token()
        assert (first.value.cause, first.value.retry_after_s) == ("unavailable", wait_s)
        asked = script.sign_ins
        clock.at += wait_s - 1
        with pytest.raises(TryLater) as second:
            login.token()
        assert second.value.retry_after_s == pytest.approx(1)
        assert second.value.was_not_carried_out
        assert script.sign_ins == asked
        clock.at += 1
    assert login.token() == "token-1"


def test_the_wait_starts_small_again_after_a_success(log_in, script, clock):
    login = log_in()
    for _ in range(2):
        script.say_token(PAGE, 503)
        with pytest.raises(TryLater) as trouble:
            login.token()
        assert trouble.value.retry_after_s == 5
        clock.at += 5
        login.drop(login.token())


def test_a_longer_retry_after_is_kept(log_in, script):
    script.say_token({}, 429, headers={"Retry-After": "30"})
    with pytest.raises(TryLater) as trouble:
        log_in().token()
    assert (trouble.value.cause, trouble.value.retry_after_s) == ("rate_limited", 30)


def test_twenty_threads_ask_a_broken_endpoint_once(log_in, script):
    script.say_token(PAGE, 503, after_s=0.05)
    login = log_in()

    def attempt(_):
        with pytest.raises(TryLater):
            login.token()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(attempt, range(20)))
    assert script.sign_ins == 1


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ({"status": 500}, "unavailable"),
        ({"status": 524, "body": PAGE}, "unavailable"),
        ({"reset": True}, "unreachable"),
        ({"body": {"access_token": "x"}, "cut": True}, "unreachable"),
    ],
)
def test_no_token_now_means_try_later_and_nothing_was_carried_out(log_in, script, line, cause):
    script.say_token(**line)
    with pytest.raises(TryLater) as trouble:
        log_in().token()
    assert (trouble.value.cause, trouble.value.retry_after_s) == (cause, 5)
    assert trouble.value.was_not_carried_out
    assert script.sign_ins == 1


def test_a_slow_endpoint_means_try_later(log_in, script):
    script.say_token(after_s=0.4)
    with pytest.raises(TryLater) as trouble:
        log_in(timeout_s=0.2).token()
    assert (trouble.value.cause, trouble.value.retry_after_s) == ("timed_out", 5)
    assert trouble.value.was_not_carried_out


def test_a_host_that_does_not_exist_means_try_later(log_in):
    with pytest.raises(TryLater) as trouble:
        log_in(api_url="http://nowhere.invalid").token()
    assert trouble.value.cause == "unreachable"


@pytest.mark.parametrize(
    "line",
    [
        {"body": "<html>Welcome to Hotel Wi-Fi</html>"},
        {"body": '{"access_token": "abc'},
        {"body": ["access_token"]},
        {"body": {"expires_in": 3600}},
        {"body": {"access_token": ""}},
        {"body": {"access_token": "two\r\nlines"}},
        {"body": {"access_token": 7}},
    ],
)
def test_an_answer_without_a_token_is_not_understood_and_not_asked_again_at_once(log_in, script, line):
    script.say_token(**line)
    login = log_in()
    with pytest.raises(NotUnderstood):
        login.token()
    with pytest.raises(TryLater):
        login.token()
    assert [each.path for each in script.heard] == ["/oauth/token"]
